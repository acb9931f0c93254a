"""What a pack may hold: for each field whose permission it needs, and a beginning for its words.

A suggestion is made of dates, kinds and places as they were ticked, never of anybody's account:
what somebody said is written into a pack by hand or not at all (bar row 30).  Where a suggestion
gives somebody away, the gate asks whether that was chosen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from cases import words
from cases.access import Actor
from cases.casework.choices import OPEN_STAGES, Holds, IncidentType, Location, Part, RiskLevel, When
from cases.casework.models import Case, Incident, Involvement, PerceptionStrand
from cases.consent.choices import Scope
from cases.disclosures.choices import PackField

type Suggest = Callable[[Case, Involvement | None, Actor], str]
"""Words for a field of a pack about this case, where the field is somebody's that part, and as
far as the reader may know.
"""


@dataclass(frozen=True)
class Field:
    """One thing a pack may hold.

    ``scopes`` is what must have been given for it (door D1); by whom, ``whose`` says: True for
    whoever the thing belongs to, False for whoever the pack is about.  ``personal`` things tell
    who somebody is, so nothing anonymous holds them (D7).  ``parts`` are whose it can be.
    """

    code: PackField
    scopes: tuple[Scope, ...]
    suggest: Suggest
    whose: bool = False
    personal: bool = False
    parts: frozenset[str] = frozenset()

    @property
    def label(self) -> str:
        """How it is headed, on screen and on paper."""
        return str(self.code.label)


# --- suggestions, from what was ticked ---


def _incidents(case: Case) -> list[Incident]:
    return list(case.incidents.filter(same_as__isnull=True).order_by("occurred_on", "number"))


def _when(row: Incident) -> str:
    if row.occurred_on is None:
        return "on a day not known"
    about = "about " if row.when_known == When.ABOUT else ""
    return f"on {about}{words.say_date(row.occurred_on)}"


def _facts(case: Case, *_: object) -> str:
    """The kinds and days of what happened: "Verbal abuse or insults, on Monday 2 March 2026."."""
    lines = []
    for row in _incidents(case):
        kinds = [IncidentType(code).label for code in row.types if code != IncidentType.OTHER]
        said = words_in_line([str(kind) for kind in kinds]) or "Something else"
        lines.append(f"{said}, {_when(row)}{', and it goes on' if row.going_on else ''}.")
    return "\n".join(lines)


def words_in_line(parts: list[str]) -> str:
    """ "Spitting, threats and damage": the first with a capital, the rest as within a sentence."""
    if not parts:
        return ""
    low = [part[:1].lower() + part[1:] if n else part for n, part in enumerate(parts)]
    return low[0] if len(low) == 1 else f"{', '.join(low[:-1])} and {low[-1]}"


_NOWHERE = frozenset({Location.UNKNOWN, Location.OTHER_PUBLIC})


def _place(case: Case, *_: object) -> str:
    """What kinds of place, and the town: no number, street or postcode."""
    kinds = [
        str(Location(row.location).label)
        for row in _incidents(case)
        if row.location not in _NOWHERE
    ]
    town = case.home.town if case.home else ""
    said = words_in_line(list(dict.fromkeys(kinds)))
    return ". ".join(part for part in (said, town) if part) + ("." if said or town else "")


def _name(_: Case, part: Involvement | None, __: Actor) -> str:
    return part.who.full_name if part and part.who else ""


def _respondent(_: Case, part: Involvement | None, __: Actor) -> str:
    """The respondent as identified, and where they live if they live with us."""
    who = part.who if part else None
    if who is None:
        return ""
    return ", ".join(text for text in (who.full_name, who.home.line if who.home else "") if text)


def _address(case: Case, part: Involvement | None, _: Actor) -> str:
    who = part.who if part else None
    home = who.home if who else None
    home = home or (case.home if part and part.part == Part.VICTIM else None)
    return f"{home.line}, {home.postcode}".rstrip(", ") if home else ""


def _born(_: Case, part: Involvement | None, __: Actor) -> str:
    who = part.who if part else None
    return words.say_date(who.date_of_birth) if who and who.date_of_birth else ""


_AS_THEY_SEE_IT = frozenset({Holds.YES, Holds.NOT_SURE})


def _strand(case: Case, *_: object) -> str:
    """The characteristics somebody still thinks it was about, as ticked."""
    rows = PerceptionStrand.objects.filter(
        perception__incident__case=case,
        perception__retracted_at__isnull=True,
        perception__holds__in=_AS_THEY_SEE_IT,
        perception__kept_apart=False,
    )
    found = dict.fromkeys(row.get_strand_display() for row in rows.order_by("id"))
    return f"Hostility because of {_low(list(found))}." if found else ""


def _low(parts: list[str]) -> str:
    said = words_in_line(parts)
    return said[:1].lower() + said[1:]


def _risk(case: Case, *_: object) -> str:
    return f"{RiskLevel(case.risk).label}." if case.risk else ""


def _history(case: Case, part: Involvement | None, actor: Actor) -> str:
    """How many cases before it the reader may know of the same person, and since when."""
    person = part.who if part else case.who
    others = Case.objects.visible_to(actor).exclude(pk=case.pk).filter(victim=person)
    before = others.filter(received_at__lt=case.received_at) if person else Case.objects.none()
    found = list(before.order_by("received_at").values_list("received_at", "stage"))
    if not found:
        return ""
    still = sum(1 for _, stage in found if stage in OPEN_STAGES)
    number = f"{len(found)} earlier report{'' if len(found) == 1 else 's'}"
    since: datetime = found[0][0]
    return f"{number} since {words.say_date(since)}. {still} still open."


def _nothing(*_: object) -> str:
    """Only ever written by hand: nothing that was ticked says it."""
    return ""


_HARMED = frozenset({Part.VICTIM, Part.THIRD_PARTY, Part.WITNESS})

_ALL = (
    Field(PackField.FACTS, (Scope.FACTS,), _facts),
    Field(PackField.PLACE, (Scope.FACTS,), _place),
    Field(
        PackField.RESPONDENT,
        (Scope.FACTS,),
        _respondent,
        personal=True,
        parts=frozenset({Part.RESPONDENT}),
    ),
    Field(PackField.IDENTITY, (Scope.IDENTITY,), _name, True, True, _HARMED),
    Field(PackField.ADDRESS, (Scope.ADDRESS,), _address, True, True, _HARMED),
    # Nobody is asked about their phone alone: whoever has it knows who they are and finds them.
    Field(PackField.REACH, (Scope.IDENTITY, Scope.ADDRESS), _nothing, True, True, _HARMED),
    Field(PackField.BORN, (Scope.IDENTITY,), _born, True, True, _HARMED),
    Field(PackField.STRAND, (Scope.STRAND,), _strand, True, True, _HARMED),
    Field(PackField.RISK, (Scope.FACTS,), _risk),
    Field(PackField.SAFE, (Scope.FACTS,), _nothing),
    Field(PackField.HEALTH, (Scope.HEALTH,), _nothing, True, True, _HARMED),
    Field(PackField.HISTORY, (Scope.FACTS,), _history, True, False, _HARMED),
    Field(PackField.EVIDENCE, (Scope.EVIDENCE,), _nothing),
    Field(PackField.WANTS, (Scope.FACTS,), _nothing, True, False, _HARMED),
    Field(
        PackField.THIRD_PARTY,
        (Scope.IDENTITY,),
        _name,
        True,
        True,
        frozenset({Part.THIRD_PARTY, Part.WITNESS}),
    ),
)
FIELDS: dict[str, Field] = {one.code: one for one in _ALL}
"""Every field, in the order of a page; none is chosen beforehand."""


def suggestion(case: Case, field: str, whose: Involvement | None = None, *, by: Actor) -> str:
    """Words to begin a field with, to be read and changed; "" where nothing ticked says it.

    Nothing of somebody whose identity is kept apart is suggested, nor of a case that is closed
    to the reader.
    """
    if whose is not None and whose.kept_apart:
        return ""
    return FIELDS[field].suggest(case, whose, by)
