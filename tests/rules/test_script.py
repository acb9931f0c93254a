"""The call sheet's script and the rules of a sheet, as tables."""

from __future__ import annotations

import uuid

import pytest

from cases.casework.choices import IncidentType, Location, MateCrime, Relationship, Strand
from cases.intake import script, sheet_rules
from cases.intake.choices import Door
from cases.intake.sheet_rules import (
    cannot_send_without,
    in_danger,
    in_force,
    safe_contact_asked,
    still_needed,
)

V, T, C, A = Door.VICTIM, Door.THIRD_PARTY, Door.COLLEAGUE, Door.AGENCY
ENOUGH = {"incident-1.words": "He spat at me."}

# Screens section 4, "Wordings to keep exactly".
SAID = [
    "“Are you safe where you are right now?”",
    "“Can you talk freely? If somebody can hear, just say yes or no and I will ask it that way.”",
    "“What would you like me to call you?”",
    "“If we get cut off, may I ring you straight back?”",
    "“How is it safe for us to reach you?”",
    "“Tell me what happened, in your own way. Take your time.”",
    "“Do you think it happened because of who you are, or who they think you are?”",
    "“What do you think it was about?”",
    "“We ask you before we tell anyone. Say no to any of these and we will help you just the "
    "same.”",
    "“What would help you feel safer tonight?”",
    "“May I read back what I have? Stop me if anything is wrong.”",
]
TO_THE_OFFICER = [
    "Asked on every report. If anybody thinks hate was part of it, we treat it as hate. Nobody can "
    "take that away.",
    "Ask openly. Never ask for proof.",
    "Never ask “are you gay?” or “are you disabled?”.",
    "Your view can only add. It never changes what {name} said.",
    "Post and voicemail stay off until somebody says they are safe.",
    "Let them tell you. Do not read out what we hold.",
    "We write “respondent”. Nothing is proved yet.",
]


def every_ask():
    for part in script.PARTS:
        yield from part.asks


def test_there_are_ten_parts_in_their_order() -> None:
    assert [part.name for part in script.PARTS] == [
        "Safe now",
        "Safe contact",
        "Who is calling",
        "What happened",
        "Why it happened",
        "Who is harmed",
        "Who did it",
        "Anything before",
        "Permission",
        "Before you hang up",
    ]
    assert [part.number for part in script.PARTS] == list(range(1, 11))


@pytest.mark.parametrize("words", SAID)
def test_the_words_to_say_are_kept_exactly(words: str) -> None:
    assert words in [ask.words(V, guarded=False)[0] for ask in every_ask()]


@pytest.mark.parametrize("words", TO_THE_OFFICER)
def test_the_words_to_the_officer_are_kept_exactly(words: str) -> None:
    said = [ask.hint for ask in every_ask()] + [part.intro for part in script.PARTS]
    assert words in said


def test_every_question_has_something_to_say_or_says_it_is_for_the_officer() -> None:
    for ask in every_ask():
        assert ask.say or ask.officer or ask.hint, ask.key


def test_words_to_say_stand_in_curly_quotation_marks() -> None:
    for ask in every_ask():
        for words in (ask.say, ask.say_other, ask.yes_no, ask.yes_no_other):
            assert not words or (words.startswith("“") and words.endswith("”")), words


def test_no_wording_doubts_the_person_or_asks_for_proof() -> None:
    for ask in every_ask():
        spoken = " ".join((ask.say, ask.say_other, ask.yes_no, ask.yes_no_other)).lower()
        for wrong in ("really", "prove", "sure it", "are you gay", "are you disabled", "alleged"):
            assert wrong not in spoken


def test_yes_or_no_wordings_can_be_answered_without_giving_anything_away() -> None:
    guarded = [ask.words(V, guarded=True) for ask in every_ask()]
    for words, yes_no in guarded:
        assert not yes_no or "?" in words or "Say yes" in words
    assert sum(1 for _, yes_no in guarded if yes_no) >= 8


