"""Choosing what a page says, one field at a time, from none (bar row 30).

Any pack is chosen from here, whoever it belongs to: a request to the Director or a referral
shows ``_pack_fields.html`` and gets its reader back by :func:`home_of`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cases.access import Actor
from cases.casework.models import Involvement
from cases.casework.queries import parts_of
from cases.disclosures.choices import PackField
from cases.disclosures.fields import FIELDS, suggestion
from cases.disclosures.models import Pack, PackItem
from cases.workflow.case_words import address, address_of, name_and_part

HOMES = {"request": "workflow:police-page", "referral": "workflow:referral"}
"""The page of whatever a pack can be part of."""

HINTS: dict[str, str] = {
    PackField.FACTS: "What was said and done, and when. No names.",
    PackField.PLACE: "The street or the block, or only the area.",
    PackField.RESPONDENT: "As alleged. Never as a fact.",
    PackField.IDENTITY: "Their name.",
    PackField.ADDRESS: "Their home, to the door.",
    PackField.REACH: "Only the ways that are safe.",
    PackField.BORN: "Only if they cannot be told apart without it.",
    PackField.STRAND: "What they think it was about. It is theirs to tell.",
    PackField.RISK: "The level and the red flags, no words.",
    PackField.SAFE: "What must not be done, and whom to speak to first.",
    PackField.HEALTH: "Only what they need in order to help.",
    PackField.HISTORY: "How many reports, and since when.",
    PackField.EVIDENCE: "What there is, not the thing itself.",
    PackField.WANTS: "In their own words.",
    PackField.THIRD_PARTY: "Somebody else’s name: only if nothing else will do.",
}


@dataclass(frozen=True)
class Chosen:
    """A field that is in: what it says, whose, why, and where it is changed or taken out."""

    text: str
    whose: str
    why: str
    href: str


@dataclass(frozen=True)
class FieldRow:
    """One field of the list: what it is, and what was put in for it."""

    code: str
    label: str
    hint: str
    chosen: tuple[Chosen, ...]
    put: str
    """Where it is put in, or "" when everybody it could be about is in."""


def field_rows(
    pack: Pack, items: Sequence[PackItem], parts: Sequence[Involvement]
) -> list[FieldRow]:
    """Every field in the order of the page.  ``items`` are those in the pack; no queries."""
    return [_row(pack, field, items, parts) for field in PackField]


def _row(
    pack: Pack, field: PackField, items: Sequence[PackItem], parts: Sequence[Involvement]
) -> FieldRow:
    mine = [item for item in items if item.field == field]
    taken = {item.whose_id for item in mine}
    free = [part for part in whose_parts(pack, field, parts) if part.pk not in taken]
    more = bool(free) if FIELDS[field].parts else not mine
    return FieldRow(
        code=field.value,
        label=str(field.label),
        hint=HINTS[field],
        chosen=tuple(_chosen(pack, item) for item in mine),
        put=_to(pack, "put", field.value) if more else "",
    )


def _chosen(pack: Pack, item: PackItem) -> Chosen:
    return Chosen(
        text=item.text,
        whose=name_and_part(item.whose) if item.whose else "",
        why=item.why,
        href=_to(pack, "item", item.pk),
    )


def whose_parts(pack: Pack, field: PackField, parts: Sequence[Involvement]) -> list[Involvement]:
    """Whose the field may be in this pack, whomever it is about first."""
    found = [part for part in parts if part.part in FIELDS[field].parts]
    return sorted(found, key=lambda part: part.pk != pack.about_id)


@dataclass(frozen=True)
class Suggested:
    """Words to begin with, whose they are, and the address of the form that has them in it."""

    text: str
    whose: str
    href: str


def suggestions(
    pack: Pack, field: str, parts: Sequence[Involvement], actor: Actor
) -> list[Suggested]:
    """Words to begin with for each person the field may be of, or for the case."""
    owners: list[Involvement | None] = list(parts) if FIELDS[field].parts else [None]
    return [
        Suggested(text, name_and_part(owner) if owner else "", f"?use={owner.pk if owner else 0}")
        for owner in owners
        if (text := suggestion(pack.case, field, owner, by=actor))
    ]


def parts_for(pack: Pack) -> list[Involvement]:
    """Everybody with a part in the pack's case.  One query."""
    return list(parts_of(pack.case))


def _to(pack: Pack, name: str, *args: object) -> str:
    return address(f"workflow:pack-{name}", pack.case.reference, pack.pk, *args)


def pack_page(pack: Pack, name: str = "", *args: object) -> str:
    """The address of a page of the pack: ``pack_page(pack, "stop")``."""
    return (
        _to(pack, name, *args) if name else address("workflow:pack", pack.case.reference, pack.pk)
    )


def home_of(pack: Pack) -> str:
    """Where the pack is made: the request or the referral it is part of, or its own page."""
    reference = pack.case.reference
    for kind, page in HOMES.items():
        row = getattr(pack, kind, None)
        if row is not None and (found := address_of(page, reference, row.pk)):
            return found
    return pack_page(pack)
