"""Referrals, meetings and the ASB case review, rule by rule (domain 2.13, HC-11, HC-37)."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from cases.access import Actor, Role
from cases.casework.choices import Part, Stage
from cases.casework.clocks import ClockKind
from cases.disclosures.choices import Door
from cases.partners.choices import OWN_KINDS, AgencyKind
from cases.referrals import review_rules, rules
from cases.referrals.choices import ActionState, Forum, ReferralState
from cases.referrals.review_rules import Terms, Told, Why

TODAY = date(2026, 11, 19)
OFFICER = Actor(id=1, name="Dawn", roles=frozenset({Role.HOUSING_OFFICER}))
MANAGER = Actor(id=2, name="Sunita", roles=frozenset({Role.CASE_MANAGER}))
HANDLER = Actor(id=3, name="Joanne", roles=frozenset({Role.CALL_HANDLER}))
LEAD = Actor(id=4, name="Ruth", roles=frozenset({Role.SAFEGUARDING_LEAD}))
DA = Actor(id=5, name="Ivy", roles=frozenset({Role.DA_LEAD}))
DIRECTOR = Actor(id=6, name="Helen", roles=frozenset({Role.DIRECTOR_CO}))

OPEN = Stage.ASSESS
STARTS = [
    (OFFICER, OPEN, AgencyKind.VICTIM_SUPPORT, Door.PERMISSION, Part.VICTIM, ""),
    (OFFICER, OPEN, AgencyKind.VICTIM_SUPPORT, "", Part.VICTIM, "Say on what ground"),
    (OFFICER, OPEN, AgencyKind.VICTIM_SUPPORT, Door.PERMISSION, None, "Say who is referred"),
    (OFFICER, OPEN, AgencyKind.VICTIM_SUPPORT, Door.ANONYMISED, None, ""),
    (OFFICER, OPEN, AgencyKind.VICTIM_SUPPORT, Door.ANONYMISED, Part.VICTIM, "Where nobody"),
    (OFFICER, OPEN, AgencyKind.POLICE, Door.DIRECTOR, Part.VICTIM, "To tell the police without"),
    (OFFICER, OPEN, AgencyKind.POLICE, Door.EMERGENCY, Part.VICTIM, "A life at risk"),
    (OFFICER, OPEN, AgencyKind.HR, Door.PERMISSION, Part.VICTIM, ""),
    (OFFICER, OPEN, AgencyKind.HR, Door.LEGAL_REQUIREMENT, Part.VICTIM, "HR is told only with"),
    (OFFICER, OPEN, AgencyKind.HR, "", Part.VICTIM, "HR is told only with permission."),
    (OFFICER, OPEN, AgencyKind.SAFEGUARDING_TEAM, Door.SAFEGUARDING, Part.VICTIM, ""),
    (OFFICER, OPEN, AgencyKind.SAFEGUARDING_TEAM, Door.PERMISSION, Part.VICTIM, "A team of our"),
    (OFFICER, OPEN, AgencyKind.DA_TEAM, Door.DA, Part.THIRD_PARTY, ""),
    (OFFICER, OPEN, AgencyKind.ASB_TEAM, "", None, ""),
    (OFFICER, OPEN, AgencyKind.ASB_TEAM, Door.PERMISSION, Part.VICTIM, "A team of our own"),
    (OFFICER, Stage.CLOSED, AgencyKind.ASB_TEAM, "", None, "This case is closed"),
    (HANDLER, OPEN, AgencyKind.VICTIM_SUPPORT, Door.PERMISSION, Part.VICTIM, "Only the people"),
    (DIRECTOR, OPEN, AgencyKind.VICTIM_SUPPORT, Door.PERMISSION, Part.VICTIM, "Only the people"),
    (LEAD, OPEN, AgencyKind.SAFEGUARDING_TEAM, Door.SAFEGUARDING, Part.VICTIM, "Only the people"),
]


@pytest.mark.parametrize(("actor", "stage", "kind", "door", "part", "why"), STARTS)
def test_who_refers_whom_through_which_door(
    actor: Actor, stage: str, kind: str, door: str, part: str | None, why: str
) -> None:
    answer = rules.start(actor, stage=stage, kind=kind, door=door, part=part)
    assert answer.reason.startswith(why)
    assert bool(answer) is (why == "")


def test_an_entry_that_was_ended_takes_no_referral() -> None:
    answer = rules.start(
        OFFICER, stage=OPEN, kind=AgencyKind.FIRE, door=Door.PERMISSION, part="VICTIM", ended=True
    )
    assert answer.reason.startswith("This entry of the directory was ended")


@pytest.mark.parametrize("kind", AgencyKind)
def test_every_kind_of_agency_has_a_door(kind: AgencyKind) -> None:
    doors = rules.doors_to(kind)
    assert len(doors) == 1 if kind in OWN_KINDS else Door.PERMISSION in doors
    assert not {Door.DIRECTOR, Door.EMERGENCY} & set(doors)


S = ReferralState
ANSWERS = [
    (OFFICER, AgencyKind.VICTIM_SUPPORT, S.SENT, S.ACCEPTED, None, ""),
    (OFFICER, AgencyKind.VICTIM_SUPPORT, S.SENT, S.DECLINED, "Full", ""),
    (OFFICER, AgencyKind.VICTIM_SUPPORT, S.SENT, S.DECLINED, " ", "Say why they declined."),
    (OFFICER, AgencyKind.VICTIM_SUPPORT, S.QUEUED, S.ACCEPTED, None, "This referral has not been"),
    (OFFICER, AgencyKind.VICTIM_SUPPORT, S.DRAFT, S.DECLINED, "x", "This referral has not been"),
    (OFFICER, AgencyKind.VICTIM_SUPPORT, S.ENDED, S.ACCEPTED, None, "This referral has ended."),
    (OFFICER, AgencyKind.VICTIM_SUPPORT, S.REVOKED, S.ACCEPTED, None, "This referral was stopped"),
    (OFFICER, AgencyKind.VICTIM_SUPPORT, S.DECLINED, S.ACCEPTED, None, "This referral was decl"),
    (OFFICER, AgencyKind.VICTIM_SUPPORT, S.ACCEPTED, S.DECLINED, "x", "This referral was accepted"),
    (OFFICER, AgencyKind.SAFEGUARDING_TEAM, S.SENT, S.ACCEPTED, None, "Only the Safeguarding lead"),
    (LEAD, AgencyKind.SAFEGUARDING_TEAM, S.SENT, S.ACCEPTED, None, ""),
    (DA, AgencyKind.SAFEGUARDING_TEAM, S.SENT, S.ACCEPTED, None, "Only the Safeguarding lead"),
    (DA, AgencyKind.DA_TEAM, S.SENT, S.DECLINED, "Not ours", ""),
    (OFFICER, AgencyKind.ASB_TEAM, S.SENT, S.ACCEPTED, None, "Only a case manager accepts"),
    (MANAGER, AgencyKind.ASB_TEAM, S.SENT, S.ACCEPTED, None, ""),
    (OFFICER, AgencyKind.HR, S.SENT, S.ACCEPTED, None, ""),
    (LEAD, AgencyKind.HR, S.SENT, S.ACCEPTED, None, "Only the people who work a case"),
]


@pytest.mark.parametrize(("actor", "kind", "state", "to", "why", "no"), ANSWERS)
def test_who_says_that_a_referral_was_answered(
    actor: Actor, kind: str, state: str, to: str, why: str | None, no: str
) -> None:
    answer = rules.answer(actor, stage=OPEN, kind=kind, state=state, to=to, why=why)
    assert answer.reason.startswith(no)
    assert bool(answer) is (no == "")


@pytest.mark.parametrize("state", ReferralState)
def test_each_deed_has_its_states(state: ReferralState) -> None:
    assert bool(rules.send(OFFICER, stage=OPEN, state=state)) is (state == S.QUEUED)
    assert bool(rules.chase(OFFICER, stage=OPEN, state=state)) is (state in {S.SENT, S.ACCEPTED})
    assert bool(rules.end(OFFICER, stage=OPEN, state=state)) is (state in {S.SENT, S.ACCEPTED})
    assert bool(rules.revoke(OFFICER, stage=OPEN, state=state)) is (state in {S.DRAFT, S.QUEUED})
    for deed in (rules.send, rules.chase, rules.end, rules.revoke):
        answer = deed(OFFICER, stage=OPEN, state=state)
        assert answer or (answer.reason.endswith(".") and len(answer.reason) > 15)
        assert deed(HANDLER, stage=OPEN, state=state).reason.startswith("Only the people who")


def test_a_referral_can_be_stopped_on_a_closed_case_but_not_sent() -> None:
    assert rules.revoke(OFFICER, stage=Stage.CLOSED, state=S.QUEUED, why="It closed.")
    assert not rules.send(OFFICER, stage=Stage.CLOSED, state=S.QUEUED)


def test_an_ending_says_why() -> None:
    for deed, state in ((rules.end, S.SENT), (rules.revoke, S.QUEUED)):
        assert "why" in deed(OFFICER, stage=OPEN, state=state, why=" ").reason
        assert deed(OFFICER, stage=OPEN, state=state, why="They moved away.")


CHASES = [
    ("2026-11-19T10:00", 5, "2026-11-26"),  # a Thursday
    ("2026-11-20T23:30", 1, "2026-11-23"),  # over a weekend
    ("2026-12-23T12:00", 2, "2026-12-29"),  # Christmas Day, Boxing Day's Monday, a weekend
    ("2026-03-28T12:00", 1, "2026-03-30"),  # the clocks go forward between
    ("2026-06-30T23:30", 1, "2026-07-02"),  # already 1 July in London
]


@pytest.mark.parametrize(("sent", "days", "on"), CHASES)
def test_when_a_referral_is_asked_after(sent: str, days: int, on: str) -> None:
    holidays = {date(2026, 12, 25), date(2026, 12, 28)}
    at = datetime.fromisoformat(sent).replace(tzinfo=UTC)
    assert rules.chase_on(at, days, holidays) == date.fromisoformat(on)


def test_late_is_the_day_after_and_the_next_day_is_ahead() -> None:
    assert not rules.is_late(TODAY, TODAY)
    assert rules.is_late(date(2026, 11, 18), TODAY)
    assert not rules.is_late(None, TODAY)
    assert not rules.next_chase(TODAY, TODAY)
    assert rules.next_chase(date(2026, 11, 20), TODAY)


@pytest.mark.parametrize(
    ("on", "why"),
    [
        ("2026-11-19", ""),
        ("2026-11-17", ""),
        ("2026-11-20", "in the future"),
        ("2026-11-16", "before it was sent"),
    ],
)
def test_they_answer_between_its_going_and_today(on: str, why: str) -> None:
    answer = rules.answered(date.fromisoformat(on), date(2026, 11, 17), TODAY)
    assert why in answer.reason
    assert bool(answer) is (why == "")


KEPT = [
    (AgencyKind.VICTIM_SUPPORT, Part.VICTIM, "D1", {ClockKind.SUPPORT_SPECIALIST}),
    (AgencyKind.RACE, Part.VICTIM, "D1", {ClockKind.SUPPORT_SPECIALIST}),
    (AgencyKind.RACE, Part.THIRD_PARTY, "D1", {ClockKind.SUPPORT_THIRD_PARTY}),
    (AgencyKind.RACE, Part.WITNESS, "D1", {ClockKind.SUPPORT_THIRD_PARTY}),
    (AgencyKind.RACE, Part.RESPONDENT, "D1", set()),
    (AgencyKind.RACE, None, "D7", set()),
    (AgencyKind.POLICE, Part.VICTIM, "D1", set()),
    (AgencyKind.FIRE, Part.VICTIM, "D1", {ClockKind.FIRE_SERVICE}),
    (AgencyKind.FIRE, Part.WITNESS, "D1", set()),
]


@pytest.mark.parametrize(("kind", "part", "door", "kinds"), KEPT)
def test_what_sending_keeps(kind: str, part: str | None, door: str, kinds: set[str]) -> None:
    assert set(rules.met_by_sending(kind, part, door)) == kinds


MAPPA = Forum.MAPPA
TELLS = [
    (Forum.MARAC, True, True, True, False, ""),
    (MAPPA, True, True, True, False, "MAPPA: we only receive. Nothing of ours is told there."),
    (Forum.MARAC, False, True, True, False, "That page is of another case."),
    (Forum.MARAC, True, False, True, False, "Record first that the page was"),
    (Forum.MARAC, True, True, False, False, "Nobody of that agency was there."),
    (Forum.MARAC, True, True, True, True, "That page is recorded as told"),
]


@pytest.mark.parametrize(("forum", "same", "read", "there", "already", "why"), TELLS)
def test_what_a_meeting_was_told_went_through_the_gate(
    forum: Forum, same: bool, read: bool, there: bool, already: bool, why: str
) -> None:
    answer = rules.tell_meeting(
        forum, same_case=same, at_meeting=read, there=there, already=already
    )
    assert answer.reason.startswith(why)
    assert bool(answer) is (why == "")


def test_meetings_are_held_before_they_are_recorded_and_heard_on_a_ground() -> None:
    assert rules.meet(OFFICER, stage=OPEN, held_on=TODAY, today=TODAY)
    tomorrow = date(2026, 11, 20)
    assert not rules.meet(OFFICER, stage=OPEN, held_on=tomorrow, today=TODAY)
    assert not rules.meet(LEAD, stage=OPEN)
    assert not rules.hear_meeting(words="They know him.", basis=" ")
    assert not rules.hear_meeting(words=" ", basis="Their own terms")
    assert rules.hear_meeting(words="They know him.", basis="Their own terms")
    assert rules.change_forum(MAPPA, told=False)
    assert not rules.change_forum(MAPPA, told=True)
    assert not rules.due_after(date(2026, 11, 18), TODAY)
    assert rules.due_after(TODAY, TODAY)


@pytest.mark.parametrize("state", ActionState)
def test_an_action_ends_once_and_says_how(state: ActionState) -> None:
    answer = rules.end_action(state=state, to=ActionState.DONE, outcome="Lit.")
    assert bool(answer) is (state == ActionState.OPEN)
    assert not rules.end_action(state=state, to=ActionState.DROPPED, outcome=" ")


# The ASB case review: months begin with the day, and are those of the calendar.

LAST_DAYS = [
    ("2026-01-15", 1, "2026-02-14"),
    ("2026-01-28", 1, "2026-02-27"),
    ("2026-01-29", 1, "2026-02-28"),
    ("2026-01-30", 1, "2026-02-28"),
    ("2026-01-31", 1, "2026-02-28"),
    ("2026-02-01", 1, "2026-02-28"),
    ("2028-01-29", 1, "2028-02-28"),  # a leap year
    ("2028-01-30", 1, "2028-02-29"),
    ("2028-01-31", 1, "2028-02-29"),
    ("2028-02-29", 1, "2028-03-28"),
    ("2026-03-31", 1, "2026-04-30"),
    ("2026-05-31", 6, "2026-11-30"),
    ("2026-08-31", 6, "2027-02-28"),
    ("2026-12-31", 1, "2027-01-30"),
    ("2026-05-20", 6, "2026-11-19"),
]


@pytest.mark.parametrize(("first", "months", "last"), LAST_DAYS)
def test_a_month_that_begins_with_a_day(first: str, months: int, last: str) -> None:
    found = review_rules.last_day(date.fromisoformat(first), months)
    assert found == date.fromisoformat(last)


def told(pk: int, happened: str | None, reported: str, *, hate: bool = True) -> Told:
    day = date.fromisoformat(happened) if happened else None
    return Told(pk, day, date.fromisoformat(reported), hate)


COUNTS = [
    ("2026-10-19", "2026-11-18", Why.COUNTS),
    ("2026-10-19", "2026-11-19", Why.LATE),
    (None, "2026-11-18", Why.NO_DAY),
    ("2026-11-18", "2026-11-17", Why.AHEAD),
    ("2026-05-20", "2026-05-20", Why.COUNTS),
    ("2026-05-19", "2026-05-19", Why.OLD),
    ("2026-04-20", "2026-05-20", Why.LATE),
    ("2026-04-21", "2026-05-20", Why.COUNTS),
]


@pytest.mark.parametrize(("happened", "reported", "why"), COUNTS)
def test_whether_a_report_counts(happened: str | None, reported: str, why: Why) -> None:
    found = review_rules.counts(told(1, happened, reported), Terms(), TODAY)
    assert found.why is why
    assert found.counts is (why is Why.COUNTS)


REPORTS = [
    told(1, "2026-06-01", "2026-06-01"),
    told(2, "2026-08-10", "2026-08-12", hate=False),
    told(3, "2026-10-31", "2026-11-01"),
]
ELIGIBLE = [
    (REPORTS, Terms(), True, 3, 3, False, "2026-11-30"),
    (REPORTS[:2], Terms(), False, 2, 3, False, None),
    (REPORTS[2:], Terms(hate_threshold=1), True, 1, 1, True, "2027-04-30"),
    (REPORTS[1:2], Terms(hate_threshold=1), False, 0, 1, True, None),
    (REPORTS, Terms(hate_threshold=1), True, 2, 1, True, "2027-04-30"),
    (REPORTS, Terms(hate_threshold=3), True, 3, 3, False, "2026-11-30"),
    (REPORTS, Terms(threshold=5, hate_threshold=2), True, 2, 2, True, "2026-11-30"),
    (REPORTS, Terms(apply_within_months=1), False, 1, 3, False, None),
    ([], Terms(hate_threshold=1), False, 0, 1, True, None),
]


@pytest.mark.parametrize(
    ("reports", "terms", "may_be", "number", "needed", "by_hate", "until"), ELIGIBLE
)
def test_whether_somebody_may_be_eligible(
    reports: list[Told],
    terms: Terms,
    may_be: bool,
    number: int,
    needed: int,
    by_hate: bool,
    until: str | None,
) -> None:
    found = review_rules.eligible(reports, terms, TODAY)
    assert (found.may_be, found.number, found.needed, found.by_hate) == (
        may_be,
        number,
        needed,
        by_hate,
    )
    assert found.until == (date.fromisoformat(until) if until else None)
    if found.until:  # it is true on that day, and no longer the day after
        assert review_rules.eligible(reports, terms, found.until).may_be
        after = date.fromordinal(found.until.toordinal() + 1)
        assert not review_rules.eligible(reports, terms, after).may_be


def test_not_telling_somebody_who_may_be_eligible_says_why() -> None:
    tell = review_rules.tell_review
    assert not tell(OFFICER, stage=OPEN, may_be=True, told=False, words=" ")
    assert tell(OFFICER, stage=OPEN, may_be=True, told=False, words="He reads her post.")
    assert tell(OFFICER, stage=OPEN, may_be=True, told=True)
    assert tell(OFFICER, stage=OPEN, may_be=False, told=False)
    assert not tell(HANDLER, stage=OPEN)
    assert not tell(OFFICER, stage=Stage.CLOSED)
