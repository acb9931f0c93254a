"""Addresses of audit."""

from django.urls import path

from cases.audit import views

app_name = "audit"

urlpatterns = [
    path("your-log/", views.own_log, name="own-log"),
    path("ledger/", views.ledger, name="ledger"),
]
