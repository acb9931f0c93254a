"""Real objects for every address: one set that is somebody's own, one that is kept from them."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from cases.access import Actor, Role
from cases.audit.finding_models import Finding
from cases.audit.finding_operations import raise_findings
from cases.audit.unusual import Found, Pattern
from cases.casework import operations as ops
from cases.casework.choices import Access
from cases.casework.models import Case, Conflict, IncidentPair
from cases.intake import operations as intake
from cases.intake.choices import Channel, Door
from cases.intake.models import CallSheet, Report, RouteRecord
from cases.partners.models import Agency
from cases.people.models import ImportRun, Person
from cases.people.operations import (
    add_adjustment,
    add_family_link,
    add_household,
    add_household_member,
    add_person,
    add_property,
    merge_people,
)
from cases.policy.defaults import OUTSIDE
from cases.risk.operations import finish, save_answers, start
from cases.staff.models import RoleHolding, User
from cases.workflow.watch_operations import WATCH
from tests.consent.one_of_each import keep_permission
from tests.improving.one_of_each import keep_improving
from tests.partners.entries import keep_one_of_each
from tests.referrals import one_of_each
from tests.reporting.reports_of_world import GROUPS, OF_REPORTS, keep_reports
from tests.risk.asking import answers, train
from tests.workflow.packs_of_world import keep_packs
from tests.workflow.requests_of_world import keep_delegate, keep_requests
from tests.world import World, by_hand

# Addresses of other apps that name somebody who signs in.
USERS = ("policy:record-training", "workflow:user-companies")
WORDS = ("policy:words", "policy:check-words")
OBJECTS = ("theirs", "not theirs")
APART = ("cases", "reports", "people", "referrals", "same-incident", "decisions")
TOLD = {
    "who.person": "new",
    "incident-1.words": "He spat at the pram.",
    "incident-1.types": ["SPITTING"],
    "why.caller": "YES",
    "why.strands": ["RACE"],
    "why.own": "YES",
    "respondent.relation": "PARTNER_EX",
    "respondent.abuse": "YES",
    "harmed.at_risk": ["CHILD"],
    "harmed.people": ["CALLER"],
    "harmed.role": "TENANT",
}


@dataclass
class Objects:
    """Everything an address may name, of one case."""

    case: Case
    again: Case
    report: Report
    sheet: CallSheet
    route: RouteRecord
    pair: IncidentPair
    person: Person
    alike: Person
    assessment: int
    rows: dict[str, int]


@dataclass
class PermissionWorld:
    """The user under test, what is theirs and what is kept from them."""

    user: User
    theirs: Objects
    hidden: Objects
    other: User
    holding: RoleHolding
    team: int
    agency: Agency

    def arguments(self, name: str, parameters: tuple[str, ...], whose: str) -> dict[str, Any]:
        """The parts of an address.  Raises KeyError for one nobody has said the object of."""
        objects = self.theirs if whose != "not theirs" else self.hidden
        return {parameter: self._argument(name, parameter, objects) for parameter in parameters}

    def _argument(self, name: str, parameter: str, objects: Objects) -> Any:
        if parameter == "reference":
            app = name.split(":")[0]
            return {
                "workflow": objects.case.reference,
                "risk": objects.case.reference,
                "intake": objects.case.reference
                if name == "intake:pairs"
                else objects.report.reference,
                "people": objects.person.reference,
            }[app]
        fixed: dict[str, Callable[[], Any]] = {
            "key": lambda: objects.sheet.key if name == "intake:sheet" else _key(name),
            "holding_pk": lambda: self.holding.pk,
            "slug": lambda: self.agency.slug,
            "agency": lambda: self.agency.pk,
            "other": lambda: objects.alike.reference,
            "child": lambda: objects.rows[f"{name} child"],
            "field": lambda: "PLACE",
            "group": lambda: GROUPS.get(name, "harm"),
            **{part: partial(str, said) for part, said in OF_REPORTS.items()},
        }
        if parameter in fixed:
            return fixed[parameter]()
        if ":" not in name:
            return 1  # a library's: nothing is there
        if name.startswith("staff:") or name in USERS:
            return self.team if name == "staff:change-team" else self.other.pk
        if name == "risk:sheet":
            return objects.assessment
        return objects.rows[name]


def _key(name: str) -> str:
    """What a page of the policy app is about: words others wrote, or a setting."""
    return next(iter(OUTSIDE)) if name in WORDS else "SLA_TRIAGE_HOURS"


def kept_apart(address: str) -> bool:
    """Whether an address names something that can be somebody's own or not."""
    first = address.split("/")[0]
    if address.startswith(("people/imports/", "decisions/delegates/")):
        return False  # of the whole register or house: who may see one sees each
    return "<" in address and first in APART


