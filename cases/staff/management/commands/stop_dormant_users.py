"""Stop whoever has not signed in for thirty days (bar row 24).  Run it daily."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from cases.access import Actor, Role
from cases.staff import operations, queries

COMMAND = Actor(id=None, name="the stop_dormant_users job", roles=frozenset({Role.SYSADMIN}))


class Command(BaseCommand):
    help = "Stop the access of users who have not signed in for so many days."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, default=30)

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        days: int = options["days"]
        dormant = list(queries.dormant(now, days))
        for user in dormant:
            operations.stop_user(
                by=COMMAND, at=now, user=user, reason=f"Did not sign in for {days} days"
            )
        self.stdout.write(f"Stopped {len(dormant)}.")
