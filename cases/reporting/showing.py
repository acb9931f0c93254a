"""How a figure is shown, and where: what suppression takes and gives, and what a report is made of.

The same quantity has the same ``Cell.id`` wherever it stands, so that hidden in one table it is
hidden in all.  Page, PDF, CSV and spreadsheet all read one :class:`Report`.  Pure.
Source: domain 5.4, 5.6.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from cases.reporting.choices import Profile
from cases.reporting.periods import Period
from cases.reporting.values import Value


class Adds(StrEnum):
    """Whether the cells of a table are parts of a whole, and which way they are added."""

    NOT = "not"
    DOWN = "down"
    ACROSS = "across"
    BOTH = "both"


@dataclass(frozen=True)
class Cell:
    """One value in a table; ``id`` names the quantity: "M03/opened/year".

    ``made_of`` are the percentages a difference is worked out from: its own, then the others'.
    """

    id: str
    value: Value
    made_of: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """A line of a table; ``total`` if it is what the others add up to."""

    label: str
    cells: tuple[Cell, ...]
    total: bool = False


@dataclass(frozen=True)
class Grid:
    """A table before anything is hidden.  ``total_column`` says the last column is the sum."""

    key: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    adds: Adds = Adds.NOT
    total_column: bool = False
    first: str = ""
    note: str = ""


class Why(StrEnum):
    """Why a cell shows what it shows."""

    PLAIN = "plain"
    FEWER = "fewer"
    BESIDE = "beside"
    ROUNDED = "rounded"
    TOO_FEW = "too few"
    ABSENT = "absent"


@dataclass(frozen=True)
class Shown:
    """What may be read of a cell: ``text`` in words, ``short`` for tables, ``number`` for a bar
    or a spreadsheet, None where there is none to give.
    """

    text: str
    short: str
    number: Decimal | None = None
    why: Why = Why.PLAIN

    @property
    def hidden(self) -> bool:
        """Whether a number is there that is not shown."""
        return self.why in (Why.FEWER, Why.BESIDE, Why.TOO_FEW)


@dataclass(frozen=True)
class Card:
    """A figure to take away: its label, the figure, one line, the measure that explains it."""

    label: str
    figure: Shown
    unit: str
    line: str
    measure: str


@dataclass(frozen=True)
class Table:
    """A table as it is shown.  ``rows``: a label, the cells, whether it is the total."""

    key: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Shown, ...], bool], ...]
    first: str = ""
    note: str = ""
    measure: str = ""


@dataclass(frozen=True)
class Chart:
    """Bars, with the same as a table: each a label, what is shown, and whether it is paler."""

    key: str
    title: str
    sentence: str
    bars: tuple[tuple[str, Shown, bool], ...]
    table: Table


@dataclass(frozen=True)
class Chapter:
    """A chapter: words, figures, pictures and tables, in their order."""

    key: str
    title: str
    words: tuple[str, ...] = ()
    cards: tuple[Card, ...] = ()
    charts: tuple[Chart, ...] = ()
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True)
class Report:
    """A whole report in one profile, ready for any form.

    ``as_at`` says in words what ``moment`` is, and ``title`` what ``period`` is.
    """

    title: str
    whose: str
    as_at: str
    policy: str
    stamp: str
    queries: str
    profile: Profile
    classification: str
    plain_words: tuple[str, ...]
    chapters: tuple[Chapter, ...] = ()
    restated: tuple[str, ...] = ()
    hidden_words: tuple[str, ...] = ()
    not_collected: tuple[tuple[str, str, str], ...] = field(default=())
    period: Period | None = None
    moment: datetime | None = None

    @property
    def tables(self) -> tuple[Table, ...]:
        """Every table, in the order of the report: the sheets of the spreadsheet."""
        return tuple(
            table
            for chapter in self.chapters
            for table in (*chapter.tables, *(chart.table for chart in chapter.charts))
        )
