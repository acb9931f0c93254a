"""Dates and times as people type them (cases.fields)."""

from datetime import date, datetime, time
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError

from cases.fields import DateField, MomentField, read_date, read_time
from cases.words import LONDON


@pytest.mark.parametrize(
    ("day", "month", "year", "read"),
    [
        ("3", "3", "2026", date(2026, 3, 3)),
        ("03", "03", "2026", date(2026, 3, 3)),
        ("3", "Mar", "2026", date(2026, 3, 3)),
        ("3", "march", "2026", date(2026, 3, 3)),
        ("29", "2", "2028", date(2028, 2, 29)),
        ("31", "12", "2026", date(2026, 12, 31)),
    ],
)
def test_a_date_is_read(day: str, month: str, year: str, read: date) -> None:
    assert read_date("Date", day, month, year) == read


@pytest.mark.parametrize(
    ("day", "month", "year", "sentence"),
    [
        ("", "3", "2026", "Date of birth must include a day"),
        ("3", "", "", "Date of birth must include a month and year"),
        ("29", "2", "2026", "Date of birth must be a real date"),
        ("31", "4", "2026", "Date of birth must be a real date"),
        ("0", "1", "2026", "Date of birth must be a real date"),
        ("3", "13", "2026", "Date of birth must be a real date"),
        ("3", "Marzo2", "2026", "Date of birth must be a real date"),
        ("three", "3", "2026", "Date of birth must be a real date"),
        ("3", "3", "26", "Date of birth: the year must have 4 numbers, like 2026"),
        ("3", "3", "²026", "Date of birth: the year must have 4 numbers, like 2026"),
        ("3", "3", "0000", "Date of birth must be a real date"),
    ],
)
def test_a_date_that_cannot_be_says_why(day: str, month: str, year: str, sentence: str) -> None:
    with pytest.raises(ValidationError) as refused:
        read_date("Date of birth", day, month, year)
    assert refused.value.messages == [sentence]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("4pm", time(16)),
        ("4 PM", time(16)),
        ("4.30pm", time(16, 30)),
        ("4:30 p.m.", time(16, 30)),
        ("9:10am", time(9, 10)),
        ("12am", time(0)),
        ("12pm", time(12)),
        ("16:30", time(16, 30)),
        ("1630", time(16, 30)),
        ("00:05", time(0, 5)),
        ("midday", time(12)),
        ("Noon", time(12)),
        ("midnight", time(0)),
    ],
)
def test_a_time_is_read_as_people_type_it(typed: str, read: time) -> None:
    assert read_time("Time", typed) == read


@pytest.mark.parametrize("typed", ["", "4", "25:00", "13pm", "0am", "4:60pm", "tea time", "4pm5"])
def test_a_time_that_is_none_or_could_be_two_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError, match="enter a time, like 4pm"):
        read_time("Time", typed)


class Form(forms.Form):
    """A day that has to be given and a moment that has not."""

    on = DateField(subject="The day it happened")
    at = MomentField(subject="When you rang", required=False)


def boxes(name: str, *typed: str) -> dict[str, str]:
    parts = ("day", "month", "year", "time")
    return {f"{name}_{part}": text for part, text in zip(parts, typed, strict=False)}


def test_boxes_become_a_date_and_a_moment_in_london() -> None:
    form = Form({**boxes("on", "3", "3", "2026"), **boxes("at", "1", "7", "2026", "9:10am")})
    assert form.is_valid()
    assert form.cleaned_data["on"] == date(2026, 3, 3)
    assert form.cleaned_data["at"] == datetime(2026, 7, 1, 9, 10, tzinfo=LONDON)
    assert form.cleaned_data["at"].utcoffset().total_seconds() == 3600


def test_empty_boxes_are_no_answer() -> None:
    form = Form({**boxes("on", " ", "", ""), **boxes("at", "", "", "", "")})
    assert form.errors == {"on": ["Enter the day it happened"]}
    assert form.cleaned_data["at"] is None


def test_a_moment_without_its_time_is_refused() -> None:
    form = Form({**boxes("on", "3", "3", "2026"), **boxes("at", "1", "7", "2026", "")})
    assert form.errors == {"at": ["When you rang: enter a time, like 4pm or 4:30pm"]}


def test_what_was_typed_comes_back_as_it_was_typed() -> None:
    form = Form(boxes("on", "31", "feb", "2026"))
    assert not form.is_valid()
    assert 'value="31"' in str(form["on"])
    assert 'value="feb"' in str(form["on"])


@pytest.mark.parametrize(
    ("typed", "changed"), [(("3", "3", "2026"), []), (("4", "3", "2026"), ["on"])]
)
def test_a_form_knows_whether_a_date_changed(typed: Any, changed: list[str]) -> None:
    form = Form(
        {**boxes("on", *typed), **boxes("at", "3", "3", "2026", "9:10am")},
        initial={"on": date(2026, 3, 3), "at": datetime(2026, 3, 3, 9, 10, tzinfo=LONDON)},
    )
    assert form.changed_data == changed
