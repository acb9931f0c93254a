"""Addresses of staff."""

from django.urls import path

from cases.staff import role_views, session_views, team_views, views

app_name = "staff"

urlpatterns = [
    path("users/", views.list_users, name="users"),
    path("users/new/", views.add_user, name="add-user"),
    path("users/<int:pk>/", views.show_user, name="user"),
    path("users/<int:pk>/change/", views.change_user, name="change-user"),
    path("users/<int:pk>/stop/", views.stop_user, name="stop-user"),
    path("users/<int:pk>/restore/", views.restore_user, name="restore-user"),
    path("users/<int:pk>/sign-in-link/", views.make_sign_in_link, name="sign-in-link"),
    path("users/<int:pk>/sign-out/", session_views.end_sessions_of, name="end-sessions"),
    path(
        "users/<int:pk>/second-factor/",
        session_views.remove_second_factor_of,
        name="remove-second-factor",
    ),
    path("users/<int:pk>/roles/new/", role_views.grant_role, name="grant-role"),
    path("users/<int:pk>/roles/<int:holding_pk>/end/", role_views.end_role, name="end-role"),
    path("teams/", team_views.list_teams, name="teams"),
    path("teams/new/", team_views.add_team, name="add-team"),
    path("teams/<int:pk>/change/", team_views.change_team, name="change-team"),
]
