"""Many cases at once, for measuring: the same rows the operations write, made in bulk.

Everything a case has is made: people with their search keys and safe contact, access, parts,
incidents, accounts, views with their strands, every promise of the real rule, contacts, notes,
the report behind it and its route, row history and the ledger's events.  The tables' own
constraints and triggers judge every row; ``hatecrime.integrity`` looks for what they cannot see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from cases import references
from cases.access import Actor
from cases.audit import context
from cases.audit.models import Event
from cases.audit.verbs import Verb
from cases.calendar import london_date
from cases.casework.choices import (
    Access,
    Capacity,
    ClockState,
    ContactKind,
    Holds,
    NoteKind,
    Part,
    Stage,
    When,
)
from cases.casework.clocks import DUTIES, ClockKind
from cases.casework.models import (
    Account,
    Case,
    CaseMember,
    Clock,
    ContactEntry,
    Incident,
    Involvement,
    Note,
    Perception,
    PerceptionStrand,
)
from cases.casework.promises import CaseFacts, promises
from cases.casework.rules import next_clock
from cases.intake.choices import Channel, Door, ReporterCapacity, ReportState, Route, RouteState
from cases.intake.models import Report, ReportIncident, RouteRecord
from cases.people.models import Person, Property
from hatecrime.bulk_people import DAYS, Making
from hatecrime.demo.happenings import OWN

MAKER = Actor(id=None, name="bulk data")
EACH = 500
EVENTS = 24
"""Further entries on a case's timeline, beside those of its opening: thirty in all."""
STAGES = (
    *((Stage.CONTACT,) * 3),
    *((Stage.ASSESS,) * 2),
    *((Stage.PLAN,) * 3),
    *((Stage.INVESTIGATE,) * 4),
    *((Stage.MONITOR,) * 7),
    Stage.ON_HOLD,
)
RISKS = ("Standard", "Medium", "High")
ORDER = (Stage.CONTACT, Stage.ASSESS, Stage.PLAN, Stage.INVESTIGATE, Stage.MONITOR)
FILLER = (
    "the stairs were wet and the light was out again",
    "nobody else came out of the flats to look",
    "it was about four in the afternoon on the way from school",
    "the dog barked and somebody shut a window above us",
    "the bin store smelled of smoke for two days afterwards",
)


