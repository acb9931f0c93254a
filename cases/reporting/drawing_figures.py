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
    "asb": ("Company", "Month", "Cases opened", "Are hate crime cases in it?"),
    "residents": ("Company", "Age", "Residents", "Counted on"),
}
NO_COMPANY, NO_AREA = "Not split by company", "Not split by area"
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
        ours = "Yes" if row.with_hate else "No: ours are added"
        return company, f"{row.month:%B %Y}", f"{row.opened:,}", ours
    return company, _group(row.group), f"{row.residents:,}", say_date(row.counted_on)


def _group(code: str) -> str:
    return AgeBand(code).label if code in AgeBand.values else code


def import_words(kept: Sequence[int]) -> str:
    """How many figures a file held; a second press of the same button kept nothing more."""
    if not kept:
        return "The figures of the file are kept."
    if not kept[0]:
        return "Nothing in the file was new, so nothing was added."
    return f"{kept[0]:,} figure{'' if kept[0] == 1 else 's'} kept from the file."


FILE_COLUMNS: dict[str, tuple[tuple[str, str], ...]] = {
    "homes": (
        ("company", "The company’s code, or nothing if it is not split by company"),
        ("area", "The council’s area, or nothing if it is not split by area"),
        ("stock_class", "LCRA (low cost rental), LCHO (low cost home ownership) or OTHER"),
        ("homes", "How many"),
        ("counted_on", "The day, like 2026-03-31 or 31/03/2026"),
        ("source", "Where the number is from"),
    ),
    "asb": (
        ("company", "The company’s code, or nothing if it is not split by company"),
        ("month", "The month, like 2026-10"),
        ("opened", "How many cases were opened"),
        ("with_hate", "yes if the hate crime cases kept here are in that number, else no"),
        ("source", "Where the number is from"),
    ),
    "residents": (
        ("company", "The company’s code, or nothing if it is not split by company"),
        ("characteristic", "AGE"),
        ("group", ", ".join(AgeBand.values[:-1]) + " or UNKNOWN"),
        ("residents", "How many"),
        ("counted_on", "The day, like 2026-03-31 or 31/03/2026"),
        ("source", "Where the number is from"),
    ),
}
FILE_EXAMPLES = {
    "homes": "company,area,stock_class,homes,counted_on,source\n"
    ",Wellby,LCRA,1200,2026-03-31,Stock report",
    "asb": "company,month,opened,with_hate,source\n,2026-10,41,yes,ASB team",
    "residents": "company,characteristic,group,residents,counted_on,source\n"
    ",AGE,UNDER_25,900,2026-03-31,Resident census",
}
