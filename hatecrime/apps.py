from importlib import import_module

from django.apps import AppConfig


class HatecrimeConfig(AppConfig):
    name = "hatecrime"
    label = "hatecrime"

    def ready(self) -> None:
        """Listen to the libraries' signals about signing in; models exist only from here on."""
        import_module("hatecrime.sign_ins")
