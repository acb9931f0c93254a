from django.apps import AppConfig


class RiskConfig(AppConfig):
    name = "cases.risk"
    label = "risk"
