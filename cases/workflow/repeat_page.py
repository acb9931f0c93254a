"""What the page that explains a repeat shows: read once, then put into words.  No writes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.urls import reverse

from cases import words as house_words
from cases.audit import masking
from cases.audit.context import saw
from cases.calendar import add_months, london_date
from cases.casework import rules
from cases.casework.choices import ClockState
from cases.casework.clocks import DUTIES, ClockKind
from cases.casework.models import Incident
from cases.people.models import Person
from cases.people.queries import safe_contact_facts
from cases.people.rules import safe_contact_line
from cases.repeats import queries, words
from cases.repeats.facts import MONTHS, RULE, Level
from cases.repeats.made_up import may_record_made_up
from cases.repeats.models import RepeatEvidence, RepeatFlag
from cases.repeats.picture import Days, Picture, draw
from cases.workflow.case_page import safe_contact_row, undecided
from cases.workflow.case_read import Read
from cases.workflow.case_steps import where_done
from cases.workflow.case_words import to
from cases.workflow.repeat_history import elsewhere

HEADINGS = {
    Level.REPEAT: "Why this is a repeat",
    Level.PATTERN: "Why this is a pattern",
    Level.NONE: "Why this is not a repeat",
}
UNSETTLED = "Whether this is a repeat is not decided yet"
JOINED = "What was told is kept on the case that this one is joined to."
FOLLOWS = (
    ClockKind.REPEAT_TOLD,
    ClockKind.ACTION_PLAN,
    ClockKind.POLICE,
    ClockKind.SUPPORT_SPECIALIST,
    ClockKind.REPEAT_HISTORY,
    ClockKind.REPEAT_ASB_REVIEW,
)


def page_of(found: Read) -> dict[str, Any]:
    """The whole page, as its template takes it."""
    flags = queries.flags_of_incidents(found.case, found.actor)
    told = queries.repeat_of(found.case, at=found.now, reader=found.actor)
    open_pairs = undecided(found)
    waits = bool(open_pairs) and told.level == Level.NONE
    evidence = [one for row in flags for one in row.standing]  # type: ignore[attr-defined]
    opens = queries.readable(evidence, found.actor)
    saw("people.person", *(one.through_id for one in evidence), case=found.case.reference)
    best = queries.gravest(flags)
    why = queries.explaining(best) if best else None
    return {
        "case": found.case,
        "back": reverse("workflow:case", args=[found.case.reference]),
        "heading": UNSETTLED if waits else HEADINGS[told.level],
        "told": queries.UNDECIDED if waits else told,
        "line": safe_contact_line(safe_contact_facts(safe_contact_row(found))),
        "long": _long(found, best, why, opens) if best else _until(found, told),
        "picture": _picture(best, why),
        "labels": _labels(best, why),
        "rows": [*_rows(found, flags, evidence, opens), *_later_rows(found, told)],
        "more": max(0, best.number - 1 - len(best.standing)) if best else 0,  # type: ignore[attr-defined]
        "rule": RULE,
        "effects": list(_effects(found)) if told.level != Level.NONE else [],
        "wrong": _wrong(found, best),
        "apart": _apart(found, why, opens),
        "changes": _changes(found),
        "elsewhere": elsewhere(found),
        "undecided": [reverse("intake:pair", args=[pair.pk]) for pair in open_pairs],
    }


def _long(
    found: Read, flag: RepeatFlag, why: RepeatEvidence | None, opens: set[int]
) -> list[tuple[str, bool]]:
    """The sentence of the card in pieces; true for those in strong type."""
    if why is None:
        return [(words.sentence(queries.told_of(flag, opens)), False)]
    told = queries.told_of(flag, opens)
    incident = flag.incident
    assert incident is not None  # flags of incidents alone come here
    assert told.happened_on
    happened = words.day(told.happened_on)
    pieces = [
        ("The first was reported on ", False),
        (words.day(why.starts), True),
        (". Anything that happens to the same person, their family or household ", False),
        (f"up to and including {words.day(why.ends)}", True),
        (" counts. This one happened on ", False),
        (happened, True),
    ]
    if told.level == Level.PATTERN:
        rest = words.sentence(told).partition(". ")
        return [*pieces, (f". {rest[0]}. {words.SAME_HANDLING}", False)]
    name = found.call_them
    if not told.through:
        return [*pieces, (f", to {name}, the person harmed in the first.", False)]
    return [
        *pieces,
        (f", to {name}. ", False),
        (told.through[:1].upper() + told.through[1:], True),
        (" was harmed in the first.", False),
    ]


def _until(found: Read, told: queries.Repeat) -> list[tuple[str, bool]]:
    """Nothing came before: what would count from now on, or has, and which other one did."""
    reported = [row.row.reported_at for row in found.incidents if row.row.same_as_id is None]
    if not reported:
        joined = found.case.merged_into_id is not None
        words_now = JOINED if joined else "No incident is recorded yet."
        return [(words_now, False)]
    first = london_date(min(reported))
    last = add_months(first, MONTHS)
    over = last < london_date(found.now)
    other = f" {told.sentence}" if told.level != Level.NONE else ""
    return [
        ("The first was reported on ", False),
        (words.day(first), True),
        (f". Anything that {'happened' if over else 'happens'} to the same person, ", False),
        ("their family or household ", False),
        (f"up to and including {words.day(last)}", True),
        (f" {'counted' if over else 'counts'}.{other}", False),
    ]


def _picture(flag: RepeatFlag | None, why: RepeatEvidence | None) -> Picture | None:
    if flag is None or why is None or flag.incident is None:
        return None
    first = why.earlier.occurred_on
    this = flag.incident.occurred_on or london_date(flag.incident.reported_at)
    days = Days(first or why.starts, why.starts, why.ends, this, known=first is not None)
    return draw(days, counts=why.counts)


def _labels(flag: RepeatFlag | None, why: RepeatEvidence | None) -> dict[str, str]:
    if flag is None or why is None or flag.incident is None:
        return {}
    first = why.earlier.occurred_on
    this = flag.incident.occurred_on
    whose = queries.relation(why) or queries.called(why.person)
    return {
        "first": f"First incident, {_short(first)}" if first else "First incident, day not known",
        "whose": f"Happened to {whose}.",
        "starts": f"Reported, {_short(why.starts)} {why.starts.year}.",
        "ends": f"Last day, {_short(why.ends)} {why.ends.year}",
        "this": f"This incident, {_short(this)}" if this else "This incident, day not known",
        "so": "Inside, so it is a repeat." if why.counts else "Outside: a pattern.",
        "name": queries.called(why.person),
    }


def _short(on: Any) -> str:
    return f"{on.day} {on:%b}"


def _rows(
    found: Read,
    flags: Sequence[RepeatFlag],
    evidence: Sequence[RepeatEvidence],
    opens: set[int],
) -> Iterator[dict[str, Any]]:
    """The earlier incidents that explain it, in the order they were reported, then this case's."""
    own = {one.row.pk for one in found.incidents}
    earlier = {one.earlier_id: one for one in reversed(evidence) if one.earlier_id not in own}
    for one in sorted(earlier.values(), key=lambda each: each.starts):
        yield _earlier_row(one, opens)
    of_incident = {flag.incident_id: flag for flag in flags}
    names = [part.who for part in found.parts if part.part == "VICTIM" and part.who]
    for whole in found.incidents:
        incident = whole.row
        if incident.same_as_id is None and incident.case_id == found.case.pk:
            yield {
                "case": found.case.reference,
                "href": "",
                "number": incident.number,
                "happened": _happened(incident),
                "reported": words.day(london_date(incident.reported_at)),
                "whom": _listed(names),
                "result": _result(of_incident.get(incident.pk)),
            }


