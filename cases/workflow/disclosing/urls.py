"""Addresses of what is told to others, and of the register."""

from django.urls import URLPattern, path

from cases.workflow.disclosing import approving_views as approving
from cases.workflow.disclosing import item_views as items
from cases.workflow.disclosing import register_views as register
from cases.workflow.disclosing import sending_views as sending
from cases.workflow.disclosing import views

_SENT = "cases/<str:reference>/sent/"
_PACK = f"{_SENT}<int:pk>/"

urlpatterns: list[URLPattern] = [
    path("register/", register.show_register, name="register"),
    path("approvals/", approving.show_approvals, name="approvals"),
    path("approvals/<int:pk>/", approving.approve, name="approval"),
    path("approvals/<int:pk>/file/", approving.approval_file, name="approval-file"),
    path(_SENT, views.show_sent, name="sent"),
    path(f"{_SENT}new/", views.begin, name="pack-new"),
    path(_PACK, views.show_pack, name="pack"),
    path(f"{_PACK}change/", views.change, name="pack-change"),
    path(f"{_PACK}put/<slug:field>/", items.put, name="pack-put"),
    path(f"{_PACK}items/<int:child>/", items.item, name="pack-item"),
    path(f"{_PACK}black-out/", items.black_out, name="pack-black"),
    path(f"{_PACK}nameless/", items.nameless, name="pack-nameless"),
    path(f"{_PACK}preview/", sending.preview, name="pack-preview"),
    path(f"{_PACK}file/", sending.show_file, name="pack-file"),
    path(f"{_PACK}stop/", sending.stop, name="pack-stop"),
    path(f"{_PACK}send/", sending.send_it, name="pack-send"),
    path(f"{_PACK}not-sent/<int:child>/", sending.not_sent, name="pack-blocked"),
    path(f"{_PACK}went/", sending.went, name="pack-went"),
]
