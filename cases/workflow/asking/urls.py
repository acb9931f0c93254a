"""Addresses of requests to tell the police without permission, and of 999 calls, of one case."""

from django.urls import path

from cases.workflow.asking import after_views, views

_POLICE = "cases/<str:reference>/police/"
_ONE = f"{_POLICE}<int:pk>/"
_CALLS = "cases/<str:reference>/999/"

urlpatterns = [
    path(_POLICE, views.show_requests, name="police"),
    path(f"{_POLICE}new/", views.begin, name="police-new"),
    path(_CALLS, after_views.record_emergency, name="police-999"),
    path(f"{_CALLS}<int:pk>/", after_views.after_emergency, name="police-999-after"),
    path(_ONE, views.show_request, name="police-request"),
    path(f"{_ONE}page/", views.choose_page, name="police-page"),
    path(f"{_ONE}check/", views.check, name="police-check"),
    path(f"{_ONE}take-back/", views.take_back, name="police-take-back"),
    path(f"{_POLICE}questions/<int:pk>/", views.answer, name="police-answer"),
    path(f"{_ONE}not-high/", views.explain_not_high, name="police-not-high"),
    path(f"{_ONE}new-facts/", views.say_new_facts, name="police-new-facts"),
    path(f"{_ONE}phone/", after_views.record_phone, name="police-phone"),
    path(f"{_ONE}afterwards/", after_views.after_request, name="police-after"),
    path(f"{_ONE}<slug:group>/", views.ask_group, name="police-group"),
]
