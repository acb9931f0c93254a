"""Write where the ledger ends, signed, to a file outside the database."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from cases.audit.anchors import CannotAnchor, anchor, make_signing_key, signing_key
from cases.audit.signing import public_key


class Command(BaseCommand):
    help = (
        "Append where the ledger ends to the file of anchors (LEDGER_ANCHORS), if it has grown or"
        " the last anchor is 12 hours old.  Exits with 1, and writes nothing, if the last anchor"
        " is not on the ledger."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--recovered",
            default="",
            metavar="REASON-CODE",
            help="a backup was brought back: say so in a signed line",
        )
        parser.add_argument("--make-key", action="store_true", help="make the key of LEDGER_KEY")
        parser.add_argument("--show-key", action="store_true", help="print its public half")

    def handle(self, **options: Any) -> None:
        try:
            if options["make_key"]:
                self.stdout.write(make_signing_key())
                return
            if options["show_key"]:
                self.stdout.write(public_key(signing_key()))
                return
            made = anchor(at=timezone.now(), recovered=options["recovered"])
        except CannotAnchor as problem:
            raise CommandError(str(problem)) from problem
        if made is None:
            self.stdout.write("The newest anchor still says where the ledger ends.")
        else:
            self.stdout.write(f"Anchored at link {made.seq} ({made.hash.hex()[:12]}).")
