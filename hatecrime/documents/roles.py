"""docs/reference/roles.md: who may do what, from ``cases/access.py``."""

from __future__ import annotations

from itertools import combinations

from cases.access import CASE_ROLES, ROLES, Grant, Role, incompatible
from hatecrime.documents.tables import Pages, page, table

INTRO = """\
Somebody holds a role for a period; another person grants it and says why. Each role carries
grants. What a person may see is decided apart from this, case by case: an assignment, their
team's cases, or all of them; and a conflict of interest hides a case whatever the role."""


def role_pages() -> Pages:
    text = page(
        "Roles and what they may do",
        INTRO,
        "## Grants",
        table(("Grant", "Roles that carry it", "What somebody without it reads"), _grants()),
        "## Roles",
        table(("Role", "Works cases", "May"), _roles()),
        "## Roles nobody holds together",
        table(("Role", "And role", "Because"), _apart()),
        command="reference_pages",
        source="`cases/access.py`",
    )
    return {"reference/roles.md": text}


def said(grant: Grant) -> str:
    """A grant's name as words: "Take report"."""
    return grant.name.replace("_", " ").capitalize().replace("asb", "ASB").replace(" da", " DA")


def _grants() -> list[tuple[str, str, str]]:
    rows = []
    for grant in Grant:
        holders = [role.label for role in Role if grant in ROLES[role]]
        rows.append((said(grant), ", ".join(holders), grant.value))
    return rows


def _roles() -> list[tuple[str, str, str]]:
    rows = []
    for role in Role:
        may = ", ".join(said(grant).lower() for grant in Grant if grant in ROLES[role])
        may = may.replace("asb", "ASB").replace(" da", " DA")
        rows.append((role.label, "Yes" if role in CASE_ROLES else "No", may or "Nothing yet"))
    return rows


def _apart() -> list[tuple[str, str, str]]:
    rows = []
    for one, other in combinations(Role, 2):
        answer = incompatible(frozenset({one, other}))
        if not answer:
            rows.append((one.label, other.label, answer.reason))
    return rows
