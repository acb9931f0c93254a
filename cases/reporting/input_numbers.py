"""The figures from outside as they are added up: each a number, with what it is a part of.

Source: domain 5.1.
"""

from __future__ import annotations

from typing import Any

from cases.reporting.models import AsbTotal, HomesCount, ResidentCount
from cases.reporting.twice import Number

NUMBERS: dict[type[Any], str] = {
    HomesCount: "homes",
    AsbTotal: "opened",
    ResidentCount: "residents",
}
"""The field of each kind of figure that is its number."""
BY_HAND = -1
"""The line of a number that stands in no file."""


def everything_kept(model: type[Any]) -> list[Any]:
    """Every row that was ever entered of a kind, in that order, with its company: one query."""
    return list(model.objects.select_related("entity").order_by("id"))


def number_of(row: Any, line: int = 0) -> Number:
    """A row as it is added up; ``line`` as in :class:`~cases.reporting.twice.Number`.

    What it is about (class, month, group) is the same as of the number beside it, and not said.
    """
    company = row.entity.code if row.entity else ""
    whose = row.entity.name if row.entity else "not split by company"
    number = getattr(row, NUMBERS[type(row)])
    day = row.month if isinstance(row, AsbTotal) else row.counted_on
    on = f"{day.day} {day:%B %Y}"
    places: tuple[str, ...] = (company,)
    about: tuple[str, ...]
    match row:
        case HomesCount():
            places, about = (company, row.area), (row.stock_class,)
            says = f"{number:,} ({whose}, {row.area or 'not split by area'}, {on})"
        case AsbTotal():
            about = (row.month.isoformat(),)
            says = f"{number:,} ({whose}, {day:%B %Y})"
        case _:
            about = (row.characteristic, row.group)
            says = f"{number:,} ({whose}, {on})"
    return Number(places, about, number, day, says, line)
