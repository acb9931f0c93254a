"""Addresses of workflow."""

from django.urls import URLPattern, path

from cases.workflow import case_urls, queue_views

app_name = "workflow"

urlpatterns: list[URLPattern] = [
    path("", queue_views.show_work, name="my-work"),
    *case_urls.urlpatterns,
]
