from django.apps import AppConfig


class ConsentConfig(AppConfig):
    name = "cases.consent"
    label = "consent"
