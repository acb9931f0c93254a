"""Where the ledger's seal stands, for the data protection officer's page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cases.audit.anchors import CannotAnchor, anchors_file, tip
from cases.audit.signing import LONGEST, Anchor, NotAnAnchor, parse

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Seal:
    """The newest sealed entry, and the newest anchor that left the database, if any did."""

    number: int
    short: str
    at: datetime | None
    anchor: Anchor | None

    @property
    def anchor_short(self) -> str:
        """The anchored hash as it is printed on paper."""
        return self.anchor.hash.hex()[: len(self.short)] if self.anchor else ""


def seal_now() -> Seal:
    """The seal as it stands: one query, and the end of the file of anchors."""
    end = tip()
    at = EPOCH + timedelta(microseconds=end.at_us) if end.at_us else None
    return Seal(end.seq, end.short, at, newest_anchor())


def newest_anchor() -> Anchor | None:
    """The newest anchor of the file, or None if there is none to read from here."""
    try:
        with anchors_file().open("rb") as file:
            file.seek(max(0, file.seek(0, 2) - 2 * LONGEST))
            tail = file.read()
    except (OSError, CannotAnchor):
        return None
    for line in reversed(tail.split(b"\n")):
        try:
            return parse(line)
        except NotAnAnchor:
            continue
    return None