def build(world: World, role: Role) -> PermissionWorld:
    """A world in which one set of objects is as near to the role as it can be."""
    world.policy()
    north, south = world.team("North"), world.team("South")
    user = world.user(role, team=north, name="Under Test")
    train(world, user)
    taker = world.user(Role.CALL_HANDLER, team=south, name="Other Taker")
    manager = world.user(Role.CASE_MANAGER, team=south, name="Other Manager")
    for other in set(Role) - {role, Role.CALL_HANDLER, Role.CASE_MANAGER}:
        world.user(other, team=south)
    takes = role in (Role.CALL_HANDLER, Role.HOUSING_OFFICER, Role.CASE_MANAGER)
    theirs = _objects(world, user if takes else taker, manager, north)
    _bring_near(world, role, user, theirs)
    hidden = _objects(world, taker, manager, south)
    _hide(world, user, manager, hidden)
    agency, kept = keep_one_of_each(world.actor(manager), world.now)
    kept |= keep_reports(world, manager)
    kept |= keep_improving(world.actor(manager), world.now, manager)
    theirs.rows |= kept
    hidden.rows |= kept
    acting = keep_delegate(world)
    # The manager has a conflict of interest, which a page of its own shows: nothing is theirs.
    refers = world.user(Role.CASE_MANAGER, team=south, name="Referring Manager")
    for objects in (theirs, hidden):
        unit = kept["partners:check-unit"]
        objects.rows |= keep_packs(world, objects.case, agency, unit)
        rung = user if objects is theirs and role is Role.DIRECTOR_CO else None
        objects.rows |= keep_requests(world, objects.case, unit, rung)
        objects.rows["workflow:delegate-end"] = acting.pk
        later = world.now + timedelta(hours=2)
        objects.rows |= one_of_each.rows_of(world.actor(refers), later, objects.case)
        objects.rows |= keep_permission(world.actor(refers), later, objects.case, agency)
    return PermissionWorld(
        user=user,
        theirs=theirs,
        hidden=hidden,
        other=taker,
        holding=RoleHolding.objects.get(user=taker),
        team=north.pk,
        agency=agency,
    )


def _objects(world: World, taker: User, manager: User, team: Any) -> Objects:
    by, at = world.actor(taker), world.now
    home = add_property(by=by, at=at, address="14 Larkfield Court", team=team)
    person = add_person(by=by, at=at, full_name="Amara Osei", home=home)
    household = add_household(by=by, at=at, home=home)
    member = add_household_member(
        by=by, at=at, household=household, person=person, moved_in=at.date() - timedelta(days=99)
    )
    adjustment = add_adjustment(by=by, at=at, person=person, need="Large print")
    relative = add_person(by=by, at=at, full_name="Kwame Osei")
    family = add_family_link(by=by, at=at, person=person, relative=relative, kind="SIBLING")
    alike = add_person(by=by, at=at, full_name="Amarah Osei")
    twice = add_person(by=by, at=at, full_name="Amara Osei-Bonsu")
    merge = merge_people(by=world.actor(manager), at=at, survivor=person, loser=twice)
    sheet = _sheet(by, at, {**TOLD, "who.person": person.reference})
    report = intake.submit(by=by, at=at + timedelta(minutes=9), sheet=sheet)
    second = intake.submit(
        by=by,
        at=at + timedelta(minutes=12),
        sheet=_sheet(by, at, {**TOLD, "who.person": person.reference}),
    )
    case = report.case
    assert case is not None
    assert second.case is not None
    incident = case.incidents.get()
    pair = IncidentPair.objects.filter(first=incident, decision="").first()
    assert pair is not None
    victim = case.involvements.get(part="VICTIM")
    draft = start(by=world.actor(manager), at=at, case=case, about=victim)
    save_answers(by=world.actor(manager), at=at, assessment=draft, answers=answers(RF1="YES"))
    judged = finish(by=world.actor(manager), at=at + timedelta(minutes=30), assessment=draft)
    assessment = start(
        by=world.actor(manager), at=at + timedelta(minutes=40), case=case, about=victim
    )
    with by_hand():
        run = ImportRun.objects.create(
            system="housing", file_name="people.csv", started_at=at, finished_at=at, by_name="A job"
        )
        conflict = Conflict.objects.create(case=case, user=manager, source="DECLARED", found_at=at)
    rows = {
        "workflow:case-duty": case.clocks.get(kind="POLICE").pk,
        "workflow:case-pause": case.clocks.get(kind="FIRST_CONTACT").pk,
        "workflow:case-resume": case.clocks.get(kind="FIRST_CONTACT").pk,
        "workflow:case-words": incident.pk,
        "workflow:case-correct": incident.pk,
        "workflow:case-made-up": incident.pk,
        "workflow:case-evidence": incident.pk,
        "workflow:case-crime": incident.pk,
        "workflow:case-impact": incident.pk,
        "workflow:case-part-record": case.involvements.filter(part="VICTIM").first().pk,  # type: ignore[union-attr]
        "workflow:case-take-back": incident.perceptions.filter(capacity="VICTIM").get().pk,
        "workflow:case-part": case.involvements.filter(part="VICTIM").first().pk,  # type: ignore[union-attr]
        "workflow:case-show-part": case.involvements.filter(part="VICTIM").first().pk,  # type: ignore[union-attr]
        "workflow:case-conflict": conflict.pk,
        **dict.fromkeys(("risk:higher", "risk:lower", "risk:flag"), judged.pk),
        "intake:route-answer": report.routes.get(route="SAFEGUARDING").pk,
        "intake:pair": pair.pk,
        "intake:pair-apart": pair.pk,
        "people:end-adjustment": adjustment.pk,
        "people:move-out": member.pk,
        "people:correct-member": member.pk,
        "people:never-member": member.pk,
        "people:change-relative": family.pk,
        "people:not-relative": family.pk,
        "people:take-apart": merge.pk,
        "people:home": home.pk,
        "people:import": run.pk,
        "people:import-rows": run.pk,
        "audit:finding": _finding(world, taker, case).pk,
    }
    route = report.routes.get(route="SAFEGUARDING")
    open_sheet = _sheet(by, at, TOLD)
    return Objects(
        case, second.case, report, open_sheet, route, pair, person, alike, assessment.pk, rows
    )


