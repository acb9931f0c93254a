"""The timeline says of what, whose and which: a verb alone is never a whole line."""

from __future__ import annotations

from typing import Any

import pytest

from cases.audit.models import Event
from cases.audit.verbs import Verb
from cases.casework.choices import ConflictSource
from cases.casework.clock_operations import start_clocks
from cases.casework.clocks import ClockKind
from cases.casework.promises import Promise
from cases.workflow import case_steps, case_timeline
from cases.workflow.case_read import read
from tests.casework.story import Story, declared


@pytest.fixture
def led(story: Story) -> Story:
    story.allocated()
    declared(story, story.officer)
    return story


def line(story: Story, verb: Verb, **more: Any) -> tuple[str, str]:
    """An event's line as the lead of the case reads it."""
    event = Event(at=story.at(), actor_name="Joanne Pike", verb=verb, **{"changes": {}, **more})
    entry = case_timeline._entry(read(story.case, story.lead, story.at()), event, {})
    return entry["title"], entry["words"]


@pytest.mark.parametrize(
    ("verb", "changes", "said"),
    [
        (Verb.ROUTE_OPENED, {"route": "SAFEGUARDING"}, ("Sent on to Safeguarding", "")),
        (Verb.ROUTE_OPENED, {"route": "HATE"}, ("Opened as a hate crime case", "")),
        (Verb.ROUTE_ACCEPTED, {"route": "DA"}, ("Domestic abuse accepted it", "")),
        (Verb.ROUTE_DECLINED, {"route": "DA"}, ("Domestic abuse declined it", "")),
        (Verb.ROUTE_OPENED, {"route": "of an earlier release"}, ("Opened a route", "")),
        (
            Verb.REPORT_REROUTED,
            {"from": "ASB", "to": "HATE"},
            ("Turned a record into a hate case", "It was Antisocial behaviour until then."),
        ),
        (
            Verb.CASE_MERGED,
            {"joined": "HC-2026-7K4R"},
            ("HC-2026-7K4R was joined to this case", ""),
        ),
        (
            Verb.CASE_MERGED,
            {"into": "HC-2026-7K4R"},
            ("Joined to HC-2026-7K4R", "The work goes on there."),
        ),
    ],
)
def test_the_line_says_which(
    led: Story, verb: Verb, changes: dict[str, Any], said: tuple[str, str]
) -> None:
    assert line(led, verb, changes=changes) == said


def test_whose_words_and_in_which_incident(led: Story) -> None:
    account = led.incident.accounts.get()
    subject = {"subject_kind": "casework.account", "subject_id": account.pk}
    title, words = line(led, Verb.ACCOUNT_ADDED, **subject)
    assert title == "What Amara Osei said was written down"
    assert words == "Incident 1."
    assert line(led, Verb.ACCOUNT_ADDED)[0] == "Added somebody's words"


def test_a_conflict_says_whose_and_how_it_was_known(led: Story) -> None:
    changes = {"user": led.officer.pk, "source": ConflictSource.RELATIVE}
    subject = {"subject_kind": "casework.conflict", "subject_id": 1}
    _, words = line(led, Verb.CONFLICT_FOUND, changes=changes, **subject)
    assert words == f"{led.officer.full_name}. A declared relative or friend."


def test_every_verb_has_a_line_without_codes_or_numbers_of_rows(led: Story) -> None:
    for verb in Verb:
        title, words = line(led, verb, changes={"kind": "RISK", "person": 181, "holds": "YES"})
        assert title[:1].isupper(), verb
        assert "181" not in title + words, verb
        assert "_" not in title + words, verb


def test_the_lead_reads_that_the_referral_was_sent_and_who_answers_it(led: Story) -> None:
    """Nothing to press is a dead end unless the page says who has it now."""
    promise = Promise(ClockKind.SAFEGUARDING, led.at(), led.at(hours=1))
    start_clocks(by=led.lead, at=led.at(), case=led.case, promises=[promise])
    step = case_steps.next_step(read(led.case, led.lead, led.at(minutes=40)))
    assert step["text"] == "Send the Safeguarding referral"
    assert step["href"] == ""
    assert "It was sent at triage, and is met when the Safeguarding lead answers it." in step["why"]
