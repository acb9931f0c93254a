from django.apps import AppConfig


class HatecrimeConfig(AppConfig):
    name = "hatecrime"
    label = "hatecrime"
