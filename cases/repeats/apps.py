from django.apps import AppConfig


class RepeatsConfig(AppConfig):
    name = "cases.repeats"
    label = "repeats"
