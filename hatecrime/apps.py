from importlib import import_module

from django.apps import AppConfig
from django.db.backends.signals import connection_created

from hatecrime.patience import limit_waiting


class HatecrimeConfig(AppConfig):
    name = "hatecrime"
    label = "hatecrime"

    def ready(self) -> None:
        """Listen to the libraries' signals: signing in, and a new connection to the database."""
        import_module("hatecrime.sign_ins")
        connection_created.connect(limit_waiting, dispatch_uid="patience")
