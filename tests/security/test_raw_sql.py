"""Whoever can write SQL as the application still cannot rewrite what was said or promised.

Every statement is one that would take away somebody's view, re-date a promise, let somebody past
a conflict of interest, or make an earlier fact another (HC-23, domain 4.3 and 7.1).
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection

from cases.audit.ledger import record_access
from cases.casework import operations as do
from cases.casework.models import CaseMember, Conflict, Perception
from cases.intake import operations as intake
from tests.casework.story import Story, tell
from tests.consistency.permission_world import TOLD
from tests.intake.sheets import handler, new_sheet
from tests.world import World, by_hand

HOUR = "interval '1 hour'"
VIEWS = (
    "DELETE FROM casework_perception",
    "TRUNCATE casework_perception CASCADE",
    "UPDATE casework_perception SET holds = 'NO'",
    "UPDATE casework_perception SET words = 'No.'",
    "UPDATE casework_perception SET capacity = 'OFFICER'",
    "UPDATE casework_perception SET person_id = NULL, described_as = 'nobody'",
    "UPDATE casework_perception SET retracted_at = now()",  # without anybody's words
    "UPDATE casework_perception SET retracted_at = NULL, retraction_words = '' WHERE id = {taken}",
    "UPDATE casework_perception SET retraction_words = 'x' WHERE id = {taken}",
    "DELETE FROM casework_perceptionstrand",
    "UPDATE casework_perceptionstrand SET strand = 'AGE'",
    "DELETE FROM casework_account",
    "UPDATE casework_account SET words = ''",
    "DELETE FROM casework_incident",
    "UPDATE casework_incident SET case_id = NULL",
    "UPDATE casework_incident SET case_id = {other}",
    "UPDATE casework_incident SET same_as_id = id",
    "DELETE FROM casework_evidenceassessment; DELETE FROM casework_case",
)
PROMISES = (
    f"UPDATE casework_clock SET due_at = due_at + {HOUR}",
    f"UPDATE casework_clock SET started_at = started_at + {HOUR}",
    f"UPDATE casework_clock SET met_at = met_at - {HOUR} WHERE state = 'MET'",
    "UPDATE casework_clock SET met_at = NULL, state = 'RUNNING' WHERE state = 'MET'",
    "DELETE FROM casework_clock",
    f"UPDATE casework_case SET received_at_original = received_at_original - {HOUR}",
    f"UPDATE casework_case SET opened_at = opened_at + {HOUR}",
    "UPDATE casework_case SET reference = 'HC-2026-2222'",
    "UPDATE casework_case SET priority = 'ROUTINE'",
    f"UPDATE intake_report SET received_at_original = received_at_original - {HOUR}",
    f"UPDATE intake_report SET submitted_at = submitted_at + {HOUR}",
    f"UPDATE intake_report SET triage_due_at = triage_due_at + {HOUR}",
    f"UPDATE intake_report SET triaged_at = triaged_at - {HOUR}",
    "UPDATE intake_report SET taken_by_id = NULL",
    "UPDATE intake_report SET sheet_id = NULL",
    "DELETE FROM intake_report",
    f"UPDATE intake_routerecord SET opened_at = opened_at + {HOUR}",
    "UPDATE intake_routerecord SET route = 'ADVICE'",
    "UPDATE intake_callsheet SET taken_by_id = {somebody}",
    f"UPDATE intake_callsheet SET started_at = started_at - {HOUR}",
    "UPDATE intake_notepadline SET text = 'x'",
    "UPDATE intake_sheetanswer SET value = '\"NO\"'",
    "DELETE FROM intake_sheetanswer",
)
WHO_MAY_SEE = (
    "UPDATE casework_conflict SET user_id = {somebody}",
    "UPDATE casework_conflict SET case_id = {other}",
    "UPDATE casework_conflict SET lifted_at = now()",
    "UPDATE casework_conflict SET lifted_at = now(), lifted_by_id = user_id,"
    " proposed_lift_by_id = {somebody}",
    "DELETE FROM casework_conflict",
    "UPDATE casework_casemember SET user_id = {somebody}",
    "UPDATE casework_casemember SET ended_at = NULL WHERE ended_at IS NOT NULL",
    f"UPDATE casework_casemember SET from_at = from_at - {HOUR}",
    "DELETE FROM casework_casemember",
    "DELETE FROM casework_declaration; DELETE FROM audit_access",
    "UPDATE audit_event SET actor_name = 'x'",
    "DELETE FROM audit_event",
    "TRUNCATE audit_event, audit_access",
    "UPDATE audit_access SET outcome = 'DENIED'",
)


@pytest.fixture
def names(world: World) -> dict[str, int]:
    """One of everything the statements speak of; returns the ids they name."""
    story = tell(world).allocated()
    by, at = world.actor(handler(world, "Ravi Shah")), story.at(hours=2)
    _a_report(story)
    do.declare(by=story.lead, at=at, case=story.case, knows_somebody=False)
    somebody = world.user(name="Kofi Baxter")
    Conflict.objects.create(case=story.case, user=somebody, source="DECLARED", found_at=at)
    taken = Perception.objects.create(
        incident=story.incident,
        described_as="A passer-by",
        capacity="WITNESS",
        holds="YES",
        said_at=at,
        retracted_at=at + timedelta(minutes=1),
        retraction_words="I was wrong.",
    )
    other = do.open_case(
        by=by,
        at=at,
        received_at=at,
        victim=story.amara,
        policy_version=story.case.policy_version,
    )
    member = CaseMember.objects.filter(case=story.case, ended_at__isnull=True).first()
    assert member is not None
    member.ended_at = at
    member.save()
    record_access([], by=by, at=at, what="workflow:case")
    return {"taken": taken.pk, "other": other.pk, "somebody": story.manager.pk}


def _a_report(story: Story) -> None:
    sheet = new_sheet(story.world, story.handler)
    by, at = story.by(story.handler), story.at(minutes=5)
    intake.save_answers(by=by, at=at, sheet=sheet, answers=TOLD, line="He spat.")
    intake.submit(by=by, at=at, sheet=sheet)


def test_every_statement_is_refused(names: dict[str, int]) -> None:
    let_through = []
    for statement in (*VIEWS, *PROMISES, *WHO_MAY_SEE):
        try:
            with by_hand(), connection.cursor() as cursor:  # who gives a name may no more
                cursor.execute(statement.format(**names))
                if cursor.rowcount:
                    let_through.append(f"{statement} ({cursor.rowcount} rows)")
        except DatabaseError:
            continue
        else:
            let_through.append(f"{statement}: nobody refused it")
    assert let_through == []
