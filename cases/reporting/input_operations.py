"""Figures from outside: homes, the ASB team's totals, residents.  Rows are only ever added.

The newest row counts; what was entered before stays, and says who entered it and from where.
Source: domain 5.1, 5.3 (M04 to M06, M32 to M34); issue "monthly report".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError

from cases.access import Actor, Answer, enforce
from cases.audit.ledger import operation, record, record_many, unchanged
from cases.audit.verbs import Verb
from cases.calendar import london_date
from cases.people.choices import StockClass
from cases.people.models import Entity
from cases.reporting import rules, twice
from cases.reporting.choices import AgeBand, Characteristic
from cases.reporting.input_numbers import BY_HAND, NUMBERS, everything_kept, number_of
from cases.reporting.input_reading import Kind, read_rows
from cases.reporting.models import AsbTotal, HomesCount, ResidentCount
from cases.rows import keep, keep_all

VERBS = {
    HomesCount: Verb.HOMES_COUNTED,
    AsbTotal: Verb.ASB_TOTAL_ENTERED,
    ResidentCount: Verb.RESIDENTS_COUNTED,
}
KINDS: dict[Kind, type[Any]] = {
    Kind.HOMES: HomesCount,
    Kind.ASB: AsbTotal,
    Kind.RESIDENTS: ResidentCount,
}
WHERE_FROM = "where the number is from"


@operation
def count_homes(
    *,
    by: Actor,
    at: datetime,
    entity: Entity | None,
    area: str,
    stock_class: str,
    homes: int,
    counted_on: date,
    source: str,
) -> HomesCount:
    """Enter how many homes of a class a company had in an area on a day.

    Raises Refused for whoever may not, and ValidationError, by field, for what cannot be.
    """
    row = HomesCount(
        entity=entity,
        area=area,
        stock_class=stock_class,
        homes=homes,
        counted_on=counted_on,
        source=source,
    )
    return _enter(by, at, row)


@operation
def enter_asb_total(
    *,
    by: Actor,
    at: datetime,
    entity: Entity | None,
    month: date,
    opened: int,
    with_hate: bool,
    source: str,
) -> AsbTotal:
    """Enter how many antisocial behaviour cases the ASB team opened in a month (its first day).

    ``with_hate`` says that the hate cases kept here are in the number.  Raises as count_homes.
    """
    row = AsbTotal(entity=entity, month=month, opened=opened, with_hate=with_hate, source=source)
    return _enter(by, at, row)


@operation
def count_residents(
    *,
    by: Actor,
    at: datetime,
    entity: Entity | None,
    characteristic: str,
    group: str,
    residents: int,
    counted_on: date,
    source: str,
) -> ResidentCount:
    """Enter how many residents are in a group on a day.  Raises as count_homes."""
    row = ResidentCount(
        entity=entity,
        characteristic=characteristic,
        group=group,
        residents=residents,
        counted_on=counted_on,
        source=source,
    )
    return _enter(by, at, row)


@operation
def import_figures(*, by: Actor, at: datetime, kind: str, content: bytes) -> int:
    """Enter every row of a CSV file, or none of them; how many were added.

    The first line names the columns, in any order:

    - ``homes``: company, area, stock_class (LCRA, LCHO or OTHER), homes, counted_on, source
    - ``asb``: company, month (2026-10), opened, with_hate (yes or no), source
    - ``residents``: company, characteristic (AGE), group (UNDER_25, FROM_25, FROM_45, FROM_65,
      UNKNOWN), residents, counted_on, source

    ``company`` is a company's code; empty, the number is of all together.  Days are written
    2026-03-31 or 31/03/2026.  A row that says what the newest one says already is not added
    again.  Raises Refused for whoever may not, and ValidationError with a sentence for each row
    that cannot be, named by its line in the file.
    """
    model = KINDS[Kind(kind)]
    enforce(rules.may_enter(by, entity=next(iter(by.entities), "")))
    companies = {one.code: one for one in Entity.objects.all()}
    rows, faults = {}, []
    for line, values, said in read_rows(Kind(kind), content, companies):
        row = model(**values) if not said else None
        if row is not None:
            enforce(rules.may_enter(by, entity=row.entity.code if row.entity else ""))
            said = [words for _, words in _faults(row, at)]
            rows[line] = row
        faults += [f"Line {line}: {words}" for words in said]
    kept = everything_kept(model)
    faults = faults or _twice_in_file(kept, rows)
    if faults:
        raise ValidationError(faults)
    known = {_about(row): _said(row) for row in kept}
    return _add(
        by, at, model, [row for row in rows.values() if known.get(_about(row)) != _said(row)]
    )


def _add(by: Actor, at: datetime, model: type[Any], rows: list[Any]) -> int:
    for row in rows:
        row.by_id, row.at = by.user_id, at
    keep_all(rows)
    record_many(
        VERBS[model], by=by, at=at, subjects={row.pk: _codes(row) for row in rows}, kind=model
    )
    if not rows:
        unchanged()
    return len(rows)


def _enter[Row: (HomesCount, AsbTotal, ResidentCount)](by: Actor, at: datetime, row: Row) -> Row:
    enforce(rules.may_enter(by, entity=row.entity.code if row.entity else ""))
    if faults := _faults(row, at) or _twice(row):
        raise ValidationError(dict(faults))
    row.by_id, row.at = by.user_id, at
    row.source = row.source.strip()
    keep(row)
    record(VERBS[type(row)], by=by, at=at, subject=row, changes=_codes(row))
    return row


def _codes(row: Any) -> dict[str, Any]:
    """What the ledger says of a row: numbers, days and codes."""
    company = {"company": row.entity.code} if row.entity else {}
    match row:
        case HomesCount():
            said = {"class": row.stock_class, "homes": row.homes}
            return company | said | {"on": row.counted_on.isoformat()}
        case AsbTotal():
            said = {"month": row.month.isoformat(), "opened": row.opened}
            return company | said | {"with_hate": row.with_hate}
        case _:
            said = {"group": row.group, "residents": row.residents}
            return company | said | {"on": row.counted_on.isoformat()}


SAME: dict[type[Any], tuple[str, ...]] = {
    HomesCount: ("entity_id", "area", "stock_class", "counted_on"),
    AsbTotal: ("entity_id", "month"),
    ResidentCount: ("entity_id", "characteristic", "group", "counted_on"),
}
"""What a row is about: a later one about the same takes its place."""
SAID = ("homes", "opened", "with_hate", "residents", "source")


def _about(row: Any) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in SAME[type(row)])


def _said(row: Any) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in SAID if hasattr(row, name))


# --- what cannot be ---


def _twice(row: Any) -> list[tuple[str, str]]:
    """The number, if it would be counted twice: the field, and a sentence."""
    kept = [number_of(one) for one in everything_kept(type(row))]
    return [
        (NUMBERS[type(row)], twice.words(number, others))
        for number, others in twice.counted_twice([*kept, number_of(row, BY_HAND)])
    ]


def _twice_in_file(kept: Iterable[Any], rows: Mapping[int, Any]) -> list[str]:
    """A sentence for each line of a file whose number would be counted twice."""
    numbers = [*map(number_of, kept), *(number_of(row, line) for line, row in rows.items())]
    return [
        f"Line {number.line}: {twice.words(number, others)}"
        for number, others in twice.counted_twice(numbers)
    ]


def _faults(row: Any, at: datetime) -> list[tuple[str, str]]:
    """What is wrong with a row: the field, and a sentence."""
    return [(field, answer.reason) for field, answer in _asked(row, london_date(at)) if not answer]


def _asked(row: Any, today: date) -> list[tuple[str, Answer]]:
    source = ("source", rules.is_said(row.source, WHERE_FROM))
    match row:
        case HomesCount():
            return [
                ("area", rules.is_short(row.area, "the area")),
                (
                    "stock_class",
                    rules.is_one_of(row.stock_class, StockClass.values, "class of homes"),
                ),
                ("homes", rules.is_number(row.homes, rules.MOST_HOMES, "homes")),
                ("counted_on", rules.is_counted_by(row.counted_on, today)),
                source,
            ]
        case AsbTotal():
            return [
                ("month", rules.is_counted_month(row.month, today)),
                ("opened", rules.is_number(row.opened, rules.MOST_OPENED, "cases")),
                source,
            ]
        case _:
            return [
                (
                    "characteristic",
                    rules.is_one_of(row.characteristic, Characteristic.values, "kind"),
                ),
                ("group", rules.is_one_of(row.group, AgeBand.values, "group")),
                ("residents", rules.is_number(row.residents, rules.MOST_RESIDENTS, "residents")),
                ("counted_on", rules.is_counted_by(row.counted_on, today)),
                source,
            ]
