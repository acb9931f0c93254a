"""Make the keys people and homes are found by afresh: after a change of how they are made."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from cases.access import job
from cases.people.operations import refill_keys


class Command(BaseCommand):
    """``manage.py fill_people_keys``."""

    help = "Work out again what people and homes are found by. Safe to run at any time."

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many rows were out of date."""
        count = refill_keys(by=job("fill_people_keys"), at=timezone.now())
        self.stdout.write(f"{count} rows were out of date and are right now.")
