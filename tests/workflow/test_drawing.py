"""A component drawn with gaps says what its template says, for every kind of row."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from django.template import engines
from django.utils.safestring import mark_safe
from hypothesis import given
from hypothesis import strategies as st

from hatecrime import gallery_content
from hatecrime.drawing import drawn


@dataclass(frozen=True)
class Said:
    """Something that is no word, truth, number, list or dictionary."""

    words: str

    def __str__(self) -> str:
        return self.words


WORDS = st.sampled_from(
    ["", "Amara Osei", "<b>&\"'", "{{ row }}", "\ue0101\ue011", "\ue0100\ue011"]
)
PART = st.fixed_dictionaries({"text": WORDS, "strong": st.booleans()})
PROMISE = st.fixed_dictionaries(
    {
        "state": st.sampled_from(["late", "soon", "fine", "met", "hold"]),
        "words": WORDS,
        "what": WORDS,
        "due_words": WORDS,
        "fraction": st.sampled_from(["", "0.000", "0.250", "1.000"]),
    }
)
ROW = st.fixed_dictionaries(
    {
        "promise": PROMISE,
        **dict.fromkeys(
            ("href", "name", "reference", "repeat", "repeat_rest", "stage", "step", "step_note"),
            WORDS,
        ),
        "notes": st.lists(WORDS, max_size=3),
        "risk": st.sampled_from(["", "standard", "medium", "high"]),
        "line": st.none() | st.fixed_dictionaries({"parts": st.lists(PART, max_size=3)}),
    }
)


def included(template: str, values: dict[str, Any]) -> str:
    given = " ".join(f"{name}={name}" for name in values)
    text = f'{{% include "{template}" with {given} only %}}'
    return engines["django"].from_string(text).render(values)


@given(row=ROW)
def test_a_row_of_the_queue_is_what_its_template_says(row: dict[str, Any]) -> None:
    values = {"row": row}
    assert drawn("components/queue_row.html", values) == included(
        "components/queue_row.html", values
    )


@given(promise=PROMISE, small=st.booleans())
def test_a_promise_is_what_its_template_says(promise: dict[str, Any], small: bool) -> None:
    values = {"promise": promise, "small": small}
    assert drawn("components/time_left.html", values) == included(
        "components/time_left.html", values
    )


def test_two_rows_of_one_shape_have_their_own_words() -> None:
    one = {"promise": gallery_content.promise("fine", "2 days left", "Plan", "due today")}
    two = {"promise": gallery_content.promise("fine", "9 days left", "Close", "due soon")}
    first, second = (drawn("components/time_left.html", values) for values in (one, two))
    assert "2 days left" in first
    assert "2 days left" not in second
    assert "9 days left" in second


def test_words_already_safe_stay_as_they_are_and_others_do_not() -> None:
    said = {"words": mark_safe("a<br>b"), "who": "<i>", "when": "", "quoted": True}
    page = drawn("components/own_words.html", said)
    assert "a<br>b" in page
    assert "&lt;i&gt;" in page


@pytest.mark.parametrize("text", [0.5, Decimal("0.5"), Said("in touch")])
def test_what_has_no_shape_is_drawn_by_its_template(text: Any) -> None:
    values = {"text": text}
    assert drawn("components/tag.html", values) == included("components/tag.html", values)
    assert str(text) in drawn("components/tag.html", values)
