"""The people of a case and what happened, in whose words, and who thinks hate was part of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.template.defaultfilters import linebreaksbr

from cases import words
from cases.casework import record_rules, rules
from cases.casework.choices import (
    Basis,
    Capacity,
    Holds,
    IncidentType,
    Part,
    Relationship,
    Strand,
    VictimRole,
    When,
)
from cases.casework.models import Incident, Involvement, Perception
from cases.casework.queries import WholeIncident
from cases.casework.record_choices import HR_KINDS, Known, StrandKind, Willing
from cases.people.choices import Tenure
from cases.people.models import Person
from cases.people.queries import safe_contact_facts
from cases.people.rules import safe_contact_line
from cases.workflow.case_read import Read
from cases.workflow.case_records import crime_of, impact_of, records_of, works_for_us
from cases.workflow.case_words import APART, address_of, capital, label_of, name_on_page, to


def people(found: Read) -> list[dict[str, Any]]:
    """Everybody with a part.  A part kept apart says only that it exists."""
    work = bool(rules.work(found.actor, stage=found.case.stage))
    return [
        _apart(found, part) if part.kept_apart else _person(found, part, work)
        for part in found.parts
    ]


def _apart(found: Read, part: Involvement) -> dict[str, Any]:
    named = part.person is not None and part.person.identified
    return {
        "name": name_on_page(part),
        "part": part.get_part_display(),
        "apart": True,
        "outline": True,
        "facts": "Their name is kept apart from this page." if named else "They gave no name.",
        "show": to(found.case, "show-part", part.pk) if named else "",
    }


def _person(found: Read, part: Involvement, work: bool) -> dict[str, Any]:
    person = part.person
    row = getattr(person, "safe_contact", None) if person else None
    elsewhere = part.part != Part.VICTIM or part.person_id != found.case.victim_id
    return {
        "name": part.name,
        "part": part.get_part_display(),
        "outline": part.part != Part.VICTIM,
        "facts": _part_facts(part),
        # The victim's own line stands in the banner and the pinned line already.
        "line": safe_contact_line(safe_contact_facts(row))
        if person and elsewhere and part.part != Part.RESPONDENT
        else None,
        "href": address_of("people:person", person.reference) if person else "",
        "change": to(found.case, "part", part.pk) if work else "",
        "family": _family_link(found, person) if work and part.part == Part.VICTIM else "",
        "records": records_of(part),
        "record": _record_link(found, part) if work else {},
        "find": work and person is None and part.part == Part.RESPONDENT,
    }


def _family_link(found: Read, person: Person | None) -> str:
    """Where one of their family is added, and back to the case."""
    if person is None:
        return ""
    return f"{address_of('people:add-relative', person.reference)}?case={found.case.reference}"


def _record_link(found: Read, part: Involvement) -> dict[str, str]:
    """Where a statement, special measures or HR is recorded, if anything can be for this part."""
    kinds = record_rules.kinds_of(part.part, colleague=works_for_us(part))
    if not kinds:
        return {}
    only_hr = not set(kinds) - HR_KINDS
    text = "Record a referral to HR" if only_hr else "Record a statement or special measures"
    return {"text": text, "href": to(found.case, "part-record", part.pk)}


def _who_they_are(part: Involvement) -> list[str]:
    """Who they are to us and to the person harmed, as far as it was said."""
    said = (
        (part.victim_role, part.victim_role and VictimRole(part.victim_role).label),
        (part.relationship, part.relationship and Relationship(part.relationship).label),
        (part.tenure in Tenure.values, dict(Tenure.choices).get(part.tenure, "")),
        (part.under_18 == Known.YES, "Under 18"),
        (part.customer == Known.YES, "Lives in one of our homes"),
    )
    return [words for holds, words in said if holds]


def _part_facts(part: Involvement) -> str:
    facts = _who_they_are(part)
    if part.person and part.person.home and part.part != Part.RESPONDENT:
        facts.append((part.person.survivor.home or part.person.home).line)
    said = [f"{', '.join(facts)}."] if facts else []
    if part.person is None:
        said.append("Not yet identified.")
    if part.gave_report:
        said.append("Gave the report.")
    said.extend(_said_of(part))
    return " ".join(said)


def _said_of(part: Involvement) -> list[str]:
    """What they answered about speaking again, being a witness, and the report."""
    pairs = (
        ("Would speak to us again", part.would_speak_again),
        ("Would be a witness", part.would_witness),
        ("Knows of the report", part.knows_of_report),
        ("Fears", part.fears),
    )
    return [f"{label}: {_plain(text)}." for label, text in pairs if text]


def _plain(text: str) -> str:
    """A code ("NOT_SURE") or somebody's words, without a final stop."""
    label = label_of(Willing, text)
    if label:
        return label[:1].lower() + label[1:]
    spoken = text.replace("_", " ").lower() if text.isupper() else text
    return spoken.rstrip(".")


