"""Snapshots of made-up figures, in every line that the measures know."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from cases.people.models import Entity
from cases.reporting.collecting import Figures, collect
from cases.reporting.measure import BEFORE, MONTH, TO_DATE, YEAR, Asked, Line
from cases.reporting.models import Run, Snapshot
from cases.reporting.periods import month_of, year_to_date
from cases.reporting.showing import Chart, Report, Shown, Table, Why
from cases.reporting.values import Absent, Count, Days, Middle, Rate, Ratio, Share, Tasks, Value

OCTOBER = month_of(date(2026, 10, 1))
AS_AT = datetime(2026, 11, 4, 6, 0, tzinfo=UTC)
PICTURE = (1, 1, 2, 0, 1, 2, 2, 3, 4, 3, 2, 2, 3, 2, 3, 2, 3, 2, 4, 3, 3, 2, 1, 3)
"""Cases opened by month: the picture's quarters, 4, 3, 9, 7, 8, 7, 10 and 6."""
HOMES = 38_000


def of_months(months: Sequence[int], key: str = "opened", label: str = "Opened") -> Line:
    """A line of numbers by month, and the windows they come to."""
    since = year_to_date(OCTOBER.last)
    own = len(range(since.first.month, since.last.month + 1))
    values: dict[str, Value] = {
        MONTH: Count(months[-1]),
        YEAR: Count(sum(months[12:])),
        BEFORE: Count(sum(months[:12])),
        TO_DATE: Count(sum(months[-own:])),
    }
    return Line(key, label, values, [Count(number) for number in months])


def snapshot_of(lines: dict[str, Iterable[Line]], entity: Entity | None = None) -> Snapshot:
    """A snapshot, not kept, of October 2026."""
    asked = Asked.of_month(OCTOBER, AS_AT, entity.code if entity else "")
    figures = Figures(
        windows=dict(asked.windows),
        months=asked.months,
        entity=asked.entity,
        at=AS_AT,
        queries="1",
        lines={code: tuple(own) for code, own in lines.items()},
    )
    return Snapshot(
        run=Run(first=OCTOBER.first, last=OCTOBER.last, entity=entity),
        as_at=AS_AT,
        queries="1",
        policy="Policy version 1.0. Its review was due on Thursday 4 June 2026.",
        figures=figures.as_json(),
        stamp="KTRM-4482 (line 51,203)",
    )


def picture() -> Snapshot:
    """The figures of the picture of the first page, as far as one line says them."""
    windows = (MONTH, YEAR, BEFORE, TO_DATE)

    def one(label: str, *values: Value) -> list[Line]:
        return [Line("", label, dict(zip(windows, values, strict=True)))]

    return snapshot_of(
        {
            "M03": [of_months(PICTURE)],
            "M10": one("In time", Share(2, 3), Share(29, 31), Share(17, 23), Share(14, 15)),
            "M12": one("In time", Share(2, 3), Share(27, 30), Share(21, 25), Share(14, 15)),
            "M13": one("In time", Share(2, 3), Share(25, 31), Share(20, 24), Share(14, 15)),
        }
    )


def everything(seed: int) -> Snapshot:
    """Every line of every measure, each with numbers of no meaning, many of them small."""
    chance = random.Random(seed)
    known = collect(Asked.of_month(OCTOBER, AS_AT))
    lines = {code: [_filled(one, chance) for one in own] for code, own in known.lines.items()}
    lines["M03"] = [of_months([chance.choice((0, 1, 2, 3, 5)) for _ in PICTURE])]
    lines["M06"] = [_filled(_place(name), chance) for name in ("Fenmoor", "Wellby")]
    _split(lines["M04"], lines["M03"][0], chance)
    _divide(lines["M04"], lines["M05"])
    _add_up(lines["M05"], *SUMS["M05"])
    return snapshot_of(dict(lines))


def _place(name: str) -> Line:
    """Areas are lines as soon as there are homes in them."""
    return Line(f"area-{name}", name, dict.fromkeys((MONTH, YEAR, BEFORE), Rate()))


