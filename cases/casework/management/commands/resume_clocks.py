"""Let clocks run again that were paused until a day that has come.  Run it daily, early."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from cases.access import Actor
from cases.calendar import london_date
from cases.casework import operations
from cases.casework.choices import ClockState
from cases.casework.models import Case

COMMAND = Actor(id=None, name="the resume_clocks job", roles=frozenset())


class Command(BaseCommand):
    help = "Let the clocks run again that were paused until today or earlier."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        due = Case.objects.open().filter(
            clocks__state=ClockState.PAUSED, clocks__paused_until__lte=london_date(now)
        )
        resumed = 0
        for case in due.distinct().order_by("pk"):
            resumed += len(operations.resume_due(by=COMMAND, at=now, case=case))
        self.stdout.write(f"{resumed} running again.")
