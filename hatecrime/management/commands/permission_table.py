"""Write docs/reference/permissions.md from the address map and the measured table."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from cases.access import Role
from cases.audit.pages import PUBLIC, SIGNED_IN
from hatecrime.url_map import Route, routes

TABLE = Path("tests/consistency/permissions.csv")
PAGE = Path("docs/reference/permissions.md")

HEAD = """# Who may open what

<!-- Written by `manage.py permission_table`. Change the views' declarations, not this page. -->

Every view declares what it needs (`@page`). The tests request every address with every verb as
every role, and as somebody not signed in, against a case that is theirs and one that is not, and
compare each answer with `tests/consistency/permissions.csv`: an address without a row there fails.
To measure again after a change: `WRITE_PERMISSIONS=1 pytest tests/consistency/test_permissions.py
-n0`, read the difference, then `manage.py permission_table`.

- 200 is shown, 302 is done or sent elsewhere, 400 could not be read, 403 is refused with the
  sentence why, 404 is not there or not theirs (they read the same), 405 is no such verb here.
- Somebody who is not signed in is sent to sign in (302) wherever it does not say "everybody".

## By declaration

| Address | Name | Verbs | Who may |
| --- | --- | --- | --- |
"""


class Command(BaseCommand):
    help = "Write docs/reference/permissions.md; with --check only say whether it is current."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, **options: Any) -> None:
        page = Path(settings.BASE_DIR) / PAGE
        text = permission_page(Path(settings.BASE_DIR) / TABLE)
        if options["check"]:
            if not page.exists() or page.read_text() != text:
                raise CommandError(f"{PAGE} is not current: run manage.py permission_table.")
            return
        page.write_text(text)
        self.stdout.write(f"Wrote {PAGE}.")


def permission_page(table: Path) -> str:
    """The whole page as Markdown."""
    ours = [route for route in routes() if route.ours]
    lines = [HEAD + "\n".join(_declared(route) for route in ours)]
    lines.append("\n## As measured\n\nOne row an address and verb; ✓ is 200 or 302.\n")
    lines.append(_measured(table))
    return "\n".join(lines) + "\n"


def _declared(route: Route) -> str:
    if route.needs is PUBLIC:
        who = "everybody"
    elif route.needs is SIGNED_IN:
        who = "whoever has signed in"
    else:
        who = ", ".join(role.label for role in route.roles()) or "nobody"
    return f"| `/{route.address}` | {route.name} | {', '.join(route.methods or ())} | {who} |"


def _measured(table: Path) -> str:
    with table.open(newline="") as file:
        rows = list(csv.DictReader(file))
    heads = ["Route", "Verb", "Whose", "Nobody", *(role.label for role in Role)]
    lines = ["| " + " | ".join(heads) + " |", "| --- " * len(heads) + "|"]
    for row in rows:
        cells = [row["anonymous"], *(row[role.value] for role in Role)]
        shown = ["✓" if code in ("200", "302") else code for code in cells[1:]]
        lines.append(
            f"| {row['route']} | {row['verb']} | {row['object']} | {cells[0]} | "
            + " | ".join(shown)
            + " |"
        )
    return "\n".join(lines)
