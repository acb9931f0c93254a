"""What is recorded beside the story: the company, crime, how it affects people, statements, HR."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from cases.access import Actor, enforce
from cases.audit.ledger import operation, record, unchanged
from cases.audit.verbs import Verb
from cases.calendar import add_elapsed, london_date
from cases.casework import record_rules, rules
from cases.casework.clock_operations import start_clocks
from cases.casework.clocks import ClockKind
from cases.casework.locking import lock
from cases.casework.models import Case, CrimeDecision, Incident, Involvement, PartRecord
from cases.casework.promises import Promise
from cases.casework.record_choices import HR_KINDS, PropertyHarm
from cases.people.models import Entity
from cases.policy.queries import settings_at
from cases.rows import keep


@operation
def place_case(*, by: Actor, at: datetime, case: Case, entity: Entity | None, reason: str) -> Case:
    """Say which company the case belongs to, or that nobody knows (HC-20)."""
    lock(case)
    enforce(record_rules.place(by, stage=case.stage))
    enforce(record_rules.placed(reason))
    if case.entity_id == (entity.pk if entity else None):
        unchanged()
        return case
    before, case.entity = case.entity, entity
    case.version += 1
    keep(case)
    record(
        Verb.CASE_PLACED,
        by=by,
        at=at,
        subject=case,
        case=case.reference,
        changes={
            "from": before.code if before else None,
            "to": entity.code if entity else None,
        },
        reason=reason.strip(),
    )
    return case


@operation
def record_crime_status(
    *,
    by: Actor,
    at: datetime,
    incident: Incident,
    status: str,
    decided_by: str,
    decided_on: date,
    crime_reference: str = "",
    words: str = "",
) -> CrimeDecision:
    """Keep what somebody decided about crime; earlier decisions stay (HC-24, domain 2.3).

    No route, clock, stage or count follows from it.  The police's reference, when given, is
    also the incident's own, by which it is found.
    """
    if incident.case:
        enforce(rules.work(by, stage=lock(incident.case).stage))
    reference = crime_reference.strip()
    enforce(
        record_rules.crime_status(
            status=status,
            decided_by=decided_by,
            reference=reference,
            on=decided_on,
            today=london_date(at),
        )
    )
    row = CrimeDecision(
        incident=incident,
        status=status,
        decided_by=decided_by.strip(),
        decided_on=decided_on,
        crime_reference=reference,
        words=words.strip(),
        recorded_by_id=by.user_id,
        at=at,
    )
    keep(row)
    if reference and incident.crime_reference != reference:
        incident.crime_reference = reference
        keep(incident)
    record(
        Verb.CRIME_STATUS,
        by=by,
        at=at,
        subject=incident,
        case=incident.case.reference if incident.case else "",
        changes={"status": status, "decided": decided_on.isoformat()},
    )
    return row


IMPACT = ("impact", "impact_words", "community_impact", "property_harm")


@operation
def record_impact(*, by: Actor, at: datetime, incident: Incident, **values: Any) -> Incident:
    """Record how an incident has affected the person, others nearby and the home (HC-15).

    ``values`` are some of ``IMPACT``; what they said before stays in the history.
    """
    if incident.case:
        enforce(rules.work(by, stage=lock(incident.case).stage))
    incident = Incident.objects.select_for_update(of=("self",), no_key=True).get(pk=incident.pk)
    changed = [
        name
        for name in IMPACT
        if values.get(name, getattr(incident, name)) != getattr(incident, name)
    ]
    if not changed:
        unchanged()
        return incident
    for name in changed:
        setattr(incident, name, values[name])
    keep(incident)
    record(
        Verb.IMPACT_RECORDED,
        by=by,
        at=at,
        subject=incident,
        case=incident.case.reference if incident.case else "",
        changes={name: getattr(incident, name) for name in changed if name != "impact_words"},
    )
    if incident.case and "property_harm" in changed:
        _make_safe(by, at, incident.case, incident.property_harm)
    return incident


def _make_safe(by: Actor, at: datetime, case: Case, harm: str) -> None:
    """A home found no longer secure is promised to be made safe, once (SLA_SECURE_HOME)."""
    if harm not in (PropertyHarm.SECURITY, PropertyHarm.UNINHABITABLE):
        return
    if not rules.still_open(case.stage) or case.clocks.filter(kind=ClockKind.SECURE_HOME).exists():
        return
    due = add_elapsed(at, settings_at(at)["SLA_SECURE_HOME_HOURS"])
    start_clocks(by=by, at=at, case=case, promises=[Promise(ClockKind.SECURE_HOME, at, due)])


@operation
def record_part(
    *,
    by: Actor,
    at: datetime,
    involvement: Involvement,
    kind: str,
    on: date,
    with_whom: str = "",
    words: str = "",
    agreed: bool = False,
) -> PartRecord:
    """Record a statement taken, special measures asked for, or HR (HC-22, HC-39).

    Of HR the day alone is kept, whatever else is given.  ``agreed``: the colleague harmed
    agreed that HR is told.
    """
    case = lock(involvement.case)
    person = involvement.person
    colleague = record_rules.is_colleague(
        marked=bool(person and person.is_colleague), relationship=involvement.relationship
    )
    enforce(
        record_rules.record_part(
            by,
            stage=case.stage,
            part=involvement.part,
            colleague=colleague,
            kind=kind,
            on=on,
            today=london_date(at),
            agreed=agreed,
        )
    )
    hr = kind in HR_KINDS
    row = PartRecord(
        involvement=involvement,
        kind=kind,
        on=on,
        with_whom="" if hr else with_whom.strip(),
        words="" if hr else words.strip(),
        recorded_by_id=by.user_id,
        at=at,
    )
    keep(row)
    record(
        Verb.PART_RECORDED,
        by=by,
        at=at,
        subject=involvement,
        case=case.reference,
        changes={"kind": kind, "on": on.isoformat()},
    )
    return row
