"""What one report must hide because of the others of the same days that are shared already.

The report of all together less those of two companies is the third company, cell by cell, also
where that one says "fewer than 5".  So a cell is hidden in the report that comes last if, with
it, what is left tells too few, or a number that another of the reports hides.  What the others
tell of this report anyway is known from outside: nothing may rest on its being hidden.

Source: domain 5.4 ("so none can be derived").
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from cases.reporting.adding import values_of
from cases.reporting.choices import Profile
from cases.reporting.collecting import Beside, Figures
from cases.reporting.composing import Numbers
from cases.reporting.models import Run, Snapshot
from cases.reporting.showing import Why
from cases.reporting.suppression import Limits
from cases.reporting.values import Count


@dataclass(frozen=True)
class Cells:
    """The counts of a version to share, by ``Cell.id``: those it gives, and those it hides.

    A rounded one counts as given, as it does for suppression.
    """

    given: Mapping[str, int]
    hidden: Mapping[str, int]


def cells_of(figures: Figures, limits: Limits) -> Cells:
    """The counts of these figures as their version to share has them."""
    numbers = Numbers(figures, Profile.PUBLISHED, limits)
    given: dict[str, int] = {}
    hidden: dict[str, int] = {}
    for key, value in values_of(numbers.shown).items():
        if isinstance(value, Count):
            why = numbers.told.cells[key].why
            (given if why in (Why.PLAIN, Why.ROUNDED) else hidden)[key] = value.number
    return Cells(given, hidden)


def beside_the_shared(run: Run, figures: Figures, limits: Limits) -> Beside:
    """What this report hides, and what is known of it, because of those that are shared."""
    others = {company: cells_of(one, limits) for company, one in _shared(run)}
    earlier = others.pop(run.entity_id, Cells({}, {}))
    if not others:
        return Beside()
    found = weighed(cells_of(figures, limits), run.entity_id, others, limits)
    # What its own earlier version gives cannot be taken back.
    return replace(found, hidden=tuple(key for key in found.hidden if key not in earlier.given))


def weighed(
    own: Cells, company: int | None, others: Mapping[int | None, Cells], limits: Limits
) -> Beside:
    """The same of cells; ``company`` and the keys of ``others`` are None for all together."""
    whole = own if company is None else others.get(None)
    if whole is None:
        return Beside()
    companies = [cells for other, cells in others.items() if other is not None]
    mine = [] if company is None else [own]
    hidden = [
        key
        for key in own.given
        if key in whole.given and _tells(key, whole.given[key], [*companies, *mine], limits)
    ]
    known = [
        key
        for key, number in own.hidden.items()
        if _is_known(key, number, None if company is None else whole, companies)
    ]
    return Beside(tuple(hidden), tuple(known))


def _tells(key: str, whole: int, companies: Sequence[Cells], limits: Limits) -> bool:
    """Whether what is left of the whole is of too few, or is what a report hides."""
    given, hidden = _parts(key, companies)
    left = whole - sum(given)
    if 0 < left < limits.under:
        return True
    # Of nothing at all, the whole tells by itself that it is nothing everywhere.
    return bool(whole and hidden) and left == sum(hidden) and (len(hidden) == 1 or not left)


def _is_known(key: str, number: int, whole: Cells | None, companies: Sequence[Cells]) -> bool:
    """Whether the others tell a number that this report hides."""
    given, hidden = _parts(key, companies)
    if hidden:
        return False
    if whole is None:
        return bool(given) and sum(given) == number
    return key in whole.given and whole.given[key] - sum(given) == number


def _parts(key: str, companies: Sequence[Cells]) -> tuple[list[int], list[int]]:
    given = [cells.given[key] for cells in companies if key in cells.given]
    return given, [cells.hidden[key] for cells in companies if key in cells.hidden]


def _shared(run: Run) -> Iterator[tuple[int | None, Figures]]:
    """The figures of the newest version to share of the same days, of every company and (None)
    of all together; of the run's own company the one before, if any.
    """
    rows = Snapshot.objects.filter(
        run__first=run.first, run__last=run.last, files__profile=Profile.PUBLISHED
    ).order_by("-as_at", "-id")
    found: set[int | None] = set()
    for pk, entity in rows.values_list("pk", "run__entity"):
        if entity not in found:
            found.add(entity)
            kept = Snapshot.objects.values_list("figures", flat=True).get(pk=pk)
            yield entity, Figures.from_json(kept)
