"""The page itself: tagged, in English, nothing fetched, nothing told of how it was made."""

from __future__ import annotations

import logging
import time
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader
from weasyprint.urls import FatalURLFetchingError

from cases.disclosures import gate, pack_operations, pdf
from cases.disclosures.models import PackFile
from cases.disclosures.pdf import CannotRender
from tests.disclosures.packs import FACTS, Packs, packs, read
from tests.world import World


@pytest.fixture
def desk(world: World) -> Packs:
    """Amara's case, and whom it may be told."""
    return packs(world)


def made(desk: Packs, *said: tuple[str, str], **more: object) -> bytes:
    """The bytes of a pack that says these things."""
    pack = desk.start(**more)  # type: ignore[arg-type]
    for field, text in said:
        whose = desk.story.victim if field == "IDENTITY" else None
        desk.tell(pack, field, text, whose)
    return gate.preview_of(desk.make(pack))


def test_what_stands_on_it(desk: Packs) -> None:
    content = made(desk, ("IDENTITY", "Amara Osei"), ("FACTS", FACTS), ("RISK", "High."))
    words = read(content)
    file = PackFile.objects.get()
    for part in (
        "Confidential.",
        "To: Wellby Police, Public Protection Unit",
        "From: Amplius. Dawn Mistry",
        "Report of hate crime",
        f"A. What happened {FACTS}",
        "B. Against whom Amara Osei",
        "C. Risk High.",
        "To look into what happened.",
        f"{desk.case.reference}, document {file.pack_id}, version {file.version}",
        f"Ledger {file.stamp}",
        "Page 1 of 1",
    ):
        assert part in words, part
    assert file.fields == ["FACTS", "IDENTITY", "RISK"]
    assert file.pages == 1


def test_it_is_tagged_and_says_its_language_and_title_only(desk: Packs) -> None:
    reader = PdfReader(BytesIO(made(desk, ("FACTS", FACTS))))
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == "en-GB"
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    info: dict[str, Any] = dict(reader.metadata or {})
    assert info == {"/Title": "Report of hate crime"}
    xmp = root["/Metadata"].get_data().decode()
    assert "pdfuaid" in xmp
    assert "WeasyPrint" not in xmp
    assert not reader.attachments
    assert all("/Annots" not in page for page in reader.pages)
    assert "/OpenAction" not in root
    assert "/AcroForm" not in root


def test_markup_is_words(desk: Packs) -> None:
    text = '<img src="http://127.0.0.1:9/x"><b>bold</b> {{ case }} & <style>*{}</style>'
    assert text.replace(" ", "") in read(made(desk, ("FACTS", text))).replace(" ", "")


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:9/", "file:///etc/passwd", "data:text/plain,x", "pack:../secret"],
)
def test_nothing_is_fetched(address: str) -> None:
    with pytest.raises(FatalURLFetchingError, match="fetches nothing"):
        pdf.OnlyOurFonts().fetch(address)
    page = f'<img src="{address}"><link rel=stylesheet href="{address}"><p>x</p>'
    with pytest.raises(CannotRender):
        pdf._made(page)


def test_what_goes_wrong_says_nothing_of_the_page(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(CannotRender) as told:
        pdf._made('<p>Canary Osei</p><img src="http://127.0.0.1:9/canary">')
    assert told.value.answer.reason == pdf.FAILED
    assert told.value.__cause__ is told.value.__context__ is None
    said = " ".join(record.getMessage() for record in caplog.records if record.name != "weasyprint")
    assert "anary" not in said
    assert "<" not in said


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("word " * 6_001, "too long to send"),
        ("w\n" * 501, "too long to send"),
        ("w" * 201, "is no word"),
    ],
)
def test_what_is_too_long_is_no_page(desk: Packs, text: str, sentence: str) -> None:
    with pytest.raises(CannotRender, match=sentence):
        made(desk, ("FACTS", text + "x"))
    assert not PackFile.objects.exists()


def test_the_longest_page_is_made_in_time(desk: Packs) -> None:
    """20 seconds at most (bar row 55), on a machine that does something else besides."""
    began = time.monotonic()
    content = made(desk, ("FACTS", "word " * 5_900 + "\n" * 400))
    assert time.monotonic() - began < 20
    sheets = PdfReader(BytesIO(content)).pages
    assert 1 < len(sheets) <= pdf.MOST_PAGES
    assert all("Our reference" in sheet.extract_text() for sheet in sheets), "sheets come apart"


def test_other_alphabets_are_printed(desk: Packs) -> None:
    words = read(made(desk, ("FACTS", "Łukasz Żółć, Siân, Ğül, Олена")))
    for name in ("Łukasz", "Siân", "Ğül", "Олена"):
        assert name in words


def test_letters_go_on_after_z() -> None:
    assert [pdf.letter_of(number) for number in (0, 25, 26, 51, 52)] == ["A", "Z", "AA", "AZ", "BA"]


def test_redactions_hold_in_title_and_purpose_too(desk: Packs) -> None:
    pack = desk.start(title="About Amara Osei", purpose="To help Amara Osei.")
    desk.tell(pack, "FACTS", FACTS)
    said = {"by": desk.lead, "at": desk.now, "pack": pack}
    pack_operations.set_redactions(**said, redactions=["Amara Osei"])  # type: ignore[arg-type]
    content = gate.preview_of(desk.make(pack))
    assert b"Amara" not in content
    assert "Amara" not in read(content)
    assert "Osei" not in str(PdfReader(BytesIO(content)).metadata)
