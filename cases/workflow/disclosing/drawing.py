"""The page that would leave, as it is drawn on screen: To, lettered fields, what was left out.

:func:`draw_pack` is what every page shows that speaks of a pack (composing, the Director's
decision, referrals); ``templates/workflow/disclosing/_pack_page.html`` shows it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cases.audit.context import saw
from cases.casework.models import Involvement
from cases.disclosures.choices import PackField, PackState
from cases.disclosures.fields import FIELDS
from cases.disclosures.gate_facts import items_of
from cases.disclosures.models import Pack, PackItem
from cases.disclosures.pdf import BECAUSE, letter_of
from cases.disclosures.redacting import Piece, pieces
from cases.partners.models import AgencyContact
from cases.partners.queries import unit_checked
from cases.workflow.case_words import name_and_part

WAYS = {
    "secure_email": "secure email",
    "portal": "portal",
    "phone": "phone",
    "post_address": "post",
}


@dataclass(frozen=True)
class Line:
    """One lettered field of the page."""

    letter: str
    label: str
    pieces: tuple[Piece, ...]
    item: PackItem
    whose: str = ""

    @property
    def called(self) -> str:
        """The line as it is spoken of elsewhere: "D. Against whom"."""
        return f"{self.letter}. {self.label}" if self.letter else self.label


@dataclass(frozen=True)
class Recipient:
    """Whom it goes to, by which ways, and whether anybody checked that."""

    name: str
    ways: str = ""
    checked: str = ""
    problem: str = ""

    @property
    def words(self) -> str:
        """ "Northshire Police, Public Protection Unit. Secure email. Checked 3 November 2026." """
        return " ".join(f"{part}." for part in (self.name, self.ways, self.checked) if part)


@dataclass(frozen=True)
class DrawnPack:
    """A pack as a page to be read."""

    pack: Pack
    recipient: Recipient
    title: str
    lines: tuple[Line, ...]
    left_out: str
    purpose: tuple[Piece, ...] = ()
    because: str = ""
    citation: tuple[Piece, ...] = ()
    alleged: bool = False
    blacked: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        return not self.lines


def draw_pack(pack: Pack, now: datetime) -> DrawnPack:
    """The pack as its page reads at this moment; whom it names counts as shown.

    Three queries at most (items, their people, settings); none for what was prefetched.
    """
    items = items_of(pack)
    people = [item.whose.person_id for item in items if item.whose and item.whose.person_id]
    saw("disclosures.pack", pack.pk, case=pack.case.reference)
    if people:
        saw("people.person", *people, case=pack.case.reference)
    return DrawnPack(
        pack=pack,
        recipient=recipient_of(pack, now),
        title=_title(pack),
        lines=tuple(_lines(items, pack.redactions)),
        left_out=left_out(items),
        purpose=tuple(pieces(pack.purpose, pack.redactions)),
        because=BECAUSE.get(pack.door, ""),
        citation=tuple(pieces(pack.citation, pack.redactions)),
        alleged=any(item.field == PackField.RESPONDENT for item in items),
        blacked=tuple(pack.redactions),
    )


def _title(pack: Pack) -> str:
    found = pieces(pack.title, pack.redactions)
    return "".join("blacked out" if piece.blacked else piece.text for piece in found)


def _lines(items: Sequence[PackItem], redactions: Iterable[str]) -> list[Line]:
    words = list(redactions)
    return [
        Line(
            letter=letter_of(place),
            label=FIELDS[item.field].label,
            pieces=tuple(pieces(item.text, words)),
            item=item,
            whose=name_and_part(item.whose) if item.whose else "",
        )
        for place, item in enumerate(items)
    ]


def left_out(items: Iterable[PackItem]) -> str:
    """The fields that the page does not have, in one line of words."""
    chosen = {item.field for item in items}
    missing = [field.label for code, field in FIELDS.items() if code not in chosen]
    said = [missing[0], *(_small(label) for label in missing[1:])] if missing else []
    return ", ".join(said)


def _small(label: str) -> str:
    return label[:1].lower() + label[1:]


def recipient_of(pack: Pack, now: datetime) -> Recipient:
    """To whom the pack goes as things stand, with what is wrong with the address, if anything.

    What has gone went to the unit as it was then.
    """
    agency, contact = pack.agency, pack.contact
    if pack.state == PackState.GONE:
        return _as_it_was(pack.send.file.recipient)
    if contact is None:
        return Recipient(agency.name, problem="" if agency.is_ours else "No unit is chosen yet.")
    answer = checked(contact, now)
    return Recipient(
        name=", ".join(part for part in (agency.name, contact.unit, contact.person) if part),
        ways=ways_of(contact),
        checked=checked_words(contact),
        problem="" if agency.is_ours else answer,
    )


def _as_it_was(kept: dict[str, str]) -> Recipient:
    named = (kept["agency_name"], kept["unit"], kept["person"])
    return Recipient(", ".join(part for part in named if part), _ways(kept))


def ways_of(contact: AgencyContact) -> str:
    """How the unit is reached, by kind of way alone."""
    return _ways({way: getattr(contact, way) for way in WAYS})


def _ways(known: Mapping[str, str]) -> str:
    said = ", ".join(name for way, name in WAYS.items() if known.get(way))
    return said[:1].upper() + said[1:]


def checked_words(contact: AgencyContact) -> str:
    """When somebody last checked how the unit is reached: "Checked 3 November 2026"."""
    day = contact.verified_on
    return f"Checked {day.day} {day:%B %Y}" if day else "Not checked"


def checked(contact: AgencyContact, now: datetime) -> str:
    """Why nothing may go to the unit as it stands in the directory, or ""."""
    if contact.ended_at is not None:
        return "This unit is no longer in use. Choose another."
    return unit_checked(contact, now).reason


def who_is_it(part: Involvement | None) -> str:
    """Whom a pack is about: "Amara Osei, victim", or that it names nobody."""
    return name_and_part(part) if part else "Nobody by name"
