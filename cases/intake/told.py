"""What a call sheet says, read once into plain values.

The sheet keeps raw answers; everything that makes records, or triages, reads these.  What was
written and cannot be (a date in the future) is kept in the person's words, never refused.
Pure.  Source: screens section 4, domain 10 (q1 to q12).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from cases.casework.choices import Capacity, Holds, IncidentType, Location, Relationship, When
from cases.casework.record_choices import PropertyHarm
from cases.intake import sheet_rules
from cases.intake.asks_event import HARMS_HOMES
from cases.intake.asks_first import CUT_OFF
from cases.intake.choices import Door, ReporterCapacity
from cases.intake.script import NEW, NO_NAME, RANG_999, WAYS, Answers
from cases.intake.sheet_permission import read_permission
from cases.intake.sheet_rules import chosen, text

NOT_SAFE_ANSWERS = ("NO", "NOT_SURE")
AT_HOME = frozenset({Location.VICTIM_HOME.value, Location.VICTIM_GARDEN_BALCONY.value})
BREAKS_IN = frozenset(
    {IncidentType.ARSON.value, IncidentType.ARSON_ATT.value, IncidentType.DAMAGE.value}
)
INSECURE = frozenset({PropertyHarm.SECURITY.value, PropertyHarm.UNINHABITABLE.value})


@dataclass(frozen=True)
class PersonTold:
    """Somebody as told: found (``reference``), new, or without a name."""

    reference: str = ""
    gave_no_name: bool = False
    full_name: str = ""
    call_them: str = ""
    described: str = ""
    born: date | None = None
    phone: str = ""
    email: str = ""
    address: str = ""
    postcode: str = ""
    language: str = ""
    safe: Mapping[str, str] = field(default_factory=dict)
    adjustments: tuple[tuple[str, str], ...] = ()

    @property
    def reachable(self) -> bool:
        """Whether they left any way to reach them."""
        return bool(self.reference or self.phone or self.email or self.address or self.postcode)


@dataclass(frozen=True)
class IncidentTold:
    """One incident as told.  ``occurred_on`` is never after the day it was reported."""

    number: int = 1
    words: str = ""
    when_known: str = When.UNKNOWN.value
    occurred_on: date | None = None
    occurred_time: str = ""
    when_words: str = ""
    going_on: bool = False
    location: str = Location.UNKNOWN.value
    place_words: str = ""
    types: tuple[str, ...] = ()
    other_type: str = ""
    crime_reference: str = ""
    property_harm: str = PropertyHarm.NOT_ASKED.value

    @property
    def aimed_at_home(self) -> bool:
        """Everybody who lives there is harmed (domain 6.2, rule 12)."""
        return self.location in AT_HOME and bool(HARMS_HOMES & set(self.types))

    @property
    def home_insecure(self) -> bool:
        """Whether it must be made safe: somebody said so, or it may have been broken into."""
        if self.property_harm in INSECURE:
            return True
        return self.location in AT_HOME and bool(BREAKS_IN & set(self.types))


@dataclass(frozen=True)
class ViewTold:
    """What somebody thinks.  ``whose`` is caller, harmed, other or officer."""

    whose: str
    holds: str
    capacity: str
    words: str = ""
    described_as: str = ""
    strands: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class RespondentTold:
    """Who did it, as described.  Nothing is proved."""

    described: str = ""
    relationship: str = ""
    customer: str = ""
    under_18: str = ""

    def __bool__(self) -> bool:
        return bool(self.described or self.relationship)

    @property
    def named(self) -> str:
        """Something to call them by, even if only what they are to the person harmed."""
        return self.described or Relationship(self.relationship).label


@dataclass(frozen=True)
class Told:
    """Everything the sheet says that makes records or decides a route."""

    door: str
    capacity: str
    caller: PersonTold
    harmed: PersonTold
    incidents: tuple[IncidentTold, ...]
    views: tuple[ViewTold, ...]
    respondent: RespondentTold
    agency: str = ""
    keep_apart: bool = True
    harmed_people: tuple[str, ...] = ()
    harmed_others: tuple[str, ...] = ()
    victim_role: str = ""
    children_saw: bool = False
    at_risk: frozenset[str] = frozenset()
    exploitation: frozenset[str] = frozenset()
    abuse: bool = False
    safe_tonight: bool = True
    rang_999: str = ""
    impact: int = 9
    impact_words: str = ""
    community_impact: int = 9
    fears: str = ""
    knows_of_report: str = ""
    would_speak_again: str = ""
    would_witness: str = ""
    permission: Mapping[str, str] = field(default_factory=dict)

    @property
    def by_victim(self) -> bool:
        """Whether it happened to the caller or their household."""
        return self.door == Door.VICTIM

    @property
    def anonymous(self) -> bool:
        """The caller gave no name and no way to reach them."""
        return self.capacity == ReporterCapacity.ANONYMOUS

    @property
    def types(self) -> frozenset[str]:
        return frozenset(code for incident in self.incidents for code in incident.types)

    @property
    def caller_is_harmed(self) -> bool:
        """In the first door the caller is harmed unless they ticked only other people."""
        return self.by_victim and _caller_is_harmed(
            self.capacity, frozenset(self.harmed_people), self.harmed_others
        )


def _caller_is_harmed(capacity: str, people: frozenset[str], others: tuple[str, ...]) -> bool:
    if capacity in (ReporterCapacity.VICTIM, ReporterCapacity.ANONYMOUS) or "CALLER" in people:
        return True
    return not (people - {"OTHER"} or others)


def read_told(answers: Answers, *, door: str, received_on: date, words: Mapping[int, str]) -> Told:
    """Read the answers in force; ``words`` are the person's own by incident number."""
    caller = _person(answers, "who", "contact", call="safe.call_them")
    return Told(
        door=door,
        capacity=_capacity(answers, door, caller),
        caller=caller,
        harmed=_person(answers, "harmed", "harmed", call="harmed.call_them"),
        incidents=_incidents(answers, received_on, words),
        views=_views(answers, door),
        respondent=RespondentTold(
            text(answers, "respondent.described").strip(" ."),
            text(answers, "respondent.relation"),
            text(answers, "respondent.customer"),
            text(answers, "respondent.under_18"),
        ),
        agency=text(answers, "who.agency").strip(),
        keep_apart=text(answers, "who.keep_apart") != "NO",
        harmed_people=tuple(sorted(chosen(answers, "harmed.people"))),
        harmed_others=_lines(answers, "harmed.others"),
        victim_role=text(answers, "harmed.role"),
        children_saw=text(answers, "harmed.children") == "SAW",
        at_risk=chosen(answers, "harmed.at_risk") - {"NOBODY"},
        exploitation=_exploitation(answers),
        abuse=text(answers, "respondent.abuse") in ("YES", "NOT_SURE"),
        safe_tonight=_safe_tonight(answers, door),
        rang_999=text(answers, RANG_999.key),
        impact=int(text(answers, "harmed.impact") or 9),
        impact_words=text(answers, "harmed.impact_words").strip(),
        community_impact=int(text(answers, "harmed.community") or 9),
        fears=text(answers, "respondent.fears").strip(),
        knows_of_report=text(answers, "harmed.knows"),
        would_speak_again=text(answers, "end.again"),
        would_witness=text(answers, "end.witness"),
        permission=read_permission(answers),
    )


