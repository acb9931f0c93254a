"""Addresses of referrals, meetings and the case review."""

from django.urls import URLPattern, path

from cases.workflow.referring import meeting_views as meeting
from cases.workflow.referring import review_views as review
from cases.workflow.referring import views

_CASE = "cases/<str:reference>/"
_ONE = f"{_CASE}referrals/<int:pk>/"
_MEETING = f"{_CASE}meetings/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path("ask-after/", views.ask_after, name="ask-after"),
    path(f"{_CASE}referrals/", views.show_referrals, name="case-referrals"),
    path(f"{_CASE}referrals/new/", views.start_referral, name="referral-new"),
    path(_ONE, views.show_referral, name="referral"),
    path(f"{_ONE}accept/", views.accept, name="referral-accept"),
    path(f"{_ONE}decline/", views.decline, name="referral-decline"),
    path(f"{_ONE}chase/", views.chase, name="referral-chase"),
    path(f"{_ONE}end/", views.end, name="referral-end"),
    path(f"{_ONE}stop/", views.stop, name="referral-stop"),
    path(f"{_CASE}meetings/", meeting.show_meetings, name="case-meetings"),
    path(f"{_CASE}meetings/new/", meeting.add_meeting, name="meeting-new"),
    path(_MEETING, meeting.show_meeting, name="meeting"),
    path(f"{_MEETING}change/", meeting.change_meeting, name="meeting-change"),
    path(f"{_MEETING}who/", meeting.add_attendee, name="meeting-who"),
    path(f"{_MEETING}told/", meeting.tell_meeting, name="meeting-told"),
    path(f"{_MEETING}heard/", meeting.hear_meeting, name="meeting-heard"),
    path(f"{_MEETING}actions/new/", meeting.add_action, name="meeting-action"),
    path(f"{_MEETING}actions/<int:child>/", meeting.end_action, name="meeting-action-end"),
    path(f"{_CASE}case-review/", review.show_review, name="case-review"),
    path(f"{_CASE}case-review/<int:pk>/", review.tell_review, name="case-review-told"),
]
