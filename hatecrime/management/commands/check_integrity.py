"""Look for facts kept twice that do not agree."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hatecrime.integrity import CHECKS, findings


class Command(BaseCommand):
    help = "Check what the database's own constraints cannot: exits with 1 if anything is wrong."

    def handle(self, **options: Any) -> None:
        found = findings()
        for finding in found:
            self.stderr.write(f"{finding.count} x {finding.what} (the first: {finding.first})")
        if found:
            raise CommandError(f"{len(found)} of {len(CHECKS)} checks found something.")
        self.stdout.write(f"Nothing wrong: {len(CHECKS)} checks.")
