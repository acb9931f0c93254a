"""What is said is kept: answers, lines, two windows, two presses."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from cases.access import Refused, Role
from cases.audit.models import Event
from cases.audit.verbs import Verb
from cases.intake.choices import Channel, Door, SheetState
from cases.intake.models import CallSheet, NotepadLine
from cases.intake.queries import answers_of, kept_answers, words_of_incident
from cases.intake.sheet_operations import (
    add_incident,
    add_line,
    cut_off,
    note_danger,
    park_sheet,
    save_answers,
    start_sheet,
    strike_line,
)
from tests.intake.sheets import handler, new_sheet
from tests.world import World

CANARY = "He said he would burn the house down"


@pytest.fixture
def joanne(world: World):
    return handler(world)


@pytest.fixture
def sheet(world: World, joanne) -> CallSheet:
    return new_sheet(world, joanne)


@pytest.fixture
def say(world: World, joanne, sheet):
    """Save answers in a window; minutes after the start."""

    def save(answers, *, window="one", seen=0, minute=1, **more):
        return save_answers(
            by=world.actor(joanne),
            at=world.now + timedelta(minutes=minute),
            sheet=sheet,
            answers=answers,
            window=window,
            seen=seen,
            **more,
        )

    return save


def test_a_sheet_starts_with_its_door_and_is_on_the_ledger(world: World, joanne) -> None:
    sheet = new_sheet(world, joanne, Door.THIRD_PARTY, no_name=True)
    assert answers_of(sheet) == {"door": "THIRD_PARTY", "who.person": "no-name"}
    event = Event.objects.get(verb=Verb.SHEET_STARTED, subject_id=sheet.pk)
    assert event.changes == {"door": "THIRD_PARTY", "channel": "PHONE_INBOUND", "no_name": True}


def test_a_second_press_starts_no_second_sheet(world: World, joanne) -> None:
    key = uuid.uuid4()
    first = new_sheet(world, joanne, key=key)
    assert new_sheet(world, joanne, key=key) == first
    assert CallSheet.objects.filter(taken_by=joanne).count() == 1


def test_a_letter_is_received_before_it_is_written_up_and_never_after(world: World, joanne) -> None:
    early = world.now - timedelta(days=2)
    assert new_sheet(world, joanne, received_at=early).received_at == early
    with pytest.raises(ValidationError, match="cannot have been received in the future"):
        new_sheet(world, joanne, received_at=world.now + timedelta(seconds=1))


@pytest.mark.parametrize("role", [Role.DIRECTOR_CO, Role.AUDITOR, Role.SYSADMIN])
def test_who_takes_no_reports_starts_no_sheet(world: World, role: Role) -> None:
    user = world.user(role, team=world.team())
    with pytest.raises(Refused):
        start_sheet(
            by=world.actor(user),
            at=world.now,
            key=uuid.uuid4(),
            door=Door.VICTIM,
            channel=Channel.PHONE_INBOUND,
            received_at=world.now,
        )


def test_only_what_changed_is_added_and_nothing_is_ever_lost(say, sheet) -> None:
    say({"safe.call_them": "Am"})
    say({"safe.call_them": "Amara", "safe.now": "YES"}, minute=2)
    saved = say({"safe.call_them": "Amara", "safe.now": "YES"}, minute=3)

    assert saved.answered == ()
    rows = sheet.answers.exclude(question="door").values_list("question", "value")
    assert sorted(rows) == [
        ("safe.call_them", "Am"),
        ("safe.call_them", "Amara"),
        ("safe.now", "YES"),
    ]
    assert answers_of(sheet)["safe.call_them"] == "Amara"


def test_the_ledger_has_the_questions_and_never_the_words(say, sheet) -> None:
    say({"incident-1.words": CANARY, "safe.now": "NO"}, line=CANARY)
    event = Event.objects.get(verb=Verb.SHEET_SAVED, subject_id=sheet.pk)
    assert event.changes == {"questions": ["incident-1.words", "safe.now"], "lines": True}
    for row in Event.objects.all():
        assert CANARY not in str(row.changes) + row.reason


def test_a_save_that_changes_nothing_leaves_no_event(say, sheet) -> None:
    say({"safe.now": "YES"})
    before = Event.objects.count()
    assert say({"safe.now": "YES"}).answered == ()
    assert Event.objects.count() == before


def test_a_window_does_not_put_back_what_it_has_not_touched(say, sheet) -> None:
    say({"safe.call_them": "Amara"}, window="one")
    seen = sheet.answers.order_by("-id").first().pk
    say({"safe.call_them": "Amara Osei"}, window="two", seen=seen)

    saved = say({"safe.call_them": "Amara", "safe.now": "YES"}, window="one", seen=seen)

    assert saved.answered == ("safe.now",)
    assert saved.others == ()
    assert answers_of(sheet)["safe.call_them"] == "Amara Osei"


def test_two_windows_with_different_answers_keep_both_and_say_so(say, sheet) -> None:
    say({"why.caller": "NOT_SURE"}, window="two", minute=5)
    saved = say({"why.caller": "YES"}, window="one", minute=6)

    (other,) = saved.others
    assert (other.question, other.value) == ("why.caller", "NOT_SURE")
    assert answers_of(sheet)["why.caller"] == "YES"
    kept = sheet.answers.filter(question="why.caller").values_list("value", flat=True)
    assert list(kept) == ["NOT_SURE", "YES"]


def test_the_same_window_is_never_in_its_own_way(say, sheet) -> None:
    say({"why.caller": "NOT_SURE"}, window="one")
    assert say({"why.caller": "YES"}, window="one").others == ()
    assert say({"why.caller": "NO"}, window="one").others == ()


def test_changing_the_door_changes_the_sheet(say, sheet) -> None:
    say({"door": "THIRD_PARTY"})
    sheet.refresh_from_db()
    assert sheet.door == Door.THIRD_PARTY


def test_answers_that_no_longer_arise_are_kept_and_do_not_count(say, sheet) -> None:
    say({"respondent.relation": "FRIEND_ACQ", "respondent.mate": ["CUCKOOING"]})
    say({"respondent.relation": "STRANGER"}, minute=2)
    assert "respondent.mate" not in answers_of(sheet)
    assert kept_answers(sheet)["respondent.mate"] == ["CUCKOOING"]
    say({"respondent.relation": "FRIEND_ACQ"}, minute=3)
    assert answers_of(sheet)["respondent.mate"] == ["CUCKOOING"]


def test_a_line_is_kept_once_however_often_it_is_sent(say, sheet) -> None:
    key = uuid.uuid4()
    say({}, line="crying. give her time", line_key=key)
    say({}, line="crying. give her time", line_key=key)
    assert sheet.lines.count() == 1


def test_several_lines_written_at_once_are_several_lines(say, sheet) -> None:
    key = uuid.uuid4()
    for _ in range(2):
        say({}, line="next door, no 16\r\n\r\n  \nsince the summer", line_key=key)
    assert list(sheet.lines.values_list("text", flat=True)) == [
        "next door, no 16",
        "since the summer",
    ]


def test_a_line_is_struck_through_and_stands_again_and_is_never_removed(
    world: World, joanne, sheet
) -> None:
    by, at, key = world.actor(joanne), world.now, uuid.uuid4()
    add_line(by=by, at=at, sheet=sheet, text="sister had the same in March?", key=key)
    strike_line(by=by, at=at, sheet=sheet, key=key)
    assert NotepadLine.objects.get(key=key).struck_at == at
    strike_line(by=by, at=at, sheet=sheet, key=key)
    assert NotepadLine.objects.get(key=key).struck_at is None
    strike_line(by=by, at=at, sheet=sheet, key=uuid.uuid4())
    assert sheet.lines.count() == 1


def test_lines_used_in_a_part_are_their_words_before_what_is_added(say, sheet) -> None:
    key = uuid.uuid4()
    say({}, line="“shouts about my skin”", line_key=key)
    say({"incident-1.lines": [str(key)], "incident-1.words": "Every day since June."})
    words = words_of_incident(answers_of(sheet), 1, sheet.lines.all())
    assert words == "“shouts about my skin”\nEvery day since June."


def test_who_rang_999_is_kept_with_its_time(world: World, joanne, sheet) -> None:
    at = world.now + timedelta(minutes=3)
    note_danger(by=world.actor(joanne), at=at, sheet=sheet, rang="OFFICER")
    event = Event.objects.get(verb=Verb.DANGER_RECORDED)
    assert event.at == at
    assert event.changes == {"questions": ["danger.rang"], "rang": "OFFICER"}


def test_two_presses_add_one_incident(world: World, joanne, sheet) -> None:
    for _ in range(2):
        number = add_incident(by=world.actor(joanne), at=world.now, sheet=sheet, shown=1)
        assert number == 2
    assert add_incident(by=world.actor(joanne), at=world.now, sheet=sheet, shown=2) == 3
    assert kept_answers(sheet)["incidents"] == "3"
    assert add_incident(by=world.actor(joanne), at=world.now, sheet=sheet, shown=10**9) == 20


def test_a_sheet_rests_and_opens_again_with_the_next_word(world: World, joanne, sheet, say) -> None:
    by = world.actor(joanne)
    park_sheet(by=by, at=world.now, sheet=sheet)
    park_sheet(by=by, at=world.now, sheet=sheet)
    sheet.refresh_from_db()
    assert sheet.state == SheetState.PARKED
    assert Event.objects.filter(verb=Verb.SHEET_PARKED).count() == 1
    say({"safe.now": "YES"})
    sheet.refresh_from_db()
    assert sheet.state == SheetState.OPEN
    cut_off(by=by, at=world.now, sheet=sheet)
    sheet.refresh_from_db()
    assert sheet.state == SheetState.CUT_OFF


def test_nobody_else_writes_on_a_sheet_not_even_their_manager(world: World, sheet) -> None:
    for role in (Role.CALL_HANDLER, Role.CASE_MANAGER):
        other = world.user(role, team=world.team())
        with pytest.raises(Refused, match="Only the person who took the call"):
            save_answers(
                by=world.actor(other), at=world.now, sheet=sheet, answers={"safe.now": "YES"}
            )
    assert "safe.now" not in kept_answers(sheet)


def test_a_sent_sheet_takes_no_more(world: World, joanne, sheet, say) -> None:
    CallSheet.objects.filter(pk=sheet.pk).update(state=SheetState.SENT)
    with pytest.raises(Refused, match="sent to triage"):
        say({"safe.now": "YES"})


def test_answers_and_lines_cannot_be_altered_behind_the_operations(say, sheet) -> None:
    from django.db import InternalError, transaction
    from django.db.utils import DatabaseError

    say({"safe.now": "YES"}, line="a line")
    for change in (
        lambda: sheet.answers.update(value="NO"),
        lambda: sheet.answers.all().delete(),
        lambda: sheet.lines.all().delete(),
    ):
        with pytest.raises((DatabaseError, InternalError)), transaction.atomic():
            change()
    assert kept_answers(sheet)["safe.now"] == "YES"
