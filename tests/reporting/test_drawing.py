"""How a report's tables are laid out on a page."""

from __future__ import annotations

from django.template.loader import render_to_string

from cases.reporting.composing_restated import RESTATED
from cases.reporting.drawing_reports import drawn_table
from cases.reporting.showing import Shown, Table


def page_of(key: str) -> str:
    cell = Shown("12", "12")
    table = Table(key, "A table", ("Then", "Why"), (("A line", (cell, cell), False),))
    return render_to_string("reporting/_table.html", {"table": drawn_table(table)})


def test_numbers_stand_at_the_right_and_sentences_at_the_left() -> None:
    assert page_of("M01").count("--numeric") == 4
    assert page_of(RESTATED).count("--numeric") == 0
