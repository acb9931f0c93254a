"""The files that bring in people: their columns, and what each value may be.  Pure.

``docs/reference/import.md`` is made from these tables.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cases.people.choices import MemberRelation, StockClass, Tenure
from cases.people.matching import phone_key, postcode_key

PROPERTY, PERSON, TENANCY, MEMBER, HOUSEHOLD = (
    "PROPERTY",
    "PERSON",
    "TENANCY",
    "MEMBER",
    "HOUSEHOLD",
)
EARLIEST = date(1900, 1, 1)

type Parse = Callable[[str], str]
"""The value as it is kept and compared: text, a code, a day as 2026-11-19.  ValueError says why."""


@dataclass(frozen=True)
class Column:
    """One column of a file."""

    name: str
    parse: Parse
    meaning: str
    required: bool = False


@dataclass(frozen=True)
class Refusal:
    """Why a row (or a value of it) was not taken; nothing of what it said."""

    line: int
    column: str
    reason: str
    key: str = ""


@dataclass(frozen=True)
class Row:
    """A row that could be read: values by column, each as it is kept."""

    line: int
    key: str
    values: Mapping[str, str]

    def day(self, column: str) -> date | None:
        """A date column's day."""
        return date.fromisoformat(self.values[column]) if self.values[column] else None


@dataclass(frozen=True)
class Kind:
    """One kind of file; its first column is the source's own key."""

    code: str
    name: str
    columns: Sequence[Column]

    @property
    def key(self) -> str:
        return self.columns[0].name

    @property
    def required(self) -> frozenset[str]:
        """Columns the header must have."""
        return frozenset(column.name for column in self.columns if column.required)


def text(longest: int = 200) -> Parse:
    """One line of text; a line break inside quotation marks becomes a comma."""

    def parse(raw: str) -> str:
        lines = [" ".join(part.split()) for part in raw.splitlines()]
        said = ", ".join(part.strip(",") for part in lines if part)
        if any(unicodedata.category(letter) in ("Cc", "Cs", "Co", "Cn") for letter in said):
            raise ValueError("It holds a character that cannot be printed.")
        if "\ufffd" in said or re.search("Ã[\x80-\xbf©¨³¼¶]|â€", said):
            raise ValueError("Its letters are garbled. Export the file again as UTF-8.")
        if len(said) > longest:
            raise ValueError(f"It is longer than {longest} characters.")
        return said

    return parse


def key(raw: str) -> str:
    """The source's own key: printable, at most 60 characters."""
    said = text(60)(raw)
    if said.startswith("#"):
        raise ValueError("It is an error of a spreadsheet, not a key.")
    return said


def name(raw: str) -> str:
    """A person's name: at least one letter."""
    said = text(200)(raw)
    if said and not any(letter.isalpha() for letter in said):
        raise ValueError("A name has letters.")
    return said


_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?")
_UK = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


def day(raw: str) -> str:
    """A day, 2026-03-27 or 27/3/2026.  There is no reading of 27/3/26."""
    said = raw.strip()
    if not said:
        return ""
    if iso := _ISO.fullmatch(said):
        parts = (int(iso[1]), int(iso[2]), int(iso[3]))
    elif uk := _UK.fullmatch(said):
        parts = (int(uk[3]), int(uk[2]), int(uk[1]))
    else:
        raise ValueError("Write the date as 2026-03-27 or 27/03/2026.")
    try:
        made = date(*parts)
    except ValueError:
        raise ValueError("There is no such day.") from None
    if made < EARLIEST:
        raise ValueError("It is before 1900.")
    return made.isoformat()


def phone(raw: str) -> str:
    """A telephone number: 7 to 15 digits."""
    said = text(40)(raw)
    if said and (re.search(r"[^\d\s+().\-x/]", said.lower().replace("ext", "x"))):
        raise ValueError("A telephone number has digits only.")
    if said and not 7 <= len(phone_key(said)) <= 15:
        raise ValueError("A telephone number has 7 to 15 digits.")
    return said


def email(raw: str) -> str:
    """An email address."""
    said = text(254)(raw)
    if said and not re.fullmatch(r"[^@\s<>,;]+@[^@\s<>,;.]+(\.[^@\s<>,;.]+)+", said):
        raise ValueError("It is not an email address.")
    return said


def postcode(raw: str) -> str:
    """A UK postcode, however it is spaced."""
    said = postcode_key(text(20)(raw))
    if said and not re.fullmatch(r"[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}", said):
        raise ValueError("It is not a UK postcode.")
    return said


def uprn(raw: str) -> str:
    """A unique property reference number: 1 to 12 digits."""
    said = text(40)(raw)
    if said and not re.fullmatch(r"\d{1,12}", said):
        raise ValueError("A UPRN has 1 to 12 digits.")
    return said.lstrip("0")


def one_of(codes: Sequence[str], called: str) -> Parse:
    """One of our codes, in any case."""

    def parse(raw: str) -> str:
        said = text(60)(raw).upper().replace(" ", "_").replace("-", "_")
        if said and said not in codes:
            raise ValueError(f"We know no {called} of this code.")
        return said

    return parse


