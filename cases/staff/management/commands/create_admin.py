"""Make a system administrator: the only way to a first account (bar row 5)."""

from __future__ import annotations

import getpass
import sys
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from cases.access import Actor, Refused, Role
from cases.staff import operations

COMMAND = Actor(id=None, name="the create_admin command", roles=frozenset({Role.SYSADMIN}))


class Command(BaseCommand):
    help = "Make a system administrator, who then adds everybody else."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", required=True, help="their full name")
        parser.add_argument("--email", required=True, help="what they sign in with")
        parser.add_argument(
            "--password-stdin", action="store_true", help="read the password from standard input"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        password = _from_stdin() if options["password_stdin"] else _asked()
        now = timezone.now()
        try:
            with transaction.atomic():
                user = operations.add_user(
                    by=COMMAND,
                    at=now,
                    full_name=options["name"],
                    email=options["email"],
                    password=password,
                )
                operations.grant_role(
                    by=COMMAND, at=now, user=user, role=Role.SYSADMIN, reason="By create_admin"
                )
        except (ValidationError, Refused) as fault:
            said = fault.messages if isinstance(fault, ValidationError) else [str(fault)]
            raise CommandError(" ".join(said)) from fault
        self.stdout.write(f"{user.full_name} signs in with {user.email}.")


def _from_stdin() -> str:
    return sys.stdin.readline().rstrip("\n")


def _asked() -> str:
    """Ask twice, so that a slip of the finger does not lock the account."""
    first = getpass.getpass("Password (15 characters or more): ")
    if getpass.getpass("Once more: ") != first:
        raise CommandError("The two passwords are not the same.")
    return first
