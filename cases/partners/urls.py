"""Addresses of the partner directory.

An agency's short name stands in its address: it is what an organisation is called, and says
nothing of anybody.
"""

from django.urls import path

from cases.partners import agreement_views, terms_views, unit_views, views

app_name = "partners"

urlpatterns = [
    path("partners/", views.list_agencies, name="directory"),
    path("partners/new/", views.add_agency, name="add-agency"),
    path("partners/terms/", terms_views.list_terms, name="terms"),
    path("partners/terms/new/", terms_views.add_terms, name="add-terms"),
    path("partners/terms/<int:pk>/change/", terms_views.change_terms, name="change-terms"),
    path("partners/<slug:slug>/", views.show_agency, name="agency"),
    path("partners/<slug:slug>/change/", views.change_agency, name="change-agency"),
    path("partners/<slug:slug>/check/", views.check_agency, name="check-agency"),
    path("partners/<slug:slug>/end/", views.end_agency, name="end-agency"),
    path("partners/<slug:slug>/units/new/", unit_views.add_unit, name="add-unit"),
    path("partners/<slug:slug>/units/<int:pk>/change/", unit_views.change_unit, name="change-unit"),
    path("partners/<slug:slug>/units/<int:pk>/check/", unit_views.check_unit, name="check-unit"),
    path("partners/<slug:slug>/units/<int:pk>/end/", unit_views.end_unit, name="end-unit"),
    path(
        "partners/<slug:slug>/agreements/new/",
        agreement_views.add_agreement,
        name="add-agreement",
    ),
    path(
        "partners/<slug:slug>/agreements/<int:pk>/end/",
        agreement_views.end_agreement,
        name="end-agreement",
    ),
]