def test_keys_are_unique_and_found_again() -> None:
    keys = [asked.key for asked in script.questions(3)]
    assert len(keys) == len(set(keys))
    for key in keys:
        found = script.question(key)
        assert found is not None
        assert found.key == key
    assert script.question("incident-21.words") is None
    assert script.question("incident-0.words") is None
    assert script.question("no.such") is None


@pytest.mark.parametrize(
    ("key", "codes"),
    [
        ("incident-1.types", {code.value for code in IncidentType}),
        ("incident-1.place", {code.value for code in Location}),
        ("why.strands", {code.value for code in Strand}),
        ("respondent.relation", {code.value for code in Relationship}),
        ("respondent.mate", {code.value for code in MateCrime}),
        ("door", {code.value for code in Door}),
    ],
)
def test_choices_are_the_lists_cases_are_described_with(key: str, codes: set[str]) -> None:
    asked = script.question(key)
    assert asked is not None
    assert asked.values == codes


@pytest.mark.parametrize("door", list(Door))
def test_all_twelve_triage_questions_can_be_asked_at_every_door(door: Door) -> None:
    asked = {each.key for each in script.questions() if door in each.doors}
    for key in (
        *("incident-1.types", "why.caller", "why.others", "why.own", "why.strands"),
        *("respondent.relation", "respondent.advantage", "respondent.mate", "respondent.abuse"),
        *("danger.rang", "harmed.at_risk", "contact.ring", "permission.police", "before.any"),
    ):
        assert key in asked, key


def test_the_person_harmed_has_a_safe_contact_block_when_somebody_else_calls() -> None:
    for way in script.WAYS:
        asked = script.question(f"harmed.{way}")
        assert asked is not None
        assert asked.doors == {T, C, A}
        assert asked.default == "NOT_ASKED"


# --- what is still needed ---


def needs(answers, door=V):
    return [need.question for need in still_needed(answers, door)]


def test_everything_is_needed_from_the_start_and_the_sheet_has_not_begun() -> None:
    everything = ["safe.now", *needs({"safe.now": "YES"})]
    for answers in ({}, {"door": "VICTIM"}, {"contact.ring": "NOT_ASKED"}):
        assert needs(answers) == everything
        assert not sheet_rules.begun(answers, V)
    assert sheet_rules.begun({"safe.now": "YES"}, V)


def test_after_the_first_answer_the_rest_is_named_in_the_order_of_the_page() -> None:
    assert needs({"safe.now": "YES"}) == [
        "contact.ring",
        "contact.adjustment_kinds",
        "who.person",
        "incident-1.words",
        "why.caller",
        "why.own",
        "respondent.relation",
        "before.any",
        "permission.police",
        "end.read_back",
    ]


@pytest.mark.parametrize(
    ("answers", "met"),
    [
        ({"safe.now": "NOT_SURE"}, "safe.now"),
        ({"contact.post": "NOT_SAFE"}, "contact.ring"),
        ({"contact.adjustments": "Large print"}, "contact.adjustment_kinds"),
        ({"contact.adjustment_kinds": ["NONE"]}, "contact.adjustment_kinds"),
        ({"who.person": "no-name"}, "who.person"),
        ({"incident-1.lines": [str(uuid.uuid4())]}, "incident-1.words"),
        ({"incident-2.types": ["SPITTING"], "incidents": "2"}, "incident-1.words"),
        ({"why.caller": "NO"}, "why.caller"),
        ({"permission.council": "NO"}, "permission.police"),
        ({"respondent.described": "A man in a blue coat"}, "respondent.relation"),
        ({"end.read_back": "NOT_POSSIBLE"}, "end.read_back"),
    ],
)
def test_a_need_is_met_by_its_answer_or_one_that_means_the_same(answers, met) -> None:
    assert met not in needs({"safe.talk": "FREELY", **answers})


