"""A pack as a tagged PDF: what is chosen, to whom, from whom, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cases.disclosures.models import Pack, PackItem


class CannotRender(ValueError):
    """A pack is no page to send; the message is a sentence for whoever makes it."""


@dataclass(frozen=True)
class Made:
    """The bytes, and how many pages they are."""

    content: bytes
    pages: int


def render(pack: Pack, items: Sequence[PackItem], *, stamp: str, at: datetime) -> Made:
    """The pack's bytes.  Raises :class:`CannotRender`."""
    raise CannotRender("Not yet.")
