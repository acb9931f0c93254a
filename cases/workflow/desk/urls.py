"""Addresses of the Director's desk: ids alone, never a name."""

from django.urls import path

from cases.workflow.desk import after_views, delegate_views, views

urlpatterns = [
    path("decisions/", views.show_decisions, name="decisions"),
    path("decisions/delegates/", delegate_views.delegates, name="delegates"),
    path("decisions/delegates/<int:pk>/end/", delegate_views.end_delegate, name="delegate-end"),
    path("decisions/phone/<int:pk>/", after_views.answer_phone, name="decision-phone"),
    path("decisions/999/<int:pk>/", after_views.review_call, name="decision-999"),
    path("decisions/<int:pk>/", views.show_decision, name="decision"),
    path("decisions/<int:pk>/decide/", views.decide, name="decide"),
    path("decisions/<int:pk>/page/", views.show_file, name="decision-page"),
]
