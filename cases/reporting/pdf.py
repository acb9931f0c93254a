"""A report as a tagged PDF: cover, contents, one page in two minutes, chapters, definitions.

Nothing is fetched but our own fonts, and what tells how the file was made is left out, as for a
page to another agency (:mod:`cases.disclosures.pdf`).  Source: domain 5.6; bar row 55.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Tree  # reads only what charts.py has just written

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError

from cases.disclosures.pdf import AT_ONCE, Made, forget_the_maker, our_fonts
from cases.reporting import charts
from cases.reporting.catalogue import ALL
from cases.reporting.composing_chapters import DEFINITIONS, WORDS
from cases.reporting.glossary import terms_of
from cases.reporting.showing import Chapter, Chart, Report, Table

log = logging.getLogger(__name__)

MOST_PAGES = 200
"""More is no report that anybody reads (bar row 55)."""
_HERE = Path(__file__).parent


class CannotDraw(RuntimeError):
    """A report is no PDF; the message is a sentence and holds no word of it."""


def render(report: Report) -> Made:
    """The report's bytes and pages.  Raises :class:`CannotDraw`."""
    page = render_to_string("reporting/pdf/report.html", _context(report))
    with AT_ONCE:
        made = _made(page)
    if made.pages > MOST_PAGES:
        raise CannotDraw(f"The report would have more than {MOST_PAGES} pages.")
    return made


def _made(page: str) -> Made:
    """The page as a PDF.  What goes wrong is told without a word of the page."""
    fonts, failed = FontConfiguration(), ""
    try:
        css = CSS(string=_style("report.css"), font_config=fonts, url_fetcher=our_fonts())
        document = HTML(string=page, url_fetcher=our_fonts()).render(
            stylesheets=[css], font_config=fonts, pdf_variant="pdf/ua-1"
        )
        content = document.write_pdf(pdf_variant="pdf/ua-1", finisher=_finish)
    except (Exception, FatalURLFetchingError) as fault:  # the second is no Exception
        failed = type(fault).__name__
    if failed:
        log.error("A report could not be made into a PDF: %s.", failed)
        raise CannotDraw("The PDF could not be made.")
    return Made(content, len(document.pages))


def _finish(document: Any, made: Any) -> None:
    """Say of each head whether it heads a column or a row, and forget which program it was."""
    elements: dict[bytes, Any] = {one.reference: one for one in made.objects if hasattr(one, "get")}
    for one in elements.values():
        if one.get("S") == "/TH":
            group = elements[elements[one["P"]]["P"]]
            one["A"]["Scope"] = "/Column" if group["S"] == "/THead" else "/Row"
    forget_the_maker(document, made)


@cache
def _style(name: str) -> str:
    return (_HERE / name).read_text()


# --- what stands in it ---


def _context(report: Report) -> dict[str, Any]:
    first, *others = report.chapters
    return {
        "report": report,
        "title": f"Hate crime monitoring, {report.title}",
        "summary": {
            "chapter": first,
            "charts": [_drawn(chart) for chart in first.charts],
            "waiting": [one.name for one in ALL if not one.collected],
        },
        "chapters": [_chapter(chapter) for chapter in others],
    }


def _chapter(chapter: Chapter) -> dict[str, Any]:
    """A chapter: its words, pictures and tables; definitions are told one by one instead."""
    return {
        "key": chapter.key,
        "title": chapter.title,
        "words": () if chapter.key == WORDS else chapter.words,
        "terms": terms_of(chapter.words) if chapter.key == WORDS else [],
        "charts": [_drawn(chart) for chart in chapter.charts],
        "tables": [table for table in chapter.tables if table.key != DEFINITIONS],
        "definitions": [
            definition
            for table in chapter.tables
            if table.key == DEFINITIONS
            for definition in _definitions(table)
        ],
    }


def _definitions(table: Table) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Each measure, and what is said of it; not that there is nothing to say."""
    for label, cells, _ in table.rows:
        parts = zip(table.columns, (cell.text for cell in cells), strict=True)
        yield label, [(what, said) for what, said in parts if not said.startswith("None")]


def _drawn(chart: Chart) -> dict[str, Any]:
    return {"chart": chart, "picture": picture(chart)}


def picture(chart: Chart) -> SafeString:
    """The chart as it stands on the page, with the PDF's own colours and the words for whoever
    does not see it.
    """
    root = Tree.fromstring(charts.bars(chart, lying=True))  # noqa: S314
    title = root.find(f"{{{charts.SVG}}}title")
    assert title is not None
    title.text = f"{chart.title}. {charts.words_of(chart)}"
    style = Tree.Element(f"{{{charts.SVG}}}style")
    style.text = _style("report_charts.css")
    root.insert(0, style)
    return mark_safe(Tree.tostring(root, encoding="unicode"))  # noqa: S308