def _earlier_row(one: RepeatEvidence, opens: set[int]) -> dict[str, Any]:
    case = one.earlier.case
    mine = case is not None and case.pk in opens
    relation = queries.relation(one)
    name = _listed([one.through]) if mine and one.basis != "PERSON" else ""
    same = queries.called(one.person)
    return {
        "case": case.reference if case and mine else "",
        "href": reverse("workflow:case", args=[case.reference]) if case and mine else "",
        "number": one.earlier.number if mine else None,
        "happened": _happened(one.earlier, told=mine),
        "reported": words.day(one.starts),
        "whom": ", ".join(part for part in (name, relation) if part) or same,
        "result": "Starts the 12 months" if one.counts else "Does not make it a repeat",
    }


def _later_rows(found: Read, told: queries.Repeat) -> Iterator[dict[str, Any]]:
    """On a case that only comes before: the incident that makes the person what they are."""
    flag = told.flag
    later = flag.because if flag and flag.person_id else None
    if flag is None or later is None:
        return
    case = later.case
    mine = case is not None and queries.may_open(found.actor, case)
    whose = queries.WHOM.get(flag.basis, "") or found.call_them
    through = {"FAMILY": ", through family", "HOUSEHOLD": ", same household"}.get(flag.basis, "")
    yield {
        "case": case.reference if case and mine else "",
        "href": reverse("workflow:case", args=[case.reference]) if case and mine else "",
        "number": later.number if mine else None,
        "happened": _happened(later, told=mine),
        "reported": words.day(london_date(later.reported_at)),
        "whom": whose,
        "result": f"{queries.NAMES[Level(flag.level)]}{through}",
    }


