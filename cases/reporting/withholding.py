"""Whether a version to share may be made beside those that are shared already.

Two reports of one month, of a company and of all together, tell the rest by subtraction; so
their totals differ by enough or not at all, and so does what is left beside all the companies
that are shared.  Source: domain 5.4 ("refuse to publish two filters whose totals differ by < t").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cases import words
from cases.reporting.choices import Profile
from cases.reporting.collecting import Figures
from cases.reporting.models import Run, Snapshot
from cases.reporting.suppression import Limits, differencing
from cases.reporting.values import Count

TOTALS = ("M01", "M02", "M03")
"""Reports, incidents and cases: the totals everything else is a part of."""

Totals = Mapping[tuple[str, str, str], int]
"""By measure, line and window."""

FIRST_NEXT_TIME = (
    "What to do: next month have the report of all of Amplius made first, as the system does by "
    "itself; the company’s is then the one that is held back. For this month, use the full "
    "numbers within Amplius: they are not to be forwarded."
)
SHARE_THE_WHOLE = (
    "What to do: share the report of all of Amplius, which these numbers are part of. Within "
    "Amplius, use the full numbers: they are not to be forwarded."
)


@dataclass(frozen=True)
class Shared:
    """The newest version to share of a company, or of all together: whose, when, its totals."""

    whose: str
    at: datetime
    totals: Totals

    @property
    def words(self) -> str:
        """ "the report of Company A, of Thursday 3 December 2026 at 9:00am"."""
        when = f"{words.say_date(self.at)} at {words.say_time(self.at)}"
        return f"the report of {self.whose}, of {when}"


def withheld_because(run: Run, figures: Figures, limits: Limits) -> str:
    """Why a report has no version to share: a sentence, which report was shared first, and what
    to do, each on a line of its own; "" if it has one.
    """
    others = shared(run)
    companies = [one for entity, one in others.items() if entity is not None]
    everybody = others.get(None)
    for key, total in totals_of(figures).items():
        beside = [one for one in companies if key in one.totals]
        if run.entity_id is None:
            found = _beside_companies(key, beside)
        else:
            found = _beside_everybody(key, everybody, beside)
        for number, first in found:
            answer = differencing(total, [number], limits)
            if not answer:
                todo = FIRST_NEXT_TIME if run.entity_id is None else SHARE_THE_WHOLE
                which = "; ".join(one.words for one in sorted(first, key=_oldest))
                return f"{answer.reason}\nShared first: {which}.\n{todo}"
    return ""


def _oldest(one: Shared) -> tuple[datetime, str]:
    return one.at, one.whose


Beside = Iterator[tuple[int, Sequence[Shared]]]
"""A total that is known from what is shared, and from which reports."""


def _beside_companies(key: Any, companies: Sequence[Shared]) -> Beside:
    for one in companies:
        yield one.totals[key], [one]
    if companies:
        yield sum(one.totals[key] for one in companies), companies


def _beside_everybody(key: Any, everybody: Shared | None, companies: Sequence[Shared]) -> Beside:
    if everybody is None or key not in everybody.totals:
        return
    whole = everybody.totals[key]
    yield whole, [everybody]
    yield whole - sum(one.totals[key] for one in companies), [everybody, *companies]


def shared(run: Run) -> dict[int | None, Shared]:
    """The newest version to share of the same days, of every other company, or (None) of all
    together.
    """
    rows = Snapshot.objects.filter(
        run__first=run.first, run__last=run.last, files__profile=Profile.PUBLISHED
    )
    found: dict[int | None, Shared] = {}
    newest = rows.order_by("-as_at", "-id").values_list(
        "run__entity", "run__entity__name", "as_at", "figures"
    )
    for entity, name, at, figures in newest.iterator():
        if entity != run.entity_id and entity not in found:
            totals = totals_of(Figures.from_json(figures))
            found[entity] = Shared(name or "all of Amplius", at, totals)
    return found


def totals_of(figures: Figures) -> Totals:
    """The totals of some figures."""
    return dict(_totals(figures))


def _totals(figures: Figures) -> Iterable[Any]:
    for code in TOTALS:
        for line in figures.lines.get(code, ()):
            for window, value in line.values.items():
                if isinstance(value, Count):
                    yield (code, line.key, window), value.number
