"""Addresses of risk: the history of a case, one assessment, and judging beside it."""

from django.urls import path

from cases.risk import views

app_name = "risk"

urlpatterns = [
    path("cases/<str:reference>/risk/", views.show_history, name="history"),
    path("cases/<str:reference>/risk/<int:pk>/", views.show_assessment, name="sheet"),
    path("cases/<str:reference>/risk/<int:pk>/higher/", views.set_higher, name="higher"),
    path("cases/<str:reference>/risk/<int:pk>/lower/", views.set_lower, name="lower"),
    path("cases/<str:reference>/risk/<int:pk>/flag/", views.flag_in_error, name="flag"),
]
