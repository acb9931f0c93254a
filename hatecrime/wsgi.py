"""The entry of the production server.  An unsafe configuration does not start."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hatecrime.settings")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

from django.urls import get_resolver  # noqa: E402 (apps must be loaded)

from hatecrime.checks import refuse_unsafe_start  # noqa: E402

refuse_unsafe_start()
# Every page is loaded before the first is asked for: nobody's first request waits for it.
get_resolver().reverse_dict  # noqa: B018
