"""The eight figures of the first page, each with one line and the measure that explains it.

Pure.  Source: domain 5.6; screens 10 (the picture of the first page).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cases.reporting.composing_grids import HOMES
from cases.reporting.composing_words import NOTHING, Told, capital
from cases.reporting.measure import BEFORE, MONTH, TO_DATE, YEAR, Measure
from cases.reporting.showing import Card, Shown, Why


@dataclass(frozen=True)
class Here:
    """What a card is made from: all that is shown, the measures, and the month's name."""

    told: Told
    measures: Mapping[str, Measure]
    month: str

    def head(self, code: str, window: str) -> Shown:
        """The headline of a measure; why there is none, if there is none."""
        measure = self.measures.get(code)
        if measure is None:
            return NOTHING
        if not measure.collected:
            return Shown("not yet collected", "not yet collected", None, Why.ABSENT)
        return self.told.of(code, measure.headline, window)


Line = Callable[[Here], str]


def _month_and_before(code: str) -> Line:
    def line(here: Here) -> str:
        month, before = here.head(code, MONTH), here.head(code, BEFORE)
        return f"{here.month}: {_said(month)}. The 12 months before: {_said(before)}."

    return line


def _said(shown: Shown) -> str:
    return "hidden" if shown.why == Why.BESIDE else shown.text


def _repeat_line(here: Here) -> str:
    homes = here.told.of("M20", "households", YEAR)
    share = here.told.of("M20", "repeat", YEAR)
    of_all = f"{share.short} of incidents" if share.why == Why.PLAIN else _said(share)
    return f"Households: {_said(homes)}. Repeat incidents: {of_all}."


def _police_line(here: Here) -> str:
    asked, rung = (here.told.of("M18", key, YEAR) for key in ("asked", "called"))
    return f"The Director was asked: {_said(asked)}. 999 rung: {_said(rung)}."


def _before_only(code: str) -> Line:
    return lambda here: f"The 12 months before: {_said(here.head(code, BEFORE))}."


def _regulator_line(here: Here) -> str:
    counted, homes = (here.told.of("M04", key, TO_DATE) for key in ("counted", HOMES))
    return f"Since 1 April. Cases: {_said(counted)}. Homes: {homes.text}. 5 of the 8 strands count."


@dataclass(frozen=True)
class Kind:
    """A card before it has a figure."""

    code: str
    label: str
    line: Line
    unit: str = ""
    window: str = YEAR
    key: str | None = None


KINDS = (
    Kind("M03", "Cases opened", _month_and_before("M03")),
    Kind("M10", "First contact in time", _month_and_before("M10")),
    Kind("M12", "Risk assessed in time", _month_and_before("M12")),
    Kind("M13", "Action plan agreed in time", _month_and_before("M13")),
    Kind("M20", "Repeat victims", _repeat_line, "people", key="people"),
    Kind("M18", "Told the police without permission", _police_line, "times", key="door-D3"),
    Kind("M28", "Satisfied with how we handled it", _before_only("M28")),
    Kind("M04", "For the regulator (NM01 part 2)", _regulator_line, "per 1,000 homes", TO_DATE),
)
"""In the order of the picture."""


def cards(here: Here) -> tuple[Card, ...]:
    """The figures to take away."""
    return tuple(_card(kind, here) for kind in KINDS)


def _card(kind: Kind, here: Here) -> Card:
    figure = here.head(kind.code, kind.window)
    if kind.key is not None and kind.code in here.measures:
        figure = here.told.of(kind.code, kind.key, kind.window)
    if figure.why == Why.ABSENT:
        waits = here.measures[kind.code].waits_for if kind.code in here.measures else ""
        return Card(kind.label, figure, "", capital(waits or figure.text), kind.code)
    unit = kind.unit if figure.number is not None or figure.why == Why.FEWER else ""
    unit = {"people": "person", "times": "time"}.get(unit, unit) if figure.number == 1 else unit
    return Card(kind.label, figure, unit, kind.line(here), kind.code)
