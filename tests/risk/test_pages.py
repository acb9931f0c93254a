"""The screens of risk without script: asked, saved, finished, judged; and who may not."""

from __future__ import annotations

import re
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.access import Role
from cases.audit.models import Access, Event
from cases.casework import operations as ops
from cases.casework.models import Case
from cases.risk.models import Assessment, Judgement, ReviewCall
from tests.casework.story import Story, declared
from tests.risk.asking import II, III, WHY, I, answers, assessed, begun

JSON = {"HTTP_ACCEPT": "application/json"}
FLAGS = {f"RF{n}": "" for n in range(1, 11)}


@pytest.fixture(autouse=True)
def _now(story: Story):
    with time_machine.travel(story.at(minutes=50), tick=False):
        yield


@pytest.fixture
def dawn(story: Story) -> Client:
    declared(story, story.officer, story.manager)
    return story.world.client(story.officer)


@pytest.fixture
def sunita(story: Story, dawn: Client) -> Client:
    return story.world.client(story.manager)


def home(story: Story) -> str:
    return f"/cases/{story.case.reference}/risk/"


def sheet(draft: Assessment) -> str:
    return f"/cases/{draft.case.reference}/risk/{draft.pk}/"


def page(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def words(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", page(answer)))


def test_from_the_case_page_to_the_questions(dawn: Client, story: Story) -> None:
    case = page(dawn.get(f"/cases/{story.case.reference}/"))
    assert "Not assessed" in case
    assert home(story) in case
    shown = words(dawn.get(home(story)))
    assert "Ask Amara about risk" in shown
    assert "Nobody has reached them: answer from the report" in shown
    answer = dawn.post(home(story), {"do": "start", "about": story.victim.pk})
    draft = Assessment.objects.get()
    assert answer.url == sheet(draft)
    again = dawn.post(home(story), {"do": "start", "about": story.victim.pk})
    assert again.url == answer.url


def test_the_sheet_asks_everything_and_shows_no_points(dawn: Client, story: Story) -> None:
    draft = begun(story)
    shown = page(dawn.get(sheet(draft)))
    assert "Risk, as Amara sees it" in shown
    assert "Use Amara’s answer, never a guess." in shown
    for number in range(1, 17):
        assert f'id="ask-Q{number}"' in shown, number
    assert shown.count('type="radio"') == 15 * 5 + 3 + 2
    assert not re.search(r'name="Q\d+"[^>]*value="\d"', shown)
    assert "Amara Osei" not in re.search(r"<title>(.*?)</title>", shown)[1]  # type: ignore[index]


def test_a_save_without_script_keeps_and_shows_the_level(dawn: Client, story: Story) -> None:
    draft = begun(story)
    form = {
        **answers(II, rest=""),
        **FLAGS,
        "Q18": "A lock.\r\nA light.",
        "do": "save",
        "seen": "0",
    }
    answer = dawn.post(sheet(draft), form)
    assert answer.status_code == 302
    shown = words(dawn.get(sheet(draft)))
    assert "Because the score is 14. Medium is 14 to 21." in shown
    assert "7 questions not asked yet: question 6, question 8," in shown
    assert "A lock. A light." in shown
    assert "No red flags." in shown
    assert draft.answers.get(question="Q18").value == "A lock.\nA light."


def test_a_flag_makes_it_high_and_says_what_must_happen(dawn: Client, story: Story) -> None:
    draft = begun(story)
    dawn.post(sheet(draft), {**answers(II), **FLAGS, "RF10": ["", "YES"], "do": "save"})
    shown = words(dawn.get(sheet(draft)))
    assert "Because of 1 red flag: says not safe tonight. Any red flag means High" in shown
    assert "Score 14: on its own, Medium (14 to 21). 5 things begin today" in shown
    assert "Safety plan, by tonight" in shown
    assert "Nobody can set this below High while a red flag stands." in shown
    dawn.post(sheet(draft), {"RF10": "", "do": "save", "seen": str(10**9)})
    assert "Because the score is 14." in words(dawn.get(sheet(draft)))


def test_what_the_script_is_told(dawn: Client, story: Story) -> None:
    draft = begun(story)
    told = dawn.post(sheet(draft), {"Q1": "D", "window": "one"}, **JSON).json()
    assert "Q1" not in told["not_asked"]
    assert set(told["pieces"]) == {"level", "why", "repeat", "high", "judgement", "rest", "say"}
    other = dawn.post(sheet(draft), {"Q1": "A", "window": "two"}, **JSON).json()
    assert other["others"] == {"Q1": "Also answered in another window at 11:31am: Weekly or more."}


def test_finishing_too_soon_lists_what_is_missing(dawn: Client, story: Story) -> None:
    draft = begun(story)
    answer = dawn.post(sheet(draft), {**answers(I, rest=""), "do": "finish"})
    shown = page(answer)
    assert "<title>Error: " in shown
    assert 'href="#id_Q2_0"' in shown
    assert 'aria-describedby="error-Q2"' in shown
    assert "Question 10: choose an answer, or not known." in shown
    assert draft.answers.count() == 5, "nothing is lost"
    dawn.post(sheet(draft), {"do": "rest"})
    done = dawn.post(sheet(draft), {"do": "finish"})
    assert done.url == sheet(draft)
    draft.refresh_from_db()
    assert draft.is_finished
    shown = words(dawn.get(sheet(draft)))
    assert "These answers are frozen" in shown
    assert "provisional" in shown
    # Another window, or a second press, finds it finished.
    assert dawn.post(sheet(draft), {"Q1": "D", "do": "save"}).url == sheet(draft)
    assert dawn.post(sheet(draft), {"Q1": "D"}, **JSON).json() == {"sent": sheet(draft)}
    assert draft.answers.filter(question="Q1", value="D").count() == 0


def test_raised_on_the_sheet_with_its_reason(dawn: Client, story: Story) -> None:
    draft = begun(story)
    short = dawn.post(
        sheet(draft), {"do": "raise", "raise_to": "HIGH", "raise_reason": "He has a knife."}
    )
    assert "Say why it is higher (at least 20 characters)." in page(short)
    assert "He has a knife." in page(short), "what was typed stays"
    dawn.post(sheet(draft), {"do": "raise", "raise_to": "HIGH", "raise_reason": WHY})
    shown = words(dawn.get(sheet(draft)))
    assert "Because Dawn Mistry set it higher." in shown


def test_the_frozen_one_stands_beside_the_one_before(dawn: Client, story: Story) -> None:
    assessed(story, answers(I), hours=0.1)
    second = assessed(story, {**answers(II), "RF4": "YES"}, hours=0.5)
    shown = page(dawn.get(sheet(second)))
    assert "Changed:</strong> At least monthly" in shown
    assert "Changed:</strong> Ticked" in shown
    assert shown.count("Changed:") == 7
    case = words(dawn.get(f"/cases/{story.case.reference}/"))
    assert "Because of 1 red flag: assault with injury." in case


def test_set_lower_by_a_manager_and_no_one_else(dawn: Client, sunita: Client, story: Story) -> None:
    done = assessed(story, answers(III), hours=0.5)
    lower = f"{sheet(done)}lower/"
    assert lower not in page(dawn.get(sheet(done)))
    assert dawn.get(lower).status_code == 403
    assert lower in page(sunita.get(sheet(done)))
    refused = page(sunita.post(lower, {"to": "MEDIUM", "reason": "short", "evidence": "Log 44"}))
    assert "<title>Error: " in refused
    assert "at least 20 characters" in refused
    answer = sunita.post(lower, {"to": "MEDIUM", "reason": WHY, "evidence": "Police log 44"})
    assert answer.url == sheet(done)
    shown = words(dawn.get(sheet(done)))
    assert "Because Sunita Bhatt set it lower." in shown
    assert "When it was finished" in shown
    assert "Shown by: Police log 44" in shown


def test_a_flag_in_error_and_a_raise_after_finishing(
    dawn: Client, sunita: Client, story: Story
) -> None:
    done = assessed(story, {**answers(I), "RF2": "YES"}, hours=0.5)
    assert sunita.get(f"{sheet(done)}lower/").status_code == 200
    form = {"flag": "RF2", "reason": WHY, "evidence": "The recording"}
    assert sunita.post(f"{sheet(done)}flag/", form).status_code == 302
    assert "Ticked in error" in page(dawn.get(sheet(done)))
    assert Case.objects.get(pk=story.case.pk).risk == "STANDARD"
    dawn.post(f"{sheet(done)}higher/", {"to": "MEDIUM", "reason": WHY})
    assert Case.objects.get(pk=story.case.pk).risk == "MEDIUM"
    assert Judgement.objects.count() == 2


def test_something_changed(dawn: Client, story: Story) -> None:
    assessed(story, answers(I), hours=0.5)
    assert "There is a problem" in page(dawn.post(home(story), {"do": "review"}))
    dawn.post(home(story), {"do": "review", "why": "HEALTH"})
    assert ReviewCall.objects.get().why == "HEALTH"
    assert "A change of health" in words(dawn.get(home(story)))


def test_a_witness_is_asked_fewer_and_has_no_name_here(dawn: Client, story: Story) -> None:
    draft = begun(story, about=story.third)
    shown = page(dawn.get(sheet(draft)))
    assert "Risk, as a third party sees it" in shown
    assert "Bela" not in shown
    assert 'id="ask-Q1"' not in shown
    assert 'id="ask-Q15"' not in shown
    assert shown.count('type="radio"') == 9 * 5 + 3 + 2
    assert "Bela" not in page(dawn.get(home(story)))


def test_dash_comes_first_where_it_is_domestic_abuse(dawn: Client, story: Story) -> None:
    draft = begun(story)
    assert "DASH first." not in page(dawn.get(sheet(draft)))
    Case.objects.filter(pk=story.case.pk).update(domestic_abuse=True)
    assert "DASH first." in page(dawn.get(sheet(draft)))


def test_from_the_report_says_so(dawn: Client, story: Story) -> None:
    draft = begun(story, from_report=True)
    shown = words(dawn.get(sheet(draft)))
    assert "Risk, from the report" in shown
    assert "Provisional: from the report. Amara was not asked." in shown


@pytest.mark.parametrize("rest", ["", "1/", "1/lower/", "1/higher/", "1/flag/"])
def test_an_outsider_finds_nothing(story: Story, rest: str) -> None:
    outsider = story.world.user(Role.HOUSING_OFFICER, team=story.world.team("South"))
    assert story.world.client(outsider).get(home(story) + rest).status_code == 404


def test_another_cases_assessment_is_not_found_here(dawn: Client, story: Story) -> None:
    done = assessed(story, answers(I), hours=0.5)
    assert dawn.get(f"{home(story)}{done.pk + 99}/").status_code == 404


def test_who_reads_and_who_asks(story: Story, dawn: Client) -> None:
    draft = begun(story)
    director = story.world.user(Role.DIRECTOR_CO)
    declared(story, director)
    ruth = story.world.client(director)
    assert ruth.get(home(story)).status_code == 200
    assert "Ask Amara about risk" not in words(ruth.get(home(story)))
    assert ruth.get(sheet(draft)).status_code == 403
    assert ruth.post(sheet(draft), {"Q1": "A"}).status_code == 403
    assert ruth.post(home(story), {"do": "start", "about": story.victim.pk}).status_code == 403
    done = assessed(story, answers(I), hours=0.5)
    assert ruth.get(sheet(done)).status_code == 200


def test_first_the_question_whether_they_know_anybody(story: Story) -> None:
    answer = story.world.client(story.officer).get(home(story))
    assert answer.url.endswith("/declare/")


def test_opening_is_recorded_and_no_answer_is(dawn: Client, story: Story) -> None:
    draft = begun(story)
    dawn.post(sheet(draft), {"Q18": "A lock on the post.", "do": "save"})
    dawn.get(sheet(draft))
    assert Access.objects.filter(what="risk:sheet", case_reference=story.case.reference).exists()
    assert not Event.objects.filter(changes__icontains="lock").exists()


def test_the_queue_shows_and_filters_by_the_level(dawn: Client, story: Story) -> None:
    here = story.case.reference
    assert here in page(dawn.get("/?view=mine&risk=none"))
    assessed(story, answers(III), hours=0.5)
    assert here in page(dawn.get("/?view=mine&risk=high"))
    assert here not in page(dawn.get("/?view=mine&risk=none&risk=medium"))


def test_no_letter_and_no_respondent(dawn: Client, story: Story) -> None:
    answer = dawn.post(home(story), {"do": "start", "about": story.respondent.pk})
    assert answer.status_code == 403
    assert Assessment.objects.count() == 0


def test_the_number_of_queries_does_not_grow(dawn: Client, story: Story) -> None:
    draft = begun(story)

    def count(do: Any) -> int:
        do()
        with CaptureQueriesContext(
            connection,
        ) as seen:
            do()
        return len(seen)

    few = count(lambda: dawn.get(sheet(draft)))
    dawn.post(sheet(draft), {**answers(III), "RF1": "YES", "do": "save"})
    many = count(lambda: dawn.get(sheet(draft)))
    assert (few, many) == (QUERIES_ASKING, QUERIES_ASKING + 3)
    with CaptureQueriesContext(connection) as seen:
        dawn.post(sheet(draft), {"Q2": "C", "window": "x"}, **JSON)
    assert len(seen) <= QUERIES_SAVING
    ops.add_note(by=story.lead, at=story.at(), case=story.case, kind="CASE", text="A note.")


QUERIES_ASKING = 20
QUERIES_SAVING = 36
