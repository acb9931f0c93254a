"""Fill an empty database with a year of made-up work, or say who can sign in to it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from tqdm import tqdm

from cases.staff.models import User
from hatecrime.demo import population
from hatecrime.demo.loading import STEPS, load
from hatecrime.owner import count_rows, unhurried


class Command(BaseCommand):
    help = (
        "Load demo data into an empty database: fictional people, every step done by the "
        "operations themselves, the same in every run that ends at the same moment."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="do nothing if there are users")
        parser.add_argument("--sign-ins", action="store_true", help="print who can sign in")
        parser.add_argument("--until", type=moment, help="the demo's present (default: now)")
        parser.add_argument("--only", type=int, help="so many of the generated reports")

    def handle(self, **options: Any) -> None:
        if options["sign_ins"]:
            self.say_sign_ins()
            return
        if User.objects.exists():
            if options["if_empty"]:
                return
            raise CommandError("The database is not empty: demo data goes into an empty one only.")
        end = options["until"] or timezone.now().replace(second=0, microsecond=0)
        bar = tqdm(total=STEPS, desc="Demo data", unit="record", leave=True)
        with unhurried(), bar:  # all of it is sealed in one commit, which may take its time
            load(end, bar.update, options["only"])
            bar.total = bar.n
        count_rows()  # so that the first pages are as quick as later ones
        self.say_sign_ins()

    def say_sign_ins(self) -> None:
        """One of each role, as on a card beside the screen."""
        emails = set(User.objects.values_list("email", flat=True))
        said: set[str] = set()
        for name, role, _ in population.STAFF:
            email = f"{name.split()[0].lower()}@{population.DOMAIN}"
            if email in emails and role not in said:
                said.add(role)
                self.stdout.write(f"  {role.label:<34} {email}")
        if said:
            self.stdout.write(f"  Password for all of them: {population.PASSWORD}")


def moment(text: str) -> datetime:
    """A moment such as 2026-11-19T13:10, in London if it names no zone."""
    at = datetime.fromisoformat(text)
    return timezone.make_aware(at) if timezone.is_naive(at) else at
