"""Who somebody is, kept back from auditors: masked by default, everywhere (domain 11, 7.1).

The gate of every page opens a mask for an auditor.  While it is on, a person is called by their
reference and a home is not said; and what people wrote is covered too, since a name is as easily
said in an account.  The names are those of the people the page asked for.  Who is who is opened
by :func:`lift` alone, after a purpose was given and recorded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.html import escape

from cases.access import Actor, Role

KEPT_BACK = "[kept back]"
HOME = "Address kept back"
SHORTEST = 3
"""A part of a name shorter than this is in too many words to cover."""

SHORTEST_NUMBER = 7
"""A number with fewer digits may be a date or a count."""


@dataclass
class Mask:
    """One page's mask: the words it has to cover, and whether it was lifted."""

    words: set[str] = field(default_factory=set)
    lifted: bool = False

    def cover(self, response: HttpResponseBase) -> None:
        """Cover the words wherever the page says them, in whatever somebody wrote."""
        if self.lifted or not self.words or response.streaming:
            return
        if not isinstance(response, HttpResponse):
            return
        longest_first = sorted({escape(word) for word in self.words}, key=len, reverse=True)
        named = "|".join(_however_spaced(word) for word in longest_first)
        exactly = re.compile(rf"(?<!\w)(?:{named})(?!\w)")
        in_any_case = re.compile(exactly.pattern, re.IGNORECASE)
        text = response.content.decode(response.charset or "utf-8")
        # People write names in small letters and in capitals; the markup itself is left whole.
        covered = "".join(
            (exactly if piece.startswith("<") else in_any_case).sub(KEPT_BACK, piece)
            for piece in re.split(r"(<[^>]*>)", text)
        )
        response.content = covered.encode(response.charset or "utf-8")


def _however_spaced(word: str) -> str:
    """The pattern of a word; a number is the same number however its digits are grouped."""
    digits = re.sub(r"[\s()-]", "", word)
    if digits.isdecimal() and len(digits) >= SHORTEST_NUMBER:
        return r"[\s()-]*".join(digits)
    return re.escape(word)


_mask: ContextVar[Mask | None] = ContextVar("mask", default=None)


def on() -> bool:
    """Whether whoever is reading may not be told who people are."""
    mask = _mask.get()
    return mask is not None and not mask.lifted


def lift() -> None:
    """Show who people are for the rest of this page: its reader's purpose is on the ledger."""
    if (mask := _mask.get()) is not None:
        mask.lifted = True


def person(reference: str, *known: str) -> str:
    """What a masked person is called; ``known`` are the words that would say who they are."""
    if (mask := _mask.get()) is not None:
        for words in filter(None, known):
            mask.words.add(words)
            mask.words.update(word for word in re.findall(r"\w[\w'’-]*", words) if _telling(word))
    return f"Person {reference}"


def home(*known: str) -> str:
    """What is said in place of an address, which is covered as a whole wherever it is written."""
    if (mask := _mask.get()) is not None:
        mask.words.update(filter(None, known))
    return HOME


def _telling(word: str) -> bool:
    """Whether part of a name is a name itself: "Osei", and not "Court" or "de"."""
    return len(word) >= SHORTEST and word[0].isupper()


@contextmanager
def masking(actor: Actor) -> Iterator[Mask | None]:
    """Mask the page of an auditor; anybody else's is as it is."""
    mask = Mask() if actor.holds(Role.AUDITOR) else None
    token = _mask.set(mask)
    try:
        yield mask
    finally:
        _mask.reset(token)
