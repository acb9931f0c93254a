from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "cases.partners"
    label = "partners"
