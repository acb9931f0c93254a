"""Figures from outside as tables: what each row says, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from cases.people.choices import StockClass
from cases.reporting.choices import AgeBand
from cases.reporting.figure_queries import ASB, HOMES, Kind
from cases.words import say_date

COLUMNS: dict[str, tuple[str, ...]] = {
    "homes": ("Company", "Area", "Class", "Homes", "Counted on"),
    "asb": ("Company", "Month", "Cases opened", "With hate crime cases"),
    "residents": ("Company", "Group", "Residents", "Counted on"),
}
NO_COMPANY, NO_AREA = "No one company", "No one area"
"""Of none in particular.  All rows of a kind are added up, so none may be the sum of others."""


def drawn_rows(kind: Kind, rows: Iterable[Any]) -> dict[str, Any]:
    """The rows that count now, as a table."""
    return {"columns": COLUMNS[kind.code], "rows": [drawn_row(kind, row) for row in rows]}


def drawn_row(kind: Kind, row: Any) -> dict[str, Any]:
    """One row: its cells, each with the words of its column, and who entered it."""
    return {
        "cells": [
            {"column": column, "text": text}
            for column, text in zip(COLUMNS[kind.code], _cells(kind, row), strict=True)
        ],
        "says": ", ".join(_cells(kind, row)),
        "at": row.at,
        "by": row.by.full_name if row.by else "a job of ours",
        "source": row.source,
    }


def _cells(kind: Kind, row: Any) -> tuple[str, ...]:
    company = row.entity.name if row.entity else NO_COMPANY
    if kind is HOMES:
        stock = StockClass(row.stock_class).label
        day = say_date(row.counted_on)
        return company, row.area or NO_AREA, stock, f"{row.homes:,}", day
    if kind is ASB:
        ours = "In the number" if row.with_hate else "On top of it"
        return company, f"{row.month:%B %Y}", f"{row.opened:,}", ours
    return company, _group(row.group), f"{row.residents:,}", say_date(row.counted_on)


def _group(code: str) -> str:
    return AgeBand(code).label if code in AgeBand.values else code


def import_words(kept: Sequence[Any]) -> str:
    """How many figures a file held; a second press of the same button kept nothing more."""
    count = kept[0] if kept else None
    if isinstance(count, int):
        return f"{count} figure{'' if count == 1 else 's'} kept from the file."
    return "The figures of the file are kept."
