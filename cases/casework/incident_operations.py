"""What happened, who said so, and who thinks hate was part of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max

from cases.access import Actor, enforce
from cases.audit.ledger import operation, record, unchanged
from cases.audit.settling import Fact, changed
from cases.audit.verbs import Verb
from cases.calendar import london_date
from cases.casework import rules
from cases.casework.choices import Basis, Holds
from cases.casework.clock_operations import meet_clocks
from cases.casework.clocks import ClockKind
from cases.casework.locking import lock
from cases.casework.models import (
    Account,
    Case,
    EvidenceAssessment,
    Incident,
    Perception,
    PerceptionStrand,
)
from cases.people.models import Person
from cases.rows import keep, keep_all
from cases.staff.models import User


def _reference(incident: Incident) -> str:
    return incident.case.reference if incident.case else ""


@operation
def add_incident(
    *,
    by: Actor,
    at: datetime,
    case: Case | None,
    received_at: datetime | None = None,
    **values: Any,
) -> Incident:
    """Record one incident, on a case or (case None) on a report that has none.

    It cannot have happened after it was reported (domain 6.2, rule 2).
    Raises ValidationError with the sentence at ``occurred_on``.
    """
    if case is not None:
        enforce(rules.add_view(by, stage=case.stage))
        lock(case)  # two incidents added at once get two numbers
    top = Incident.objects.filter(case=case).aggregate(top=Max("number"))["top"] if case else None
    told = received_at or at
    number = (top or 0) + 1
    incident = Incident(case=case, number=number, reported_at=told, recorded_at=at, **values)
    _not_before_it_happened(incident)
    keep(incident)
    changed(Fact.INCIDENT, incident.pk)
    record(
        Verb.INCIDENT_ADDED,
        by=by,
        at=at,
        subject=incident,
        case=case.reference if case else "",
        changes={"types": incident.types, "location": incident.location},
    )
    return incident


def _not_before_it_happened(incident: Incident) -> None:
    if incident.occurred_on and incident.occurred_on > london_date(incident.reported_at):
        raise ValidationError({"occurred_on": "It cannot have happened after it was reported."})


@operation
def attach_incident(*, by: Actor, at: datetime, incident: Incident, case: Case) -> Incident:
    """Put an incident recorded without a case onto the case it became (S22)."""
    lock(case)
    enforce(rules.add_view(by, stage=case.stage))
    top = Incident.objects.filter(case=case).aggregate(top=Max("number"))["top"] or 0
    incident.case, incident.number = case, top + 1
    keep(incident)
    changed(Fact.INCIDENT, incident.pk)
    record(Verb.INCIDENT_ADDED, by=by, at=at, subject=incident, case=case.reference)
    return incident


@operation
def correct_incident(
    *, by: Actor, at: datetime, incident: Incident, reason: str, **values: Any
) -> Incident:
    """Correct facts of an incident; what it said before stays in its history."""
    if incident.case:
        enforce(rules.work(by, stage=lock(incident.case).stage))
    enforce(rules.explained(reason, "Say why it is corrected", least=1))
    incident = Incident.objects.select_for_update(of=("self",), no_key=True).get(pk=incident.pk)
    different = {name for name, value in values.items() if getattr(incident, name) != value}
    if not different:
        unchanged()
        return incident
    for name, value in values.items():
        setattr(incident, name, value)
    _not_before_it_happened(incident)
    keep(incident)
    changed(Fact.INCIDENT, incident.pk)
    record(
        Verb.INCIDENT_CHANGED,
        by=by,
        at=at,
        subject=incident,
        case=_reference(incident),
        changes={"fields": sorted(different)},
        reason=reason.strip(),
    )
    return incident


@operation
def correct_reported(
    *, by: Actor, at: datetime, incident: Incident, reported_at: datetime
) -> Incident:
    """Say that an account reached us at another moment: its report's was corrected (HC-16).

    Raises ValidationError if it would then have happened after it was reported.
    """
    incident = Incident.objects.select_for_update(of=("self",), no_key=True).get(pk=incident.pk)
    if incident.reported_at == reported_at:
        unchanged()
        return incident
    before, incident.reported_at = incident.reported_at, reported_at
    _not_before_it_happened(incident)
    keep(incident)
    changed(Fact.INCIDENT, incident.pk)
    record(
        Verb.INCIDENT_CHANGED,
        by=by,
        at=at,
        subject=incident,
        case=_reference(incident),
        changes={"reported_from": before.isoformat(), "reported_to": reported_at.isoformat()},
    )
    return incident


@operation
def add_account(
    *,
    by: Actor,
    at: datetime,
    incident: Incident,
    words: str,
    capacity: str,
    person: Person | None = None,
    said_at: datetime | None = None,
    kept_apart: bool = False,
) -> Account:
    """Keep somebody's own words.  They are only ever added to."""
    if incident.case:
        enforce(rules.add_view(by, stage=incident.case.stage))
    account = Account(
        incident=incident,
        person=person,
        capacity=capacity,
        words=words,
        said_at=said_at or at,
        taken_by_id=by.id,
        kept_apart=kept_apart,
    )
    keep(account)
    record(Verb.ACCOUNT_ADDED, by=by, at=at, subject=account, case=_reference(incident))
    return account


