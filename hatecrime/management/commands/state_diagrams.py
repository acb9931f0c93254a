"""Draw docs/states from the lifecycle tables."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from hatecrime.documents.states import state_pages
from hatecrime.documents.tables import write


class Command(BaseCommand):
    help = "Write docs/states/ from the tables the database enforces."
    requires_system_checks = ()

    def handle(self, **options: Any) -> None:
        for path in write(state_pages(), settings.BASE_DIR / "docs"):
            self.stdout.write(f"docs/{path}")