def _lines(answers: Answers, key: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text(answers, key).splitlines() if line.strip())


def _person(answers: Answers, who: str, contact: str, *, call: str) -> PersonTold:
    answer = text(answers, f"{who}.person")
    born, _ = sheet_rules.read_date(answers, f"{who}.born_")
    said = "harmed.described" if who == "harmed" else ""
    return PersonTold(
        reference="" if answer in (NEW, NO_NAME) else answer,
        gave_no_name=answer == NO_NAME,
        full_name=text(answers, f"{who}.full_name").strip(),
        call_them=text(answers, call).strip(),
        described=text(answers, said).strip(" .") if said else "",
        born=born if born and born.year >= sheet_rules.EARLIEST_YEAR else None,
        phone=text(answers, f"{contact}.phone").strip(),
        email=text(answers, f"{contact}.email_address").strip(),
        address=text(answers, f"{contact}.address").strip(),
        postcode=text(answers, f"{who}.postcode").strip(),
        language=text(answers, "contact.language").strip() if who == "who" else "",
        safe=_safe_contact(answers, contact),
        adjustments=_adjustments(answers) if who == "who" else (),
    )


def _safe_contact(answers: Answers, prefix: str) -> dict[str, str]:
    """Only what was said: whatever was not asked stays as it was, and unsafe at first."""
    said = {way: text(answers, f"{prefix}.{way}") for way in WAYS}
    said["first_choice"] = text(answers, f"{prefix}.first")
    if said["first_choice"] and said.get(said["first_choice"]) != "SAFE":
        said["first_choice"] = ""
    said["safe_times"] = text(answers, f"{prefix}.times")
    said["say_we_are"] = text(answers, f"{prefix}.say_we_are")
    said["who_could_find_out"] = text(answers, f"{prefix}.find_out")
    if prefix == "contact":
        said["if_cut_off"] = dict(CUT_OFF).get(text(answers, "safe.cut_off"), "")
    return {name: value.strip() for name, value in said.items() if value.strip()}