@operation
def add_perception(
    *,
    by: Actor,
    at: datetime,
    incident: Incident,
    holds: str,
    capacity: str,
    person: Person | None = None,
    colleague: User | None = None,
    described_as: str = "",
    words: str = "",
    strands: Mapping[str, str] | None = None,
    kinds: Mapping[str, Collection[str]] | None = None,
    said_at: datetime | None = None,
    kept_apart: bool = False,
) -> Perception:
    """Record what somebody thinks.  It never removes or weighs against another's view.

    ``strands`` maps each strand to how it is linked (``Basis``), ``kinds`` to what within it.
    """
    view = Perception(
        person=person,
        colleague=colleague,
        described_as=described_as,
        capacity=capacity,
        holds=holds,
        words=words,
        said_at=said_at or at,
        kept_apart=kept_apart,
    )
    given = (view, strands_of(strands or {}, kinds or {}))
    return add_perceptions(by=by, at=at, incident=incident, views=[given])[0]


def strands_of(
    strands: Mapping[str, str], kinds: Mapping[str, Collection[str]]
) -> list[PerceptionStrand]:
    """The rows of a view's strands, not yet saved."""
    return [
        PerceptionStrand(
            strand=strand, basis=basis or Basis.NOT_STATED, kinds=sorted(kinds.get(strand, ()))
        )
        for strand, basis in strands.items()
    ]


@operation
def add_perceptions(
    *,
    by: Actor,
    at: datetime,
    incident: Incident,
    views: Sequence[tuple[Perception, list[PerceptionStrand]]],
) -> list[Perception]:
    """Record what several people think at once: rows not yet saved, each with its strands."""
    if incident.case:
        enforce(rules.add_view(by, stage=lock(incident.case).stage))
    rows = [view for view, _ in views]
    for view in rows:
        view.incident, view.recorded_by_id = incident, by.id
    keep_all(rows)
    for view, strands in views:
        for strand in strands:
            strand.perception = view
    keep_all([strand for _, strands in views for strand in strands])
    changed(Fact.INCIDENT, incident.pk)
    for view, strands in views:
        named = sorted(strand.strand for strand in strands)
        record(
            Verb.VIEW_ADDED,
            by=by,
            at=at,
            subject=view,
            case=_reference(incident),
            changes={"holds": view.holds, "capacity": view.capacity, "strands": named},
        )
        _settle(by, at, incident, view)
    return rows


def _settle(by: Actor, at: datetime, incident: Incident, view: Perception) -> None:
    """Somebody's yes settles a provisional case; it was treated as hate all along."""
    case = incident.case
    if case is None or view.holds != Holds.YES or not case.provisional:
        return
    case.provisional = False
    case.version += 1
    case.save()
    meet_clocks(by=by, at=at, case=case, kinds=[ClockKind.SETTLE_VIEW], outcome="Thinks so")


@operation
def retract_perception(
    *, by: Actor, at: datetime, view: Perception, words: str, witness: User | None = None
) -> Perception:
    """Record that the person whose view it is takes it back.  The row stays (HC-23)."""
    view = (
        Perception.objects.select_for_update(of=("self",), no_key=True)
        .select_related("incident__case")
        .get(pk=view.pk)
    )
    enforce(
        rules.retract_view(
            by,
            colleague_id=view.colleague_id,
            already=view.retracted_at is not None,
            words=words,
            witness_id=witness.pk if witness else None,
        )
    )
    view.retracted_at, view.retraction_words, view.retraction_witness = at, words.strip(), witness
    keep(view)
    changed(Fact.INCIDENT, view.incident_id)
    record(Verb.VIEW_RETRACTED, by=by, at=at, subject=view, case=_reference(view.incident))
    return view


@operation
def assess_evidence(
    *, by: Actor, at: datetime, incident: Incident, text: str
) -> EvidenceAssessment:
    """Keep an officer's view of the evidence.  It changes no route, clock or count (HC-33)."""
    if incident.case:
        enforce(rules.work(by, stage=incident.case.stage))
    row = EvidenceAssessment(incident=incident, text=text, by_id=by.user_id, at=at)
    keep(row)
    record(Verb.ASSESSMENT_ADDED, by=by, at=at, subject=row, case=_reference(incident))
    return row
