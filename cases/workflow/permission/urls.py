"""Addresses of permission, all of one case."""

from django.urls import URLPattern, path

from cases.workflow.permission import views

_HERE = "cases/<str:reference>/permission/"
_ONE = f"{_HERE}<int:pk>/"

urlpatterns: list[URLPattern] = [
    path(_HERE, views.show, name="permission"),
    path(_ONE, views.show, name="permission-of"),
    path(f"{_ONE}another/", views.another, name="permission-another"),
    path(f"{_ONE}agencies/<int:agency>/", views.ask, name="permission-ask"),
    path(f"{_ONE}agencies/<int:agency>/withdraw/", views.withdraw, name="permission-withdraw"),
]
