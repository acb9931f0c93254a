"""A kept report as its pages show it: one chapter at a time, in one of its versions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from cases.reporting.catalogue import BY_CODE
from cases.reporting.choices import FileKind, Profile
from cases.reporting.composing_chapters import DEFINITIONS, WORDS
from cases.reporting.composing_restated import RESTATED
from cases.reporting.composing_tables import WITHOUT_HOMES
from cases.reporting.glossary import terms_of
from cases.reporting.inputs_queries import NO_HOMES
from cases.reporting.kept import pictures
from cases.reporting.models import ReportFile
from cases.reporting.showing import Chapter, Report, Shown, Table, Why

SUMMARY = "summary"
SAVE_AS = {
    FileKind.PDF: "Download as PDF",
    FileKind.XLSX: "Download as a spreadsheet",
    FileKind.CSV: "Download the tables as CSV",
}


def report_address(month: date, version: str, chapter: str = SUMMARY, company: str = "") -> str:
    """Where a chapter of a kept report stands."""
    address = reverse("reporting:report", args=[f"{month:%Y-%m}", version, chapter])
    return f"{address}?{urlencode({'company': company})}" if company else address


def drawn_chapter(chapter: Chapter) -> dict[str, Any]:
    """A chapter: words, figures, pictures with their tables, tables."""
    return {
        "key": chapter.key,
        "title": chapter.title,
        "words": () if chapter.key == WORDS else chapter.words,
        "terms": terms_of(chapter.words) if chapter.key == WORDS else [],
        "cards": [_card(card.figure, vars(card)) for card in chapter.cards],
        "charts": [
            {"chart": chart, "pictures": [upright, lying], "table": drawn_table(chart.table)}
            for chart, upright, lying in pictures(chapter.charts)
        ],
        "tables": [drawn_table(table) for table in chapter.tables if table.key != DEFINITIONS],
        "definitions": _definitions() if _has(chapter, DEFINITIONS) else [],
    }


def waiting(report: Report) -> list[dict[str, Any]]:
    """What is not collected at all, and what only in part, each with its measures."""
    whole: list[dict[str, str]] = []
    part: list[dict[str, str]] = []
    for code, name, _ in report.not_collected:
        (part if BY_CODE[code].collected else whole).append({"code": code, "name": name})
    said = (("Not yet collected", whole), ("Collected, but for a part that is to come", part))
    return [{"words": words, "measures": measures} for words, measures in said if measures]


def _has(chapter: Chapter, key: str) -> bool:
    return any(table.key == key for table in chapter.tables)


def _card(figure: Shown, card: dict[str, Any]) -> dict[str, Any]:
    """A figure card; ``figure`` is empty where there is none, and ``none`` then says why."""
    measure = BY_CODE.get(card["measure"])
    absent = figure.why in (Why.ABSENT, Why.BESIDE, Why.TOO_FEW)
    return {
        "label": card["label"],
        "figure": "" if absent else figure.short,
        "read": figure.text,
        "none": figure.text[:1].upper() + figure.text[1:] if absent else "",
        "unit": "" if absent else card["unit"],
        "line": "" if absent and figure.text.lower() == card["line"].lower() else card["line"],
        "measure": card["measure"],
        "what": measure.definition if measure else "",
        "counted": measure.numerator if measure else "",
        "of": measure.denominator if measure else "",
    }


def _definitions() -> list[dict[str, str]]:
    return [
        {"code": one.code, "name": one.name, "definition": one.definition}
        for one in BY_CODE.values()
    ]


def drawn_table(table: Table) -> dict[str, Any]:
    """A table whose every cell knows the words of its column, for narrow pages."""
    return {
        "key": table.key,
        "title": table.title,
        "first": table.first or "What is counted",
        "columns": table.columns,
        "wide": len(table.columns) > 1,
        "words": table.key == RESTATED,
        "note": table.note,
        "lacks_homes": WITHOUT_HOMES in table.note or NO_HOMES in table.note,
        "measure": table.measure,
        "rows": [
            {
                "label": label,
                "total": total,
                "cells": [
                    {"text": cell.text, "column": column}
                    for column, cell in zip(table.columns, cells, strict=True)
                ],
            }
            for label, cells, total in table.rows
        ],
    }


def contents(
    report: Report, here: str, month: date, version: str, company: str
) -> list[dict[str, Any]]:
    """Every chapter by its name and address; the present one is marked."""
    return [
        {
            "text": "Summary" if one.key == SUMMARY else one.title,
            "href": report_address(month, version, one.key, company),
            "active": one.key == here,
        }
        for one in report.chapters
    ]


def beside(places: Sequence[dict[str, Any]]) -> dict[str, dict[str, Any] | None]:
    """The chapters before and after the present one."""
    at = next(number for number, one in enumerate(places) if one["active"])
    return {
        "previous": places[at - 1] if at else None,
        "next": places[at + 1] if at + 1 < len(places) else None,
    }


def downloads(files: Sequence[ReportFile], version: str) -> list[dict[str, str]]:
    """The files of one version, each with the words of its button."""
    order = {kind: number for number, kind in enumerate(FileKind.values)}
    mine = [file for file in files if file.profile == version]
    return [
        {
            "text": SAVE_AS[FileKind(file.kind)],
            "href": reverse("reporting:file", args=[file.pk]),
            "version": Profile(file.profile).label,
        }
        for file in sorted(mine, key=lambda file: order[file.kind])
    ]
