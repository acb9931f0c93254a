"""What to say and what the result says: made from safe contact and promised times (screens 5)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.intake import result_words, say
from cases.intake.triage import View
from cases.people.rules import SafeContactFacts
from tests.scenarios.story import london

NOW = london(2026, 11, 19, 10, 58)
DUE = london(2026, 11, 20, 10, 41)
AMARA = SafeContactFacts(
    ring="SAFE",
    text="SAFE",
    post="NOT_SAFE",
    voicemail="NOT_SAFE",
    first_choice="text",
    say_we_are="Sam",
)


def facts(safe: SafeContactFacts | None = AMARA, **more: object) -> say.CallFacts:
    given: dict[str, object] = {"by_when": DUE, "route": "HATE", **more}
    return say.CallFacts(safe=safe, now=NOW, **given)  # type: ignore[arg-type]


def test_the_sentences_of_the_picture() -> None:
    assert say.sentences(facts(lead="Dawn Mistry")) == [
        "“Dawn Mistry will be in touch by 10:41 tomorrow morning. Dawn will text you first and "
        "will say Sam.”",
        "“Nothing will come by post. Nobody will leave a voicemail.”",
        "“If anything happens before then, ring us. If you are in danger, ring 999.”",
    ]


def test_before_a_lead_is_named() -> None:
    assert say.sentences(facts())[0].startswith("“Somebody from our team will be in touch")


@pytest.mark.parametrize(
    ("safe", "says"),
    [
        (SafeContactFacts(visit="SAFE"), "They will come to see you."),
        (SafeContactFacts(ring="SAFE", email="SAFE"), "They will ring you or email you."),
        (
            SafeContactFacts(ring="SAFE", text="SAFE", email="SAFE"),
            "They will ring you, text you or email you.",
        ),
    ],
)
def test_only_safe_ways_are_promised(safe: SafeContactFacts, says: str) -> None:
    assert says in say.sentences(facts(safe))[0]


def test_safe_times_are_said_back() -> None:
    safe = SafeContactFacts(ring="SAFE", safe_times="9:30am to 3pm.")
    said = say.sentences(facts(safe))
    assert "“I have written down when it is safe: 9:30am to 3pm.”" in said


def test_nothing_asked_is_asked_now() -> None:
    for safe in (None, SafeContactFacts(), SafeContactFacts(ring="NOT_SAFE")):
        assert say.sentences(facts(safe))[0] == say.ASK_NOW


def test_nothing_is_safe() -> None:
    everything = dict.fromkeys(("ring", "voicemail", "text", "email", "post", "visit"), "NOT_SAFE")
    said = say.sentences(facts(SafeContactFacts(**everything)))
    assert said[0] == "“We will not ring, write or come. Ring us when it is safe for you.”"


def test_somebody_who_gave_no_name() -> None:
    said = say.sentences(facts(None, anonymous=True, about_somebody_else=True))
    assert said[0] == "“You gave no name, so we cannot ring you. Ring us whenever you want to.”"
    assert "We will not say that you rang." in said[1]


@pytest.mark.parametrize(
    ("route", "waiting", "says"),
    [
        ("ASB", False, "antisocial behaviour takes this on"),
        ("SAFEGUARDING", False, "people’s safety reads this today"),
        ("SIGNPOST", False, "I will tell you who can"),
        ("", True, "We will ask you one more thing"),
    ],
)
def test_the_other_routes(route: str, waiting: bool, says: str) -> None:
    said = say.sentences(facts(route=route, waiting=waiting, by_when=None))
    assert says in said[0]
    assert "“When we are in touch, we will text you first and will say Sam.”" in said
    assert said[-1] == say.ANYTHING


ways = st.sampled_from(["SAFE", "NOT_SAFE", "NOT_ASKED"])


@given(
    st.builds(
        SafeContactFacts,
        ring=ways,
        voicemail=ways,
        text=ways,
        email=ways,
        post=ways,
        visit=ways,
        first_choice=st.sampled_from(["", "ring", "text", "email", "post", "visit"]),
    ),
    st.sampled_from(["HATE", "DA", "ASB", "SAFEGUARDING", "SIGNPOST", ""]),
    st.booleans(),
)
def test_no_sentence_promises_a_way_that_is_not_safe(
    safe: SafeContactFacts, route: str, promised: bool
) -> None:
    text = " ".join(say.sentences(facts(safe, route=route, by_when=DUE if promised else None)))
    for way, words in say.WAYS.items():
        if safe.reach(way) != "SAFE":
            assert words not in text
    if safe.post != "SAFE" and safe.safe:
        assert "Nothing will come by post." in text


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (london(2026, 11, 20, 10, 41), "by 10:41 tomorrow morning"),
        (london(2026, 11, 19, 14, 5), "by 2:05 this afternoon"),
        (london(2026, 11, 19, 11, 30), "by 11:30 this morning"),
        (london(2026, 11, 19, 19, 0), "by 7:00 tonight"),
        (london(2026, 11, 20, 12, 0), "by midday tomorrow"),
        (london(2026, 11, 20, 0, 0), "by midnight tomorrow"),
        (london(2026, 11, 23, 9, 0), "by Monday 23 November at 9:00am"),
        (NOW, "as soon as they can"),
        (NOW - timedelta(hours=1), "as soon as they can"),
    ],
)
def test_by_when_it_is_said(due: datetime, words: str) -> None:
    assert say.by(due, NOW) == words


def band(*views: View, primary: str = "HATE", **more: object) -> result_words.Band:
    given: dict[str, object] = {"reasons": ("Everyone asked said no: B.",), **more}
    return result_words.band(primary=primary, views=views, **given)  # type: ignore[arg-type]


YES = View("Amara", "YES", "VICTIM")
THIRD = View("The third party", "YES", "WITNESS")
UNSURE = View("Joanne", "NOT_SURE", "OFFICER")


def test_because_of_whom() -> None:
    assert band(YES, UNSURE).who == "Amara thinks hate was part of it"
    assert band(YES, THIRD).who == "Amara and the third party think hate was part of it"
    assert band(THIRD).who == "the third party thinks hate was part of it"
    assert band(YES).enough == result_words.NO_PROOF


def test_for_now() -> None:
    assert band(UNSURE).heading == result_words.PROVISIONAL
    both = band(UNSURE, View("Bram", "NOT_SURE", "VICTIM"), View("Cy", "NO", "WITNESS"))
    assert both.enough == "Joanne and Bram are not sure. Settled at first contact."


def test_taken_back_by_everybody() -> None:
    shown = band(View("Amara", "NO", "VICTIM"))
    assert shown.heading == result_words.WAS_HATE
    assert "stay" in shown.enough


def test_waiting_and_the_others() -> None:
    waiting = band(primary="", waiting_for=("caller", "officer"))
    assert waiting.waiting
    assert waiting.heading == "Two things are still to be asked"
    assert band(primary="ASB").enough.startswith("Everyone asked said no: B. A view can still")
    assert band(primary="SIGNPOST", reasons=("Nothing links it to Amplius.",)).who
    assert band(primary="DA", reasons=()).who == ""


def test_how_promises_read() -> None:
    met = result_words.promise("Triage", london(2026, 11, 19, 14, 41), NOW, met_at=NOW)
    assert (met.state, met.words, met.due_words) == ("met", "Done at 10:58am", "due 2:41pm today")
    late = result_words.promise("Triage", london(2026, 11, 19, 9, 0), NOW)
    assert (late.state, late.due_words) == ("late", "due 9:00am today")
    far = result_words.promise("Action plan", london(2026, 11, 26, 17, 0), NOW)
    assert far.due_words == "by Thursday 26 November"
    assert result_words.on_time(NOW, NOW) == ("On time: due by 10:58am.", False)
    words, was_late = result_words.on_time(NOW, NOW + timedelta(minutes=5))
    assert (words, was_late) == ("Late by 5 minutes.", True)