class Bulk(Making):
    """Makes cases in batches."""

    def make(self, number: int, tick: Callable[[int], object]) -> None:
        """So many cases more, a transaction for each batch."""
        while number > 0:
            size = min(EACH, number)
            with transaction.atomic(), context.acting_as(MAKER, at=self.until, purpose="bulk"):
                self._batch(size)
            tick(size)
            number -= size

    def _batch(self, size: int) -> None:
        homes = self._homes(size)
        people = self._people(homes)
        cases = self._cases(people, homes)
        incidents = self._incidents(cases)
        self._words(cases, incidents)
        self._around(cases)
        self._reports(cases, incidents)
        self._events(cases)
        self.made += size

    def _cases(self, people: Sequence[Person], homes: Sequence[Property]) -> list[Case]:
        rows, plans = [], []
        for number, (person, home) in enumerate(zip(people, homes, strict=True)):
            received = self.until - timedelta(minutes=self.chance.randint(30, DAYS * 24 * 60))
            stage = self.chance.choice(STAGES)
            lead = None if stage == Stage.CONTACT and number % 9 == 0 else self._officer(number)
            clocks = list(self._clocks(received, stage, lead is not None))
            due = {
                n: (c.kind, c.due_at) for n, c in enumerate(clocks) if c.state == ClockState.RUNNING
            }
            chosen = next_clock(due)
            rows.append(
                Case(
                    reference=self._fresh(lambda: f"HC-{self.until.year}-" + self._letters(6)),
                    received_at=received,
                    received_at_original=received,
                    opened_at=received + timedelta(minutes=20),
                    stage=stage,
                    held_from=Stage.PLAN if stage == Stage.ON_HOLD else "",
                    hold_review_on=london_date(self.until) + timedelta(days=9)
                    if stage == Stage.ON_HOLD
                    else None,
                    policy_version=self.policy,
                    team=home.team,
                    lead=lead,
                    restricted=number % 40 == 0,
                    victim=person,
                    home=home,
                    next_due_at=clocks[chosen].due_at if chosen is not None else None,
                    next_clock=clocks[chosen].kind if chosen is not None else "",
                    risk=_level(clocks),
                )
            )
            plans.append(clocks)
        cases = self._save(rows)
        for case, clocks in zip(cases, plans, strict=True):
            for clock in clocks:
                clock.case = case
        self._save([clock for clocks in plans for clock in clocks])
        return cases

    def _clocks(self, received: datetime, stage: Stage, allocated: bool) -> Iterator[Clock]:
        """Every promise of the real rule; those of earlier stages are met."""
        facts = CaseFacts(received_at=received, triaged_at=received + timedelta(minutes=20))
        here = ORDER.index(Stage.PLAN if stage == Stage.ON_HOLD else stage)
        for promise in promises(facts, self.settings, self.holidays):
            gate = DUTIES[promise.kind].gate
            over = gate in ORDER and ORDER.index(Stage(gate)) < here
            over = over or (promise.kind == ClockKind.ALLOCATE and allocated)
            over = over or (gate == "" and here > 0)
            met = promise.met_at
            if met is None and over:
                met = received + timedelta(hours=self.chance.choice((3, 6, 20, 30)))
            outcome = ""
            if met and promise.kind == ClockKind.RISK:
                outcome = self.chance.choice(RISKS) + ": asked by phone"
            yield Clock(
                kind=promise.kind,
                started_at=promise.started_at,
                due_at=promise.due_at,
                met_at=met,
                state=ClockState.MET if met else ClockState.RUNNING,
                outcome=outcome,
            )

    def _incidents(self, cases: Sequence[Case]) -> list[Incident]:
        return self._save(
            [
                Incident(
                    case=case,
                    number=number,
                    when_known=When.EXACT,
                    occurred_on=london_date(case.received_at) - timedelta(days=number),
                    location=OWN[(case.pk + number) % len(OWN)].place,
                    types=list(OWN[(case.pk + number) % len(OWN)].types),
                    crime_reference=f"22 {case.pk:09}" if number == 1 and case.pk % 5 == 0 else "",
                    reported_at=case.received_at,
                    recorded_at=case.opened_at,
                )
                for case in cases
                for number in (1, 2, 3)
            ]
        )

    def _words(self, cases: Sequence[Case], incidents: Sequence[Incident]) -> None:
        """An account and two views for each incident; one word in four hundred cases is rare."""
        victims = {case.pk: case for case in cases}
        accounts, views = [], []
        for incident in incidents:
            case = victims[incident.case_id or 0]
            told = OWN[(case.pk + incident.number) % len(OWN)]
            rare = " He called it a vendetta." if case.pk % 400 == 0 else ""
            accounts.append(
                Account(
                    incident=incident,
                    person=case.victim,
                    capacity=Capacity.VICTIM,
                    words=f"{told.words} {self.chance.choice(FILLER)}.{rare}",
                    said_at=case.opened_at,
                    taken_by=case.lead,
                )
            )
            views.append(
                Perception(
                    incident=incident,
                    person=case.victim,
                    capacity=Capacity.VICTIM,
                    holds=Holds.YES,
                    words=told.why,
                    said_at=case.opened_at,
                    recorded_by=case.lead,
                )
            )
        self._save(accounts)
        strands = [
            PerceptionStrand(perception=view, strand="RACE", basis="ACTUAL")
            for view in self._save(views)
        ]
        self._save(strands)

    def _around(self, cases: Sequence[Case]) -> None:
        """Access, parts, contacts and a note."""
        members = [
            CaseMember(case=case, user=case.lead, why=Access.LEAD, from_at=case.opened_at)
            for case in cases
            if case.lead is not None
        ]
        self._save(members)
        victims = self._save(
            [
                Involvement(case=c, person=c.victim, part=Part.VICTIM, added_at=c.opened_at)
                for c in cases
            ]
        )
        self._save(
            [
                Involvement(
                    case=case,
                    part=Part.RESPONDENT,
                    described_as="The man next door",
                    relationship="NEIGHBOUR_ADJ",
                    added_at=case.opened_at,
                )
                for case in cases
            ]
        )
        contacts = [
            ContactEntry(
                case=part.case,
                involvement=part,
                at=part.added_at + timedelta(minutes=9),
                kind=kind,
                channel="text",
                summary="We spoke about what happens next.",
                by=part.case.lead or self._officer(part.pk),
                recorded_at=part.added_at + timedelta(minutes=10),
            )
            for part in victims
            for kind in (ContactKind.ATTEMPT, ContactKind.INTERACTION)
        ]
        self._save(contacts)
        self._save(self._notes(cases))

    def _notes(self, cases: Sequence[Case]) -> list[Note]:
        return [
            Note(
                case=case,
                kind=NoteKind.CASE,
                text=f"The caretaker was told. {self.chance.choice(FILLER)}.",
                by=case.lead or self._officer(case.pk),
                at=case.opened_at,
            )
            for case in cases
        ]

    def _reports(self, cases: Sequence[Case], incidents: Sequence[Incident]) -> None:
        year = self.until.year
        reports = self._save(
            [
                Report(
                    reference=self._fresh(lambda: references.report_reference(year, self._pick)),
                    door=Door.VICTIM,
                    channel=Channel.PHONE_INBOUND,
                    capacity=ReporterCapacity.VICTIM,
                    received_at=case.received_at,
                    received_at_original=case.received_at,
                    submitted_at=case.opened_at,
                    triage_due_at=case.received_at + timedelta(hours=4),
                    triaged_at=case.opened_at,
                    state=ReportState.TRIAGED,
                    reporter=case.victim,
                    victim=case.victim,
                    taken_by=self._officer(case.pk),
                    team=case.team,
                    case=case,
                    facts={"harmed": [case.victim_id], "at_home": [], "home": case.home_id},
                )
                for case in cases
            ]
        )
        of_case = {report.case_id: report for report in reports}
        self._save([ReportIncident(report=of_case[i.case_id], incident=i) for i in incidents])
        self._save(
            [
                RouteRecord(
                    report=report,
                    route=Route.HATE,
                    is_primary=True,
                    reasons=["They think hate was part of it."],
                    state=RouteState.ACCEPTED,
                    opened_at=report.submitted_at,
                )
                for report in reports
            ]
        )

    def _events(self, cases: Sequence[Case]) -> None:
        opening = (Verb.REPORT_SUBMITTED, Verb.REPORT_TRIAGED, Verb.CASE_OPENED, Verb.CLOCK_STARTED)
        later = (Verb.NOTE_ADDED, Verb.CONTACT_LOGGED, Verb.CLOCK_MET, Verb.CASE_STAGE)
        rows = []
        for case in cases:
            who = case.lead or self._officer(case.pk)
            verbs = (*opening, Verb.INCIDENT_ADDED, Verb.PART_ADDED, *(later * (EVENTS // 4)))
            for number, verb in enumerate(verbs):
                rows.append(
                    Event(
                        at=case.opened_at + timedelta(minutes=number),
                        actor_id=who.pk,
                        actor_name=who.full_name,
                        verb=verb,
                        case_reference=case.reference,
                        subject_kind="casework.case",
                        subject_id=case.pk,
                        changes={"kind": "RISK", "from": "CONTACT", "to": "ASSESS"},
                    )
                )
        self._save(rows)


def _level(clocks: Sequence[Clock]) -> str:
    """The level of risk that the outcome of its clock gives a case."""
    done = next((clock for clock in clocks if clock.kind == ClockKind.RISK and clock.met_at), None)
    return done.outcome.partition(":")[0].upper() if done else ""
