"""Addresses of audit."""

from django.urls import path

from cases.audit import finding_views, views

app_name = "audit"

urlpatterns = [
    path("your-log/", views.own_log, name="own-log"),
    path("ledger/", views.ledger, name="ledger"),
    path("unusual-reading/", finding_views.unusual, name="unusual"),
    path("unusual-reading/<int:pk>/", finding_views.finding, name="finding"),
]
