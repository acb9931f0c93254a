from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "cases.reporting"
    label = "reporting"
