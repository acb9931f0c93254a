"""Ask for last month's report when it is due, and make every report that waits."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from cases.access import job
from cases.reporting.making import make_waiting
from cases.reporting.run_operations import ask_when_due

JOB = job("make_reports")


class Command(BaseCommand):
    """``manage.py make_reports``."""

    help = (
        "Ask for last month’s report once its working day has come, and make every report that "
        "waits or was left half-way. Running it again makes nothing twice."
    )

    def handle(self, **options: Any) -> None:
        """Say how many were made, or could not be."""
        ask_when_due(by=JOB, at=timezone.now())
        self.stdout.write(f"{make_waiting(by=JOB, now=timezone.now)} made or given up.")
