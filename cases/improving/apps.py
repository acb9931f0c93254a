from django.apps import AppConfig


class ImprovingConfig(AppConfig):
    name = "cases.improving"
    label = "improving"
