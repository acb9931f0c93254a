"""The decision: who may not, one only, over what was seen; by the operation and by raw SQL."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError

from cases.access import Actor, Refused, Role
from cases.audit.models import Event
from cases.disclosures import deciding, request_operations
from cases.disclosures.models import Alert, Decision, Send
from cases.disclosures.watching import watch
from cases.partners.unit_operations import change_unit
from cases.staff.models import RoleHolding, User
from cases.staff.operations import end_role
from tests.disclosures.deciding import REASON, Desk, desk_of, file_of, fresh, raw, seal_of
from tests.disclosures.packs import FACTS, blocked, read, sent
from tests.world import COMMAND, World


@pytest.fixture
def desk(world: World) -> Desk:
    return desk_of(world)


def test_an_approval_lets_exactly_that_go_once(desk: Desk) -> None:
    request = desk.asked()
    said = desk.decide(request)
    request = fresh(request)
    assert (request.state, said.capacity, said.seal) == ("APPROVED", "DIRECTOR", seal_of(request))
    assert said.valid_until == request.valid_until == said.decided_at + timedelta(hours=72)
    assert desk.case.clocks.get(kind="POLICE_APPROVAL").state == "MET"
    send = sent(desk.send(request))
    assert (send.seal, send.door, fresh(request).state) == (said.seal, "D3", "SENT")
    assert blocked(desk.send(request)) == ["ALREADY_SENT"]
    assert Send.objects.count() == 1


def test_a_decline_is_a_decision_and_its_page_never_goes(desk: Desk) -> None:
    request = desk.asked()
    said = desk.decide(request, verdict="DECLINE")
    request = fresh(request)
    assert (request.state, request.pack.state, said.seal) == ("DECLINED", "STOPPED", "")
    assert "STOPPED" in blocked(desk.send(request))
    event = Event.objects.get(verb="disclosure.declined")
    assert REASON not in str(event.changes)


def test_approving_less_makes_and_approves_what_is_left(desk: Desk) -> None:
    request = desk.asked()
    place = request.pack.items.get(field="PLACE")
    said = desk.decide(request, verdict="APPROVE_REDUCED", take_out=[place])
    after = fresh(request)
    assert after.state == "REDUCED"
    assert after.pack.version == request.pack.version + 1
    assert said.file == after.file
    assert said.seal != seal_of(request)
    words = read(bytes(file_of(after).content))
    assert FACTS in words
    assert "bin store" not in words
    assert sent(desk.send(after)).seal == said.seal


def test_what_is_left_out_is_of_this_page(desk: Desk) -> None:
    request = desk.asked()
    other = desk.draft()
    item = desk.tell(other, "FACTS")
    with pytest.raises(Refused, match="what is on the page"):
        desk.decide(request, verdict="APPROVE_REDUCED", take_out=[item])
    assert fresh(request).state == "WAITING"


def test_of_two_who_decide_the_second_is_told_who_was_first(desk: Desk) -> None:
    delegate = desk.delegate()
    request = desk.asked()
    desk.decide(request)
    with pytest.raises(deciding.AlreadyDecided) as late:
        desk.decide(request, by=desk.by(delegate), verdict="DECLINE")
    assert late.value.answer.reason.startswith("Dita Rowe decided this already, at ")
    assert Decision.objects.count() == 1


@pytest.mark.parametrize("reason", ["", " ", "Yes, do."])
def test_every_decision_has_its_reason(desk: Desk, reason: str) -> None:
    request = desk.asked()
    for verdict in ("APPROVE", "APPROVE_REDUCED", "DECLINE"):
        with pytest.raises(Refused, match="Give your reason"):
            desk.decide(request, verdict=verdict, reason=reason)
    assert not Decision.objects.exists()


# --- what was seen is what is decided ---


def test_another_seal_than_the_one_seen_is_refused(desk: Desk) -> None:
    request = desk.asked()
    with pytest.raises(deciding.ChangedSince, match="The pack was changed at"):
        desk.decide(request, seal="0" * 64)
    assert fresh(request).state == "WAITING"


def test_a_page_changed_while_it_waits_is_void_and_asked_again(desk: Desk) -> None:
    request = desk.asked()
    seal = seal_of(request)
    desk.tell(request, "PLACE", "Outside number 16.")
    assert fresh(request).state == "VOID"
    assert desk.case.clocks.get(kind="POLICE_APPROVAL").state == "NOT_APPLICABLE"
    with pytest.raises(deciding.ChangedSince, match="The pack was changed at"):
        desk.decide(request, seal=seal)


def test_a_page_changed_after_approval_is_void_and_does_not_go(desk: Desk) -> None:
    request = desk.asked()
    desk.decide(request)
    desk.packs.tell(request.pack, "FACTS", FACTS + " Again.")
    assert fresh(request).state == "VOID"
    desk.packs.make(request.pack)
    assert "CHANGED" in blocked(desk.send(request))
    assert Event.objects.filter(verb="disclosure.void").count() == 1


def test_a_unit_whose_address_changed_is_not_what_was_seen(desk: Desk) -> None:
    request = desk.asked()
    unit = desk.packs.ppu
    kept = {name: getattr(unit, name) for name in ("unit", "person", "portal", "phone", "hours")}
    change_unit(
        by=desk.packs.keeper,
        at=desk.now,
        contact=unit,
        **{**kept, "post_address": "", "secure_email": "other@police.example"},
    )
    with pytest.raises(deciding.ChangedSince):
        desk.decide(request)


# --- time ---


def test_at_72_hours_it_still_goes_and_a_second_later_not(desk: Desk) -> None:
    request = desk.asked()
    until = desk.decide(request).valid_until
    assert until is not None
    assert watch(until).lapsed == 0
    assert blocked(desk.send(request, until + timedelta(seconds=1))) == ["TOO_LATE"]
    assert sent(desk.send(request, until)).sent_at == until


def test_an_approval_not_used_lapses_once_and_asks_anew(desk: Desk) -> None:
    request = desk.asked()
    until = desk.decide(request).valid_until
    assert until is not None
    after = until + timedelta(seconds=1)
    assert watch(after).lapsed == 1
    assert watch(after).lapsed == 0
    request = fresh(request)
    assert (request.state, request.pack.state, request.ended_at) == ("LAPSED", "STOPPED", after)
    assert set(blocked(desk.send(request, after))) >= {"STOPPED"}
    again = desk.asked(new_facts="")
    assert (again.previous, again.state) == (request, "WAITING")


def test_72_hours_really_pass_across_a_clock_change(desk: Desk) -> None:
    before = datetime(2027, 3, 27, 12, tzinfo=UTC)
    desk.packs.check(desk.packs.ppu, before)
    request = desk.asked(by=desk.by(desk.officer(), before), at=before)
    said = desk.decide(request, by=desk.by(desk.director, before), at=before)
    assert said.valid_until == datetime(2027, 3, 30, 12, tzinfo=UTC)


def test_a_late_decision_is_told_once_and_can_still_be_made(desk: Desk) -> None:
    request = desk.asked()
    assert request.due_at is not None
    assert watch(request.due_at).late == 0
    assert watch(request.due_at + timedelta(seconds=1)).late == 1
    assert watch(request.due_at + timedelta(hours=1)).late == 0
    assert [row.kind for row in Alert.objects.filter(user=desk.director)] == ["ASKED", "LATE"]
    desk.decide(request, at=request.due_at + timedelta(hours=2))
    assert desk.case.clocks.get(kind="POLICE_APPROVAL").was_late


# --- questions ---


def test_a_question_is_answered_while_the_clock_runs(desk: Desk) -> None:
    request = desk.asked()
    director, at = desk.by(desk.director), desk.now + timedelta(minutes=5)
    question = deciding.ask_question(by=director, at=at, request=request, words="Who saw the can?")
    assert desk.case.clocks.get(kind="POLICE_APPROVAL").state == "RUNNING"
    answer = request_operations.answer_question(
        by=desk.lead, at=at, question=question, words="Bela did, from her kitchen."
    )
    assert (answer.answers, fresh(request).due_at) == (question, request.due_at)
    with pytest.raises(Refused, match="answered already"):
        request_operations.answer_question(by=desk.lead, at=at, question=question, words="Again.")
    with pytest.raises(Refused, match="Only a question"):
        request_operations.answer_question(by=desk.lead, at=at, question=answer, words="Again.")
    with pytest.raises(Refused):
        deciding.ask_question(by=desk.lead, at=at, request=request, words="May I?")
    desk.decide(request)
    with pytest.raises(deciding.AlreadyDecided):
        deciding.ask_question(by=director, at=at, request=request, words="And the wind?")


# --- who may not ---

Who = Callable[[Desk], User]


def _of(role: Role) -> Who:
    return lambda desk: desk.world.user(role)


def _too_late(desk: Desk) -> User:
    return desk.delegate(days=7, begins_at=desk.now - timedelta(days=8))


def _ended(desk: Desk) -> User:
    other = desk.world.user(Role.DIRECTOR_CO, name="Ex Rowe")
    holding = RoleHolding.objects.get(user=other)
    end_role(by=COMMAND, at=desk.now - timedelta(days=1), holding=holding, reason="Left.")
    return other


def _conflicted(desk: Desk) -> User:
    desk.conflict(desk.director)
    return desk.director


def _of_a_conflicted_director(desk: Desk) -> User:
    delegate = desk.delegate()
    desk.conflict(desk.director)
    return delegate


def _conflicted_delegate(desk: Desk) -> User:
    delegate = desk.delegate()
    desk.conflict(delegate)
    return delegate


NOBODY: list[tuple[str, Who, str]] = [
    ("an officer", _of(Role.HOUSING_OFFICER), "Only the Director"),
    ("whoever asked", lambda desk: desk.officer(), "Only the Director"),
    ("the lead", lambda desk: desk.packs.story.officer, "Only the Director"),
    ("a manager", lambda desk: desk.packs.story.manager, "Only the Director"),
    ("a Director with a conflict", _conflicted, "conflict of interest"),
    ("a delegate out of time", _too_late, "Only the Director"),
    ("the delegate of one with a conflict", _of_a_conflicted_director, "The Director you act for"),
    ("a delegate with a conflict", _conflicted_delegate, "conflict of interest"),
    ("the sponsor while the Director can", lambda desk: desk.sponsor, "The Director can decide"),
    ("a system administrator", _of(Role.SYSADMIN), "Only the Director"),
    ("an auditor", _of(Role.AUDITOR), "Only the Director"),
    ("the data protection officer", lambda desk: desk.dpo, "Only the Director"),
    ("a Director of before", _ended, "Only the Director"),
]


@pytest.mark.parametrize(("called", "whose", "why"), NOBODY, ids=[row[0] for row in NOBODY])
def test_nobody_else_decides_by_the_operation_or_by_raw_sql(
    desk: Desk, called: str, whose: Who, why: str
) -> None:
    request, at = desk.asked(), desk.now + timedelta(minutes=20)
    user = whose(desk)
    by = user.actor(at)
    with pytest.raises(Refused, match=why):
        desk.decide(request, by=by, at=at)
    for capacity in ("DIRECTOR", "DELEGATE", "SPONSOR"):
        for verdict in ("APPROVE", "DECLINE"):
            with pytest.raises(DatabaseError), raw(at, by) as cursor:
                cursor.execute(INSERT, _row(desk, request, user, at, capacity, verdict))
    assert not Decision.objects.exists()
    assert fresh(request).state == "WAITING"


INSERT = """INSERT INTO disclosures_decision (request_id, case_id, asked_by_id, lead_id, verdict,
    capacity, decided_by_id, decided_at, reason, by_phone, file_id, seal, valid_until)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"""


def _row(
    desk: Desk, request: object, user: User, at: datetime, capacity: str, verdict: str
) -> list[object]:
    asked = fresh(request)  # type: ignore[arg-type]
    desk.case.refresh_from_db()
    return [
        *(asked.pk, asked.case_id, asked.begun_by_id, desk.case.lead_id, verdict, capacity),
        *(user.pk, at, "Because.", False, asked.file_id, seal_of(asked)),
        at + timedelta(hours=72),
    ]


def test_the_row_itself_is_right_when_the_director_writes_it(desk: Desk) -> None:
    """What is refused above is refused for who it is, not for how the row is written."""
    request, at = desk.asked(), desk.now + timedelta(minutes=20)
    with raw(at) as cursor:
        cursor.execute(INSERT, _row(desk, request, desk.director, at, "DIRECTOR", "APPROVE"))
    assert Decision.objects.count() == 1


def test_a_director_who_asked_or_leads_is_refused_by_both(desk: Desk) -> None:
    both = desk.world.user(Role.CASE_MANAGER, Role.DIRECTOR_CO, team=desk.world.team())
    request, at = desk.asked(by=desk.by(both)), desk.now + timedelta(minutes=20)
    with pytest.raises(Refused, match="You raised this request, so somebody else decides it: the"):
        desk.decide(request, by=desk.by(both))
    with pytest.raises(DatabaseError), raw(at) as cursor:
        cursor.execute(INSERT, _row(desk, request, both, at, "DIRECTOR", "APPROVE"))
    type(desk.case).objects.filter(pk=desk.case.pk).update(lead=desk.director)
    with pytest.raises(Refused, match="You lead this case, so somebody else decides it: the"):
        desk.decide(request)
    with pytest.raises(DatabaseError), raw(at) as cursor:
        cursor.execute(INSERT, _row(desk, request, desk.director, at, "DIRECTOR", "APPROVE"))


def test_the_sponsor_decides_what_no_director_can(desk: Desk) -> None:
    request = desk.asked()
    desk.conflict(desk.director)
    said = desk.decide(request, by=desk.by(desk.sponsor))
    assert (said.capacity, said.decided_by) == ("SPONSOR", desk.sponsor)


def test_a_delegate_decides_as_a_delegate(desk: Desk) -> None:
    delegate = desk.delegate()
    said = desk.decide(desk.asked(), by=desk.by(delegate))
    assert said.capacity == "DELEGATE"


@pytest.mark.parametrize("state", ["DRAFT", "VOID", "TAKEN_BACK"])
def test_the_database_lets_nobody_decide_what_does_not_wait(desk: Desk, state: str) -> None:
    at = desk.now + timedelta(minutes=20)
    match state:
        case "DRAFT":
            request = desk.draft()
            desk.tell(request, "FACTS")
            desk.packs.make(request.pack)
            type(request).objects.filter(pk=request.pk).update(file=request.pack.files.get())
        case "VOID":
            request = desk.asked()
            desk.tell(request, "PLACE", "Elsewhere.")
        case _:
            request = desk.asked()
            request_operations.take_back(by=desk.lead, at=at, request=request, why="No.")
    with pytest.raises(DatabaseError, match="does not wait"), raw(at) as cursor:
        cursor.execute(INSERT, _row(desk, request, desk.director, at, "DIRECTOR", "APPROVE"))


def test_one_decision_for_each_request_is_the_databases_too(desk: Desk) -> None:
    request, at = desk.asked(), desk.now + timedelta(minutes=20)
    row = _row(desk, request, desk.director, at, "DIRECTOR", "DECLINE")
    with raw(at) as cursor:
        cursor.execute(INSERT, row)
    with pytest.raises(IntegrityError), raw(at) as cursor:
        cursor.execute(INSERT, row)


def test_an_approval_is_of_the_page_that_was_asked_for(desk: Desk) -> None:
    request, at = desk.asked(), desk.now + timedelta(minutes=20)
    other = desk.draft()
    desk.tell(other, "FACTS", "Something else.")
    file = desk.packs.make(other.pack)
    row = _row(desk, request, desk.director, at, "DIRECTOR", "APPROVE")
    row[10:12] = [file.pk, file.seal]
    with pytest.raises(DatabaseError, match="page that was asked for"), raw(at) as cursor:
        cursor.execute(INSERT, row)


def test_a_job_decides_nothing(desk: Desk) -> None:
    with pytest.raises(Refused):
        desk.decide(desk.asked(), by=Actor(id=None, name="a job"))
