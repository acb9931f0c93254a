"""Addresses of people (``people:``).  Names and numbers never stand in an address."""

from django.urls import URLPattern, path

from cases.workflow import link_views, person_add_views, person_change_views, person_views

app_name = "people"

urlpatterns: list[URLPattern] = [
    path("people/", person_views.find, name="find"),
    path("people/add/", person_add_views.add, name="add"),
    path("people/i-know/", link_views.my_links, name="my-links"),
    path("homes/add/", person_add_views.add_home, name="add-property"),
    path("people/<str:reference>/", person_views.show_person, name="person"),
    path("people/<str:reference>/history/", person_views.show_history, name="history"),
    path("people/<str:reference>/change/", person_change_views.change_details, name="change"),
    path(
        "people/<str:reference>/contact-details/",
        person_change_views.change_contact,
        name="change-contact",
    ),
    path(
        "people/<str:reference>/safe-contact/",
        person_change_views.change_safe_contact,
        name="safe-contact",
    ),
    path(
        "people/<str:reference>/adjustments/",
        person_change_views.change_adjustments,
        name="adjustments",
    ),
    path(
        "people/<str:reference>/adjustments/<int:pk>/end/",
        person_change_views.stop_adjustment,
        name="end-adjustment",
    ),
    path("people/<str:reference>/household/", person_add_views.show_household, name="household"),
    path("people/<str:reference>/household/move-in/", person_add_views.move_in, name="move-in"),
    path("people/<str:reference>/household/add/", person_add_views.add_member, name="add-member"),
    path(
        "people/<str:reference>/household/<int:pk>/moved-out/",
        person_add_views.move_out,
        name="move-out",
    ),
    path(
        "people/<str:reference>/tenancy/add/", person_add_views.add_tenancy_of, name="add-tenancy"
    ),
]