def _listed(people: Sequence[Person]) -> str:
    names = []
    for person in people:
        if masking.on():
            names.append(masking.person(person.reference, person.full_name, person.known_as))
        else:
            names.append(person.name)
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _happened(incident: Incident, *, told: bool = True) -> str:
    """The day; what somebody said of it only to whoever may open the case (``told``)."""
    if incident.occurred_on is None:
        return (incident.when_words if told else "") or "Day not known"
    about = "About " if incident.when_known == "ABOUT" else ""
    return f"{about}{words.day(incident.occurred_on)}"


def _result(flag: RepeatFlag | None) -> str:
    if flag is None or flag.level == Level.NONE:
        return "Not a repeat"
    through = {"FAMILY": ", through family", "HOUSEHOLD": ", same household"}.get(flag.basis, "")
    return f"{queries.NAMES[Level(flag.level)]}{through}"


def _effects(found: Read) -> Iterator[dict[str, Any]]:
    """What follows, done or to do; every duty is a clock (domain 6.4)."""
    yield {"done": True, "text": "Risk is never below Medium, and question 15 is filled in"}
    for kind in FOLLOWS:
        clock = next((one for one in reversed(found.clocks) if one.kind == kind), None)
        if clock is None or clock.state == ClockState.NOT_APPLICABLE:
            continue
        if clock.met_at:
            when = house_words.say_moment(clock.met_at, found.now)
            yield {"done": True, "text": f"{clock.get_kind_display()}, {when}"}
            continue
        text = DUTIES[kind].step.format(name=found.call_them)
        where = where_done(found, clock)
        yield {
            "done": False,
            "text": f"{text}, with the whole history in view"
            if kind == ClockKind.ACTION_PLAN
            else text,
            "href": where[1] if where else "",
        }


def _wrong(found: Read, flag: RepeatFlag | None) -> list[dict[str, str]]:
    """Where the facts are put right; nobody can switch a flag off."""
    links = []
    person = found.case.who
    if rules.work(found.actor, stage=found.case.stage):
        links.append(
            {
                "text": "Family, household or identity",
                "href": reverse("people:person", args=[person.reference]),
            }
        )
        incident = flag.incident if flag else None
        if incident is not None and incident.case_id == found.case.pk:
            links.append({"text": "Correct a date", "href": to(found.case, "correct", incident.pk)})
    if may_record_made_up(found.actor):
        links += [
            {
                "text": f"They said that incident {one.row.number} was made up",
                "href": to(found.case, "made-up", one.row.pk),
            }
            for one in found.incidents
            if one.row.case_id == found.case.pk
        ]
    links.append({"text": "How this has changed", "href": "#changes"})
    return links


def _apart(found: Read, why: RepeatEvidence | None, opens: set[int]) -> str:
    """Whoever was harmed earlier told us in confidence (screens section 11)."""
    if why is None or why.basis == "PERSON":
        return ""
    name, whose = found.call_them, queries.relation(why)
    said = f"{name} may not know that {whose} told us. Do not mention it."
    if why.earlier.case_id in opens:
        return said
    return f"{said} To know more about the earlier case, speak to a case manager."


def _changes(found: Read) -> list[dict[str, str]]:
    return [
        {
            "when": house_words.say_moment(event.at, found.now),
            "text": words.changed_sentence(
                event.changes["from"], event.changes["to"], event.changes["fact"]
            ),
        }
        for event in queries.changes_of_case(found.case, found.actor)
    ]
