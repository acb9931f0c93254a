"""Write the pages of docs/reference that say what the code says."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from hatecrime.documents.pages import reference_pages
from hatecrime.documents.tables import write


class Command(BaseCommand):
    help = "Write the generated pages of docs/reference/: roles, triage, clocks, ledger."
    requires_system_checks = ()

    def handle(self, **options: Any) -> None:
        for path in write(reference_pages(), settings.BASE_DIR / "docs"):
            self.stdout.write(f"docs/{path}")
