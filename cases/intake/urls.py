"""Addresses of intake."""

from django.urls import path

from cases.intake import sheet_views

app_name = "intake"

urlpatterns = [
    path("reports/new/", sheet_views.take_report, name="take-report"),
    path("reports/sheets/<uuid:key>/", sheet_views.call_sheet, name="sheet"),
]
