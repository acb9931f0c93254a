"""Anchors as lines: one says where the chain ended at a moment, and is signed.

A line is JSON.  ``previous`` is the SHA-256 of the line before it, so that no line can be taken
out; ``signature`` (Ed25519) is over the other fields.  A line with ``recovered`` says besides why
the anchors before it may not be on the chain: the ledger was brought back from a backup.
No Django and no database: whoever verifies uses this on another machine.  Source: bar section 3.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from cases.audit.chain import Tip

LONGEST = 4096  # bytes of a line; ours have about 450


class NotAnAnchor(ValueError):
    """A line that is no anchor of ours; the message says why, in words that follow "it"."""


@dataclass(frozen=True)
class Anchor:
    """Where the chain ended at ``time`` (UTC), signed by the one who holds ``key``."""

    time: datetime
    seq: int
    hash: bytes
    previous: str
    key: str
    signature: str = ""
    recovered: str = ""

    def unsigned(self) -> dict[str, object]:
        """Every field but the signature."""
        fields: dict[str, object] = {
            "time": self.time.astimezone(UTC).isoformat(timespec="seconds"),
            "seq": self.seq,
            "hash": self.hash.hex(),
            "previous": self.previous,
            "key": self.key,
        }
        return {**fields, "recovered": self.recovered} if self.recovered else fields

    def line(self) -> bytes:
        """The line of the file, without its end."""
        return json.dumps({**self.unsigned(), "signature": self.signature}).encode()

    def is_genuine(self) -> bool:
        """Whether the signature was made over these fields with the key it names."""
        try:
            public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.key))
            public.verify(bytes.fromhex(self.signature), _signed(self.unsigned()))
        except (InvalidSignature, ValueError):
            return False
        return True


def sign(
    key: Ed25519PrivateKey, tip: Tip, *, at: datetime, after: bytes, recovered: str = ""
) -> Anchor:
    """The anchor of this end of the chain; ``after`` is the line before it, or nothing."""
    unsigned = Anchor(
        time=at.astimezone(UTC).replace(microsecond=0),
        seq=tip.seq,
        hash=tip.hash,
        previous=line_hash(after),
        key=public_key(key),
        recovered=recovered,
    )
    signature = key.sign(_signed(unsigned.unsigned())).hex()
    return Anchor(**{**vars(unsigned), "signature": signature})


def _signed(fields: dict[str, object]) -> bytes:
    return json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()


def line_hash(line: bytes) -> str:
    """What the next line says of this one: nothing, if there is none."""
    return sha256(line).hexdigest() if line else ""


def parse(line: bytes) -> Anchor:
    """Read one line.  Raises :class:`NotAnAnchor`."""
    try:
        said = json.loads(line)
        anchor = Anchor(
            time=datetime.fromisoformat(said["time"]),
            seq=int(said["seq"]),
            hash=bytes.fromhex(said["hash"]),
            previous=str(said["previous"]),
            key=str(said["key"]),
            signature=str(said["signature"]),
            recovered=str(said.get("recovered", "")),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotAnAnchor("is no anchor, or half of one") from error
    if anchor.time.tzinfo is None or line != anchor.line():
        raise NotAnAnchor("is not as we write one")
    return anchor


def lines(path: Path) -> Iterator[bytes]:
    """The lines of a file of anchors, one at a time, without their ends.  Raises OSError."""
    with path.open("rb") as file:
        while line := file.readline(LONGEST):
            yield line.rstrip(b"\n")


# --- the key: a file of the application's machine, never of the database ---


def public_key(key: Ed25519PrivateKey) -> str:
    """The half that is given to whoever verifies, as 64 hexadecimal digits."""
    return key.public_key().public_bytes_raw().hex()


def read_key(path: Path) -> Ed25519PrivateKey:
    """Read the signing key.  Raises OSError, or ValueError if it is not an Ed25519 key."""
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError(f"{path} holds another kind of key than Ed25519.")
    return key


def make_key(path: Path) -> Ed25519PrivateKey:
    """Make a signing key that only its owner can read.  Raises OSError if there is a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    key = Ed25519PrivateKey.generate()
    text = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(fresh, path)  # fails if another has made one meanwhile; never half a file
    finally:
        fresh.unlink()
    return key
