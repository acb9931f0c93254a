from django.apps import AppConfig


class DisclosuresConfig(AppConfig):
    name = "cases.disclosures"
    label = "disclosures"
