"""Record the bank holidays of England for years to come.  Run it once a year."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from cases.access import job
from cases.policy import operations


class Command(BaseCommand):
    help = "Record England's bank holidays, by default of this year and the next three."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("years", nargs="*", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        years = options["years"] or range(now.year, now.year + 4)
        added = operations.add_bank_holidays(
            by=job("the add_bank_holidays command"), at=now, years=years
        )
        self.stdout.write(f"Added {added}.")
