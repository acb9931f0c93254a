"""Why it is a repeat, in words and in a picture."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.calendar import add_months
from cases.repeats import words
from cases.repeats.facts import Level
from cases.repeats.picture import LEFT, RIGHT, Days, draw
from cases.repeats.words import Told

REPORTED, ENDS = date(2025, 3, 10), date(2026, 3, 10)


def told(**values: object) -> Told:
    facts: dict[str, object] = {
        "level": Level.REPEAT,
        "basis": "PERSON",
        "number": 2,
        "happened_on": date(2025, 9, 1),
        "reported_on": REPORTED,
        "last_day": ENDS,
        "reference": "HC-2025-0113",
    }
    return Told(**{**facts, **values})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("values", "heading", "sentence"),
    [
        (
            {},
            "Second incident",
            "First reported 10 March 2025 (HC-2025-0113), so until 10 March 2026 counts.",
        ),
        (
            {"basis": "FAMILY", "through": "her daughter"},
            "Second incident in the family",
            "First reported 10 March 2025 (HC-2025-0113), so until 10 March 2026 counts. "
            "Through her daughter.",
        ),
        (
            {"basis": "HOUSEHOLD", "through": "somebody Amara lives with", "reference": ""},
            "Second incident in the household",
            "First reported 10 March 2025, so until 10 March 2026 counts. Through somebody Amara "
            "lives with. The earlier case is not yours to open.",
        ),
        ({"number": 12}, "12th incident", None),
        ({"number": 21}, "21st incident", None),
        ({"number": 10}, "Tenth incident", None),
        (
            {"level": Level.PATTERN, "happened_on": date(2026, 3, 11)},
            "Pattern",
            "The 12 months ended on 10 March 2026 (HC-2025-0113), one day before. It is not a "
            "repeat, and it is handled in the same way.",
        ),
        ({"level": Level.PATTERN, "happened_on": date(2026, 3, 20)}, "Pattern", "10 days before"),
        (
            {"level": Level.PATTERN, "happened_on": date(2025, 2, 1)},
            "Pattern",
            "It happened before the first was reported on 10 March 2025 (HC-2025-0113). It is not "
            "a repeat, and it is handled in the same way.",
        ),
        (
            {"level": Level.PATTERN, "reported_on": None, "going_on": True},
            "Pattern",
            "It goes on: it is recorded as more than one time.",
        ),
        ({"level": Level.NONE}, "Not a repeat", words.NOTHING),
    ],
)
def test_the_sentence(values: dict[str, object], heading: str, sentence: str | None) -> None:
    said = told(**values)
    assert words.heading(said) == heading
    if sentence is not None:
        assert sentence in words.sentence(said)


def test_current_and_past() -> None:
    def said(today: date, level: Level = Level.REPEAT) -> str:
        return words.status_heading(level, ENDS, today)

    assert said(ENDS) == "Repeat, current until 10 March 2026"
    assert said(ENDS + timedelta(days=1)) == "Repeat until 10 March 2026, now past"
    assert said(ENDS, Level.PATTERN) == "Pattern, current until 10 March 2026"
    assert said(ENDS, Level.NONE) == "Not a repeat"


@pytest.mark.parametrize(
    ("said", "cell"),
    [
        ("", ("", "None known")),
        ("REPEAT PERSON 2", ("Yes,", "same person")),
        ("REPEAT FAMILY 3", ("Yes,", "through family")),
        ("PATTERN HOUSEHOLD 2", ("Pattern,", "same household")),
        ("REPEAT FAMILY", ("Yes,", "through family, another case")),
    ],
)
def test_the_cell_of_the_queue(said: str, cell: tuple[str, str]) -> None:
    assert words.queue_words(said) == cell


def test_how_it_has_changed() -> None:
    assert words.changed_sentence("NONE", "REPEAT", "PERSON") == (
        "Became a repeat. A person’s family, household or identity changed."
    )
    assert words.changed_sentence("REPEAT", "NONE", "INCIDENT").startswith(
        "Was a repeat, became not a repeat."
    )
    assert words.changed_sentence("REPEAT", "REPEAT", "").startswith("Still a repeat")


days_apart = st.integers(-1200, 1200)


@given(st.dates(date(2000, 1, 1), date(2099, 1, 1)), st.integers(0, 4000), days_apart)
def test_the_picture_keeps_the_order_of_its_days(starts: date, before: int, after: int) -> None:
    """Whatever the days, nothing leaves the paper, the band is the middle of it, and the ring
    never stands inside the band unless it happened on the day it was reported.
    """
    days = Days(starts - timedelta(days=before), starts, add_months(starts, 12), starts)
    days = Days(days.first, days.starts, days.ends, starts + timedelta(days=after))
    across = draw(days, counts=days.inside).across
    marks = [across.first, across.starts, across.ends, across.this]
    assert all(LEFT <= mark <= RIGHT for mark in marks)
    assert across.first <= across.starts < across.ends
    assert (across.starts <= across.this <= across.ends) == days.inside or abs(after) < 3
    assert across.ends - across.starts > (RIGHT - LEFT) * 0.4
    assert list(across.ticks) == sorted(across.ticks, key=lambda tick: tick.at)


@given(st.integers(0, 400), days_apart)
def test_labels_down_the_page_do_not_touch(before: int, after: int) -> None:
    days = Days(REPORTED - timedelta(days=before), REPORTED, ENDS, REPORTED + timedelta(days=after))
    down = draw(days, counts=days.inside).down
    labels = sorted([down.first_label, down.this_label, down.starts_label, down.ends_label])
    assert all(later - one >= 44 for one, later in pairwise(labels))


def test_the_picture_says_the_same_to_whoever_does_not_see_it() -> None:
    days = Days(date(2025, 3, 8), REPORTED, ENDS, date(2025, 9, 1))
    picture = draw(days, counts=True)
    assert picture.description == (
        "The first incident happened on 8 March 2025 and was reported on 10 March 2025. The 12 "
        "months run from that day to 10 March 2026. This incident happened on 1 September 2025. "
        "Inside, so it is a repeat."
    )
    unknown = draw(Days(REPORTED, REPORTED, ENDS, ENDS, known=False), counts=False)
    assert "on a day not known" in unknown.description
    assert "Outside, so it is a pattern." in unknown.description