def _adjustments(answers: Answers) -> tuple[tuple[str, str], ...]:
    """Pairs of kind and need; with words and no kind, the kind is "other"."""
    words = text(answers, "contact.adjustments").strip()
    kinds = sorted(chosen(answers, "contact.adjustment_kinds"))
    if not kinds:
        return (("OTHER", words),) if words else ()
    return tuple((kind, words) for kind in kinds)


def _capacity(answers: Answers, door: str, caller: PersonTold) -> str:
    named = caller.full_name or caller.call_them
    if caller.gave_no_name and not caller.reachable and not named:
        return ReporterCapacity.ANONYMOUS.value
    if door == Door.VICTIM:
        return text(answers, "who.capacity") or ReporterCapacity.VICTIM.value
    if door == Door.AGENCY:
        return ReporterCapacity.AGENCY.value
    told = text(answers, "who.knows_as")
    if door == Door.COLLEAGUE:
        return told or ReporterCapacity.COLLEAGUE.value
    return told or ReporterCapacity.OTHER.value


def _exploitation(answers: Answers) -> frozenset[str]:
    """The ways; "yes" without one is still taking advantage."""
    ways = chosen(answers, "respondent.mate")
    told = text(answers, "respondent.advantage") == "YES"
    return ways or (frozenset({"NOT_SAID"}) if told else frozenset())


def _safe_tonight(answers: Answers, door: str) -> bool:
    asked = "safe.now" if door == Door.VICTIM else "harmed.safe_now"
    if text(answers, asked) in NOT_SAFE_ANSWERS or chosen(answers, RANG_999.key):
        return False
    blocks = range(1, sheet_rules.incidents(answers) + 1)
    harm = {text(answers, f"incident-{number}.property_harm") for number in blocks}
    return text(answers, "harmed.impact") != "4" and PropertyHarm.UNINHABITABLE not in harm


def _incidents(
    answers: Answers, received_on: date, words: Mapping[int, str]
) -> tuple[IncidentTold, ...]:
    told = [
        _incident(answers, number, received_on, words.get(number, ""))
        for number in range(1, sheet_rules.incidents(answers) + 1)
    ]
    said = [one for one in told if one != IncidentTold(one.number)]
    return tuple(said) or (IncidentTold(),)


