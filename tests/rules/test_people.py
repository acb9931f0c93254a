"""How it is safe to reach somebody, in words, and who may do what about people."""

from __future__ import annotations

from itertools import product

import pytest

from cases.access import Actor, Grant, Role
from cases.people.rules import (
    NOT_ASKED,
    NOT_SAFE,
    SAFE,
    Line,
    Part,
    SafeContactFacts,
    Way,
    may_link,
    may_record,
    may_search,
    may_show_details,
    may_use,
    safe_contact_banner,
    safe_contact_line,
)

AMARA = SafeContactFacts(
    ring=SAFE,
    voicemail=NOT_SAFE,
    text=SAFE,
    post=NOT_SAFE,
    first_choice="text",
    say_we_are="Sam",
)
WAYS = ("ring", "voicemail", "text", "email", "post", "visit")


def test_the_line_is_safe_not_safe_when_what_to_say():
    line = safe_contact_line(
        SafeContactFacts(
            **{way: getattr(AMARA, way) for way in WAYS},
            first_choice="text",
            safe_times="9:30am to 3pm",
            say_we_are="Sam",
        )
    )
    assert line.parts == (
        Part("Text first."),
        Part("No post.", strong=True),
        Part("No voicemail.", strong=True),
        Part("9:30am to 3pm."),
        Part("Say “Sam”."),
    )
    assert str(safe_contact_line(AMARA)) == "Text first. No post. No voicemail. Say “Sam”."


@pytest.mark.parametrize("facts", [None, SafeContactFacts(), SafeContactFacts(say_we_are="Sam")])
def test_nothing_asked_is_a_line_without_parts(facts):
    assert safe_contact_line(facts) == Line()
    assert str(Line()) == "Safe contact not asked. Do not ring, write or leave a message."


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (SafeContactFacts(email=SAFE), "Email only. No post. No voicemail."),
        (SafeContactFacts(text=SAFE, ring=SAFE), "Ring or text. No post. No voicemail."),
        (
            SafeContactFacts(text=SAFE, ring=SAFE, post=SAFE, voicemail=SAFE),
            "Ring, text or post.",
        ),
        (SafeContactFacts(text=SAFE, voicemail=SAFE, post=NOT_SAFE), "Text only. No post."),
        (
            SafeContactFacts(ring=SAFE, safe_times="mornings", visit=NOT_SAFE),
            "Ring only. No post. No voicemail. No visits. Mornings.",
        ),
        (SafeContactFacts(ring=NOT_SAFE), "Do not contact. Find a safe way first."),
        (SafeContactFacts(**dict.fromkeys(WAYS, NOT_SAFE)), "Do not contact."),
    ],
)
def test_the_words_of_the_line(facts, words):
    assert str(safe_contact_line(facts)) == words


def test_post_and_voicemail_are_never_read_as_safe_unless_somebody_said_so():
    for codes in product((SAFE, NOT_SAFE, NOT_ASKED), repeat=len(WAYS)):
        facts = SafeContactFacts(**dict(zip(WAYS, codes, strict=True)))
        line = safe_contact_line(facts)
        if facts.safe:
            assert ("No post." in str(line)) == (facts.post != SAFE)
            assert ("No voicemail." in str(line)) == (facts.voicemail != SAFE)
            bold = [part.text for part in line.parts if part.strong]
            assert all(text.startswith("No ") for text in bold)
        else:
            assert not line.parts or line.parts[0] == Part("Do not contact.", strong=True)


def test_the_banner_says_it_in_full():
    banner = safe_contact_banner(
        SafeContactFacts(
            **{way: getattr(AMARA, way) for way in WAYS},
            first_choice="text",
            safe_times="9:30am to 3pm",
            say_we_are="Sam",
        )
    )
    assert banner.ways == (
        Way("Text first", safe=True),
        Way("Ring, 9:30am to 3pm", safe=True),
        Way("No post", safe=False),
        Way("No voicemail", safe=False),
    )
    assert banner.not_asked == "Email and visits: not asked, so no."
    assert banner.say_we_are == "Sam"
    assert not banner.unsafe


def test_the_banner_of_nobody_asked_and_of_nothing_safe():
    assert not safe_contact_banner(None).ways
    assert not safe_contact_banner(SafeContactFacts()).unsafe
    assert safe_contact_banner(SafeContactFacts(post=NOT_SAFE)).unsafe
    everything = safe_contact_banner(SafeContactFacts(**dict.fromkeys(WAYS, SAFE)))
    assert everything.not_asked == ""
    assert Way("Voicemail", safe=True) in everything.ways
    alone = safe_contact_banner(
        SafeContactFacts(**{**dict.fromkeys(WAYS, SAFE), "post": NOT_ASKED})
    )
    assert alone.not_asked == "Post: not asked, so no."


@pytest.mark.parametrize(
    ("channel", "facts", "words"),
    [
        ("ring", AMARA, ""),
        ("text", AMARA, ""),
        ("post", AMARA, "Do not write to Amara: it is not safe. Text first."),
        ("email", AMARA, "Do not email Amara: nobody has asked if it is safe. Text first."),
        ("voicemail", AMARA, "Do not leave a message for Amara: it is not safe. Text first."),
        (
            "post",
            None,
            "Do not write to Amara: nobody has asked if it is safe. "
            "Nothing is known to be safe yet.",
        ),
        (
            "visit",
            SafeContactFacts(visit=NOT_SAFE),
            "Do not visit Amara: it is not safe. Nothing is known to be safe yet.",
        ),
    ],
)
def test_a_way_that_is_not_safe_is_refused_and_says_what_is(channel, facts, words):
    answer = may_use(None, channel=channel, facts=facts, name="Amara")
    assert answer.reason == words
    assert bool(answer) == (words == "")


RECORD = {Role.CALL_HANDLER, Role.HOUSING_OFFICER, Role.CASE_MANAGER}
SHOW = RECORD | {Role.DIRECTOR_CO, Role.SAFEGUARDING_LEAD, Role.DA_LEAD}
SEARCH = RECORD | {Role.DIRECTOR_CO}


@pytest.mark.parametrize("role", Role)
def test_who_may_do_what_about_people(role):
    actor = Actor(id=1, name="Somebody", roles=frozenset({role}))
    assert bool(may_record(actor)) == (role in RECORD)
    assert bool(may_show_details(actor)) == (role in SHOW)
    assert bool(may_search(actor)) == (role in SEARCH)
    assert bool(may_link(actor, user_id=1))
    assert bool(may_link(actor, user_id=2)) == (role == Role.CASE_MANAGER)


def test_a_visitor_may_nothing():
    visitor = Actor(id=None, name="a visitor")
    assert may_record(visitor).reason
    assert may_show_details(visitor).reason
    assert may_search(visitor).reason == Grant.SEARCH.value
    assert may_link(visitor, user_id=1).reason
