"""A report put together from a snapshot: what page, PDF, spreadsheet and CSV all read.

Every figure of it is asked of suppression once, together, so that no two of its tables can tell
what each of them hides.  The same snapshot gives the same report: nothing is counted here and no
clock is read.  Source: domain 5.4, 5.6; screens 10.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cases import words
from cases.reporting import catalogue, suppression
from cases.reporting.choices import Profile
from cases.reporting.collecting import Figures
from cases.reporting.composing_cards import Here, cards
from cases.reporting.composing_chapters import More, closing_chapters, measure_chapters
from cases.reporting.composing_figures import (
    OPENED,
    ByCode,
    by_code,
    period_of,
    quarter_words,
    quarters_to,
    window_words,
)
from cases.reporting.composing_grids import (
    STRANDS,
    differences,
    measure_grids,
    quarter_grids,
    strand_grid,
    sums,
)
from cases.reporting.composing_improving import improving_tables
from cases.reporting.composing_restated import Restating
from cases.reporting.composing_tables import table_of
from cases.reporting.composing_words import (
    CLASSIFICATIONS,
    Told,
    hidden_words,
    plain_words,
)
from cases.reporting.differences import SERVED, difference_grid, looked_into, served_sums
from cases.reporting.earlier import Earlier
from cases.reporting.measure import Chapter as Place
from cases.reporting.measure import Measure
from cases.reporting.models import Snapshot
from cases.reporting.showing import Chapter, Chart, Grid, Report, Table
from cases.reporting.suppression import Limits

STRIPED = "Striped: not shown. Stripes are always the same size and say nothing about the number."
SUMMARY = "summary"
NOTHING = Earlier()


def compose(snapshot: Snapshot, profile: Profile, limits: Limits) -> Report:
    """The report of a snapshot, for whom ``profile`` says.

    Reads the snapshot, those before it, its run and the run's company, and nothing else.
    """
    entity = snapshot.run.entity
    now, then = _both(snapshot, profile, limits)
    restating = Restating(
        snapshot.restated if then else [],
        then.told if then else Told({}),
        now.told,
        catalogue.BY_CODE,
        now.columns,
        profile,
    )
    hidden = hidden_words(profile, limits)
    more = {
        Place.QUALITY: More(restating.words(), restating.tables()),
        Place.POLICY: More((snapshot.policy,), now.improving()),
        Place.EQUALITY: More(now.equality()),
    }
    return Report(
        title=now.period.words,
        whose=entity.name if entity else "All of Amplius",
        as_at=f"{words.say_date(snapshot.as_at)} at {words.say_time(snapshot.as_at)}",
        policy=snapshot.policy,
        stamp=snapshot.stamp,
        queries=snapshot.queries,
        profile=profile,
        classification=CLASSIFICATIONS[profile],
        plain_words=plain_words(now.told, now.heads, now.month),
        chapters=(
            now.summary(),
            *measure_chapters(catalogue.ALL, now.tables(), more),
            *closing_chapters(catalogue.ALL, hidden),
        ),
        restated=restating.sentences(),
        hidden_words=hidden,
        not_collected=_not_collected(catalogue.ALL),
        period=now.period,
        moment=snapshot.as_at,
    )


def _both(snapshot: Snapshot, profile: Profile, limits: Limits) -> tuple[Numbers, Numbers | None]:
    """A report's numbers, and those of the one of the same month its readers know: for the full
    numbers the one before, else the newest of those before that was shared.
    """
    before = snapshot.before
    while before is not None and profile == Profile.PUBLISHED and before.figures.get("withheld"):
        before = before.before
    then = _both(before, profile, limits)[0] if before is not None else None
    earlier = then.read if then else Earlier()
    return Numbers(Figures.from_json(snapshot.figures), profile, limits, earlier), then


class Numbers:
    """Everything with a figure in it, as it may be read; ``grids`` is all that was asked of
    suppression, ``shown`` the tables that are read, ``read`` what whoever has read all versions
    so far knows.
    """

    def __init__(
        self, figures: Figures, profile: Profile, limits: Limits, earlier: Earlier = NOTHING
    ) -> None:
        lines, self.period = by_code(figures), period_of(figures)
        self._log = figures.log
        measures = [one for one in catalogue.ALL if one.collected and one.code in lines]
        said = window_words(self.period)
        self.columns = {name: said[name] for name in figures.windows}
        self.month = f"{self.period.last:%B}"
        self.heads = {one.code: one.headline for one in measures}
        self._grids = {
            one.code: measure_grids(one, lines[one.code], self.columns, profile) for one in measures
        }
        self.differences = self._compare(lines)
        self._labels = [quarter_words(one) for one in quarters_to(self.period.last)]
        self._quarters = quarter_grids(lines, [" ".join(one) for one in self._labels])
        self._strands = strand_grid(lines)
        every = [grid for grids in self._grids.values() for grid in grids]
        every += [*self._quarters, *self._strands]
        self.shown = every
        self.grids = [
            *every,
            *sums(lines),
            *served_sums(lines),
            *differences(every, lines, limits),
        ]
        self.told = Told(
            suppression.show(
                self.grids,
                profile,
                limits,
                hidden=figures.beside.hidden,
                known=figures.beside.known,
                earlier=earlier,
            )
        )
        self.read = Earlier(self.grids, self.told.cells).after(earlier)

    def _compare(self, lines: ByCode) -> tuple[Grid, ...]:
        """The differences between the ages served, as one more table of their measure."""
        tables = self._grids.get(SERVED, [])
        found = [difference_grid(one, lines[SERVED]) for one in tables[:1]]
        tables += found
        return tuple(found)

    def summary(self) -> Chapter:
        """The first page."""
        labels = ["\n".join(one) for one in self._labels]
        return Chapter(
            SUMMARY,
            f"The last 12 months, to {self.period.last.day} {self.period.last:%B %Y}",
            cards=cards(Here(self.told, catalogue.BY_CODE, self.month)),
            charts=_charts(self._quarters, labels, self.told),
            tables=tuple(table_of(grid, self.told, STRANDS) for grid in self._strands),
        )

    def equality(self) -> tuple[str, ...]:
        """Which differences between ages are to be looked into."""
        return tuple(
            words for grid in self.differences for words in looked_into(grid, self.told.cells)
        )

    def improving(self) -> tuple[Table, ...]:
        """What is to be done better, and what may bring the review of the policy forward."""
        return improving_tables(self._log, self.period.last)

    def tables(self) -> dict[str, list[Table]]:
        """The tables of each measure, by its code; without a line, there is no table."""
        return {
            code: [table_of(grid, self.told, code) for grid in grids if grid.rows]
            for code, grids in self._grids.items()
        }


def _charts(quarters: Sequence[Grid], labels: Sequence[str], told: Told) -> tuple[Chart, ...]:
    """Cases opened by quarter: the four of the year, and paler the four before."""
    if not quarters:
        return ()
    code, _ = OPENED
    earlier, now = (table_of(grid, told, code) for grid in quarters)
    shown = [cells[0] for table in (earlier, now) for _, cells, total in table.rows if not total]
    half = len(labels) // 2
    bars = [
        (label, one, number < half)
        for number, (label, one) in enumerate(zip(labels, shown, strict=True))
    ]
    table = Table(
        now.key, now.title, now.columns, earlier.rows + now.rows, first="Quarter", measure=code
    )
    striped = STRIPED if any(one.hidden for one in shown) else ""
    return (Chart(now.key, now.title, striped, tuple(bars), table),)


def _not_collected(measures: Iterable[Measure]) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (one.code, one.name, one.waits_for or one.part_waits)
        for one in measures
        if one.waits_for or one.part_waits
    )
