"""Make many cases at once, to measure with."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from tqdm import tqdm

from cases.casework.models import Case
from cases.staff.models import User
from hatecrime.bulk import Bulk
from hatecrime.integrity import CHECKS, findings
from hatecrime.owner import count_rows


class Command(BaseCommand):
    help = (
        "Bring a database that holds staff and nothing else up to so many made-up cases, then "
        "check their integrity.  Never for a database anybody works in."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number", type=int, help="how many cases there are to be")

    def handle(self, **options: Any) -> None:
        if not User.objects.exists():
            raise CommandError("There is nobody to lead the cases: make users first (make bench).")
        missing = options["number"] - Case.objects.count()
        with tqdm(total=max(0, missing), desc="Cases", unit="case") as bar:
            Bulk(timezone.now()).make(missing, bar.update)
        count_rows()
        found = findings()
        for finding in found:
            self.stderr.write(f"{finding.count} x {finding.what} (the first: {finding.first})")
        if found:
            raise CommandError("The data is not as it should be.")
        self.stdout.write(f"{Case.objects.count()} cases; nothing wrong by {len(CHECKS)} checks.")
