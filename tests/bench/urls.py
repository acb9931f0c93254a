"""The application's addresses and the three floors of bar section 6."""

from django.urls import path

from hatecrime.urls import handler400, handler403, handler404, handler500, urlpatterns
from tests.bench import floors

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [
    path("floor/a/", floors.constant),
    path("floor/b/", floors.rows),
    path("floor/c/", floors.insert),
    *urlpatterns,
]
