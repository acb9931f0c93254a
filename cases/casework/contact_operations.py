"""People on the case, contacts and attempts, notes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError

from cases.access import Actor, Answer, enforce
from cases.audit.ledger import operation, record, unchanged
from cases.audit.settling import Fact, changed
from cases.audit.verbs import Verb
from cases.calendar import london_date
from cases.casework import rules
from cases.casework.choices import ContactKind, Part
from cases.casework.clock_operations import meet_clocks, start_clocks
from cases.casework.clocks import ClockKind
from cases.casework.conflict_operations import find_conflicts
from cases.casework.locking import lock
from cases.casework.models import Case, ContactEntry, Involvement, Note
from cases.casework.promises import next_contact
from cases.people.choices import Reach
from cases.people.models import Person, SafeContact
from cases.people.queries import tenancy_of
from cases.policy.queries import settings_at
from cases.rows import keep, keep_all


@operation
def add_involvement(
    *, by: Actor, at: datetime, case: Case, part: str, person: Person | None = None, **values: Any
) -> Involvement:
    """Give somebody a part in the case, and look for conflicts of interest that brings."""
    row = Involvement(part=part, person=person, **values)
    return add_involvements(by=by, at=at, case=case, parts=[row])[0]


@operation
def add_involvements(
    *, by: Actor, at: datetime, case: Case, parts: list[Involvement]
) -> list[Involvement]:
    """Give several people their parts, rows not yet saved, at once."""
    lock(case)
    enforce(rules.add_view(by, stage=case.stage))
    for row in parts:
        row.case, row.added_at = case, at
    keep_all(parts)
    if any(row.part == Part.VICTIM for row in parts):
        changed(Fact.INCIDENT, *case.incidents.values_list("pk", flat=True))
    for row in parts:
        record(
            Verb.PART_ADDED,
            by=by,
            at=at,
            subject=row,
            case=case.reference,
            changes={"part": row.part, "person": row.person_id},
        )
    if any(row.person_id for row in parts):
        find_conflicts(by=by, at=at, case=case)
    return parts


@operation
def change_involvement(
    *, by: Actor, at: datetime, involvement: Involvement, **values: Any
) -> Involvement:
    """Change what is known of somebody's part: who they are, willingness, fears.

    When the victim the case is about turns out to be somebody we know, the case is about them.
    """
    case = lock(involvement.case)
    enforce(rules.work(by, stage=case.stage))
    involvement = Involvement.objects.select_for_update(of=("self",), no_key=True).get(
        pk=involvement.pk
    )
    before, part_before = involvement.person_id, involvement.part
    found = values.get("person")
    if found is not None and found.pk != before and (held := tenancy_of(found, london_date(at))):
        values["tenure"] = held.tenure  # which tools there are goes by it (S12)
    different = {name for name, value in values.items() if getattr(involvement, name) != value}
    if not different:
        unchanged()
        return involvement
    for name, value in values.items():
        setattr(involvement, name, value)
    keep(involvement)
    if Part.VICTIM in (part_before, involvement.part):
        changed(Fact.PERSON, before, involvement.person_id)
    record(
        Verb.PART_CHANGED,
        by=by,
        at=at,
        subject=involvement,
        case=case.reference,
        changes={"fields": sorted(different)},
    )
    if involvement.person_id != before:
        _now_about(case, involvement, before)
        find_conflicts(by=by, at=at, case=case)
    return involvement


def _now_about(case: Case, involvement: Involvement, before: int | None) -> None:
    """A victim not yet identified is found: the case carries the person it is about."""
    is_victim = involvement.part == Part.VICTIM and before == case.victim_id
    if is_victim and involvement.person_id is not None:
        case.victim_id = involvement.person_id
        if case.entity_id is None:
            case.entity = Case.company_of(case.home, case.victim)
        case.version += 1
        case.save()


@operation
def show_part(*, by: Actor, at: datetime, involvement: Involvement) -> None:
    """Record that somebody opened what is kept apart about a person (bar row 20)."""
    record(Verb.PART_SHOWN, by=by, at=at, subject=involvement, case=involvement.case.reference)


def channel_is_safe(person: Person | None, channel: str) -> bool:
    """Whether this person said this way is safe.  Not asked means no."""
    return _reach(person, channel) == Reach.SAFE


def _reach(person: Person | None, channel: str) -> str:
    safe = SafeContact.objects.filter(person=person).first() if person else None
    return getattr(safe, channel) if safe else Reach.NOT_ASKED


@operation
def log_contact(
    *,
    by: Actor,
    at: datetime,
    case: Case,
    involvement: Involvement,
    kind: str,
    channel: str,
    summary: str,
    incoming: bool = False,
    happened_at: datetime | None = None,
    corrects: ContactEntry | None = None,
) -> ContactEntry:
    """Log a contact or an attempt.  A two-way contact in a safe way meets the contact clock;
    an attempt, or a way nobody said was safe, never does (domain 4.2).
    """
    lock(case)
    enforce(_may_contact(by, case, involvement, incoming=incoming))
    _belongs(case, involvement, happened_at or at, corrects)
    entry = ContactEntry(
        case=case,
        involvement=involvement,
        at=happened_at or at,
        kind=kind,
        direction="IN" if incoming else "OUT",
        channel=channel,
        summary=summary,
        by_id=by.user_id,
        recorded_at=at,
        corrects=corrects,
    )
    keep(entry)
    interaction = kind == ContactKind.INTERACTION
    record(
        Verb.CONTACT_LOGGED if interaction else Verb.ATTEMPT_LOGGED,
        by=by,
        at=at,
        subject=entry,
        case=case.reference,
        changes={"channel": channel, "part": involvement.part},
    )
    reach = _reach(involvement.person, channel)
    if reach == Reach.NOT_SAFE and not incoming:
        changed(Fact.UNSAFE_CONTACT, case.pk)
    met = rules.meets_contact_clock(
        interaction=interaction, incoming=incoming, channel_safe=reach == Reach.SAFE
    )
    if met:
        _meets(by, at, case, entry)
    return entry


def _may_contact(by: Actor, case: Case, part: Involvement, *, incoming: bool) -> Answer:
    return rules.contact(
        by,
        stage=case.stage,
        part=part.part,
        domestic_abuse=case.domestic_abuse,
        incoming=incoming,
    )


def _meets(by: Actor, at: datetime, case: Case, entry: ContactEntry) -> None:
    """What a two-way contact in a safe way was promised for."""
    about = entry.involvement
    kinds = rules.contact_clocks(about.part, victim_identified=case.victim.identified)
    meet_clocks(by=by, at=at, case=case, kinds=kinds, met_at=entry.at, about=about)
    if rules.keeps_in_touch(kinds):
        _keep_in_touch(by, at, case, entry.at)


def _keep_in_touch(by: Actor, at: datetime, case: Case, spoken_at: datetime) -> None:
    """Meet the promise to keep in touch and make the next, as often as the risk asks.

    A contact logged late, from before the last one, leaves the running promise alone.
    """
    if case.clocks.filter(kind=ClockKind.UPDATE, started_at__gt=spoken_at).exists():
        return
    meet_clocks(by=by, at=at, case=case, kinds=[ClockKind.UPDATE], met_at=spoken_at)
    promise = next_contact(spoken_at, case.risk, settings_at(at))
    start_clocks(by=by, at=at, case=case, promises=[promise])


def _belongs(
    case: Case, involvement: Involvement, happened_at: datetime, corrects: ContactEntry | None
) -> None:
    """A contact is with somebody on this case, after its report: no clock is met backwards."""
    if involvement.case_id != case.pk or (corrects and corrects.case_id != case.pk):
        raise ValidationError({"involvement": "Choose somebody on this case."})
    # People type minutes: the minute of the report itself is not before it.
    if happened_at < case.received_at.replace(second=0, microsecond=0):
        raise ValidationError({"at": "The contact cannot be before the report was received."})


@operation
def add_note(*, by: Actor, at: datetime, case: Case, kind: str, text: str) -> Note:
    """Add a note among colleagues.  Every note is internal; none is ever altered."""
    lock(case)
    enforce(rules.work(by, stage=case.stage))
    note = Note(case=case, kind=kind, text=text, by_id=by.user_id, at=at)
    keep(note)
    record(Verb.NOTE_ADDED, by=by, at=at, subject=note, case=case.reference, changes={"kind": kind})
    return note
