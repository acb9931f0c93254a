"""Comparing the chain with what left the database: the signed anchors."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from cases.audit.chain import ZERO, Tip
from cases.audit.signing import Anchor, NotAnAnchor, line_hash, lines, parse

if TYPE_CHECKING:
    from cases.audit.verifying import Findings

STALE = timedelta(hours=26)
AT_ONCE = 1_000


def check_anchors(
    connection: psycopg.Connection,
    path: Path,
    keys: frozenset[str],
    end: Tip,
    now: datetime,
    found: Findings,
) -> None:
    """Check a whole file of anchors.  ``keys`` are the public keys that may have signed it; if
    none is given, the first anchor's, which is said.  Raises OSError."""
    file = _File(connection, keys, end, found)
    for number, line in enumerate(lines(path), 1):
        file.take(number, line)
    file.finish()
    newest = file.newest
    if newest is None:
        found.fault("anchor", "The file holds no anchor.")
    elif now - newest.time > STALE:
        hours = (now - newest.time) // timedelta(hours=1)
        found.fault("stale", f"The newest anchor is {hours} hours old: anchoring has stopped.")


class _File:
    """The file as it is read, line by line."""

    def __init__(
        self, connection: psycopg.Connection, keys: frozenset[str], end: Tip, found: Findings
    ) -> None:
        self._connection = connection
        self._keys = keys
        self._end = end
        self._found = found
        self._last = b""
        self._half = ""
        self._held: list[tuple[int, Anchor]] = []
        self._off: list[Anchor] = []
        self._fits: int | None = None
        self.newest: Anchor | None = None

    def take(self, number: int, line: bytes) -> None:
        """Check one line by itself and against the one before it."""
        try:
            anchor = parse(line)
        except NotAnAnchor as fault:
            # What a crash left of a line is skipped by the next one; an altered line is not.
            self._half = f"Line {number} of the anchors {fault}."
            self._found.note(self._half)
            return
        self._half = ""
        self._check(number, anchor)
        self._last, self.newest = line, anchor
        self._found.anchors += 1
        self._held.append((number, anchor))
        if len(self._held) >= AT_ONCE:
            self._compare()

    def _check(self, number: int, anchor: Anchor) -> None:
        fault, before = self._found.fault, self.newest
        if not self._keys:
            self._keys = frozenset({anchor.key})
            self._found.note(
                f"The anchors are signed with {anchor.key}: compare it with the key you were given."
            )
        if anchor.key not in self._keys or not anchor.is_genuine():
            fault("signature", f"Line {number} of the anchors is not signed by a key of ours.")
        if anchor.previous != line_hash(self._last):
            fault("anchor", f"Line {number} of the anchors does not follow the one before it.")
        if before and anchor.seq < before.seq and not anchor.recovered:
            fault("anchor", f"Line {number} of the anchors goes back, and says not why.")
        if before and anchor.time < before.time:
            self._found.note(f"Line {number} of the anchors is earlier than the one before it.")

    def _compare(self) -> None:
        """Compare what is held with the chain, many at a time."""
        there = dict(
            self._connection.execute(
                "SELECT seq, hash FROM ledger.link WHERE seq = ANY(%s)",
                [[anchor.seq for _, anchor in self._held]],
            ).fetchall()
        )
        there[0] = ZERO
        for _, anchor in self._held:
            if anchor.recovered:
                self._excuse(anchor)
            if there.get(anchor.seq) == anchor.hash:
                self._fits = max(anchor.seq, self._fits or 0)
            else:
                self._off.append(anchor)
        self._held.clear()

    def _excuse(self, recovery: Anchor) -> None:
        """A backup was brought back: what was anchored after it was taken is not there."""
        said = f"{recovery.time:%d %B %Y at %H:%M} UTC ({recovery.recovered})"
        lost = f", and {len(self._off)} earlier anchors no longer fit" if self._off else ""
        self._found.note(f"The ledger was brought back at link {recovery.seq} on {said}{lost}.")
        self._off.clear()

    def finish(self) -> None:
        """Say what does not fit: where the chain was cut or written again."""
        self._compare()
        if self._half:
            self._found.fault("anchor", f"{self._half} It is the last.")
        if not self._off:
            return
        newest = max(self._off, key=lambda anchor: anchor.seq)
        if newest.seq > self._end.seq:
            self._found.fault(
                "cut",
                f"The ledger has been cut: it ends at {self._end.seq}, anchored was {newest.seq}.",
            )
        off = [anchor for anchor in self._off if anchor.seq <= self._end.seq]
        if off:
            first = min(off, key=lambda anchor: anchor.seq)
            after = f" after link {self._fits}" if self._fits else ""
            self._found.fault(
                "rewritten",
                f"The ledger was written again{after}: link {first.seq} is not the one that was"
                f" anchored on {first.time:%d %B %Y at %H:%M} UTC.",
            )
