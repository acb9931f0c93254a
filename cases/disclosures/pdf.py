"""A pack as a tagged PDF: what is chosen, to whom, from whom, and nothing else (bar row 55).

Words that are blacked out are never put into the document.  Nothing is fetched but our own two
fonts; what tells how the file was made is left out; no error carries a word of it.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from string import ascii_uppercase
from threading import BoundedSemaphore
from typing import Any

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template.loader import render_to_string
from fontTools.ttLib import woff2
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from cases import words
from cases.access import Answer, Refused
from cases.disclosures.choices import Door, PackField
from cases.disclosures.fields import FIELDS
from cases.disclosures.models import Pack, PackItem
from cases.disclosures.redacting import pieces

log = logging.getLogger(__name__)

MOST_LETTERS = 30_000
"""Letters in all of a pack: more is a file, which nobody can have looked through."""
MOST_LINES = 500
LONGEST_WORD = 200
"""More lines, or a longer run without a space, take the making of a page very long."""
MOST_PAGES = 20
MOST_BYTES = 5_000_000
AT_ONCE = BoundedSemaphore(2)
"""Pages are made two at a time in one process: each takes a processor whole (bar row 55)."""

TOO_LONG = "This is too long to send: it would be more than {pages} pages. Tell them less."
NO_WORD = "Something in it is no word: it is longer than {letters} letters without a space."
FAILED = "The page could not be made, and nothing was kept of it. Try again, or tell us."

BECAUSE: dict[str, str] = {
    "": "You are a team of Amplius that needs this to do its work.",
    Door.PERMISSION: "The people this is about gave permission for exactly this.",
    Door.LEGAL_REQUIREMENT: "The law requires it:",
    Door.DIRECTOR: (
        "There is a high risk of serious harm. Our Director of Customer Operations approved "
        "telling you. The people this is about may not know: ask us before you speak to them."
    ),
    Door.SAFEGUARDING: "Our Safeguarding policy: somebody may be at risk of harm.",
    Door.DA: "Our Domestic Abuse policy: somebody may be at risk of harm.",
    Door.PROCEEDINGS: "Legal proceedings:",
    Door.ANONYMISED: "Nobody can be recognised from it.",
}
CONFIDENTIAL = "Confidential. Only for whom it is addressed to. Ask Amplius before you pass it on."
NAMES_NOBODY = "This page names nobody."

_PRODUCER = re.compile(rb'<rdf:Description[^>]*pdf:Producer="[^"]*"\s*/>')
_FONTS = Path("fonts")
_FONT = "atkinson-hyperlegible-next-{}-wght-normal.woff2"


class CannotRender(Refused):
    """A pack is no page to send; the sentence is for whoever makes it."""

    def __init__(self, sentence: str) -> None:
        super().__init__(Answer(sentence))


@dataclass(frozen=True)
class Made:
    """The bytes, and how many pages they are."""

    content: bytes
    pages: int


class OnlyOurFonts(URLFetcher):  # type: ignore[misc]  # it has no types
    """Fetches our two fonts and refuses everything else, whatever its address."""

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """The font's bytes.  Raises FatalURLFetchingError, which ends the making."""
        scheme, _, name = url.partition(":")
        if scheme != "pack" or name not in ("latin", "latin-ext"):
            raise FatalURLFetchingError("A page for another agency fetches nothing.")
        return URLFetcherResponse(url, font(name), {"Content-Type": "font/ttf"})


@lru_cache(maxsize=2)
def font(name: str) -> bytes:
    """One of the fonts of the pages, unpacked.  Raises FileNotFoundError.

    Unpacking takes longer than laying out a page, so it is done once in a process.
    """
    file = str(_FONTS / _FONT.format(name))
    found = finders.find(file)
    packed = Path(found).read_bytes() if found else _collected(file)
    unpacked = BytesIO()
    woff2.decompress(BytesIO(packed), unpacked)
    return unpacked.getvalue()


def _collected(file: str) -> bytes:
    """The file as the web server serves it.  Raises FileNotFoundError."""
    with staticfiles_storage.open(file) as kept:
        content: bytes = kept.read()
    return content


@cache
def our_fonts() -> OnlyOurFonts:
    """The fetcher, made once: each one made reads the machine's certificates again."""
    return OnlyOurFonts()


