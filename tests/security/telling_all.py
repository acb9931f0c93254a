"""One case about which everything has been written down that can be."""

from __future__ import annotations

from datetime import datetime, timedelta

from cases.access import Actor, Role
from cases.audit.context import Read
from cases.audit.finding_models import Finding
from cases.audit.finding_operations import decide_finding
from cases.audit.ledger import record_access
from cases.casework import operations as do
from cases.casework.models import Case
from cases.intake.operations import correct_received, save_answers
from cases.people.choices import ImportNoteKind
from cases.people.models import Entity, ImportNote, ImportRun, UnsafeDetail
from cases.people.operations import set_safe_contact
from cases.policy.operations import change_setting
from cases.repeats.models import MadeUp
from cases.risk.judgement_operations import raise_level
from cases.risk.operations import finish, start
from cases.risk.operations import save_answers as save_risk_answers
from tests.consistency.permission_world import PermissionWorld
from tests.improving.one_of_each import end_all
from tests.referrals.one_of_each import say_all
from tests.reporting.reports_of_world import enter_figures
from tests.risk.asking import WHY, answers
from tests.world import World, by_hand


def tell_all(world: World, here: PermissionWorld) -> None:
    """A row in every table that holds somebody's words, beside those ``here`` has."""
    by, at = world.actor(here.user), world.now + timedelta(hours=2)
    case = here.theirs.case
    with by_hand():
        Entity.objects.create(code="CANARY", name="A company")
    set_safe_contact(
        by=by,
        at=at,
        person=here.theirs.person,
        ring="SAFE",
        safe_times="Before noon",
        say_we_are="Sam",
        who_could_find_out="Her brother",
        if_cut_off="TEXT_FIRST",
    )
    save_answers(by=by, at=at, sheet=here.theirs.sheet, answers={}, line="He spat at her.")
    correct_received(
        by=by,
        at=at,
        report=here.theirs.report,
        received_at=here.theirs.report.received_at + timedelta(minutes=5),
        reason="The clock on the wall was five minutes fast.",
    )
    _work(by, case, world)
    again = here.theirs.again
    do.declare(by=by, at=at, case=again, knows_somebody=False)
    do.record_crime_status(
        by=by,
        at=at,
        incident=again.incidents.get(),
        status="NFA",
        decided_by="A sergeant",
        decided_on=at.date(),
        words="They said no.",
    )
    _bring_in(here, at)
    _assess(world, here)
    _decide(world, at)
    manager = world.user(Role.CASE_MANAGER)
    enter_figures(world.actor(manager), at)
    end_all(world.actor(manager), at, manager)
    say_all(by, at + timedelta(hours=2), case, here.theirs.rows)
    read = Read("sought", purpose="A question")
    record_access([read], by=by, at=at, what="workflow:case")


def _decide(world: World, at: datetime) -> None:
    """A setting changed, and unusual reading that was looked into."""
    change_setting(
        by=world.actor(world.user(Role.SYSADMIN)),
        at=at,
        key="SLA_TRIAGE_HOURS",
        value=23,
        reason="The policy's new version.",
    )
    decide_finding(
        by=world.actor(world.user(Role.DPO)),
        at=at,
        finding=Finding.objects.latest("pk"),
        verdict="NOT_EXPLAINED",
        reason="Nobody knows why.",
    )


def _work(by: Actor, case: Case, world: World) -> None:
    at = world.now + timedelta(hours=2)
    incident = case.incidents.get()
    victim = case.involvements.get(part="VICTIM")
    do.log_contact(
        by=by,
        at=at,
        case=case,
        involvement=victim,
        kind="INTERACTION",
        channel="ring",
        summary="She is well.",
    )
    do.add_note(by=by, at=at, case=case, kind="CASE", text="A note.")
    do.assess_evidence(by=by, at=at, incident=incident, text="A camera.")
    do.record_part(
        by=by,
        at=at,
        involvement=victim,
        kind="STATEMENT",
        on=at.date(),
        with_whom="PC Hale",
        words="Four pages.",
    )


def _bring_in(here: PermissionWorld, at: datetime) -> None:
    """What a file from another system left, and what somebody took back."""
    person, incident = here.theirs.person, here.theirs.case.incidents.get()
    with by_hand():
        run = ImportRun.objects.create(
            system="housing",
            file_name="people.csv",
            started_at=at,
            finished_at=at,
            by_name="A job",
            stopped="The disk was full.",
        )
        ImportNote.objects.create(run=run, what=ImportNoteKind.REFUSED, line=2, reason="No name.")
        UnsafeDetail.objects.create(person=person, kind="phone", value="07700 900412", since=at)
        MadeUp.objects.create(incident=incident, words="I said it.", agreed_by=here.other, at=at)


def _assess(world: World, here: PermissionWorld) -> None:
    """An assessment of risk, finished, and judged to be higher."""
    case, at, by = here.theirs.case, world.now + timedelta(hours=3), world.actor(here.user)
    draft = start(by=by, at=at, case=case, about=case.involvements.get(part="VICTIM"))
    save_risk_answers(by=by, at=at, assessment=draft, answers=answers())
    done = finish(by=by, at=at + timedelta(minutes=1), assessment=draft)
    raise_level(by=by, at=at + timedelta(minutes=2), assessment=done, to="HIGH", reason=WHY)
