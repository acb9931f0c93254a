"""The application's own settings, with the floors mounted beside it and its queries counted."""

from hatecrime.settings import *  # noqa: F403
from hatecrime.settings import BASE_DIR, MIDDLEWARE, TEMPLATES

ROOT_URLCONF = "tests.bench.urls"
MIDDLEWARE = ["tests.bench.counting.CountQueries", *MIDDLEWARE]
TEMPLATES[0]["DIRS"] = [*TEMPLATES[0]["DIRS"], BASE_DIR / "tests" / "bench" / "templates"]  # type: ignore[misc]
