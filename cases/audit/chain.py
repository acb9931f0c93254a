"""How the ledger is hashed: the same bytes here as in PostgreSQL, made by other code.

``cases/audit/sql/`` makes these hashes when a transaction is sealed; whoever verifies makes them
again from the rows, with this module alone.  No Django, no database, nothing but SHA-256.
Source: bar section 3.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

ZERO = bytes(32)  # the hash before the first link
SHORT = 12  # hexadecimal digits of a hash on paper: 48 bits


class Link(NamedTuple):
    """One sealed transaction, as ``ledger.link`` keeps it; ``at_us`` is microseconds of 1970."""

    seq: int
    at_us: int
    actor: str
    request: str
    purpose: str
    session: str
    backend: int
    entries: int
    body: bytes
    hash: bytes


class Entry(NamedTuple):
    """One row a transaction wrote, as ``ledger.entry`` keeps it."""

    seq: int
    n: int
    form: int
    op: str
    row_id: int
    kept_id: int | None
    digest: bytes
    salt: bytes | None


@dataclass(frozen=True)
class Tip:
    """Where a chain, or a part of one, ends."""

    seq: int = 0
    at_us: int = 0
    hash: bytes = ZERO

    @property
    def short(self) -> str:
        """The hash as it is printed on paper."""
        return self.hash.hex()[:SHORT]


def frame(*fields: object) -> bytes:
    """Fields so joined that no other fields give the same bytes: each with its length before it."""
    return b"".join(map(_framed, fields))


def _framed(field: object) -> bytes:
    if field is None:
        return b"~"
    text = str(field).encode()
    return b"%d:%b" % (len(text), text)


# Numbers of places and of forms, and the four deeds, come again and again.
_often = lru_cache(maxsize=4096)(_framed)


def said_by(entries: list[Entry]) -> bytearray:
    """What the entries of a link, or some of them that follow each other, say."""
    said = bytearray()
    for _, n, form, op, row_id, kept_id, digest, _ in entries:
        row = b"%d" % row_id
        said += b"%b%b%b%d:%b" % (_often(n), _often(form), _often(op), len(row), row)
        if kept_id is None:
            said += b"~"
        else:
            kept = b"%d" % kept_id
            said += b"%d:%b" % (len(kept), kept)
        said += b"%d:%b" % (2 * len(digest), digest.hex().encode())
    return said


def body(entries: list[Entry]) -> bytes:
    """The hash of all that a transaction wrote, in the order it wrote it."""
    return sha256(said_by(entries)).digest()


def link_hash(previous: bytes, link: Link) -> bytes:
    """The hash of a link: of the one before it and of everything the link says."""
    said = frame(*link[:8], link.body.hex())
    return sha256(previous + said).digest()


def digest(salt: bytes, record: str) -> bytes:
    """The digest of one row's text as PostgreSQL prints a record, behind its salt."""
    return sha256(salt + record.encode()).digest()