PROPERTIES = Kind(
    PROPERTY,
    "properties",
    (
        Column("property_key", key, "The source's own key of the home.", True),
        Column("address", text(), "House and street, one line.", True),
        Column("town", text(), "Town."),
        Column("postcode", postcode, "UK postcode, however it is spaced."),
        Column("uprn", uprn, "UPRN, 1 to 12 digits. Never the same for two homes."),
        Column("area", text(), "Our area or patch."),
        Column("local_authority", text(), "The council."),
        Column("stock_class", one_of(StockClass.values, "stock class"), "Empty means LCRA."),
        Column("entity", key, "The code of the company that owns or manages it."),
    ),
)
PEOPLE = Kind(
    PERSON,
    "people",
    (
        Column("person_key", key, "The source's own key of the person.", True),
        Column("full_name", name, "Full name.", True),
        Column("known_as", name, "What to call them."),
        Column("date_of_birth", day, "2026-03-27 or 27/03/2026; from 1900, not in the future."),
        Column("phone", phone, "7 to 15 digits."),
        Column("email", email, "Email address."),
        Column("language", text(60), "The language they speak best."),
        Column("pronouns", text(40), "Pronouns, if they said."),
        Column("property_key", key, "Where they live: a home imported from the same source."),
    ),
)
TENANCIES = Kind(
    TENANCY,
    "tenancies",
    (
        Column("tenancy_key", key, "The tenancy reference.", True),
        Column("property_key", key, "The home.", True),
        Column("person_key", key, "Who holds it.", True),
        Column("tenure", one_of(Tenure.values, "tenure"), "A tenure code.", True),
        Column("starts", day, "The first day.", True),
        Column("ends", day, "The first day it no longer runs; empty while it does."),
    ),
)
MEMBERS = Kind(
    MEMBER,
    "household members",
    (
        Column("member_key", key, "The source's own key of this row.", True),
        Column(
            "household_key",
            key,
            "The tenancy, lease or licence they live under: one household. Never a whole scheme.",
            True,
        ),
        Column("property_key", key, "The home of the household.", True),
        Column("person_key", key, "Who lives there.", True),
        Column(
            "relation", one_of(MemberRelation.values, "relation"), "How they belong to it.", True
        ),
        Column("moved_in", day, "The first day.", True),
        Column("moved_out", day, "The first day they no longer live there; empty while they do."),
    ),
)
KINDS = (PROPERTIES, PEOPLE, TENANCIES, MEMBERS)
"""In the order they are brought in, whatever order they are named in."""


def kind_of(header: Sequence[str]) -> Kind:
    """The kind of file a header is of.  ValueError says what is wrong with it."""
    names = [name.strip().lower() for name in header]
    if doubled := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"The column {doubled[0] or '(no name)'} is there twice.")
    # The key of a kind decides; tenancies and members name the keys of others as well.
    for kind in (MEMBERS, TENANCIES, PEOPLE, PROPERTIES):
        if kind.key in names:
            break
    else:
        keys = ", ".join(kind.key for kind in KINDS)
        raise ValueError(f"The first line names none of these columns: {keys}.")
    if missing := sorted(kind.required - set(names)):
        raise ValueError(f"A file of {kind.name} needs the column {missing[0]}.")
    if unknown := [name for name in names if name not in {c.name for c in kind.columns}]:
        raise ValueError(f"A file of {kind.name} has no column {unknown[0] or '(no name)'}.")
    return kind


def read_row(kind: Kind, header: Sequence[str], line: int, fields: Sequence[str]) -> Row | Refusal:
    """One row as it is kept, or why it cannot be."""
    said = dict(zip(header, fields, strict=False))
    own = said.get(kind.key, "").strip()[:60]
    if len(fields) < len(header):
        return Refusal(line, header[len(fields)], "The row ends before this column.", own)
    if len(fields) > len(header):
        reason = "The row has more values than columns. Put text with commas in quotation marks."
        return Refusal(line, header[-1], reason, own)
    values = {}
    for column in kind.columns:
        try:
            values[column.name] = column.parse(said.get(column.name, ""))
        except ValueError as why:
            return Refusal(line, column.name, str(why), own)
        if column.required and not values[column.name]:
            return Refusal(line, column.name, "It is empty.", own)
    return _together(kind, Row(line, values[kind.key], values))


def _together(kind: Kind, row: Row) -> Row | Refusal:
    for first, last in (("starts", "ends"), ("moved_in", "moved_out")):
        if row.values.get(last) and row.values[last] <= row.values[first]:
            return Refusal(row.line, last, f"It is not after {first}.", row.key)
    return row


def take_or_hold(was: str | None, now: str, ours: str, *, guarded: bool) -> str:
    """What becomes of one value: "", TAKE or HOLD (what is ours stays, and somebody looks).

    ``was`` is what the source said last time, None if it never did.  What the source does not
    change is left alone, whatever we hold.  What one of us has changed since is held, and so is
    a detail of somebody whose way of being reached is ``guarded`` (domain 7.8).
    """
    if now in (was, ours):
        return ""
    if was is None:
        return "TAKE" if not ours and not guarded else "HOLD"
    return "TAKE" if ours == was and not guarded else "HOLD"