def _incident(answers: Answers, number: int, received_on: date, words: str) -> IncidentTold:
    at = f"incident-{number}"
    types = tuple(sorted(chosen(answers, f"{at}.types")))
    known, day, spoken = _when(answers, at, received_on)
    other = text(answers, f"{at}.other_type").strip()
    return IncidentTold(
        number=number,
        words=words.strip(),
        when_known=known,
        occurred_on=day,
        occurred_time=text(answers, f"{at}.time").strip(),
        when_words=spoken,
        going_on=bool(chosen(answers, f"{at}.going_on")),
        location=text(answers, f"{at}.place") or Location.UNKNOWN.value,
        place_words=text(answers, f"{at}.place_words").strip(),
        types=types,
        other_type=(other or "Not said yet") if IncidentType.OTHER.value in types else "",
        crime_reference=text(answers, f"{at}.crime_reference").strip(),
        property_harm=text(answers, f"{at}.property_harm") or PropertyHarm.NOT_ASKED.value,
    )


def _when(answers: Answers, at: str, received_on: date) -> tuple[str, date | None, str]:
    """How well it is known, the day, and what was said of it in words."""
    spoken = text(answers, f"{at}.when_words").strip()
    day, _ = sheet_rules.read_date(answers, f"{at}.")
    known = text(answers, f"{at}.when_known")
    earliest = date(sheet_rules.EARLIEST_YEAR, 1, 1)
    if day and known != When.UNKNOWN and earliest <= day <= received_on:
        return known or When.ABOUT.value, day, spoken
    typed = " ".join(
        part for box in ("day", "month", "year") if (part := text(answers, f"{at}.{box}").strip())
    )
    return When.UNKNOWN.value, None, "; ".join(part for part in (spoken, typed) if part)


CAPACITIES = {
    ReporterCapacity.WITNESS.value: Capacity.WITNESS.value,
    ReporterCapacity.AGENCY.value: Capacity.AGENCY.value,
}


def _views(answers: Answers, door: str) -> tuple[ViewTold, ...]:
    """Everybody's view that was told.  What somebody is said *not* to think by another is not
    their view, and is left to them (HC-23).
    """
    views = [
        _view(answers, "caller", "why.caller", _callers_capacity(answers, door)),
        _view(answers, "officer", "why.own", Capacity.OFFICER.value),
    ]
    for whose, capacity in (("harmed", Capacity.VICTIM), ("others", Capacity.THIRD_PARTY)):
        told = _view(answers, whose, f"why.{whose}", capacity.value)
        if told and told.holds != Holds.NO:
            views.append(told)
    return _with_strands(answers, [view for view in views if view])


def _callers_capacity(answers: Answers, door: str) -> str:
    if door == Door.VICTIM:
        told = text(answers, "who.capacity") or ReporterCapacity.VICTIM.value
        others = _lines(answers, "harmed.others")
        harmed = _caller_is_harmed(told, chosen(answers, "harmed.people"), others)
        return (Capacity.VICTIM if harmed else Capacity.THIRD_PARTY).value
    if door == Door.AGENCY:
        return Capacity.AGENCY.value
    return CAPACITIES.get(text(answers, "who.knows_as"), Capacity.THIRD_PARTY.value)


def _view(answers: Answers, whose: str, key: str, capacity: str) -> ViewTold | None:
    holds = text(answers, key)
    if holds not in Holds.values:
        return None
    words = text(answers, f"{key}_words").strip()
    described = ""
    if whose == "others":
        described = text(answers, "why.others_who").strip() or "Somebody else"
    return ViewTold(whose, holds, capacity, words, described)


def _with_strands(answers: Answers, views: list[ViewTold]) -> tuple[ViewTold, ...]:
    """What it was about belongs to whoever was asked: the caller if they think so, else the
    first who does.  Thinking so without naming a ground is "not clear yet" (domain 2.1).
    """
    order = ("caller", "harmed", "others", "officer")
    perceiving = [view for view in views if view.holds != Holds.NO]
    if not perceiving:
        return tuple(views)
    first = min(perceiving, key=lambda view: order.index(view.whose))
    strands = {
        code: text(answers, f"why.basis.{code}") for code in chosen(answers, "why.strands")
    } or {"UNKNOWN_HATE": ""}
    kinds = {code: chosen(answers, f"why.kinds.{code}") for code in strands}
    about = replace(first, strands=strands, kinds=kinds)
    return tuple(about if view is first else view for view in views)
