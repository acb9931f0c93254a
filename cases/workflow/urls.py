"""Addresses of workflow."""

from django.urls import URLPattern, path

from cases.workflow import case_urls, company_views, queue_views, search_views
from cases.workflow.asking import urls as asking
from cases.workflow.desk import urls as desk
from cases.workflow.disclosing import urls as disclosing_urls
from cases.workflow.permission import urls as permission
from cases.workflow.referring import urls as referring

app_name = "workflow"

urlpatterns: list[URLPattern] = [
    path("", queue_views.show_work, name="my-work"),
    path("search/", search_views.search_cases, name="search"),
    path("users/<int:pk>/companies/", company_views.scope_user, name="user-companies"),
    *case_urls.urlpatterns,
    *asking.urlpatterns,
    *desk.urlpatterns,
    *disclosing_urls.urlpatterns,
    *permission.urlpatterns,
    *referring.urlpatterns,
]