def incidents(found: Read) -> list[dict[str, Any]]:
    """The incidents in the order they were numbered, each with every account of it."""
    whole, apart = found.incidents, found.apart
    told = [one for one in whole if one.row.case_id != found.case.pk or one.row.same_as_id]
    return [
        _incident(found, one, [each for each in told if each.row.same_as_id == one.row.pk], apart)
        for one in whole
        if one not in told
    ]


def _incident(
    found: Read, whole: WholeIncident, told: list[WholeIncident], apart: set[int | None]
) -> dict[str, Any]:
    row = whole.row
    case, actor = found.case, found.actor
    views = [view for each in [whole, *told] for view in each.views]
    work = bool(rules.work(actor, stage=case.stage))
    return {
        "id": str(row.pk),
        "number": str(row.number),
        "heading": f"Incident {row.number}. {when_words(row)}",
        "facts": facts_of(row),
        "strands": _strands(views),
        "crime": crime_of(row, found.now),
        "impact": impact_of(row),
        "accounts": [_account(found, account, apart) for account in whole.accounts],
        "told_again": [
            {
                "heading": f"The same incident, as told on {words.say_date(other.row.recorded_at)}",
                "accounts": [_account(found, said, apart) for said in other.accounts],
            }
            for other in told
        ],
        "views": [_view(found, view, apart) for view in views],
        "assessments": [
            {
                "text": linebreaksbr(each["text"], autoescape=True),
                "by": each["by"],
                "when": capital(words.say_moment(datetime.fromisoformat(each["at"]), found.now)),
            }
            for each in whole.assessments
        ],
        "links": _incident_links(found, row, work),
    }


def _incident_links(found: Read, row: Incident, work: bool) -> list[dict[str, str]]:
    case = found.case
    links = []
    if rules.add_view(found.actor, stage=case.stage):
        links.append(("Add somebody’s view", f"{to(case, 'view')}?incident={row.pk}"))
        links.append(("Add words", to(case, "words", row.pk)))
    if work:
        links.append(("Evidence and the officer’s assessment", to(case, "evidence", row.pk)))
        links.append(("Police and crime", to(case, "crime", row.pk)))
        links.append(("How it has affected people", to(case, "impact", row.pk)))
        links.append(("Correct this record", to(case, "correct", row.pk)))
    links.append(("How this record has changed", f"{to(case, 'history')}#incident-{row.pk}"))
    return [{"text": text, "href": href} for text, href in links]


def when_words(row: Incident) -> str:
    """When it happened, as well as it is known: "Wednesday 18 November 2026, about 4pm"."""
    about = row.when_known == When.ABOUT
    if row.going_on and row.when_words:
        return row.when_words[:1].upper() + row.when_words[1:]
    if row.occurred_on is None:
        said = row.when_words or "date not known"
        return said[:1].upper() + said[1:]
    day = words.say_date(row.occurred_on)
    if row.occurred_time:
        return f"{day}, {'about ' if about else ''}{row.occurred_time}"
    return f"About {day}" if about else day


