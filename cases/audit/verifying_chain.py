"""Walking the chain: every link follows from the one before it and from what it sealed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import TYPE_CHECKING

import psycopg

from cases.audit.chain import Entry, Link, Tip, link_hash, said_by

if TYPE_CHECKING:
    from cases.audit.verifying import Findings

AT_ONCE = 10_000  # rows fetched from a cursor at a time
STEP = 500  # links between two movements of the progress bar

Take = Callable[[Link, list[Entry]], object]
Advance = Callable[[int], object]


class Walk:
    """One walk along the chain.  After a fault it goes on from what is written there, so that
    one alteration is one fault and not one for every link that follows."""

    def __init__(
        self, connection: psycopg.Connection, found: Findings, take: Take, advance: Advance
    ) -> None:
        self._connection = connection
        self._found = found
        self._take = take
        self._advance = advance
        self._next: Entry | None = None

    def walk(self, start: Tip) -> Tip:
        """Check every link behind ``start`` and return where the chain ends."""
        entries = self._entries(start.seq)
        self._next = next(entries, None)
        end, done = start, 0
        for link in self._links(start.seq):
            self._check(end, link)
            self._check_entries(link, entries)
            end = Tip(link.seq, link.at_us, link.hash)
            done += 1
            if done % STEP == 0:
                self._advance(STEP)
        self._advance(done % STEP)
        self._without_link(entries)
        self._found.links += done
        return end

    def _links(self, since: int) -> Iterator[Link]:
        columns = ", ".join(Link._fields)
        with self._connection.cursor("links", withhold=False) as cursor:
            cursor.itersize = AT_ONCE
            cursor.execute(
                f"SELECT {columns} FROM ledger.link WHERE seq > %s ORDER BY seq",  # noqa: S608 (no input)
                [since],
                binary=True,
            )
            yield from map(Link._make, cursor)

    def _entries(self, since: int) -> Iterator[Entry]:
        columns = ", ".join(Entry._fields)
        with self._connection.cursor("entries", withhold=False) as cursor:
            cursor.itersize = AT_ONCE
            cursor.execute(
                f"SELECT {columns} FROM ledger.entry WHERE seq > %s ORDER BY seq, n",  # noqa: S608 (no input)
                [since],
                binary=True,
            )
            yield from map(Entry._make, cursor)

    def _some(self, seq: int, entries: Iterator[Entry]) -> list[Entry]:
        """The next entries of one link; those before it belong to a link that is no more."""
        one, some = self._next, list[Entry]()
        while one is not None and one.seq < seq:
            self._orphan(one)
            one = next(entries, None)
        while one is not None and one.seq == seq and len(some) < AT_ONCE:
            some.append(one)
            one = next(entries, None)
        self._next = one
        return some

    def _without_link(self, entries: Iterator[Entry]) -> None:
        while self._next is not None:
            self._orphan(self._next)
            self._next = next(entries, None)

    def _orphan(self, entry: Entry) -> None:
        self._found.fault(
            "no link", f"Entry {entry.n} of link {entry.seq} is there, and the link is not."
        )

    def _check(self, end: Tip, link: Link) -> None:
        fault, seq = self._found.fault, link.seq
        if seq != end.seq + 1:
            fault("gap", _gap(end.seq + 1, seq))
        elif link_hash(end.hash, link) != link.hash:
            fault("hash", f"Link {seq} does not follow from link {end.seq}: one was altered.")
        if link.at_us <= end.at_us:
            fault("time", f"Link {seq} is said to be no later than link {end.seq} before it.")

    def _check_entries(self, link: Link, entries: Iterator[Entry]) -> None:
        """What the link sealed is what it says; a long list is looked at part by part."""
        said, there, in_order = sha256(), 0, True
        while some := self._some(link.seq, entries):
            in_order = in_order and all(one.n == n for n, one in enumerate(some, there + 1))
            there += len(some)
            said.update(said_by(some))
            self._take(link, some)
        self._found.entries += there
        if link.entries != there or not in_order:
            self._found.fault(
                "entries", f"Link {link.seq} sealed {link.entries} entries, and {there} are there."
            )
        elif said.digest() != link.body:
            self._found.fault(
                "body", f"What link {link.seq} sealed was altered: one of its {there} entries."
            )


def _gap(first: int, found: int) -> str:
    if found < first:
        return f"Link {found} is there twice."
    missing = f"Link {first} is" if found == first + 1 else f"Links {first} to {found - 1} are"
    return f"{missing} missing."
