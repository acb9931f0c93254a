"""Put in a company that homes belong to: Amplius, a member company or a predecessor."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from cases.access import job
from cases.people.company_operations import add_company


class Command(BaseCommand):
    """``manage.py add_company LONGHURST "Longhurst Group, before Amplius"``."""

    help = "Add a company that homes and cases belong to, or give a known one another name."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="Capital letters, digits and _: it never changes.")
        parser.add_argument("name", help="What people call it.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            company = add_company(
                by=job("the add_company command"),
                at=timezone.now(),
                code=options["code"],
                name=options["name"],
            )
        except ValidationError as fault:
            raise CommandError(fault.messages[0]) from fault
        self.stdout.write(f"{company.code} is {company.name}.")
