"""The entry of the production server.  An unsafe configuration does not start."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hatecrime.settings")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

from hatecrime.checks import refuse_unsafe_start  # noqa: E402 (apps must be loaded)

refuse_unsafe_start()
