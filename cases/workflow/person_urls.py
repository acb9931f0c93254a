"""Addresses of people (``people:``).  Names and numbers never stand in an address."""

from django.urls import URLPattern, path

from cases.workflow import (
    link_views,
    person_add_views,
    person_change_views,
    person_home_views,
    person_merge_views,
    person_tie_views,
    person_views,
)

app_name = "people"

urlpatterns: list[URLPattern] = [
    path("people/", person_views.find, name="find"),
    path("people/add/", person_add_views.add, name="add"),
    path("people/i-know/", link_views.my_links, name="my-links"),
    path("people/possible-duplicates/", person_merge_views.possible_duplicates, name="duplicates"),
    path("people/imports/", person_home_views.imports, name="imports"),
    path("people/imports/<int:pk>/", person_home_views.show_import, name="import"),
    path("people/imports/<int:pk>/rows.csv", person_home_views.refused_rows, name="import-rows"),
    path("homes/add/", person_add_views.add_home, name="add-property"),
    path("homes/<int:pk>/", person_home_views.show_home, name="home"),
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
        "people/<str:reference>/household/<int:pk>/put-right/",
        person_tie_views.correct_member,
        name="correct-member",
    ),
    path(
        "people/<str:reference>/household/<int:pk>/mistake/",
        person_tie_views.never_member,
        name="never-member",
    ),
    path("people/<str:reference>/family/", person_tie_views.show_family, name="family"),
    path("people/<str:reference>/family/add/", person_tie_views.add_relative, name="add-relative"),
    path(
        "people/<str:reference>/family/<int:pk>/",
        person_tie_views.change_relative,
        name="change-relative",
    ),
    path(
        "people/<str:reference>/family/<int:pk>/mistake/",
        person_tie_views.not_relative,
        name="not-relative",
    ),
    path("people/<str:reference>/join/<str:other>/", person_merge_views.join, name="join"),
    path(
        "people/<str:reference>/join/<str:other>/not-the-same/",
        person_merge_views.not_same,
        name="not-same",
    ),
    path(
        "people/<str:reference>/joined/<int:pk>/take-apart/",
        person_merge_views.take_apart,
        name="take-apart",
    ),
    path(
        "people/<str:reference>/tenancy/add/", person_add_views.add_tenancy_of, name="add-tenancy"
    ),
]
