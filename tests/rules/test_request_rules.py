"""What a request lacks, sentence by sentence, and who decides: tables, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from cases.access import Actor, Answer, Role
from cases.disclosures import deciding_rules as deciding
from cases.disclosures import phone_rules
from cases.disclosures import request_rules as rules
from cases.disclosures.choices import REASON_LENGTH, Capacity

LONG = "He has said it three times this week, to two people who told us."
TODAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 16, 20, tzinfo=UTC)
WHOLE = rules.RequestFacts(
    harm_what=LONG,
    harm_to="Amara and her child",
    harm_likely=LONG,
    harm_soon=LONG,
    high=True,
    why_none="REFUSED",
    asked_on=[date(2026, 11, 20)],
    efforts="Asked twice.",
    why_police=LONG,
    why_now=LONG,
    alternatives=LONG,
    legal_basis="CRIME",
    traced="NO",
    told="AFTER",
    if_sent="She stays with her sister.",
    if_declined="The caretaker sleeps in the block.",
    fields=["FACTS"],
    reviewed=True,
)

INCOMPLETE: list[tuple[dict[str, Any], str, str]] = [
    ({"harm_what": ""}, "harm_what", "Say what serious harm could be done."),
    (
        {"harm_what": "Fire."},
        "harm_what",
        "Say what serious harm could be done: more is needed, at least 50 characters.",
    ),
    (
        {"harm_to": " "},
        "harm_to",
        "Say to whom: anyone involved, whoever they are in the case.",
    ),
    ({"harm_likely": ""}, "harm_likely", "Say how likely the harm is, and how you know."),
    ({"harm_soon": ""}, "harm_soon", "Say how soon it could be, and how you know."),
    (
        {"high": False},
        "not_high_why",
        "Risk is not High. Ask about risk again, or have a manager say why the Director is asked "
        "all the same.",
    ),
    (
        {"declined": True},
        "new_facts",
        "The Director declined before. Say what is new since then (at least 50 characters).",
    ),
    ({"why_none": ""}, "why_none", "Say why there is no permission."),
    ({"asked_on": []}, "asked_on", "Give each day on which they were asked."),
    (
        {"asked_on": [date(2026, 11, 22)]},
        "asked_on",
        "A day on which they were asked cannot be in the future.",
    ),
    (
        {"why_none": "NOT_SAFE", "asked_on": []},
        "why_none_words",
        "Say why they could not be asked, or cannot decide.",
    ),
    (
        {"efforts": ""},
        "efforts",
        "Say what was done to have their permission, or why nothing was.",
    ),
    ({"why_police": ""}, "why_police", "Say why the police must know."),
    ({"why_now": ""}, "why_now", "Say why now, and why it cannot wait."),
    (
        {"alternatives": ""},
        "alternatives",
        "Say what else was tried or thought of, and why not.",
    ),
    ({"legal_basis": "X"}, "legal_basis", "Choose what the law lets us rest on."),
    (
        {"fields": []},
        "fields",
        "Choose what the police would be told: nothing is chosen yet.",
    ),
    (
        {"fields": ["FACTS", "THIRD_PARTY"]},
        "third_party_why",
        "Say why the third party must be named, or leave it out.",
    ),
    ({"unit": Answer("Checked 8 months ago.")}, "contact", "Checked 8 months ago."),
    (
        {"reviewed": False},
        "reviewed",
        "Look at the page itself, and say that it is what should go.",
    ),
    ({"traced": ""}, "traced", "Say if the respondent could tell that it came from them."),
    (
        {"traced": "MAYBE"},
        "traced_words",
        "Say how he or she could tell, and what is done about it.",
    ),
    ({"told": ""}, "told", "Say when they are told: before, after or not for now."),
    ({"told": "NOT"}, "told_words", "Say why they are not told."),
    ({"if_sent": ""}, "if_sent", "Say what happens to the plan if the police are told."),
    ({"if_declined": ""}, "if_declined", "Say what happens if the Director declines."),
]


def test_a_whole_request_lacks_nothing() -> None:
    assert rules.missing(WHOLE, today=TODAY) == []


@pytest.mark.parametrize(("without", "where", "sentence"), INCOMPLETE)
def test_each_thing_missing_has_its_own_sentence(
    without: dict[str, Any], where: str, sentence: str
) -> None:
    facts = replace(WHOLE, **without)
    assert rules.missing(facts, today=TODAY) == [rules.Missing(where, sentence)]


def test_an_empty_request_lacks_everything_at_once() -> None:
    lacking = rules.missing(rules.RequestFacts(), today=TODAY)
    assert len(lacking) == len({each.field for each in lacking}) == 16


def test_a_managers_reason_stands_where_risk_is_not_high() -> None:
    assert not rules.missing(replace(WHOLE, high=False, not_high_why=LONG), today=TODAY)


@pytest.mark.parametrize("why", ["NOT_SAFE", "NO_CAPACITY", "UNREACHABLE"])
def test_nobody_who_was_not_asked_needs_a_day(why: str) -> None:
    facts = replace(WHOLE, why_none=why, asked_on=[], why_none_words="He reads her messages.")
    assert not rules.missing(facts, today=TODAY)


def test_reasons_are_counted_without_the_space_around_them() -> None:
    assert not deciding.enough(" " * REASON_LENGTH + "x" * (REASON_LENGTH - 1))
    assert deciding.enough("x" * REASON_LENGTH)


# --- who decides ---

DIRECTOR, DELEGATE, SPONSOR, OFFICER, LEAD = range(1, 6)
THE_DIRECTOR = deciding.Decider(DIRECTOR, "Dita Rowe", Capacity.DIRECTOR)
THE_DELEGATE = deciding.Decider(DELEGATE, "Rosa Quill", Capacity.DELEGATE, named_by=DIRECTOR)
THE_SPONSOR = deciding.Decider(SPONSOR, "Amit Rao", Capacity.SPONSOR)
ROLES = {
    DIRECTOR: Role.DIRECTOR_CO,
    DELEGATE: Role.ACTING_DIRECTOR,
    SPONSOR: Role.POLICY_SPONSOR,
    OFFICER: Role.HOUSING_OFFICER,
}


def asked(
    *deciders: deciding.Decider, by: int = OFFICER, lead: int | None = LEAD
) -> deciding.Asked:
    return deciding.Asked(by, lead, deciders or (THE_DIRECTOR, THE_DELEGATE, THE_SPONSOR))


def who(user_id: int, *roles: Role) -> Actor:
    return Actor(id=user_id, name="x", roles=frozenset(roles or {ROLES[user_id]}))


ONLY = "Only the Director of Customer Operations decides to tell the police without permission."
SPONSOR_DECIDES = "so somebody else decides it: the policy sponsor, Amit Rao."
ASIDE = replace(THE_DIRECTOR, stands_aside=True)

REFUSED: list[tuple[str, Actor, deciding.Asked, str]] = [
    ("an officer", who(OFFICER), asked(by=9), ONLY),
    ("a manager", who(9, Role.CASE_MANAGER), asked(), ONLY),
    ("a system administrator", who(9, Role.SYSADMIN), asked(), ONLY),
    ("an auditor", who(9, Role.AUDITOR), asked(), ONLY),
    ("the data protection officer", who(9, Role.DPO), asked(), ONLY),
    ("nobody now", who(9, Role.REPORT_VIEWER), asked(), ONLY),
    ("a stale role", who(9, Role.DIRECTOR_CO), asked(), ONLY),
    (
        "a Director who asked",
        who(DIRECTOR),
        asked(by=DIRECTOR),
        f"You raised this request, {SPONSOR_DECIDES}",
    ),
    (
        "a Director who leads",
        who(DIRECTOR),
        asked(lead=DIRECTOR),
        f"You lead this case, {SPONSOR_DECIDES}",
    ),
    (
        "a Director with a conflict",
        who(DIRECTOR),
        asked(ASIDE, THE_SPONSOR),
        f"You have a conflict of interest in this case, {SPONSOR_DECIDES}",
    ),
    (
        "a delegate of a Director with a conflict",
        who(DELEGATE),
        asked(ASIDE, THE_DELEGATE, THE_SPONSOR),
        "The Director you act for asked for this, leads the case or has a conflict of interest, "
        + SPONSOR_DECIDES,
    ),
    (
        "a delegate who asked",
        who(DELEGATE),
        asked(by=DELEGATE),
        "You raised this request, so somebody else decides it: the Director, Dita Rowe.",
    ),
    (
        "the sponsor while the Director can",
        who(SPONSOR),
        asked(),
        "The Director can decide this, so the policy sponsor does not.",
    ),
    (
        "a sponsor who asked, with nobody else",
        who(SPONSOR),
        asked(ASIDE, THE_SPONSOR, by=SPONSOR),
        "You raised this request, so somebody else decides it: nobody yet, so ask the system "
        "administrator to name a policy sponsor.",
    ),
]


@pytest.mark.parametrize(("called", "actor", "of", "sentence"), REFUSED)
def test_who_may_not_decide_reads_why(
    called: str, actor: Actor, of: deciding.Asked, sentence: str
) -> None:
    assert deciding.may_decide(actor, asked=of).reason == sentence
    assert deciding.capacity_of(actor, of) is None


MAY: list[tuple[int, deciding.Asked, Capacity]] = [
    (DIRECTOR, asked(), Capacity.DIRECTOR),
    (DELEGATE, asked(), Capacity.DELEGATE),
    (DELEGATE, asked(lead=None), Capacity.DELEGATE),
    (SPONSOR, asked(ASIDE, THE_DELEGATE, THE_SPONSOR), Capacity.SPONSOR),
    (SPONSOR, asked(by=DIRECTOR), Capacity.SPONSOR),
    (SPONSOR, asked(lead=DIRECTOR), Capacity.SPONSOR),
    (SPONSOR, asked(THE_SPONSOR), Capacity.SPONSOR),
]


@pytest.mark.parametrize(("user_id", "of", "capacity"), MAY)
def test_who_decides_decides_as_what_they_are(
    user_id: int, of: deciding.Asked, capacity: Capacity
) -> None:
    assert deciding.may_decide(who(user_id), asked=of)
    assert deciding.capacity_of(who(user_id), of) == capacity


def test_a_decision_made_already_says_whose_it_was_and_when() -> None:
    answer = deciding.undecided("APPROVED", decided_by="Dita Rowe", verdict="APPROVE", at=NOW)
    assert answer.reason == "Dita Rowe decided this already, at 4:20pm: Approve, as shown."
    assert deciding.undecided("WAITING")


@pytest.mark.parametrize("state", ["DRAFT", "TAKEN_BACK", "SENT", "LAPSED", "VOID"])
def test_nothing_else_is_decided(state: str) -> None:
    assert deciding.undecided(state).reason


@pytest.mark.parametrize(
    ("verdict", "reason", "out", "left", "sentence"),
    [
        ("", LONG, 0, 2, "Choose what you decide."),
        ("APPROVE", "Yes.", 0, 2, "Give your reason (at least 50 characters)."),
        ("APPROVE", LONG, 1, 1, "To leave something out, choose “Approve less”."),
        ("APPROVE_REDUCED", LONG, 0, 2, "Choose what is left out, or approve it as shown."),
        ("APPROVE_REDUCED", LONG, 2, 0, "Nothing would be left to send: decline instead."),
        ("DECLINE", LONG, 0, 2, ""),
        ("APPROVE_REDUCED", LONG, 1, 1, ""),
    ],
)
def test_what_a_decision_must_say(
    verdict: str, reason: str, out: int, left: int, sentence: str
) -> None:
    found = deciding.decide(
        who(DIRECTOR), verdict=verdict, reason=reason, taking_out=out, left=left
    )
    assert found.reason == sentence


# --- the word on the phone ---

RUNG = phone_rules.Rung(
    urgent=False,
    in_hours=False,
    called_at=NOW - timedelta(minutes=5),
    asked_at=NOW - timedelta(minutes=30),
    now=NOW,
    within=timedelta(hours=12),
    words="Yes, send it.",
    director=Answer(),
)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({}, ""),
        ({"in_hours": True, "urgent": True}, ""),
        ({"himself": True}, "The Director decides here, not by phone."),
        ({"director": Answer("Not they.")}, "Not they."),
        ({"in_hours": True}, "In office hours, and not urgent, the Director decides here."),
        ({"called_at": NOW + timedelta(seconds=1)}, "The call cannot be in the future."),
        (
            {"called_at": NOW - timedelta(minutes=31)},
            "The call was before the Director was asked. Ring again.",
        ),
        (
            {
                "called_at": NOW - timedelta(hours=12, seconds=1),
                "asked_at": NOW - timedelta(hours=20),
            },
            "That call was too long ago. Ring the Director again.",
        ),
        (
            {"called_at": NOW - timedelta(hours=12), "asked_at": NOW - timedelta(hours=20)},
            "",
        ),
        ({"words": " "}, "Write the Director’s own words."),
    ],
)
def test_when_a_word_on_the_phone_counts(change: dict[str, Any], sentence: str) -> None:
    assert phone_rules.word_counts(replace(RUNG, **change)).reason == sentence