def facts_of(row: Incident) -> str:
    """Where, which kinds, and whether it goes on, in sentences."""
    place = row.place_words or row.get_location_display()
    kinds = [
        (row.other_type if code == IncidentType.OTHER else IncidentType(code).label)
        for code in row.types
    ]
    said = [f"{place.rstrip('.')}."]
    if kinds:
        joined = ", ".join([kinds[0], *(kind[:1].lower() + kind[1:] for kind in kinds[1:])])
        said.append(f"{joined.rstrip('.')}.")
    if row.going_on:
        said.append("Goes on, more than one time.")
    return " ".join(said)


def _strands(views: list[Perception]) -> list[str]:
    """What the views that stand are about, each once."""
    standing = [view for view in views if view.retracted_at is None]
    codes = [code.partition(":")[0] for view in standing for code in linked(view)]
    return [Strand(code).label for code in dict.fromkeys(codes)]


def linked(view: Perception) -> list[str]:
    """ "RACE:ACTUAL:COLOUR" for each strand of a view read by ``queries.incidents_of``."""
    return list(getattr(view, "linked", []))


def _account(found: Read, account: Any, apart: set[int | None]) -> dict[str, str]:
    hidden = account.kept_apart or account.person_id in apart
    person = None if hidden else account.person
    who = person.survivor.name if person else _capacity_name(account.capacity)
    return {
        "words": account.words,
        "who": who,
        "when": words.say_moment(account.said_at, found.now),
    }


def _capacity_name(capacity: str) -> str:
    names = {
        Capacity.THIRD_PARTY: APART[Part.THIRD_PARTY],
        Capacity.WITNESS: APART[Part.WITNESS],
        Capacity.VICTIM: APART[Part.VICTIM],
        Capacity.OFFICER: "A colleague",
        Capacity.AGENCY: "Another agency",
    }
    return names[Capacity(capacity)]


def holder(view: Perception, apart: set[int | None]) -> str:
    """Whose view it is, as the page may say it."""
    hidden = view.kept_apart or view.person_id in apart
    return _capacity_name(view.capacity) if hidden else view.who


def _view(found: Read, view: Perception, apart: set[int | None]) -> dict[str, Any]:
    hidden = view.kept_apart or view.person_id in apart
    who = holder(view, apart)
    if not hidden and view.capacity != Capacity.THIRD_PARTY:
        who = f"{who}, {Capacity(view.capacity).label}"
    about = [_strand_words(code) for code in linked(view)]
    taken_back = ""
    if view.retracted_at:
        taken_back = f"Taken back {words.say_moment(view.retracted_at, found.now)}:"
    return {
        "who": who,
        "holds": Holds(view.holds).label,
        "words": view.words,
        "when": capital(words.say_moment(view.said_at, found.now)),
        "about": f"{'. '.join(about)}." if about else "",
        "taken_back": taken_back,
        "taken_back_words": view.retraction_words,
        "take_back": _take_back_address(found, view),
    }


def _strand_words(code: str) -> str:
    strand, basis, kinds = code.split(":")
    named = [StrandKind(kind).label for kind in kinds.split(",") if kind]
    label = Strand(strand).label + (f" ({', '.join(named)})" if named else "")
    if basis == Basis.NOT_STATED:
        return label
    linked_ = Basis(basis).label
    return f"{label}, {linked_[:1].lower()}{linked_[1:]}"


def _take_back_address(found: Read, view: Perception) -> str:
    """Where the person whose view it is takes it back, with those who may record it."""
    allowed = rules.retract_view(
        found.actor,
        colleague_id=view.colleague_id,
        already=view.retracted_at is not None,
        words="as they say it",
        witness_id=0,
    )
    return to(found.case, "take-back", view.pk) if allowed else ""
