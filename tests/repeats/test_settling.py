"""Every fact that decides a flag, changed by its own operation: the flag follows, and says so."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from cases.access import Refused
from cases.audit.models import Event
from cases.audit.verbs import Verb
from cases.casework import operations as casework
from cases.casework.choices import ClockState, Stage
from cases.casework.clocks import ClockKind
from cases.casework.models import IncidentPair
from cases.intake.operations import decide_pair
from cases.people import operations as people
from cases.repeats.checking import differences
from cases.repeats.models import RepeatEvidence, RepeatFlag
from cases.repeats.operations import record_made_up
from tests.repeats.telling import Telling, level, moment


@pytest.fixture(autouse=True)
def _as_from_scratch(telling: Telling) -> object:
    """Whatever a test did, what is kept equals what is worked out from scratch."""
    yield
    assert list(differences()) == []


def events() -> list[tuple[str, str, str]]:
    rows = Event.objects.filter(verb=Verb.REPEAT_CHANGED).order_by("pk")
    return [(row.changes["of"], row.changes["from"], row.changes["to"]) for row in rows]


def test_a_second_incident_is_a_repeat(telling: Telling) -> None:
    amara = telling.person("Amara Osei")
    first = telling.incident(amara, "2025-03-10")
    assert (level(first), level(amara), RepeatFlag.objects.count()) == ("NONE", "NONE", 0)
    second = telling.incident(amara, "2025-09-02", "2025-09-01")
    assert (level(first), level(second), level(amara)) == ("NONE", "REPEAT", "REPEAT")
    evidence = RepeatEvidence.objects.get(flag__incident=second)
    assert (evidence.earlier, evidence.basis) == (first, "PERSON")
    assert (evidence.starts, evidence.ends, evidence.rule) == (
        date(2025, 3, 10),
        date(2026, 3, 10),
        "RV-1",
    )
    assert RepeatFlag.objects.get(person=amara).current_until == date(2026, 9, 2)
    assert events() == [("incident", "NONE", "REPEAT"), ("person", "NONE", "REPEAT")]


def test_the_views_decide_what_counts(telling: Telling) -> None:
    """E21: the only view is taken back; and a later view makes it count."""
    amara = telling.person("Amara Osei")
    first = telling.incident(amara, "2025-06-01", holds="NO")
    second = telling.incident(amara, "2025-09-01")
    assert level(second) == "NONE"
    view = telling.view(first, amara)
    assert level(second) == "REPEAT"
    casework.retract_perception(
        **telling.doing("2025-09-02"),
        view=view,
        words="Not about my race after all.",
        witness=telling.manager,
    )
    assert (level(second), level(amara)) == ("NONE", "NONE")
    assert RepeatEvidence.objects.get().ended_at == moment("2025-09-02")


def test_a_date_put_right_decides(telling: Telling) -> None:
    amara = telling.person("Amara Osei")
    telling.incident(amara, "2025-04-10")
    second = telling.incident(amara, "2026-04-11")
    assert level(second) == "PATTERN"
    said = {"incident": second, "reason": "It was the night before."}
    casework.correct_incident(**telling.doing("2026-04-12"), **said, occurred_on=date(2026, 4, 10))
    assert level(second) == "REPEAT"
    with pytest.raises(ValidationError):
        casework.correct_incident(
            **telling.doing("2026-04-13"), **said, occurred_on=date(2026, 4, 12)
        )


def test_when_it_was_reported_decides(telling: Telling) -> None:
    amara = telling.person("Amara Osei")
    first = telling.incident(amara, "2025-04-12", "2025-04-08")
    second = telling.incident(amara, "2026-04-11")
    assert level(second) == "REPEAT"
    casework.correct_reported(
        **telling.doing("2026-04-12"), incident=first, reported_at=moment("2025-04-10")
    )
    assert level(second) == "PATTERN"


def test_family_and_its_mistakes(telling: Telling) -> None:
    """E12 and E16."""
    amara, efua = telling.person("Amara Osei"), telling.person("Efua Osei")
    telling.incident(amara, "2025-06-01")
    second = telling.incident(efua, "2025-08-01")
    assert level(second) == "NONE"
    link = telling.family(amara, efua, "SIBLING")
    assert (level(second), level(amara), level(efua)) == ("REPEAT", "REPEAT", "REPEAT")
    people.remove_family_link(**telling.doing("2025-08-03"), link=link)
    assert (level(second), level(amara), level(efua)) == ("NONE", "NONE", "NONE")
    spouse = telling.family(amara, efua, "SPOUSE")
    assert level(second) == "REPEAT"
    people.end_family_link(**telling.doing("2025-08-04"), link=spouse, until=date(2025, 7, 1))
    assert level(second) == "NONE"


def test_a_household_and_its_days(telling: Telling) -> None:
    """E13 and E14."""
    amara, lodger = telling.person("Amara Osei"), telling.person("Lee Marsh")
    household = telling.household()
    telling.lives(amara, household)
    stay = telling.lives(lodger, household, "2025-01-01", relation="LODGER")
    telling.incident(amara, "2025-06-01")
    second = telling.incident(lodger, "2025-08-01")
    assert (level(second), level(household)) == ("REPEAT", "REPEAT")
    people.end_household_member(
        **telling.doing("2025-08-03"), membership=stay, moved_out=date(2025, 7, 15)
    )
    assert (level(second), level(amara), level(lodger), level(household)) == ("NONE",) * 4


def test_two_records_joined_and_taken_apart(telling: Telling) -> None:
    """E24."""
    one, other = telling.person("Amara Osei"), telling.person("A Osei")
    telling.incident(one, "2025-06-01")
    second = telling.incident(other, "2025-09-01")
    before = [level(row) for row in (second, one, other)]
    merge = people.merge_people(
        by=telling.boss, at=moment("2025-09-02"), survivor=one, loser=other, reason="The same."
    )
    assert [level(row) for row in (second, one, other)] == ["REPEAT", "REPEAT", "NONE"]
    people.unmerge_people(
        by=telling.boss, at=moment("2025-09-03"), merge=merge, reason="They are two."
    )
    assert [level(row) for row in (second, one, other)] == before == ["NONE"] * 3


def test_nobody_is_told_twice(telling: Telling) -> None:
    one, other = telling.person("Amara Osei"), telling.person("A Osei")
    telling.incident(one, "2025-06-01")
    second = telling.incident(other, "2025-09-01")
    assert second.case is not None
    told = second.case.clocks.filter(kind=ClockKind.REPEAT_TOLD)

    def join(day: str) -> object:
        return people.merge_people(
            by=telling.boss, at=moment(day), survivor=one, loser=other, reason="The same."
        )

    def part(merge: object, day: str) -> None:
        people.unmerge_people(by=telling.boss, at=moment(day), merge=merge, reason="Two.")  # type: ignore[arg-type]

    merge = join("2025-09-02")
    casework.do_duty(
        by=telling.boss,
        at=moment("2025-09-03"),
        case=second.case,
        clock=told.get(),
        outcome="Told",
        words="By phone.",
    )
    part(merge, "2025-09-04")
    merge = join("2025-09-05")
    assert [clock.state for clock in told] == [ClockState.MET]
    history = second.case.clocks.filter(kind=ClockKind.REPEAT_HISTORY)
    assert [clock.state for clock in history] == [ClockState.NOT_APPLICABLE]
    part(merge, "2025-09-06")


def test_what_was_not_told_yet_is_withdrawn_and_promised_again(telling: Telling) -> None:
    amara, efua = telling.person("Amara Osei"), telling.person("Efua Osei")
    telling.incident(amara, "2025-06-01")
    second = telling.incident(efua, "2025-08-01")
    link = telling.family(amara, efua, "SIBLING")
    assert second.case is not None
    told = second.case.clocks.filter(kind=ClockKind.REPEAT_TOLD).order_by("pk")
    assert [clock.state for clock in told] == [ClockState.RUNNING]
    people.remove_family_link(**telling.doing("2025-08-03"), link=link)
    assert [clock.state for clock in told.all()] == [ClockState.NOT_APPLICABLE]
    telling.family(amara, efua, "SIBLING")
    states = [clock.state for clock in told.all()]
    assert states == [ClockState.NOT_APPLICABLE, ClockState.RUNNING]


def test_the_police_are_not_offered_again_to_who_said_stop(telling: Telling) -> None:
    """S15: encouraged once, not again if he says stop."""
    amara = telling.person("Amara Osei")
    case = telling.case(amara, "2025-06-01")
    telling.incident(amara, "2025-06-01", case=case)
    again = telling.incident(amara, "2025-07-01", case=case)
    assert level(again) == "REPEAT"
    (police,) = case.clocks.filter(kind=ClockKind.POLICE)
    casework.do_duty(
        by=telling.by,
        at=moment("2025-07-02"),
        case=case,
        clock=police,
        outcome="Asked not to be asked again",
        words="He wants it counted only.",
    )
    telling.incident(amara, "2025-08-01", case=case)
    assert case.clocks.filter(kind=ClockKind.POLICE).count() == 1
    assert case.clocks.filter(kind=ClockKind.REPEAT_TOLD).count() == 1


def test_an_undecided_pair_counts_as_neither(telling: Telling) -> None:
    """E11, then E08: the same night, decided to be another one."""
    amara = telling.person("Amara Osei")
    telling.incident(amara, "2025-06-14")
    second = telling.incident(amara, "2025-06-15", "2025-06-14")
    pair = IncidentPair.objects.get()
    assert (level(second), second.case is not None) == ("NONE", True)
    assert second.case.clocks.filter(kind=ClockKind.SAME_INCIDENT).exists()  # type: ignore[union-attr]
    decide_pair(
        **telling.doing("2025-06-16"),
        pair=pair,
        same=False,
        reason="She was shouted at twice that night, at six and at ten.",
    )
    assert level(second) == "REPEAT"
    assert events() == [("incident", "NONE", "REPEAT"), ("person", "NONE", "REPEAT")]


def test_two_accounts_of_one_night_are_never_two_not_even_on_the_way(telling: Telling) -> None:
    """Two records joined: what may be one incident is found before anything counts it as two."""
    one, other = telling.person("Amara Osei"), telling.person("A Osei")
    telling.incident(one, "2025-06-14")
    second = telling.incident(other, "2025-06-15", "2025-06-14")
    assert not IncidentPair.objects.exists()
    people.merge_people(
        by=telling.boss, at=moment("2025-06-16"), survivor=one, loser=other, reason="The same."
    )
    pair = IncidentPair.objects.get()
    assert (level(second), events()) == ("NONE", [])
    decide_pair(
        **telling.doing("2025-06-17"),
        pair=pair,
        same=True,
        reason="The same shouting at the same door, told twice.",
    )
    assert (level(second), level(one), events()) == ("NONE", "NONE", [])


def test_a_case_entered_in_error_does_not_count(telling: Telling) -> None:
    amara = telling.person("Amara Osei")
    first = telling.incident(amara, "2025-06-01")
    second = telling.incident(amara, "2025-09-01")
    assert (level(second), first.case is not None) == ("REPEAT", True)
    casework.move_stage(
        by=telling.boss,
        at=moment("2025-09-02"),
        case=first.case,  # type: ignore[arg-type]
        to=Stage.VOID,
        reason="It was entered twice, by mistake, in training.",
    )
    assert level(second) == "NONE"


def test_made_up_in_their_own_words_and_agreed_by_a_manager(telling: Telling) -> None:
    amara = telling.person("Amara Osei")
    first = telling.incident(amara, "2025-06-01")
    second = telling.incident(amara, "2025-09-01")
    with pytest.raises(Refused):
        record_made_up(**telling.doing("2025-09-02"), incident=first, words="I made it up.")
    with pytest.raises(Refused):
        record_made_up(by=telling.boss, at=moment("2025-09-02"), incident=first, words=" ")
    record_made_up(by=telling.boss, at=moment("2025-09-02"), incident=first, words="I made it up.")
    assert level(second) == "NONE"
    with pytest.raises(Refused):
        record_made_up(by=telling.boss, at=moment("2025-09-03"), incident=first, words="Again.")


def test_somebody_identified_is_a_repeat_victim_then(telling: Telling) -> None:
    """E23."""
    amara = telling.person("Amara Osei")
    unknown = people.add_person(**telling.doing(), placeholder="Somebody in the corner flat")
    first = telling.incident(unknown, "2025-06-01")
    second = telling.incident(amara, "2025-09-01")
    assert (level(second), first.case is not None) == ("NONE", True)
    part = first.case.involvements.get()  # type: ignore[union-attr]
    casework.change_involvement(**telling.doing("2025-09-02"), involvement=part, person=amara)
    assert level(second) == "REPEAT"


def test_a_course_of_conduct_is_a_pattern(telling: Telling) -> None:
    """E26."""
    amara = telling.person("Amara Osei")
    first = telling.incident(
        amara, "2025-06-01", None, going_on=True, episodes=10, when_words="Since April"
    )
    assert (level(first), level(amara)) == ("PATTERN", "PATTERN")
    assert level(telling.incident(amara, "2025-06-20")) == "REPEAT"


def test_all_in_the_first_call(telling: Telling) -> None:
    """E06."""
    amara = telling.person("Amara Osei")
    case = telling.case(amara, "2025-05-06")
    rows = [
        telling.incident(amara, "2025-05-06", day, case=case)
        for day in ("2025-05-01", "2025-04-03", "2025-04-20")
    ]
    assert [level(row) for row in rows] == ["PATTERN", "NONE", "PATTERN"]
    assert level(amara) == "PATTERN"


def test_licences_of_one_scheme_are_no_household(telling: Telling) -> None:
    """E25."""
    scheme = telling.home("Beech House")
    one, other = telling.person("Ola Grant"), telling.person("Sam Reid")
    telling.lives(one, telling.household(scheme))
    telling.lives(other, telling.household(scheme))
    telling.incident(one, "2025-06-01")
    assert level(telling.incident(other, "2025-06-20")) == "NONE"


def test_the_family_of_family_is_not_linked(telling: Telling) -> None:
    """E28 and E30."""
    amara, kofi, brother = (telling.person(name) for name in ("Amara", "Kofi", "Yaw"))
    telling.family(amara, kofi, "SPOUSE")
    telling.family(kofi, brother, "SIBLING")
    telling.incident(amara, "2025-06-01")
    assert level(telling.incident(brother, "2025-08-01")) == "NONE"
    assert level(telling.incident(telling.person("A visitor"), "2025-07-01")) == "NONE"