SUMS = {
    "M05": ("total", "total", ("asb", "added")),
}
"""Lines that have to come to another, and to the number of a rate."""


def _add_up(lines: list[Line], counted: str, whole: str, parts: tuple[str, ...]) -> None:
    keyed = {line.key: line for line in lines}
    for window in keyed["rate"].values:
        for key in (*parts, counted):
            if not isinstance(keyed[key].values[window], Count):
                keyed[key].values[window] = Count(3)
        numbers = [keyed[key].values[window] for key in parts]
        keyed[whole].values[window] = Count(
            sum(one.number for one in numbers if isinstance(one, Count))
        )
        known = keyed[counted].values[window]
        assert isinstance(known, Count)
        keyed["rate"].values[window] = Rate(known.number, HOMES)


def _split(lines: list[Line], opened: Line, chance: random.Random) -> None:
    """Every case opened is on one line of part 2, and those counted are the rate's."""
    keyed = {line.key: line.values for line in lines}
    for line in lines:
        line.months = []
    for window, whole in opened.values.items():
        assert isinstance(whole, Count)
        keyed["policy"][window], left = whole, whole.number
        for key in ("outside", "strands", "same"):
            part = chance.randint(0, left // 2)
            keyed[key][window], left = Count(part), left - part
        keyed["counted"][window] = Count(left)
        keyed["rate"][window] = Rate(left, HOMES)


def _divide(two: list[Line], one: list[Line]) -> None:
    """Part 1 is of the same cases as part 2: some are in the other team's number already."""
    of_two, of_one = ({line.key: line.values for line in lines} for lines in (two, one))
    for window in of_one["added"]:
        of_one["outside"][window] = of_two["outside"][window]
        of_one["same"][window] = of_two["same"][window]
        numbers = [of_two[key][window] for key in ("strands", "counted")]
        rest = sum(one.number for one in numbers if isinstance(one, Count))
        of_one["theirs"][window] = Count(rest // 3)
        of_one["added"][window] = Count(rest - rest // 3)


def _filled(line: Line, chance: random.Random) -> Line:
    most = chance.choice((2, 9, 60))
    if line.months and isinstance(line.months[0], Count):
        months = [chance.randrange(most) for _ in line.months]
        return of_months(months, line.key, line.label)
    values = {name: _value(value, most, chance) for name, value in line.values.items()}
    return replace(line, values=values, months=[])


def _value(value: Value, most: int, chance: random.Random) -> Value:
    number, rest = chance.randrange(most), chance.randrange(most)
    match value:
        case Count():
            return Count(number)
        case Days():
            return Days(number)
        case Tasks():
            return Tasks(number)
        case Share():
            return Share(number, number + rest)
        case Rate() | Absent():
            return Rate(number, HOMES)
        case Middle():
            return Middle(number + 0.5, rest, value.unit)
        case Ratio():
            return Ratio(number, 900, rest, 9_000)


# --- by hand ---


def number(text: str) -> Shown:
    """A number that is shown."""
    return Shown(text, text, number=Decimal(text))


FEWER = Shown("fewer than 5", "<5", why=Why.FEWER)
BESIDE = Shown("hidden", "c", why=Why.BESIDE)


def chart(*shown: Shown, key: str = "quarters") -> Chart:
    """Bars, of which the first half is paler."""
    bars = tuple(
        (f"Nov to Jan\n{2020 + at}", one, at < len(shown) // 2) for at, one in enumerate(shown)
    )
    rows = tuple((label, (one,), False) for label, one, _ in bars)
    return Chart(key, "Cases & more, by quarter", "", bars, Table(key, "", ("Cases",), rows))


def with_tables(report: Report, *tables: Table) -> Report:
    """The report, with these as the tables of its first chapter."""
    first, *others = report.chapters
    return replace(report, chapters=(replace(first, tables=tables), *others))
