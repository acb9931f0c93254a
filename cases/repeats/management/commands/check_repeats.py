"""Work every repeat flag out again from scratch and compare (domain 6.2, rule 10)."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.repeats.checking import differences
from cases.repeats.facts import RULE

WIDTH = 30


class Command(BaseCommand):
    help = (
        f"Work out {RULE} from scratch and print where the kept flags differ: exits with 1 if any."
    )

    def handle(self, **options: Any) -> None:
        found = 0
        for difference in differences(self._progress):
            found += 1
            self.stdout.write(str(difference))
        if found:
            raise CommandError(f"{found} of the flags are not what the facts say.")
        self.stdout.write("Every flag is what the facts say.")

    def _progress(self, share: float) -> None:
        bar = "#" * round(WIDTH * share)
        self.stderr.write(f"\r[{bar:<{WIDTH}}] {share:4.0%}", ending="\n" if share >= 1 else "")
        self.stderr.flush()
