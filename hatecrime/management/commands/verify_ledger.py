"""Verify the ledger, from any machine, as somebody who may only read."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from tqdm import tqdm

from cases.audit.verifying import Asked, CannotLook, Findings, verify
from hatecrime import postgres
from hatecrime.postgres_roles import AUDITOR

COULD_NOT_LOOK = 2


class Command(BaseCommand):
    help = (
        "Verify that nothing on the ledger or in what it seals was altered.  Exits with 0 if it"
        " is sound, 1 with a line for each fault, and 2 if it could not be looked at."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--anchors", type=Path, help="the file of signed anchors")
        parser.add_argument(
            "--key",
            action="append",
            default=[],
            help="the public key the anchors are signed with (again for an earlier one)",
        )
        parser.add_argument(
            "--since", type=int, default=0, metavar="ANCHOR-SEQ", help="begin behind this link"
        )
        parser.add_argument(
            "--database-url", default="", help="whose ledger, as its auditor (or DATABASE_URL)"
        )

    def handle(self, **options: Any) -> None:
        try:
            asked = Asked(
                options["database_url"]
                or os.environ.get("DATABASE_URL")
                or postgres.address(AUDITOR),
                options["anchors"],
                frozenset(options["key"]),
                max(0, options["since"]),
            )
            with tqdm(desc="Links", unit="link", file=sys.stderr) as bar:

                def begin(total: int) -> Any:
                    bar.reset(total)
                    return bar.update

                found = verify(asked, timezone.now(), self._fault, begin)
        except (CannotLook, postgres.PostgresProblem) as problem:
            raise CommandError(str(problem), returncode=COULD_NOT_LOOK) from problem
        self._sum_up(found)
        if not found.sound:
            raise CommandError(f"Not sound: {sum(found.faults.values())} faults.", returncode=1)

    def _fault(self, sentence: str) -> None:
        with tqdm.external_write_mode(file=sys.stderr):
            self.stdout.write(sentence)

    def _sum_up(self, found: Findings) -> None:
        if found.adopted:
            links = ", ".join(str(seq) for seq in sorted(found.adopted)[:10])
            self.stdout.write(
                f"{sum(found.adopted.values())} rows were there before the ledger was: adopted at"
                f" link {links}."
            )
        for note in found.notes:
            self.stdout.write(note)
        self.stdout.write(
            f"{found.links} links, {found.entries} entries, {found.rows} rows compared,"
            f" {found.anchors} anchors, in {found.seconds:.1f} s"
            f" ({found.entries / max(found.seconds, 0.001):,.0f} entries a second)."
        )
        if found.sound:
            self.stdout.write("Sound.")
