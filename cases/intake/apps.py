from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "cases.intake"
    label = "intake"
