"""The ledger in words: every verb is a sentence, and details say codes and dates as people do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.urls import URLResolver, get_resolver

from cases.audit.models import Access, Event, Outcome
from cases.audit.naming import names_of
from cases.audit.page_names import PAGES
from cases.audit.presenters import (
    details_of,
    entry_of_access,
    entry_of_event,
    sentence_of,
)
from cases.audit.verbs import Verb
from tests.people.folk import Folk
from tests.world import World

NOW = datetime(2026, 11, 19, 10, 41, tzinfo=UTC)


@pytest.mark.parametrize("verb", list(Verb))
def test_every_verb_is_a_sentence(verb: Verb) -> None:
    sentence = sentence_of(verb)
    assert sentence
    assert sentence != verb.value
    assert sentence[0].islower(), "it follows a name"
    assert not sentence.endswith(".")
    assert "_" not in sentence
    event = Event(pk=1, at=NOW, actor_name="Dawn Mistry", verb=verb, changes={})
    entry = entry_of_event(event, NOW)
    assert entry.sentence == sentence
    assert entry.title[0].isupper()


def test_no_two_verbs_read_alike() -> None:
    assert len({verb.label for verb in Verb}) == len(list(Verb))


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("casework.casemember", "access to the case"),
        ("intake.routerecord", "referral"),
        ("casework.polished", "polished"),
        ("gone.polished", "polished"),
    ],
)
def test_a_row_is_called_what_people_call_it(kind: str, words: str) -> None:
    event = Event(
        pk=1,
        at=NOW,
        actor_name="Dawn Mistry",
        verb="x",
        subject_kind=kind,
        subject_id=7,
        changes={},
    )
    assert entry_of_event(event, NOW).about == words


def test_codes_are_words_and_references_stay_as_they_are_read_out() -> None:
    said = details_of({"FIRST_CONTACT": None, "report": "R-2026-5DXNH", "route": "HATE"}, NOW)
    assert said == "First contact: none; report: R-2026-5DXNH; route: Hate crime"


def test_rows_are_called_by_name_or_reference(world: World) -> None:
    """A colleague by name, a person and a case by reference: never "person 181"."""
    folk = Folk(world)
    dawn, amara = folk.user, folk.person("Amara Osei")
    rows = [
        Event(
            pk=1,
            at=NOW,
            actor_name="Sunita Bhatt",
            verb=Verb.CASE_ALLOCATED,
            subject_kind="people.person",
            subject_id=amara.pk,
            changes={"from": None, "to": dawn.pk, "person": amara.pk},
        )
    ]
    entry = entry_of_event(rows[0], NOW, names_of(rows))
    assert entry.about == f"person {amara.reference}"
    assert entry.details == f"from: none; to: Dawn Mistry; person: person {amara.reference}"
    assert "Amara" not in repr(entry)


def test_a_verb_of_an_earlier_release_reads_as_its_code() -> None:
    assert sentence_of("case.polished") == "case.polished"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, ""),
        ({"role": "AUDITOR"}, "role: Auditor"),
        ({"role": "DPO", "until": None}, "role: Data protection officer; until: none"),
        ({"from": "2026-11-18T09:10:00+00:00"}, "from: yesterday at 9:10am"),
        ({"completed": "2024-02-29"}, "done on: Thursday 29 February 2024"),
        ({"changed": ["full_name", "team"]}, "what changed: full name, team"),
        ({"changed": []}, "what changed: none"),
        ({"holds": "YES"}, "whether hate was part of it: Thinks so"),
        ({"routes": ["HATE", "SAFEGUARDING"]}, "routes: Hate crime, Safeguarding"),
        ({"full_name": "changed"}, "full name: changed, not quoted here"),
        ({"questions": ["safe.now"]}, "questions: 1 answer"),
        ({"kind": "TRIAGE", "late": False}, "kind: Triage"),
        ({"kind": "TRIAGE", "late": True}, "kind: Triage; late: yes"),
        ({"user": 7}, "who: a user"),
        ({"begun": False}, "had begun: no"),
        ({"stage": {"from": "NEW", "to": "RISK_ASSESSED"}}, "stage: from: new; to: risk assessed"),
        ({"added": 9}, "added: 9"),
        ({"reference": "2026-7K4R-not-a-date"}, "reference: 2026-7K4R-not-a-date"),
    ],
)
def test_details(changes: dict[str, Any], words: str) -> None:
    assert details_of(changes, NOW) == words


@pytest.mark.parametrize(
    ("method", "outcome", "begins"),
    [
        ("GET", Outcome.SHOWN, "opened "),
        ("HEAD", Outcome.SHOWN, "opened "),
        ("POST", Outcome.SHOWN, "used "),
        ("GET", Outcome.DENIED, "was refused "),
        ("POST", Outcome.NOT_FOUND, "asked for something that is not there or not theirs: "),
    ],
)
def test_what_was_opened(method: str, outcome: Outcome, begins: str) -> None:
    for what in ("workflow:case", "staff:grant-role", "somewhere"):
        access = Access(pk=1, at=NOW, actor_name="D", what=what, method=method, outcome=outcome)
        entry = entry_of_access(access)
        assert entry.sentence.startswith(begins)
        assert entry.refused is (outcome is not Outcome.SHOWN)
        assert ":" not in entry.sentence.removeprefix(begins)


def _names(patterns: Any, app: str = "") -> list[str]:
    found = []
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            found += _names(
                pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else app
            )
        elif pattern.name:
            found.append(app + pattern.name)
    return found


def test_most_pages_are_called_what_people_call_them() -> None:
    """Each page of ours has words of its own, so that a log reads without a list of addresses."""
    ours = {
        name
        for name in _names(get_resolver().url_patterns)
        if name.split(":")[0] in ("workflow", "intake", "people", "staff", "policy", "audit")
    }
    assert len(ours - set(PAGES)) < len(ours) / 4, sorted(ours - set(PAGES))


def test_every_page_of_the_site_has_words() -> None:
    names = _names(get_resolver().url_patterns)
    assert len(names) > 30
    for name in names:
        access = Access(pk=1, at=NOW, actor_name="D", what=name, outcome=Outcome.SHOWN)
        words = entry_of_access(access).sentence.removeprefix("opened ")
        assert words.strip("“” "), name


def test_a_moment_in_another_zone_is_londons() -> None:
    summer = (NOW - timedelta(days=140)).replace(hour=23, minute=30)
    assert "12:30am" in details_of({"at": summer.isoformat()}, NOW)
