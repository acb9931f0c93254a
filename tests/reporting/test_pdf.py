"""The PDF: tagged, named, in English, told on every page for whom it is; nothing fetched."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject, IndirectObject

from cases.reporting import pdf
from cases.reporting.choices import Profile
from cases.reporting.composing import compose
from cases.reporting.pdf import CannotDraw
from cases.reporting.showing import Report, Shown, Table
from cases.reporting.suppression import Limits
from tests.disclosures.packs import read
from tests.reporting.made import picture, with_tables


def report(profile: Profile = Profile.PUBLISHED) -> Report:
    return compose(picture(), profile, Limits())


@pytest.fixture(scope="module")
def shared() -> bytes:
    """The picture's month, to share."""
    return pdf.render(report()).content


def elements(content: bytes) -> Iterator[tuple[str, Any]]:
    """Every element of the structure, by its kind, in reading order."""
    root: Any = PdfReader(BytesIO(content)).trailer["/Root"]["/StructTreeRoot"]

    def walk(node: Any) -> Iterator[tuple[str, Any]]:
        node = node.get_object() if isinstance(node, IndirectObject) else node
        if isinstance(node, list):
            for child in node:
                yield from walk(child)
        elif isinstance(node, DictionaryObject):
            if "/S" in node:
                yield str(node["/S"]), node
            if "/K" in node:
                yield from walk(node["/K"])

    return walk(root["/K"])


def test_it_is_tagged_and_says_its_title_and_language(shared: bytes) -> None:
    reader = PdfReader(BytesIO(shared))
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == "en-GB"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert dict(reader.metadata or {}) == {"/Title": "Hate crime monitoring, October 2026"}
    xmp = root["/Metadata"].get_data().decode()
    assert "pdfuaid" in xmp
    assert "WeasyPrint" not in xmp


def test_headings_follow_each_other(shared: bytes) -> None:
    levels = [int(kind[2]) for kind, _ in elements(shared) if kind in ("/H1", "/H2", "/H3", "/H4")]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert levels.count(2) == 1 + len(report().chapters)  # the contents, then the chapters


def test_every_head_of_a_table_says_what_it_heads(shared: bytes) -> None:
    heads = [node for kind, node in elements(shared) if kind == "/TH"]
    assert len(heads) > 20
    assert {str(node["/A"]["/Scope"]) for node in heads} == {"/Column", "/Row"}


def test_each_picture_says_what_it_shows(shared: bytes) -> None:
    (figure,) = [node for kind, node in elements(shared) if kind == "/Figure"]
    assert "Aug to Oct 2026: 6" in figure["/Alt"]
    assert "Nov to Jan 2024 to 25: fewer than 5" in figure["/Alt"]


@pytest.mark.parametrize("profile", list(Profile))
def test_each_page_says_for_whom_it_is_and_which_it_is(profile: Profile) -> None:
    made = pdf.render(report(profile))
    reader = PdfReader(BytesIO(made.content))
    assert len(reader.pages) == made.pages > 5
    for number, page in enumerate(reader.pages, 1):
        words = " ".join(page.extract_text().split())
        assert report(profile).classification in words
        assert "Ledger KTRM-4482 (line 51,203)" in words
        assert f"Page {number} of {made.pages}" in words


def test_the_contents_lead_to_their_pages(shared: bytes) -> None:
    reader = PdfReader(BytesIO(shared))
    cover = " ".join(reader.pages[0].extract_text().split())
    titles = ["In two minutes", *(one.title for one in report().chapters[1:])]
    assert all(title in cover for title in titles)
    links = [note.get_object() for note in reader.pages[0]["/Annots"]]  # type: ignore[attr-defined]
    assert len(links) == len(titles)
    marks = [one["/Title"] for one in _flat(reader.outline)]
    assert all(title in marks for title in titles)


def _flat(outline: Any) -> Iterator[Any]:
    for one in outline:
        if isinstance(one, list):
            yield from _flat(one)
        else:
            yield one


def test_two_minutes_are_one_page(shared: bytes) -> None:
    page = " ".join(PdfReader(BytesIO(shared)).pages[1].extract_text().split())
    for part in (
        *("In two minutes", *report().plain_words, "Cases opened 31", "What is hidden"),
        *report().hidden_words,
    ):
        assert part in page, part


def test_the_contents_are_one_page_and_so_are_two_minutes_with_more_to_tell() -> None:
    told = "First contact in time, October 2026: restated from 94% to 91%. Why: 3 recorded after. "
    one = replace(report(), restated=(told, told, told, "12 more figures are restated."))
    pages = PdfReader(BytesIO(pdf.render(one).content)).pages
    assert "What each figure counts" in pages[0].extract_text()
    assert "12 more figures are restated." in pages[1].extract_text()
    assert "Each chapter says what it waits for." in " ".join(pages[1].extract_text().split())


def test_nothing_leads_out_of_it(shared: bytes) -> None:
    reader = PdfReader(BytesIO(shared))
    assert not reader.attachments
    assert "/OpenAction" not in reader.trailer["/Root"]  # type: ignore[operator]
    for page in reader.pages:
        for note in page.get("/Annots", []):
            assert "/URI" not in str(note.get_object().get("/A", ""))
    for bad in (b"http://127", b"file://", b"/JavaScript", b"/EmbeddedFile"):
        assert bad not in shared


def test_words_are_words_and_nothing_is_fetched() -> None:
    text = '<img src="http://127.0.0.1:9/x"><b>bold</b> & {{ report }}'
    cell = Shown(text, text)
    one = with_tables(report(), Table("x", text, (text,), ((text, (cell,), False),), text, text))
    assert read(pdf.render(one).content).replace(" ", "").count(text.replace(" ", "")) == 6


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/", "file:///etc/passwd", "data:text/a,b"])
def test_what_is_asked_for_from_elsewhere_ends_the_making(
    address: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(CannotDraw, match="could not be made") as told:
        pdf._made(f'<p>Canary</p><img src="{address}">')
    assert told.value.__cause__ is None
    said = [one.getMessage() for one in caplog.records if one.name.startswith("cases")]
    assert said
    assert "anary" not in " ".join(said)
