from importlib import import_module

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.core.signals import request_finished, request_started

from hatecrime.patience import begin_request, end_request


class HatecrimeConfig(AppConfig):
    name = "hatecrime"
    label = "hatecrime"

    def ready(self) -> None:
        """Listen to the libraries' signals: signing in, and a request's beginning and end."""
        import_module("hatecrime.sign_ins")
        # When somebody last signed in is written by the operation that records it.
        user_logged_in.disconnect(dispatch_uid="update_last_login")
        request_started.connect(begin_request, dispatch_uid="patience")
        request_finished.connect(end_request, dispatch_uid="patience")
