"""Who looked at a case, in words: for the page, and as an extract for somebody in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cases import words
from cases.audit.models import Access
from cases.audit.presenters import entry_of_access, page_words
from cases.casework.models import Case, CaseMember
from cases.casework.queries import managers_of, members_of
from cases.workflow.case_words import capital
from cases.workflow.looks_queries import (
    AskedLooks,
    Person,
    Roles,
    looks_page,
    purposes_of,
    roles_of,
)
from cases.workflow.looks_words import often, why

AUTOMATIC = "Done by the system, not by a person"
NO_ROLE = "Role not known"


def page_of(
    case: Case, asked: AskedLooks, people: Sequence[Person], now: datetime
) -> dict[str, Any]:
    """These people who looked, and every look, in a fixed number of queries."""
    found = looks_page(case, asked)
    users = {person.user for person in people} | {look.actor_id for look in found.looks}
    roles = roles_of({user for user in users if user})
    members, managers = members_of(case), managers_of(case, now)
    purposes = purposes_of(case, found.looks)
    rows = [_person(person, roles, members, managers, now) for person in people]
    return {
        "people": rows,
        "words": _counted(rows, asked),
        "strangers": sum(row["stranger"] for row in rows if row["user"]),
        "looks": [_look(look, roles, purposes) for look in found.looks],
        "older": found.older,
    }


def _person(
    person: Person,
    roles: Roles,
    members: Sequence[CaseMember],
    managers: dict[int | None, str],
    now: datetime,
) -> dict[str, Any]:
    standing = why(members, managers, person.user, now)
    return {
        "user": person.user,
        "name": person.name,
        "role": roles.at(person.user, person.last_at) or (NO_ROLE if person.user else AUTOMATIC),
        "why": standing or "Not on the case.",
        "stranger": not standing,
        "often": capital(often(person.times)),
        "first_at": person.first_at,
        "last_at": person.last_at,
        "pages": capital(", ".join(sorted({page_words(page) for page in person.pages}))),
        "purposes": [capital(purpose) for purpose in person.purposes],
    }


def _counted(rows: list[dict[str, Any]], asked: AskedLooks) -> str:
    """How many people it was, and how many of them are not on the case."""
    if not rows:
        return "Nobody was refused." if asked.refused else "Nobody has opened this case."
    one = len(rows) == 1
    did = "was refused" if asked.refused and one else "were refused" if asked.refused else "opened"
    said = f"{len(rows)} {'person' if one else 'people'} {did} this case"
    return f"{said}{' in that time' if asked.from_on or asked.to_on else ''}."


def _look(look: Access, roles: Roles, purposes: dict[str, str]) -> dict[str, Any]:
    entry = entry_of_access(look)
    return {
        "id": look.pk,
        "at": look.at,
        "name": look.actor_name,
        "role": roles.at(look.actor_id, look.at),
        "sentence": entry.sentence,
        "purpose": capital(purposes.get(look.request_id, look.purpose)),
    }


PLAIN_PAGES = (
    ("workflow:case-looks", "The list of who looked at your case"),
    ("workflow:case-looks-extract", "The list of who looked at your case"),
    ("workflow:case-show-part", "Your details"),
    ("workflow:case-identities", "Who is who in your case"),
    ("workflow:case-history", "How your case was recorded"),
    ("workflow:case-events", "How your case was recorded"),
    ("workflow:case", "Your case"),
    ("people:", "Your details"),
    ("risk:", "What you were asked about risk"),
    ("intake:", "Your report"),
)
"""What a page is called to somebody outside, by how its name begins; the first that fits."""


def plainly(page: str) -> str:
    """What was opened, said so that it tells of nobody else: no page of ours is named."""
    for begins, said in PLAIN_PAGES:
        if page == begins or (begins.endswith(":") and page.startswith(begins)):
            return said
    return "Part of your case"


@dataclass(frozen=True)
class Extracted:
    """One look as it is told to somebody in the case."""

    at: datetime
    who: str
    what: str


def extract_of(looks: Sequence[Access], *, names: bool) -> list[Extracted]:
    """The looks as lines of an extract: colleagues by role and team, or with their name too."""
    roles = roles_of({look.actor_id for look in looks if look.actor_id})
    return [Extracted(look.at, _who(look, roles, names), plainly(look.what)) for look in looks]


def _who(look: Access, roles: Roles, names: bool) -> str:
    if look.actor_id is None:
        return AUTOMATIC
    role = roles.at(look.actor_id, look.at) or "A colleague"
    team = roles.team(look.actor_id)
    named = [look.actor_name] if names else []
    return ", ".join([*named, role, *([f"{team} team"] if team else [])])


def as_csv(lines: Sequence[Extracted]) -> str:
    """The extract as CSV, in which no cell is a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["Day", "Time", "Who", "What they opened"])
    writer.writerows([_harmless(cell) for cell in row] for row in _cells(lines))
    return out.getvalue()


def _cells(lines: Sequence[Extracted]) -> Iterator[tuple[str, ...]]:
    for line in lines:
        at = line.at.astimezone(words.LONDON)
        yield f"{at:%Y-%m-%d}", f"{at:%H:%M}", line.who, line.what


def _harmless(cell: str) -> str:
    """The cell so written that a spreadsheet reads it as text."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