def _finding(world: World, reader: User, case: Case) -> Finding:
    """Somebody's reading of the case that the watch found unusual."""
    (finding,) = raise_findings(
        by=WATCH,
        at=world.now,
        found=[
            Found(
                *(Pattern.NOT_ON_IT, reader.pk, reader.full_name, case.reference, "2026-11-19"),
                began_at=world.now,
                ended_at=world.now,
                people=(reader.pk,),
            )
        ],
    )
    return finding


def _sheet(by: Actor, at: Any, answers: dict[str, Any]) -> CallSheet:
    sheet = intake.start_sheet(
        by=by,
        at=at,
        key=uuid.uuid4(),
        door=Door.VICTIM,
        channel=Channel.PHONE_INBOUND,
        received_at=at,
    )
    intake.save_answers(by=by, at=at + timedelta(minutes=5), sheet=sheet, answers=answers)
    return sheet


def _bring_near(world: World, role: Role, user: User, objects: Objects) -> None:
    """Give the role its own way to the case, where it has one."""
    case, at = objects.case, world.now + timedelta(hours=1)
    why = {
        Role.HOUSING_OFFICER: Access.LEAD,
        Role.SAFEGUARDING_LEAD: Access.REFERRED,
        Role.DA_LEAD: Access.REFERRED,
        Role.AUDITOR: Access.SAMPLE,
    }.get(role)
    if why is not None:
        ops.give_access(by=world.actor(user), at=at, case=case, user=user, why=why)
    owned = {
        Role.SAFEGUARDING_LEAD: "SAFEGUARDING",
        Role.DA_LEAD: "DA",
        Role.CASE_MANAGER: "SAFEGUARDING",
    }.get(role)
    if owned:
        route = objects.report.routes.get(route=owned)
        route.owner = user
        with by_hand():
            route.save()
        objects.rows["intake:route-answer"] = route.pk
    if world.actor(user).id and role in (
        Role.CALL_HANDLER,
        Role.HOUSING_OFFICER,
        Role.CASE_MANAGER,
        Role.DIRECTOR_CO,
        Role.SAFEGUARDING_LEAD,
        Role.DA_LEAD,
        Role.AUDITOR,
    ):
        ops.declare(by=world.actor(user), at=at, case=case, knows_somebody=False)


def _hide(world: World, user: User, manager: User, objects: Objects) -> None:
    """Restricted, in another team, and the user is in conflict: nobody's role shows it."""
    at = world.now + timedelta(hours=1)
    for case in (objects.case, objects.again):
        ops.restrict_case(
            by=world.actor(manager),
            at=at,
            case=case,
            reason="Somebody who could be recognised may be harmed.",
            named=[manager],
        )
        with by_hand():
            Conflict.objects.create(case=case, user=user, source="DECLARED", found_at=at)
