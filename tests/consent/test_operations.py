"""Conversations kept, taken back, expired: what may be told follows, and nothing else."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from cases.access import Refused, Role
from cases.audit.models import Event
from cases.casework.choices import Stage
from cases.casework.models import Case
from cases.consent.models import Said, Talk
from cases.consent.queries import conditions_of, live_scopes, matrix
from cases.people.operations import change_person
from tests.consent.asking import ALL, Asking
from tests.world import LONDON, by_hand

WHY = {"again": "REVIEW"}


def test_absence_is_refusal(asking: Asking) -> None:
    assert asking.may() == set()
    asking.ask({"FACTS": "GIVEN"})
    assert asking.may() == {"FACTS"}
    assert asking.may(agency=asking.council) == set()
    others = [asking.story.third.pk]
    assert live_scopes(others, asking.police.pk, asking.story.at(days=3)) == {
        others[0]: frozenset()
    }


def test_the_newest_answer_counts_scope_by_scope(asking: Asking) -> None:
    asking.ask({"FACTS": "GIVEN", "IDENTITY": "GIVEN", "HEALTH": "REFUSED"})
    asking.ask({"IDENTITY": "REFUSED"})
    assert asking.may() == {"FACTS"}
    asking.ask({"IDENTITY": "GIVEN", "HEALTH": "GIVEN"}, **WHY)
    assert asking.may() == {"FACTS", "IDENTITY", "HEALTH"}


def test_a_no_to_a_yes_is_a_withdrawal(asking: Asking) -> None:
    asking.ask({"FACTS": "GIVEN", "IDENTITY": "GIVEN"})
    talk = asking.ask({"IDENTITY": "REFUSED", "HEALTH": "REFUSED"}, tell_recipients=True)
    replies = dict(talk.said.values_list("scope", "reply"))
    assert replies == {"IDENTITY": "WITHDRAWN", "HEALTH": "REFUSED"}
    assert (talk.withdrawal, talk.tell_recipients) == (True, True)
    event = Event.objects.get(verb="permission.withdrawn")
    assert event.changes["scopes"] == ["IDENTITY"]
    assert event.case_reference == asking.story.case.reference


def test_taking_everything_back(asking: Asking) -> None:
    asking.ask(dict.fromkeys(ALL, "GIVEN"))
    talk = asking.withdraw(*ALL, words="I have changed my mind.", tell_recipients=True)
    assert talk is not None
    assert talk.said.count() == 6
    assert asking.may() == set()
    assert asking.withdraw(*ALL) is None, "there is nothing left to take back"
    assert Talk.objects.count() == 2


def test_taking_back_names_something(asking: Asking) -> None:
    with pytest.raises(ValidationError, match="Choose what they take back"):
        asking.withdraw()


@pytest.mark.parametrize(
    ("moment", "counts"),
    [
        (datetime(2027, 5, 20, 23, 59, tzinfo=LONDON), True),
        (datetime(2027, 5, 21, 0, 0, tzinfo=LONDON), False),
    ],
)
def test_six_months_end_at_midnight_in_london(
    asking: Asking, moment: datetime, counts: bool
) -> None:
    asking.ask({"FACTS": "GIVEN"})
    assert Talk.objects.get().until_on == date(2027, 5, 20)
    assert asking.may(moment) == ({"FACTS"} if counts else set())


def test_until_the_case_closes_and_not_again_when_it_opens_once_more(asking: Asking) -> None:
    asking.ask({"FACTS": "GIVEN"}, until="CLOSE")
    asking.ask({"IDENTITY": "GIVEN"})
    far = asking.story.at(days=100)
    assert asking.may(far) == {"FACTS", "IDENTITY"}
    for days, stage in enumerate((Stage.CLOSE_PROPOSED, Stage.CLOSED, Stage.REOPENED), 10):
        for each in _steps(asking, stage):
            with by_hand(asking.story.at(days=days)):
                Case.objects.filter(pk=asking.story.case.pk).update(stage=each)
    assert asking.may(far) == {"IDENTITY"}
    asking.ask({"FACTS": "GIVEN"}, until="CLOSE", at=asking.story.at(days=20))
    assert asking.may(far) == {"FACTS", "IDENTITY"}


def _steps(asking: Asking, stage: str) -> list[str]:
    """The stages on the way to one, as the lifecycle asks."""
    if stage != Stage.CLOSE_PROPOSED:
        return [stage]
    on_the_way = (Stage.ASSESS, Stage.PLAN, Stage.INVESTIGATE, Stage.MONITOR)
    return [*on_the_way, stage]


def test_a_closed_case_asks_nobody_but_lets_them_take_back(asking: Asking) -> None:
    asking.ask({"FACTS": "GIVEN"})
    with by_hand(asking.story.at(days=2)):
        Case.objects.filter(pk=asking.story.case.pk).update(stage=Stage.VOID)
    with pytest.raises(Refused):
        asking.ask({"HEALTH": "GIVEN"})
    assert asking.withdraw("FACTS")
    assert asking.may() == set()


def test_a_respondent_is_never_asked(asking: Asking) -> None:
    with pytest.raises(Refused, match="harmed, saw it or reported it"):
        asking.ask({"FACTS": "GIVEN"}, about=asking.story.respondent)


def test_a_child_needs_a_guardian_and_their_own_view(asking: Asking) -> None:
    story = asking.story
    change_person(
        by=story.lead, at=story.at(hours=2), person=story.amara, date_of_birth=date(2012, 3, 1)
    )
    story.victim.refresh_from_db()
    with pytest.raises(ValidationError) as caught:
        asking.ask({"FACTS": "GIVEN"})
    assert set(caught.value.message_dict) == {"guardian", "guardian_basis", "childs_view"}
    asking.ask(
        {"FACTS": "GIVEN"}, guardian="Ama Osei", guardian_basis="Mother", childs_view="Not school."
    )
    assert asking.may() == {"FACTS"}


def test_lacking_capacity_is_not_a_yes_and_needs_who_decided(asking: Asking) -> None:
    asking.ask({"FACTS": "GIVEN"})
    lacks = dict.fromkeys(ALL, "LACKS_CAPACITY")
    with pytest.raises(ValidationError):
        asking.ask(lacks)
    asking.ask(lacks, decided_by="Dr Hale", best_interests="The police are told, to keep her safe.")
    assert asking.may() == set()


def test_a_refusal_is_accepted_until_a_reason_to_ask_again(asking: Asking) -> None:
    asking.ask({"IDENTITY": "REFUSED"})
    with pytest.raises(ValidationError, match="said no before"):
        asking.ask({"IDENTITY": "GIVEN"})
    asking.ask({"FACTS": "GIVEN"})
    asking.ask({"IDENTITY": "GIVEN"}, again="RAISED")
    assert asking.may() == {"FACTS", "IDENTITY"}


def test_who_asked_for_silence_is_asked_only_with_a_reason_in_words(asking: Asking) -> None:
    asking.ask({}, not_again=True)
    with pytest.raises(ValidationError):
        asking.ask({"FACTS": "GIVEN"}, again="RAISED")
    asking.ask({"FACTS": "GIVEN"}, again="RAISED", again_words="She rang to say so.")
    asking.ask({"HEALTH": "REFUSED"})
    assert asking.may() == {"FACTS"}


def test_the_first_conversation_with_the_victim_meets_the_clock(asking: Asking) -> None:
    story = asking.story
    asking.ask({"FACTS": "GIVEN"}, about=story.third)
    assert story.clock("PERMISSION").state == "RUNNING"
    asking.ask({"FACTS": "GIVEN"})
    clock = story.clock("PERMISSION")
    assert (clock.state, clock.outcome) == ("MET", "Asked and recorded")
    asking.ask({"HEALTH": "GIVEN"})
    assert Event.objects.filter(verb="clock.met", subject_id=clock.pk).count() == 1


def test_refusing_everything_meets_the_clock_too(asking: Asking) -> None:
    asking.ask(dict.fromkeys(ALL, "REFUSED"))
    assert asking.story.clock("PERMISSION").outcome == "Refused for everybody"


def test_a_part_that_ended_answers_for_nobody(asking: Asking) -> None:
    asking.ask({"FACTS": "GIVEN"})
    with by_hand(asking.story.at(days=2)):
        type(asking.story.victim).objects.filter(pk=asking.story.victim.pk).update(
            ended_at=asking.story.at(days=2)
        )
    assert asking.may() == set()


def test_the_matrix_reads_in_three_queries(
    asking: Asking, django_assert_num_queries: object
) -> None:
    for agency in (asking.police, asking.council, asking.support):
        asking.ask({"FACTS": "GIVEN", "HEALTH": "REFUSED"}, agency=agency, conditions="Not him")
    asking.withdraw("FACTS")
    with django_assert_num_queries(3):  # type: ignore[operator]
        rows = matrix(asking.story.victim, asking.story.at(days=3))
        shown = [(row.agency.name, row.talks[0].asked_by.full_name, row.yes) for row in rows]
        assert {len(talk.said.all()) for row in rows for talk in row.talks} == {1, 2}
    assert shown[0] == ("Wellby Police", "Dawn Mistry", frozenset())
    assert shown[1][2] == {"FACTS"}
    assert rows[0].standing["FACTS"] == "WITHDRAWN"
    assert conditions_of([asking.story.victim.pk], asking.police.pk) == ["Not him"]


def test_live_scopes_is_one_query(asking: Asking, django_assert_num_queries: object) -> None:
    asking.ask({"FACTS": "GIVEN"})
    parts = [asking.story.victim.pk, asking.story.third.pk]
    with django_assert_num_queries(1):  # type: ignore[operator]
        live_scopes(parts, asking.police.pk, asking.story.at(days=3))


@pytest.mark.parametrize("role", [Role.CALL_HANDLER, Role.AUDITOR, Role.DPO, Role.REPORT_VIEWER])
def test_who_does_not_work_cases_asks_nobody(asking: Asking, role: Role) -> None:
    by = asking.story.by(asking.story.world.user(role))
    with pytest.raises(Refused):
        asking.ask({"FACTS": "GIVEN"}, by=by)
    assert not Said.objects.exists()


def test_words_are_kept_exactly_and_never_in_the_ledger(asking: Asking) -> None:
    words = "Not my name. They can know it is happening."
    asking.ask({"FACTS": "GIVEN"}, words=words, interpreter="Ms Rao", interpreter_known=True)
    talk = Talk.objects.get()
    assert (talk.words, talk.aids, talk.interpreter_known) == (words, ["INTERPRETER"], True)
    events = [str(each.changes) + each.reason for each in Event.objects.all()]
    assert not [text for text in events if "my name" in text or "Rao" in text]
    assert talk.recorded_at - asking.story.at(days=1) == timedelta()
