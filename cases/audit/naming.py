"""What the ledger's codes and ids are called, from the models' own choices and references.

The ledger lies below the apps it records, so it asks Django's registry and imports none of them.
People are called by their reference: a line of the ledger never names anybody but a colleague.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from cases.audit.models import Event

USER = settings.AUTH_USER_MODEL.lower()
PERSON = "people.person"

# Keys of ``changes`` that hold the id of a row, and of which kind of row.
POINTS_TO = {
    **dict.fromkeys(("user", "owner", "lead"), USER),
    "person": PERSON,
    "home": "people.property",
    "agency": "partners.agency",
}

# What is called by a name of its own; everything else by its reference.
NAMED_BY = {
    USER: "full_name",
    "partners.agency": "name",
    "partners.agencycontact": "unit",
    "partners.sharingagreement": "title",
    "partners.reviewterms": "local_authority",
}

# What people call a kind of row whose table is named otherwise.
CALLED = {
    "casework.perception": "view",
    "casework.account": "somebody’s words",
    "casework.involvement": "part in the case",
    "casework.casemember": "access to the case",
    "casework.contactentry": "contact",
    "casework.evidenceassessment": "evidence assessment",
    "casework.incidentpair": "two accounts",
    "casework.partrecord": "statement, special measures or HR",
    "casework.crimedecision": "what was decided about crime",
    "intake.routerecord": "referral",
    "partners.agency": "partner agency",
    "partners.agencycontact": "unit of a partner agency",
    "partners.sharingagreement": "sharing agreement",
    "partners.reviewterms": "council’s terms for a case review",
    "intake.callsheet": "call sheet",
    "improving.improvement": "something to do better",
    "improving.reviewreason": "reason to review the policy",
    "audit.access": "look at the case",
    "audit.event": "history of the case",
    "audit.ledger": "ledger",
    "disclosures.pack": "page for another agency",
    "disclosures.packfile": "file of a page for another agency",
    "disclosures.register": "register of disclosures",
}

Names = Mapping[tuple[str, int], str]
"""What single rows are called: a colleague's name, a person's, a case's or a report's reference."""


def points_to(event: Event, key: str) -> str:
    """The kind of row an id under this key of ``changes`` belongs to, or ""."""
    if event.verb == "case.allocated" and key in ("from", "to"):
        return USER
    return POINTS_TO.get(key, "")


def names_of(events: Iterable[Event], also: Iterable[tuple[str, int]] = ()) -> Names:
    """What every row these events speak of is called: one query for each kind of row."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for kind, pk in also:
        wanted[kind].add(pk)
    for event in events:
        if event.subject_id is not None:
            wanted[event.subject_kind].add(event.subject_id)
        for key, value in event.changes.items():
            if isinstance(value, int) and (kind := points_to(event, key)):
                wanted[kind].add(value)
    found: dict[tuple[str, int], str] = {}
    for kind, ids in wanted.items():
        found |= {(kind, pk): name for pk, name in _named(kind, ids)}
    return found


def _named(kind: str, ids: set[int]) -> Iterable[tuple[int, str]]:
    model = _model(kind)
    field = NAMED_BY.get(kind, "reference")
    if model is None or not _has(model, field):
        return ()
    called = "" if kind in NAMED_BY else f"{model._meta.verbose_name} "
    rows = model._default_manager.filter(pk__in=ids).values_list("pk", field)
    return [(pk, f"{called}{name}") for pk, name in rows]


def kind_words(kind: str) -> str:
    """What a kind of row is called; one of an earlier release reads as its code."""
    if kind in CALLED:
        return CALLED[kind]
    model = _model(kind)
    return str(model._meta.verbose_name) if model else kind.split(".")[-1]


def label_of(kind: str, key: str, code: str) -> str:
    """What a code is called: as this field of this kind of row, as any field so named, or as
    the only thing the code stands for anywhere; "" if nobody says.
    """
    model = _model(kind)
    own = _choices(model) if model else {}
    everywhere, alone = _all_choices()
    key = key if key in own or key in everywhere else key.removesuffix("s")
    return (
        own.get(key, {}).get(code)
        or next((labels[code] for labels in own.values() if code in labels), "")
        or everywhere.get(key, {}).get(code, "")
        or alone.get(code, "")
    )


def _model(kind: str) -> type[models.Model] | None:
    try:
        return apps.get_model(kind)
    except (LookupError, ValueError):
        return None


def _has(model: type[models.Model], field: str) -> bool:
    try:
        model._meta.get_field(field)
    except FieldDoesNotExist:
        return False
    return True


@cache
def _choices(model: type[models.Model]) -> dict[str, dict[str, str]]:
    """The labels of each field with choices, by code."""
    found: dict[str, dict[str, str]] = {}
    for field in model._meta.get_fields():
        inner: Any = getattr(field, "base_field", field)
        pairs = getattr(inner, "choices", None)
        if pairs:
            found[field.name] = {str(code): str(label) for code, label in pairs if code}
    return found


@cache
def _all_choices() -> tuple[dict[str, dict[str, str]], dict[str, str]]:
    """The labels by field name over all our models, and of codes that mean one thing only."""
    by_field: dict[str, dict[str, str]] = defaultdict(dict)
    meanings: dict[str, set[str]] = defaultdict(set)
    for model in apps.get_models():
        if not model.__module__.startswith("cases."):
            continue
        for name, labels in _choices(model).items():
            by_field[name] |= labels
            for code, label in labels.items():
                meanings[code].add(label)
    alone = {code: next(iter(all_)) for code, all_ in meanings.items() if len(all_) == 1}
    return dict(by_field), alone
