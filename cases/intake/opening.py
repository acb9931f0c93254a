"""From a triaged report to what it becomes: the hate case with its people, words and clocks,
and a record for every other route with somebody to receive it.

Called by the intake operations inside their own transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from cases.access import Actor
from cases.calendar import london_date
from cases.casework.choices import Access, Capacity, Location, Part, VictimRole
from cases.casework.clocks import ClockKind
from cases.casework.incident_operations import strands_of
from cases.casework.models import Case, Incident, Involvement, Perception, PerceptionStrand
from cases.casework.operations import (
    add_account,
    add_incident,
    add_involvements,
    add_perceptions,
    attach_incident,
    give_access,
    open_case,
    start_clocks,
)
from cases.casework.promises import CaseFacts, Promise, promises
from cases.consent.first_call import keep_first_call
from cases.intake.choices import Door
from cases.intake.danger import carry_999
from cases.intake.models import Report, ReportIncident
from cases.intake.owners import outside_manager
from cases.intake.people_of_report import People, people_kept, tenancy_on
from cases.intake.reading import read_sheet
from cases.intake.rules import safeguarding_due
from cases.intake.sheet_permission import how_asked, on_the_call, who_spoke
from cases.intake.told import IncidentTold, Told, ViewTold
from cases.intake.triage import DA, SAFEGUARDING, Triage
from cases.people.choices import CARE_AND_SUPPORT
from cases.people.models import Person
from cases.policy.queries import holidays, policy_version_at, settings_at

NO_NAME = "The caller, who gave no name"


@dataclass(frozen=True)
class Telling:
    """One report being recorded: by whom, when, what was told, and who they are.

    ``said_at`` gives when each question was answered.
    """

    by: Actor
    at: datetime
    report: Report
    told: Told
    people: People
    said_at: Mapping[str, datetime]

    @property
    def third_party(self) -> Person | None:
        return self.people.third_party

    @property
    def kept_apart(self) -> bool:
        """Whether the caller's name is hidden: never in the victim's own door."""
        return self.told.keep_apart and not self.told.by_victim


def telling_of(by: Actor, at: datetime, report: Report) -> Telling:
    """A report sent earlier, read again from its sheet and the people it was stored with."""
    assert report.sheet is not None  # every report so far is made from one
    read = read_sheet(report.sheet)
    return Telling(by, at, report, read.told, people_kept(report), read.said_at)


def record_incidents(telling: Telling, case: Case | None) -> list[Incident]:
    """Each incident with the words said of it and everybody's view."""
    return [_record(telling, told, case) for told in telling.told.incidents]


def _record(telling: Telling, told: IncidentTold, case: Case | None) -> Incident:
    by, at, report = telling.by, telling.at, telling.report
    incident = add_incident(
        by=by,
        at=at,
        case=case,
        received_at=report.received_at,
        when_known=told.when_known,
        occurred_on=told.occurred_on,
        occurred_time=told.occurred_time,
        when_words=told.when_words,
        going_on=told.going_on,
        location=told.location,
        place_words=told.place_words,
        place=telling.people.home if told.aimed_at_home else None,
        types=list(told.types),
        other_type=told.other_type,
        aimed_at_home=told.aimed_at_home,
        crime_reference=told.crime_reference,
        impact=telling.told.impact,
        impact_words=telling.told.impact_words,
        community_impact=telling.told.community_impact,
        property_harm=told.property_harm,
    )
    ReportIncident.objects.create(report=report, incident=incident)
    if told.words:
        add_account(
            by=by,
            at=at,
            incident=incident,
            words=told.words,
            person=telling.people.victim if _callers_own(telling) else telling.third_party,
            capacity=_callers_capacity(telling.told),
            said_at=telling.said_at.get(f"incident-{told.number}.words", at),
            kept_apart=telling.kept_apart,
        )
    views = [_view(telling, view) for view in telling.told.views]
    if views:
        add_perceptions(by=by, at=at, incident=incident, views=views)
    return incident


def _callers_own(telling: Telling) -> bool:
    return telling.told.caller_is_harmed


def _callers_capacity(told: Told) -> str:
    """In what capacity the caller speaks: as their view has it, or by the door."""
    for view in told.views:
        if view.whose == "caller":
            return view.capacity
    if told.door == Door.AGENCY:
        return Capacity.AGENCY
    return Capacity.VICTIM if told.caller_is_harmed else Capacity.THIRD_PARTY


def _view(telling: Telling, view: ViewTold) -> tuple[Perception, list[PerceptionStrand]]:
    people = telling.people
    caller = people.victim if _callers_own(telling) else people.third_party
    person = {"caller": caller, "harmed": people.victim}.get(view.whose)
    officer = view.whose == "officer"
    keys = {"caller": "why.caller", "harmed": "why.harmed", "others": "why.others"}
    row = Perception(
        capacity=view.capacity,
        holds=view.holds,
        person=person,
        colleague=telling.report.taken_by if officer else None,
        described_as="" if person or officer else view.described_as or NO_NAME,
        words=view.words,
        said_at=telling.said_at.get(keys.get(view.whose, "why.own"), telling.at),
        kept_apart=telling.kept_apart and view.whose == "caller",
    )
    return row, strands_of(view.strands, view.kinds)


