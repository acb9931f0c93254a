"""Blacking words out: what is blacked out is in no file, so nothing can be read from under it.

Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

BOX = 8
"""Letters' width of every black box: one size, so that its length tells nothing."""


class Piece(NamedTuple):
    """A run of words, or a black box where words were."""

    text: str
    blacked: bool = False


def pieces(text: str, redactions: Iterable[str]) -> list[Piece]:
    """The text in pieces, each standing of a redacted run of words, in any case, a box.

    Spaces in a redaction stand for any space between words.
    """
    wanted = sorted({run for each in redactions if (run := " ".join(each.split()))}, key=len)
    if not wanted:
        return [Piece(text)] if text else []
    either = "|".join(
        r"\s+".join(re.escape(word) for word in run.split()) for run in reversed(wanted)
    )
    found: list[Piece] = []
    end = 0
    for match in re.finditer(either, text, re.IGNORECASE):
        if match.start() > end:
            found.append(Piece(text[end : match.start()]))
        found.append(Piece("", blacked=True))
        end = match.end()
    return [*found, Piece(text[end:])] if end < len(text) else found


def without(text: str, redactions: Iterable[str]) -> str:
    """What is left of the text to be read."""
    return " ".join(piece.text for piece in pieces(text, redactions) if not piece.blacked)