@pytest.mark.parametrize(
    ("answers", "met"),
    [
        ({"contact.ring": "NOT_ASKED"}, "contact.ring"),
        ({"permission.police": "NOT_ASKED"}, "permission.police"),
        ({"incident-1.words": "  "}, "why.caller"),
        ({"contact.adjustment_kinds": []}, "contact.adjustment_kinds"),
    ],
)
def test_not_asked_and_empty_meet_nothing(answers, met) -> None:
    assert met in needs({"safe.talk": "FREELY", **answers})


def test_who_is_harmed_is_needed_only_when_somebody_else_calls() -> None:
    for door in Door:
        assert ("harmed.person" in needs({"safe.now": "YES"}, door)) == (door != V)
    assert "harmed.person" not in needs({"harmed.described": "The old man at number 3"}, T)


# --- sending ---

SEND = [
    ({}, False, ["incident-1.words", "why.caller"]),
    (ENOUGH, False, ["why.caller"]),
    ({**ENOUGH, "why.caller": "YES"}, False, []),
    ({**ENOUGH, "why.caller": "NOT_SURE"}, False, []),
    ({**ENOUGH, "why.caller": "NO"}, False, ["why.own"]),
    ({**ENOUGH, "why.caller": "NO", "why.own": "NO"}, False, []),
    ({**ENOUGH, "why.caller": "NO", "why.own": "NOT_SURE"}, False, []),
    ({**ENOUGH, "why.own": "YES"}, False, []),
    ({**ENOUGH, "why.own": "NO"}, False, ["why.caller"]),
    ({**ENOUGH, "why.others": "YES"}, False, []),
    ({**ENOUGH, "why.harmed": "NOT_SURE"}, False, []),
    ({"why.caller": "YES"}, False, ["incident-1.words"]),
    (ENOUGH, True, []),
    ({}, True, ["incident-1.words"]),
]


@pytest.mark.parametrize(("answers", "ended", "wanted"), SEND)
def test_sending_insists_on_two_things_at_most(answers, ended, wanted) -> None:
    needed = cannot_send_without(answers, call_ended=ended)
    assert [need.question for need in needed] == wanted
    assert all(need.words for need in needed)


# --- what counts ---


def test_answers_to_questions_that_no_longer_arise_do_not_count() -> None:
    friend = {
        "respondent.relation": "FRIEND_ACQ",
        "respondent.mate": ["FINANCIAL"],
        "respondent.advantage": "YES",
    }
    assert in_force(friend, V) == friend
    stranger = {**friend, "respondent.relation": "STRANGER"}
    assert in_force(stranger, V) == {"respondent.relation": "STRANGER"}


def test_another_door_leaves_its_questions_behind() -> None:
    answers = {"harmed.ring": "SAFE", "harmed.knows": "NO", "harmed.people": ["CALLER"]}
    assert in_force(answers, T) == {"harmed.ring": "SAFE", "harmed.knows": "NO"}
    assert in_force(answers, V) == {"harmed.people": ["CALLER"]}


def test_the_basis_of_a_strand_counts_only_while_it_is_ticked() -> None:
    answers = {"why.strands": ["RACE"], "why.basis.RACE": "ACTUAL", "why.basis.AGE": "PERCEIVED"}
    assert in_force(answers, V) == {"why.strands": ["RACE"], "why.basis.RACE": "ACTUAL"}


@pytest.mark.parametrize(
    ("answers", "danger"),
    [
        ({}, False),
        ({"safe.now": "YES"}, False),
        ({"safe.now": "NOT_SURE"}, False),
        ({"safe.now": "NO"}, True),
        ({"harmed.safe_now": "NO"}, True),
        ({"danger.rang": "OFFICER"}, True),
        ({"danger.rang": "NOBODY"}, True),
    ],
)
def test_danger_now(answers, danger) -> None:
    assert in_danger(answers) is danger


def test_details_are_covered_until_safe_contact_is_asked() -> None:
    assert not safe_contact_asked({}, "contact")
    assert not safe_contact_asked({"contact.ring": "NOT_ASKED"}, "contact")
    assert safe_contact_asked({"contact.ring": "NOT_SAFE"}, "contact")
    assert not safe_contact_asked({"contact.ring": "SAFE"}, "harmed")
