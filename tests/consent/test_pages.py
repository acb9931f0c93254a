"""The matrix and its conversations through the browser's door, without JavaScript."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.access import Role
from cases.audit.models import Access
from cases.casework.choices import Access as Why
from cases.casework.operations import declare
from cases.consent.models import Said, Talk
from cases.people.operations import change_person
from tests.casework.story import declared, give, make_case
from tests.consent.asking import ALL, Asking
from tests.workflow.asked import make_high

ANSWERED = {"ask_facts": "GIVEN", "ask_identity": "REFUSED", "how": "PHONE"}


@pytest.fixture
def page(asking: Asking) -> Client:
    """Dawn's browser; she has said that she knows nobody here."""
    declared(asking.story, asking.story.officer)
    return asking.story.world.client(asking.story.officer)


def there(asking: Asking, rest: str = "") -> str:
    """An address of Amara's permission."""
    return f"/cases/{asking.story.case.reference}/permission/{rest}"


def of_police(asking: Asking, rest: str = "") -> str:
    return there(asking, f"{asking.story.victim.pk}/agencies/{asking.police.pk}/{rest}")


def text(answer: Any) -> str:
    """What the page says, without its tags."""
    body = re.sub(r"<(script|style|svg).*?</\1>", "", answer.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


def test_nothing_asked_yet_opens_the_first_conversation(asking: Asking, page: Client) -> None:
    answer = page.get(there(asking))
    body = answer.content.decode()
    assert answer.status_code == 200
    assert "<title>" in body
    assert re.search(r"<title>\s*HC-\S+ permission - Hate crime casework", body)
    assert "Only a tick is a yes." in body
    assert "Asking about:" in body
    assert "checked" not in body, "nothing is chosen beforehand"
    assert "Given" not in text(answer)


def test_a_conversation_is_kept_and_stands_in_the_matrix(asking: Asking, page: Client) -> None:
    typed = {**ANSWERED, "words": "Not my name.", "conditions": "Not the officer who came"}
    sent = page.post(of_police(asking), typed, follow=True)
    said = text(sent)
    assert "What Amara said is kept." in said
    assert "Given" in said
    assert "“Not my name.”" in said
    assert "Condition: Not the officer who came" in said
    talk = Talk.objects.get()
    assert (talk.purpose, talk.informed_by) == ("to look into it", "asking 1")
    assert talk.until_on is not None
    assert dict(talk.said.values_list("scope", "reply")) == {
        "FACTS": "GIVEN",
        "IDENTITY": "REFUSED",
    }


def test_a_question_left_alone_stays_as_it_was(asking: Asking, page: Client) -> None:
    page.post(of_police(asking), ANSWERED)
    page.post(
        of_police(asking),
        {
            "ask_health": "GIVEN",
            "ask_facts": "NOT_ASKED",
            "how": "PHONE",
            "seen": str(Talk.objects.get().pk),
        },
    )
    body = text(page.get(of_police(asking)))
    assert "Now: given" in body
    assert Said.objects.filter(scope="FACTS").count() == 1


@pytest.mark.parametrize(
    ("typed", "sentence", "target"),
    [
        ({"how": "PHONE", "words": "Kept words"}, "Answer at least one question", "ask_facts_0"),
        ({"ask_facts": "GIVEN", "words": "Kept words"}, "How it was asked", "how_0"),
        (
            {**ANSWERED, "words": "Kept words", "until": "DATE"},
            "Enter the last day the answers count.",
            "until_on_0",
        ),
        (
            {**ANSWERED, "words": "Kept words", "aids": ["INTERPRETER"]},
            "Say who interpreted.",
            "interpreter",
        ),
        ({**ANSWERED, "words": "Kept words", "lacks": "on"}, "Leave the six questions", "lacks"),
        (
            {"how": "PHONE", "words": "Kept words", "lacks": "on"},
            "Say who decided what is best for them.",
            "decided_by",
        ),
        (
            {**ANSWERED, "words": "Kept words", "ask_health": "PERHAPS"},
            "Choose Yes, No or Not asked.",
            "ask_health_0",
        ),
    ],
)
def test_what_is_missing_is_said_and_everything_stays_typed(
    asking: Asking, page: Client, typed: dict[str, Any], sentence: str, target: str
) -> None:
    answer = page.post(of_police(asking), typed)
    body = answer.content.decode()
    assert answer.status_code == 200
    assert sentence in body
    assert f'href="#id_{target}"' in body
    assert f'id="id_{target}"' in body
    assert "<title>Error: " in body
    assert "Kept words" in body
    assert not Talk.objects.exists()


NASTY = ["\x00", "9" * 400, "-1", "<b>", "’; DROP", "1e9", "\ud7ff", "x" * 20_000]


@pytest.mark.parametrize("nasty", NASTY)
def test_nothing_posted_breaks_it(asking: Asking, page: Client, nasty: str) -> None:
    names = [
        "ask_facts",
        "how",
        "until",
        "until_on_year",
        "until_on_day",
        "until_on_month",
        "aids",
        "words",
        "conditions",
        "lacks",
        "seen",
        "token",
        "again",
        "do",
        "guardian",
    ]
    answer = page.post(of_police(asking), dict.fromkeys(names, nasty))
    assert answer.status_code == 200
    for name in names:
        assert page.post(of_police(asking), {**ANSWERED, name: nasty}).status_code < 500
        assert page.post(of_police(asking, "withdraw/"), {name: nasty}).status_code < 500


def test_a_no_to_a_yes_is_confirmed_first(asking: Asking, page: Client) -> None:
    asking.ask(dict.fromkeys(ALL, "GIVEN"))
    seen = {"seen": str(Talk.objects.get().pk), "token": "a" * 32}
    first = page.post(of_police(asking), {**ANSWERED, **seen, "words": "Not my name now."})
    body = text(first)
    assert "said no to what was a yes: name . Nothing is saved yet." in body
    assert "Nothing is waiting to go to Wellby Police" in body
    assert Talk.objects.count() == 1
    typed = dict(
        re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', first.content.decode())
    )
    assert typed["words"] == "Not my name now."
    done = page.post(of_police(asking), {**typed, "do": "confirm"}, follow=True)
    assert "Withdrawn" in text(done)
    assert Talk.objects.latest("id").withdrawal


def test_taking_back_by_its_own_page(asking: Asking, page: Client) -> None:
    asking.ask(dict.fromkeys(ALL, "GIVEN"))
    answer = page.get(of_police(asking, "withdraw/"))
    assert "checked" not in answer.content.decode()
    missing = page.post(of_police(asking, "withdraw/"), {"words": "I am afraid"})
    assert "Choose what they take back." in text(missing)
    assert "I am afraid" in text(missing)
    typed = {"scopes": ["FACTS", "IDENTITY"], "how": "PHONE", "words": "I am afraid"}
    done = page.post(of_police(asking, "withdraw/"), typed, follow=True)
    assert "It is taken back. What waited to go is stopped." in text(done)
    assert asking.may(timezone.now()) == {"ADDRESS", "HEALTH", "STRAND", "EVIDENCE"}


def test_nothing_to_take_back(asking: Asking, page: Client) -> None:
    assert "There is no yes" in text(page.get(of_police(asking, "withdraw/")))


def test_somebody_else_was_first(asking: Asking, page: Client) -> None:
    """A withdrawal while an officer types: what they typed is not kept over it."""
    asking.ask({"FACTS": "GIVEN"})
    seen = str(Talk.objects.get().pk)
    asking.withdraw("FACTS", words="Tell nobody.")
    answer = page.post(
        of_police(asking),
        {
            "ask_facts": "GIVEN",
            "how": "PHONE",
            "seen": seen,
            "again": "RAISED",
            "words": "She says yes",
        },
    )
    assert answer.status_code == 409
    assert "Tell nobody." in text(answer)
    assert "She says yes" in text(answer)
    assert asking.may() == set()


def test_a_second_press_is_one_conversation(asking: Asking, page: Client) -> None:
    typed = {**ANSWERED, "token": "b" * 32, "seen": "0"}
    for _ in range(3):
        assert page.post(of_police(asking), typed).status_code == 302
    assert Talk.objects.count() == 1


def test_a_refusal_asks_why_they_are_asked_again(asking: Asking, page: Client) -> None:
    asking.ask({"IDENTITY": "REFUSED"}, not_again=True)
    body = text(page.get(of_police(asking)))
    assert "They asked not to be asked again." in body
    assert "Why were they asked again?" in body
    seen = {"seen": str(Talk.objects.get().pk)}
    answer = page.post(of_police(asking), {"ask_identity": "GIVEN", "how": "PHONE", **seen})
    assert "They said no before. Say why they were asked again." in text(answer)


def test_a_child_opens_what_is_folded(asking: Asking, page: Client) -> None:
    story = asking.story
    born = timezone.localdate() - timedelta(days=365 * 12)
    change_person(by=story.lead, at=story.at(hours=2), person=story.amara, date_of_birth=born)
    body = page.get(of_police(asking)).content.decode()
    assert "Under 18." in body
    assert '<details class="govuk-details" open>' in body
    answer = page.post(of_police(asking), ANSWERED)
    assert "Say what the child wants, in their own words." in text(answer)


def test_who_is_kept_apart_has_no_name_here(asking: Asking, page: Client) -> None:
    story = asking.story
    asking.ask({"FACTS": "GIVEN"}, about=story.third, interpreter="Mrs Novak", words="Yes.")
    for address in (f"{story.third.pk}/", f"{story.third.pk}/agencies/{asking.police.pk}/"):
        answer = page.get(there(asking, address))
        body = answer.content.decode()
        assert "A third party" in body
        assert "Novak" not in body
        assert "Bela" not in body
    assert "Save what they said" in body


def test_a_respondent_and_another_cases_part_are_not_found(asking: Asking, page: Client) -> None:
    story = asking.story
    other = make_case(story.world, story.lead, story.case.policy_version)
    part = story.third
    declare(by=story.lead, at=story.at(), case=other, knows_somebody=False)
    for pk in (story.respondent.pk, part.pk + 1000, 0, 10**18):
        assert page.get(there(asking, f"{pk}/")).status_code == (200 if pk == 0 else 404)
        assert page.get(there(asking, f"{pk}/another/")).status_code == (200 if pk == 0 else 404)
    hidden = f"/cases/{other.reference}/permission/{story.victim.pk}/"
    assert page.get(hidden).status_code == 404
    give_to = f"/cases/{story.case.reference}/permission/{story.victim.pk}/agencies/{10**18}/"
    assert page.get(give_to).status_code == 404


def test_a_team_of_our_own_is_not_asked_about(asking: Asking, page: Client) -> None:
    ours = type(asking.police).objects.get(kind="SAFEGUARDING_TEAM")
    address = there(asking, f"{asking.story.victim.pk}/agencies/{ours.pk}/")
    assert page.get(address).status_code == 404


@pytest.mark.parametrize("role", [Role.DIRECTOR_CO, Role.AUDITOR])
def test_who_may_read_and_not_ask(asking: Asking, role: Role) -> None:
    story = asking.story
    asking.ask({"FACTS": "GIVEN"})
    user = story.world.user(role)
    give(story, user, Why.NAMED)
    declared(story, user)
    client = story.world.client(user)
    answer = client.get(of_police(asking))
    assert answer.status_code == 200
    assert "Save what" not in text(answer)
    assert text(answer).count("See what was said") == 1
    assert "Change :" not in text(answer)
    assert "Ask :" not in text(answer)
    assert client.post(of_police(asking), ANSWERED).status_code == 403
    assert client.post(of_police(asking, "withdraw/"), {}).status_code == 403
    assert Talk.objects.count() == 1


def test_a_stranger_finds_nothing(asking: Asking) -> None:
    other = asking.story.world.user(Role.HOUSING_OFFICER, team=asking.story.world.team("South"))
    client = asking.story.world.client(other)
    assert client.get(there(asking)).status_code == 404
    assert client.post(of_police(asking), ANSWERED).status_code == 404


def test_what_was_shown_is_on_the_record(asking: Asking, page: Client) -> None:
    talk = asking.ask({"FACTS": "GIVEN"})
    page.get(there(asking))
    row = Access.objects.get(what="workflow:permission", subject_kind="consent.talk")
    assert row.subject_ids == [talk.pk]


def test_another_agency(asking: Asking, page: Client) -> None:
    answer = page.get(there(asking, f"{asking.story.victim.pk}/another/"))
    assert "Stop Hate UK" in text(answer) or "Crimestoppers" in text(answer)
    assert "Safeguarding team" not in text(answer)


def test_the_matrix_does_not_grow_with_what_was_said(asking: Asking, page: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            page.get(of_police(asking))
        return len(queries)

    asking.ask({"FACTS": "GIVEN"})
    page.get(of_police(asking))
    few = asked()
    for agency in (asking.police, asking.council, asking.support):
        for _ in range(3):
            asking.ask({"FACTS": "GIVEN", "HEALTH": "GIVEN"}, agency=agency)
    assert asked() == few
    assert few <= 28


def test_the_case_page_leads_there_and_tells_of_it(asking: Asking, page: Client) -> None:
    asking.ask({"FACTS": "GIVEN", "IDENTITY": "REFUSED"})
    asking.ask({"FACTS": "REFUSED"}, tell_recipients=True, about=asking.story.third)
    asking.withdraw("FACTS", tell_recipients=True)
    answer = page.get(f"/cases/{asking.story.case.reference}/")
    body = text(answer)
    assert f'href="{there(asking)}"' in answer.content.decode()
    assert "Amara Osei was asked who may be told: Police" in body
    assert "Yes to what happened; no to name." in body
    assert "A third party was asked who may be told: Police" in body
    assert "Amara Osei took back permission: Police" in body
    assert "What happened. Whoever was told is to know." in body


def test_not_safe_to_ask_yet_is_still_recorded_by_hand(asking: Asking, page: Client) -> None:
    clock = asking.story.clock("PERMISSION")
    duty = f"/cases/{asking.story.case.reference}/duties/{clock.pk}/"
    assert duty in page.get(there(asking)).content.decode()
    page.post(duty, {"outcome": "Not safe to ask yet", "words": "He was in the room."})
    clock.refresh_from_db()
    assert clock.outcome == "Not safe to ask yet: He was in the room."
    assert duty not in page.get(there(asking)).content.decode()


def ways(answer: Any) -> list[str]:
    """Where the page leads if the answer is no."""
    section = answer.content.decode().partition('id="if-no"')[2].partition("</section>")[0]
    return [html.unescape(href) for href in re.findall(r'href="([^"]*)"', section)]


def test_a_no_leads_on_to_facts_that_name_nobody(asking: Asking, page: Client) -> None:
    here = f"/cases/{asking.story.case.reference}/sent/new/?about=nobody"
    leads = f"{here}&agency={asking.police.pk}"
    assert ways(page.get(of_police(asking))) == [leads]
    assert f"Tell {asking.police.name}" in text(page.get(leads))
    assert ways(page.get(there(asking)))[0].startswith(here)
    chosen = page.get(here).content.decode()
    assert "There is a problem" not in chosen
    assert re.search(r'value="nobody"[^>]*checked', chosen)


def test_a_no_at_high_risk_leads_to_the_director_too(asking: Asking, page: Client) -> None:
    make_high(asking.story)
    leads = f"/cases/{asking.story.case.reference}/police/new/"
    assert ways(page.get(of_police(asking)))[1:] == [leads]
    assert page.get(leads).status_code == 200


def test_a_no_leads_nowhere_for_whoever_does_not_work_the_case(asking: Asking) -> None:
    user = asking.story.world.user(Role.SAFEGUARDING_LEAD)
    give(asking.story, user, Why.COVER)
    declared(asking.story, user)
    answer = asking.story.world.client(user).get(there(asking))
    assert answer.status_code == 200
    assert ways(answer) == []