def render(pack: Pack, items: Sequence[PackItem], *, stamp: str, at: datetime) -> Made:
    """The pack's bytes.  Raises :class:`CannotRender`."""
    _sized([*(item.text for item in items), pack.title, pack.purpose, pack.citation])
    page = render_to_string("disclosures/pack.html", _page(pack, items, stamp, at))
    with AT_ONCE:
        made = _made(page)
    if made.pages > MOST_PAGES or len(made.content) > MOST_BYTES:
        raise CannotRender(TOO_LONG.format(pages=MOST_PAGES))
    return made


def _sized(texts: Sequence[str]) -> None:
    """Raise :class:`CannotRender` for what nobody reads and no page is made of in time."""
    if sum(map(len, texts)) > MOST_LETTERS or sum(t.count("\n") for t in texts) > MOST_LINES:
        raise CannotRender(TOO_LONG.format(pages=MOST_PAGES))
    if any(len(word) > LONGEST_WORD for text in texts for word in text.split()):
        raise CannotRender(NO_WORD.format(letters=LONGEST_WORD))


def _made(page: str) -> Made:
    """The page as a PDF.  What goes wrong is told without a word of the page."""
    fonts, fetcher = FontConfiguration(), our_fonts()
    style = (Path(__file__).parent / "pack.css").read_text()
    failed = ""
    try:
        css = CSS(string=style, font_config=fonts, url_fetcher=fetcher)
        document = HTML(string=page, url_fetcher=fetcher).render(
            stylesheets=[css], font_config=fonts, pdf_variant="pdf/ua-1"
        )
        content = document.write_pdf(pdf_variant="pdf/ua-1", finisher=forget_the_maker)
    except (Exception, FatalURLFetchingError) as fault:  # the second is no Exception
        failed = type(fault).__name__
    if failed:
        log.error("A page for another agency could not be made: %s.", failed)
        raise CannotRender(FAILED)
    return Made(content, len(document.pages))


def forget_the_maker(_: Any, pdf: Any) -> None:
    """Leave out which program made it."""
    for key in ("Producer", "Creator", "Author", "CreationDate", "ModDate"):
        with suppress(KeyError):
            del pdf.info[key]
    for one in pdf.objects:
        if getattr(one, "extra", {}).get("Type") == "/Metadata":
            one.stream = [_PRODUCER.sub(b"", part) for part in one.stream]


# --- what stands on it ---


def _page(pack: Pack, items: Sequence[PackItem], stamp: str, at: datetime) -> dict[str, Any]:
    anonymous = pack.door == Door.ANONYMISED
    lines = [
        {
            "letter": letter_of(number),
            "label": FIELDS[item.field].label,
            "pieces": pieces(item.text, pack.redactions),
        }
        for number, item in enumerate(items)
    ]
    return {
        "title": "".join(
            "blacked out" if piece.blacked else piece.text
            for piece in pieces(pack.title, pack.redactions)
        ),
        "classification": NAMES_NOBODY if anonymous else CONFIDENTIAL,
        "to": to_line(pack),
        "sender": _sender(pack),
        "lines": lines,
        "purpose": pieces(pack.purpose, pack.redactions),
        "because": BECAUSE.get(pack.door, ""),
        "citation": pieces(pack.citation, pack.redactions),
        "alleged": any(item.field == PackField.RESPONDENT for item in items),
        "reference": reference_of(pack),
        "made": words.say_date(at),
        "stamp": stamp,
    }


def letter_of(number: int) -> str:
    """A, B … Z, AA, AB …: what each thing of a page is called."""
    before, own = divmod(number, len(ascii_uppercase))
    return (letter_of(before - 1) if before else "") + ascii_uppercase[own]


def to_line(pack: Pack) -> str:
    """To whom: "Northshire Police, Public Protection Unit, PC Adams"."""
    contact = pack.contact
    named = (pack.agency.name, contact.unit if contact else "", contact.person if contact else "")
    return ", ".join(part for part in named if part)


def reference_of(pack: Pack) -> str:
    """What to quote: our case and which of its documents, or that alone if it names nobody."""
    own = f"document {pack.pk}, version {pack.version}"
    if pack.door == Door.ANONYMISED:
        return f"Our reference: {own}"
    return f"Our reference: {pack.case.reference}, {own}"


def _sender(pack: Pack) -> str:
    who = pack.made_by
    return ", ".join(part for part in (who.full_name, who.email) if part)
