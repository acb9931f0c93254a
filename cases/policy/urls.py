"""Addresses of policy."""

from django.urls import path

from cases.policy import views

app_name = "policy"

urlpatterns = [
    path("policy/", views.show_policy, name="policy"),
    path("settings/", views.list_settings, name="settings"),
    path("settings/bank-holidays/", views.list_holidays, name="holidays"),
    path("settings/words/<slug:key>/", views.show_words, name="words"),
    path("settings/words/<slug:key>/check/", views.check_words, name="check-words"),
    path("settings/<slug:key>/", views.show_setting, name="setting"),
    path("settings/<slug:key>/change/", views.change_setting, name="change-setting"),
    path("users/<int:pk>/training/new/", views.record_training, name="record-training"),
]