def open_hate_case(
    telling: Telling, result: Triage, *, counts_from: datetime | None = None
) -> Case:
    """Open the case a report becomes, with its people and every clock (domain 4.2).

    ``counts_from`` is when hate came up, if later than the report (S22); the first received
    moment is kept on the case all the same.
    """
    by, at, report, people = telling.by, telling.at, telling.report, telling.people
    restricted = people.victim.is_colleague
    case = open_case(
        by=by,
        at=at,
        received_at=report.received_at,
        victim=people.victim,
        home=people.home,
        team=report.team,
        policy_version=policy_version_at(report.received_at),
        restricted=restricted,
        provisional=result.provisional,
        third_party_only=not telling.told.by_victim,
        domestic_abuse=result.takes(DA),
    )
    report.case = case
    report.save()
    if restricted and (manager := outside_manager(people.victim, at)):
        give_access(by=by, at=at, case=case, user=manager, why=Access.NAMED)
    add_parts(telling, case)
    start = case_promises(telling, result, counts_from)
    start_clocks(by=by, at=at, case=case, promises=start)
    carry_999(by, at, case, report, telling.told.rang_999, telling.said_at)
    return case


def attach_recorded(by: Actor, at: datetime, report: Report, case: Case) -> None:
    """Put the report's incidents, recorded before there was a case, onto it."""
    for link in report.incident_links.select_related("incident").order_by("incident_id"):
        if link.incident.case_id is None:
            attach_incident(by=by, at=at, incident=link.incident, case=case)


def case_promises(telling: Telling, result: Triage, counts_from: datetime | None) -> list[Promise]:
    """Every clock of the new case, the Safeguarding referral's among them."""
    report, told, people = telling.report, telling.told, telling.people
    facts = CaseFacts(
        received_at=report.received_at,
        triaged_at=report.triaged_at or telling.at,
        counts_from=counts_from,
        third_party=told.door in (Door.THIRD_PARTY, Door.AGENCY),
        third_party_unreachable=told.anonymous,
        victim_identified=people.victim.identified,
        children=bool(people.children),
        safe_tonight=told.safe_tonight,
        graffiti="GRAFFITI" in told.types,
        home_insecure=any(incident.home_insecure for incident in told.incidents),
        domestic_abuse=result.takes(DA),
        colleague_victim=people.victim.is_colleague,
        care_and_support=_in_care_and_support(telling),
        provisional=result.provisional,
    )
    # The promises are those in force when the report came in, not when it was typed.
    made = promises(facts, settings_at(report.received_at), holidays())
    if result.takes(SAFEGUARDING):
        start = counts_from or report.received_at
        made.append(Promise(ClockKind.SAFEGUARDING, start, safeguarding_due(start)))
    return made


def add_parts(telling: Telling, case: Case) -> None:
    """Everybody's part: those harmed, the caller if somebody else, and the respondent."""
    told = telling.told
    parts = [_harmed(telling, person) for person in telling.people.harmed]
    if not told.caller_is_harmed:
        parts += _third_party(telling)
    if told.respondent:
        parts.append(
            Involvement(
                part=Part.RESPONDENT,
                described_as=told.respondent.named,
                relationship=told.respondent.relationship,
                customer=told.respondent.customer,
                under_18=told.respondent.under_18,
            )
        )
    add_involvements(by=telling.by, at=telling.at, case=case, parts=parts)
    _keep_permission(telling, case, parts)


def _keep_permission(telling: Telling, case: Case, parts: list[Involvement]) -> None:
    """What was answered on the call about who may be told (part 9)."""
    spoke = who_spoke(parts)
    said = on_the_call(telling.told.permission, telling.said_at, telling.at)
    if spoke is None or not telling.told.permission:
        return
    spoke.case = case  # the very object that is locked, not another of the same row
    how = how_asked(telling.report.channel)
    keep_first_call(by=telling.by, at=telling.at, about=spoke, how=how, said=said)


def _harmed(telling: Telling, person: Person) -> Involvement:
    told, main = telling.told, person == telling.people.victim
    return Involvement(
        part=Part.VICTIM,
        person=person,
        victim_role=_role(telling, person),
        tenure=_tenure(telling, person),
        gave_report=main and told.caller_is_harmed,
        knows_of_report=told.knows_of_report if main else "",
        fears=told.fears if main else "",
    )


def add_third_party(telling: Telling, case: Case) -> None:
    """The caller who is not the person harmed, kept apart; a witness too if they would be."""
    parts = _third_party(telling)
    add_involvements(by=telling.by, at=telling.at, case=case, parts=parts)


def _third_party(telling: Telling) -> list[Involvement]:
    told = telling.told
    parts = [Part.THIRD_PARTY]
    if told.would_witness == "YES":
        parts.append(Part.WITNESS)
    return [
        Involvement(
            part=part,
            person=telling.third_party,
            described_as=told.agency or ("" if telling.third_party else NO_NAME),
            kept_apart=telling.kept_apart,
            gave_report=part == Part.THIRD_PARTY,
            would_speak_again=told.would_speak_again,
            would_witness=told.would_witness,
        )
        for part in parts
    ]


def _role(telling: Telling, person: Person) -> str:
    """Who they are to us: as told of the main victim, as our records say of the others."""
    if person == telling.people.victim and telling.told.victim_role:
        return telling.told.victim_role
    if person.is_colleague:
        return VictimRole.COLLEAGUE
    if _tenure(telling, person):
        return VictimRole.TENANT
    if person in telling.people.at_home or person != telling.people.victim:
        return VictimRole.HOUSEHOLD
    return VictimRole.UNKNOWN


def _tenure(telling: Telling, person: Person) -> str:
    tenancy = tenancy_on(person, london_date(telling.report.received_at))
    return tenancy.tenure if tenancy else ""


def _in_care_and_support(telling: Telling) -> bool:
    """Whether the person harmed lives in, or it happened in, a scheme of ours (HC-21)."""
    places = {incident.location for incident in telling.told.incidents}
    tenure = _tenure(telling, telling.people.victim)
    return tenure in CARE_AND_SUPPORT or Location.SCHEME_CARE_SUPPORT in places
