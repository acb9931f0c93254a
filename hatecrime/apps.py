from importlib import import_module

from django.apps import AppConfig
from django.core.signals import request_finished, request_started

from hatecrime.patience import begin_request, end_request


class HatecrimeConfig(AppConfig):
    name = "hatecrime"
    label = "hatecrime"

    def ready(self) -> None:
        """Listen to the libraries' signals: signing in, and a request's beginning and end."""
        import_module("hatecrime.sign_ins")
        request_started.connect(begin_request, dispatch_uid="patience")
        request_finished.connect(end_request, dispatch_uid="patience")
