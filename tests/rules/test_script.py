"""The call sheet's script and the rules of a sheet, as tables."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.access import Actor, Role
from cases.casework.choices import IncidentType, Location, MateCrime, Relationship, Strand
from cases.intake import script, sheet_rules
from cases.intake.choices import Door, SheetState
from cases.intake.script import Kind
from cases.intake.sheet_rules import (
    cannot_send_without,
    changed,
    clean,
    in_danger,
    in_force,
    problems,
    read_date,
    safe_contact_asked,
    still_needed,
    write_sheet,
)

V, T, C, A = Door.VICTIM, Door.THIRD_PARTY, Door.COLLEAGUE, Door.AGENCY
ENOUGH = {"incident-1.words": "He spat at me."}
RECEIVED = date(2026, 11, 19)

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


# --- dates ---


@pytest.mark.parametrize(
    ("boxes", "found"),
    [
        (("18", "11", "2026"), date(2026, 11, 18)),
        (("18", "nov", "2026"), date(2026, 11, 18)),
        (("18", "November", "26"), date(2026, 11, 18)),
        ((" 1 ", "1", "26"), date(2026, 1, 1)),
        (("29", "2", "2024"), date(2024, 2, 29)),
        (("", "", ""), None),
    ],
)
def test_dates_are_read_as_people_write_them(boxes, found) -> None:
    answers = {f"d.{part}": box for part, box in zip(("day", "month", "year"), boxes, strict=True)}
    assert read_date(answers, "d.") == (found, "")


@pytest.mark.parametrize(
    "boxes",
    [
        ("31", "11", "2026"),
        ("29", "2", "2026"),
        ("0", "11", "2026"),
        ("18", "13", "2026"),
        ("18", "", ""),
        ("last", "week", ""),
        ("18", "11", "20266"),
        ("١٨", "11", "2026"),
        ("-1", "11", "2026"),
    ],
)
def test_a_date_that_cannot_be_has_a_sentence(boxes) -> None:
    answers = {f"d.{part}": box for part, box in zip(("day", "month", "year"), boxes, strict=True)}
    found, why = read_date(answers, "d.")
    assert found is None
    assert why.endswith(".")


@pytest.mark.parametrize(
    ("day", "problem"), [("19", False), ("20", True), ("18", False), ("31", True)]
)
def test_an_incident_cannot_be_after_the_report_was_received(day: str, problem: bool) -> None:
    answers = {"incident-1.day": day, "incident-1.month": "11", "incident-1.year": "2026"}
    assert ("incident-1.day" in problems(answers, RECEIVED)) is problem


def test_problems_name_the_question_and_only_what_is_wrong() -> None:
    answers = {
        "incidents": "2",
        "incident-1.day": "18",
        "incident-1.month": "11",
        "incident-1.year": "2026",
        "incident-2.day": "18",
        "incident-2.month": "11",
        "incident-2.year": "1826",
        "who.person": "new",
        "who.born_day": "1",
        "who.born_month": "1",
        "who.born_year": "2030",
        "contact.email_address": "amara at example",
        "harmed.email_address": "esi@example.org",
    }
    received = datetime(2026, 11, 19, 10, 41, tzinfo=UTC)
    assert set(problems(answers, received)) == {
        "incident-2.day",
        "who.born_day",
        "contact.email_address",
    }


# --- two windows ---


@pytest.mark.parametrize(
    ("posted", "base", "now", "ours", "theirs"),
    [
        ("a", "", "", "a", None),  # first answer
        ("a", "a", "a", None, None),  # nothing new
        ("a", "a", "b", None, None),  # only the other window changed it: left alone
        ("b", "a", "b", None, None),  # both say the same
        ("c", "a", "b", "c", "b"),  # both changed it: both are kept
        ("c", "a", "a", "c", None),  # only this window changed it
        ("", "a", "a", "", None),  # taken away
        ("", "a", "b", "", "b"),
    ],
)
def test_two_windows_cannot_overwrite_each_other(posted, base, now, ours, theirs) -> None:
    key = "safe.call_them"
    shown = {key: base} if base else {}
    kept = {key: now} if now else {}
    new, beside = changed({key: posted}, shown, kept)
    assert new == ({} if ours is None else {key: ours})
    assert beside == ({} if theirs is None else {key: theirs})


def test_a_row_nobody_touched_is_no_answer() -> None:
    assert changed({"contact.ring": "NOT_ASKED", "why.strands": []}, {}, {}) == ({}, {})


# --- what is taken ---


@pytest.mark.parametrize(
    ("key", "raw", "kept"),
    [
        ("safe.now", ["YES"], "YES"),
        ("safe.now", ["MAYBE"], None),
        ("safe.now", [""], None),
        ("safe.call_them", ["  O'Brien "], "  O'Brien "),
        ("safe.call_them", [""], ""),
        ("incident-1.words", ["one\r\ntwo\rthree\0"], "one\ntwo\nthree"),
        ("why.strands", ["", "RACE", "RACE", "NOPE"], ["RACE"]),
        ("why.strands", [""], []),
        ("who.person", ["P-7K4RWD"], "P-7K4RWD"),
        ("who.person", ["P-7K4RWD' OR 1=1"], None),
        ("who.person", ["new"], "new"),
        ("harmed.people", ["", "CALLER", "P-7K4RWD", "x"], ["CALLER", "P-7K4RWD"]),
        ("incident-1.lines", ["", "not-a-key"], []),
        ("no.such", ["x"], None),
        ("incident-99.words", ["x"], None),
        ("incidents", ["20"], None),
        ("csrfmiddlewaretoken", ["x"], None),
    ],
)
def test_what_is_posted_is_kept_or_passed_over_never_refused(key, raw, kept) -> None:
    assert clean({key: raw}) == ({} if kept is None else {key: kept})


@settings(deadline=None)
@given(st.dictionaries(st.text(max_size=30), st.lists(st.text(max_size=50), max_size=4)))
def test_whatever_is_posted_something_is_made_of_it(posted) -> None:
    for key, value in clean(posted).items():
        asked = script.question(key)
        assert asked is not None
        assert isinstance(value, list) == asked.many


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from([asked.key for asked in script.questions(2)] + ["incidents"]),
        st.one_of(st.text(max_size=20), st.lists(st.text(max_size=10), max_size=3)),
    ),
    st.sampled_from(list(Door)),
)
def test_the_rules_have_an_answer_for_whatever_is_kept(answers, door) -> None:
    counted = in_force(answers, door)
    assert set(counted) <= set(answers)
    assert {need.question for need in still_needed(answers, door)}.isdisjoint(
        {"contact.phone", "who.search"}
    )
    problems(answers, RECEIVED)
    cannot_send_without(answers)
    assert 1 <= sheet_rules.incidents(answers) <= script.MOST_INCIDENTS


def test_long_text_is_cut_where_no_page_could_have_sent_it() -> None:
    assert len(clean({"incident-1.words": ["x" * 50_000]})["incident-1.words"]) == 20_000


# --- whose hand ---


@pytest.mark.parametrize(
    ("roles", "who", "state", "may"),
    [
        ({Role.CALL_HANDLER}, 1, SheetState.OPEN, True),
        ({Role.HOUSING_OFFICER}, 1, SheetState.PARKED, True),
        ({Role.CASE_MANAGER}, 1, SheetState.CUT_OFF, True),
        ({Role.CALL_HANDLER}, 1, SheetState.SENT, False),
        ({Role.CALL_HANDLER}, 2, SheetState.OPEN, False),
        ({Role.CASE_MANAGER}, 2, SheetState.OPEN, False),
        ({Role.DIRECTOR_CO}, 1, SheetState.OPEN, False),
        ({Role.AUDITOR}, 1, SheetState.OPEN, False),
        (set(), 1, SheetState.OPEN, False),
    ],
)
def test_only_whoever_took_the_call_writes_and_only_until_it_is_sent(
    roles, who, state, may
) -> None:
    actor = Actor(id=1, name="Joanne Pike", roles=frozenset(roles))
    answer = write_sheet(actor, taken_by_id=who, state=state)
    assert bool(answer) is may
    assert may or answer.reason.endswith(".")


def test_words_of_an_answer_are_those_of_its_choices() -> None:
    asked = script.question("why.strands")
    assert asked is not None
    assert asked.kind == Kind.CHECKBOXES
    assert asked.words_of(["RACE", "AGE"]) == "Race, Age"
