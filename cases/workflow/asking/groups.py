"""The groups of a request in the order they are asked, and where each missing item is mended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cases.disclosures.models import Request
from cases.disclosures.request_rules import Missing
from cases.workflow.asking import forms
from cases.workflow.case_words import address

PAGE = "page"
"""The group that is the page itself: what the police would read, field by field."""
CHECK = "check"


@dataclass(frozen=True)
class Group:
    """One page of questions: its address, what it is called, its form (the page has none)."""

    key: str
    heading: str
    form: type[forms.GroupForm] | None = None

    @property
    def fields(self) -> frozenset[str]:
        """The request's fields that this group asks for."""
        return frozenset(self.form.base_fields) if self.form else frozenset()


GROUPS: dict[str, Group] = {
    group.key: group
    for group in (
        Group("harm", "The harm", forms.HarmForm),
        Group("permission", "Permission, and what was tried", forms.PermissionForm),
        Group("reasons", "Why the police, and why now", forms.PoliceForm),
        Group(PAGE, "Exactly what would be sent"),
        Group("meaning", "What it would mean for them", forms.MeaningForm),
        Group("affected", "Who else is affected", forms.AffectedForm),
        Group("unit", "Which police unit", forms.RecipientForm),
    )
}
_OTHER = {"not_high_why": "not-high", "new_facts": "new-facts"}


def after(key: str) -> str:
    """The group after this one; after the last, the check page."""
    keys = list(GROUPS)
    at = keys.index(key) + 1
    return keys[at] if at < len(keys) else CHECK


def group_of(field: str) -> str:
    """The group that asks for a field; whatever is about the pack is on the page itself."""
    found = next((group.key for group in GROUPS.values() if field in group.fields), None)
    return found or PAGE


def where(asked: Request, field: str) -> str:
    """The address at which a missing item is mended, down to its box."""
    reference = asked.case.reference
    if field in _OTHER:
        return address(f"workflow:police-{_OTHER[field]}", reference, asked.pk)
    key = group_of(field)
    return f"{link(asked, key)}#id_{field}" if key != PAGE else link(asked, key)


def link(asked: Request, key: str) -> str:
    """The address of a group."""
    reference = asked.case.reference
    if key == PAGE:
        return address("workflow:police-page", reference, asked.pk)
    if key == CHECK:
        return address("workflow:police-check", reference, asked.pk)
    return f"{address('workflow:police-request', reference, asked.pk)}{key}/"


def tasks(asked: Request, missing: Iterable[Missing]) -> list[dict[str, Any]]:
    """The groups as a task list: done, or how much of each is missing."""
    short: dict[str, int] = {}
    for each in missing:
        key = group_of(each.field)
        short[key] = short.get(key, 0) + 1
    return [
        {
            "text": group.heading,
            "href": link(asked, group.key),
            "status": _status(short.get(group.key, 0)),
            "done": group.key not in short,
        }
        for group in GROUPS.values()
    ]


def _status(count: int) -> str:
    if not count:
        return "Done"
    return "1 thing missing" if count == 1 else f"{count} things missing"
