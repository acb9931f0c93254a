"""A measure as its page shows it: lines and windows in words, each figure with its cases."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from cases.reporting import catalogue
from cases.reporting.composing_figures import window_words
from cases.reporting.figure_words import in_full, parts
from cases.reporting.glossary import said_source
from cases.reporting.measure import BEFORE, CHOSEN, MONTH, TO_DATE, YEAR, Asked, Line, Measure
from cases.reporting.measure import Chapter as Place
from cases.reporting.periods import Period
from cases.reporting.showing import Chart, Shown, Table
from cases.reporting.values import Absent, Count, Middle, Rate, Ratio, Share, Value

ORDER = (MONTH, YEAR, BEFORE, TO_DATE, CHOSEN)


def by_chapter() -> list[dict[str, Any]]:
    """Every measure, in the chapters of the report."""
    rows = []
    for place in Place:
        measures = [one for one in catalogue.ALL if one.chapter == place]
        if measures:
            rows.append({"key": place.name.lower(), "title": place.value, "measures": measures})
    return rows


def definition(measure: Measure) -> list[dict[str, str]]:
    """What it means, as ``components/summary_list.html`` takes it."""
    rows = [
        ("What it is", measure.definition),
        ("What is counted", measure.numerator),
        ("Out of", measure.denominator),
        ("When something counts", measure.cohort),
        ("Left out", measure.exclusions),
        ("Where it is from", said_source(measure.source)),
    ]
    return [
        {"key": key, "value": value or "None", "href": "", "link": "", "hidden": ""}
        for key, value in rows
    ]


def figures(
    measure: Measure, lines: Sequence[Line], asked: Asked, *, words: Period
) -> dict[str, Any]:
    """The live figures as a table: a row for each line, a column for each window."""
    said = window_words(words)
    windows = [name for name in ORDER if name in asked.windows]
    return {
        "columns": [said[name] for name in windows],
        "rows": [
            {
                "label": line.label or measure.name,
                "cells": [
                    {**_cell(measure, line, name, asked), "column": said[name]} for name in windows
                ],
            }
            for line in lines
        ],
    }


def _cell(measure: Measure, line: Line, window: str, asked: Asked) -> dict[str, str]:
    value = line.values.get(window, Absent("Not counted for these days."))
    shown = in_full(value)
    href = ""
    if measure.behind is not None and _counts_any(value):
        href = cases_address(measure.code, line.key, asked.windows[window], asked.entity)
    return {"text": shown.text, "detail": parts(value), "href": href}


def _counts_any(value: Value) -> bool:
    """Whether there is anything to list: of nothing there is no list."""
    match value:
        case Count() | Rate():
            return value.number > 0
        case Share() | Middle():
            return value.of > 0
        case Ratio():
            return value.harmed + value.others_harmed > 0
    return False


def figure_of(line: Line) -> dict[str, str]:
    """The figure of a line between two dates."""
    value = line.values[CHOSEN]
    unit = value.unit if isinstance(value, Middle) else ""
    return {
        "label": line.label,
        "text": in_full(value).text,
        "detail": parts(value),
        "unit": unit,
    }


def cases_address(code: str, line: str, period: Period, entity: str) -> str:
    """Where the cases behind a figure are listed."""
    query = {
        "line": line,
        "from": period.first.isoformat(),
        "to": period.last.isoformat(),
        **({"company": entity} if entity else {}),
    }
    return reverse("reporting:measure-cases", args=[code]) + "?" + urlencode(query)


def trend(measure: Measure, line: Line | None, asked: Asked) -> dict[str, Any] | None:
    """The headline month by month: two charts of the same bars and their table; None if there
    is no number in any month.
    """
    if line is None or len(line.months) != len(asked.months) or not line.months:
        return None
    shown = [in_full(value) for value in line.months]
    if not any(one.number is not None for one in shown):
        return None
    title = f"{line.label or measure.name}, by month"
    most = max(one.number for one in shown if one.number is not None)
    half = len(shown) - 12
    bars = list(zip(asked.months, shown, strict=True))
    return {
        "title": title,
        # The scale of a chart reaches to 10 at least: of small rates the table says more.
        "drawn": any(isinstance(one, Count) for one in line.months) or most >= LEAST_DRAWN,
        "upright": _chart(
            title, [(_short(n, month), _bare(one)) for n, (month, one) in enumerate(bars)], half
        ),
        "lying": _chart(title, [(f"{month.first:%b %Y}", one) for month, one in bars], half),
        "rows": [
            {"label": month.words, "text": one.text, "detail": parts(value)}
            for (month, one), value in zip(bars, line.months, strict=True)
        ],
        "sentence": f"{_in_what(line.months)}The {half} months before the last 12 are paler.",
    }


def _in_what(values: Iterable[Value]) -> str:
    """What the bars measure, where it is no number of cases."""
    for value in values:
        match value:
            case Share():
                return "In per cent. "
            case Rate():
                return "For each 1,000. "
            case Middle():
                return f"In {value.unit}. "
    return ""


def _short(number: int, month: Period) -> str:
    """The year below the first month and every January: there is room for no more."""
    year = f"\n{month.first:%Y}" if number == 0 or month.first.month == 1 else ""
    return f"{month.first:%b}{year}"


def _bare(shown: Shown) -> Shown:
    """The number alone above a bar as narrow as a month; the table says of what."""
    return replace(shown, short="–" if shown.number is None else f"{shown.number:,}")


LEAST_DRAWN = 2
"""Rates that never reach this are bars of almost no height."""
NO_HEIGHT = Decimal("0.0001")


def _barless(shown: Shown) -> Shown:
    """A month without a figure has no bar: a striped one would say that something is hidden."""
    return shown if shown.number is not None else replace(shown, number=NO_HEIGHT)


def _chart(title: str, bars: Sequence[tuple[str, Shown]], half: int) -> Chart:
    """Bars without a table of their own: the page has one."""
    table = Table("trend", title, (), ())
    return Chart(
        "trend",
        title,
        "",
        tuple(
            (label, _barless(shown), number < half) for number, (label, shown) in enumerate(bars)
        ),
        table,
    )
