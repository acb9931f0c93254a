"""Anchors leave the database: where the chain ends, signed, in a file that only grows.

Whoever can alter the database cannot alter what has left it, so an altered chain no longer fits
(:mod:`cases.audit.verifying`).  Written every 15 minutes by ``manage.py clockwork`` and after
every decision to disclose (:func:`anchor_soon`), and printed on paper (:func:`stamp`).
Sources: bar row 36 and section 3; docs/decisions/0022-anchors.md.
"""

from __future__ import annotations

import fcntl
import logging
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from cases.audit.chain import Tip
from cases.audit.signing import (
    LONGEST,
    Anchor,
    NotAnAnchor,
    make_key,
    parse,
    public_key,
    read_key,
    sign,
)

log = logging.getLogger(__name__)

# A chain that has not grown is anchored this often, so that silence means a job that stopped.
QUIET = timedelta(hours=12)
REASON = re.compile(r"[A-Z][A-Z0-9-]{2,39}")


class CannotAnchor(RuntimeError):
    """No anchor was written; the message is a sentence for whoever runs the installation."""


def tip() -> Tip:
    """Where the chain ends now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq, at_us, hash FROM ledger.head")
        seq, at_us, last = cursor.fetchone()
    return Tip(seq, at_us, bytes(last))


def stamp() -> str:
    """The end of the chain for paper: the newest number and the beginning of its hash."""
    end = tip()
    return f"{end.seq}-{end.short}"


def anchor_soon() -> None:
    """Anchor the chain once the present transaction is committed: after a decision to disclose.

    Nothing is undone if it cannot be: it is logged, and the clockwork tries within 15 minutes.
    """
    transaction.on_commit(_anchor_or_log, robust=True)


def _anchor_or_log() -> None:
    if not settings.LEDGER_ANCHORS:
        return
    try:
        anchor(at=timezone.now())
    except (CannotAnchor, DatabaseError):
        log.exception("The ledger was not anchored after a decision.")


def anchor(*, at: datetime, recovered: str = "") -> Anchor | None:
    """Append where the chain ends to the file of anchors; None if the newest one still says so.

    ``recovered`` is the code of a reason: it lets the chain be another than the file's last
    anchor knows, after a backup was brought back, and says so in the line.
    Raises :class:`CannotAnchor`; nothing is then written.
    """
    if recovered and not REASON.fullmatch(recovered):
        raise CannotAnchor("A reason is a code, such as RESTORED-BACKUP: never words about people.")
    path = anchors_file()
    key = signing_key()
    try:
        with _ours(path) as file:
            line, torn = _last_line(file)
            now = tip()
            if not _is_due(line, now, at, recovered):
                return None
            made = sign(key, now, at=at, after=line, recovered=recovered)
            # What a crash left of a line is closed, and stays for whoever verifies to see.
            _append(file, (b"\n" if torn else b"") + made.line() + b"\n")
    except OSError as error:
        raise CannotAnchor(f"{error.filename or path} cannot be used: {error.strerror}.") from error
    return made


def _is_due(line: bytes, now: Tip, at: datetime, recovered: str) -> bool:
    """Whether to write a line after ``line``.  Raises :class:`CannotAnchor` if it does not fit."""
    if not line:
        return True
    try:
        newest = parse(line)
    except NotAnAnchor as error:
        raise CannotAnchor(f"The last line of the anchors {error}: nothing was written.") from error
    if not newest.is_genuine():
        raise CannotAnchor("The last anchor’s signature is not genuine: nothing was written.")
    fault = _why_not_on_the_chain(newest, now)
    if recovered:
        if not fault:
            raise CannotAnchor("The last anchor is on the chain: there is nothing to recover from.")
        return True
    if fault:
        raise CannotAnchor(
            f"{fault} Nothing was written. Verify the ledger; if a backup was brought back, run "
            f"`manage.py anchor_ledger --recovered RESTORED-BACKUP`."
        )
    return newest.seq < now.seq or at - newest.time >= QUIET


def _why_not_on_the_chain(newest: Anchor, now: Tip) -> str:
    if newest.seq > now.seq:
        return f"The ledger has been cut: it ends at {now.seq}, anchored was {newest.seq}."
    if newest.seq == now.seq:
        there: bytes | None = now.hash
    else:
        with connection.cursor() as cursor:
            cursor.execute("SELECT hash FROM ledger.link WHERE seq = %s", [newest.seq])
            row = cursor.fetchone()
        there = bytes(row[0]) if row else None
    if there == newest.hash or newest.seq == 0:
        return ""
    return f"Link {newest.seq} of the ledger is not the one that was anchored."


# --- the file and the key ---


def anchors_file() -> Path:
    """Where anchors go (LEDGER_ANCHORS).  Raises :class:`CannotAnchor`."""
    if not settings.LEDGER_ANCHORS:
        raise CannotAnchor("LEDGER_ANCHORS is not set: there is no file to anchor the ledger in.")
    return Path(settings.LEDGER_ANCHORS)


def signing_key() -> Ed25519PrivateKey:
    """The key of LEDGER_KEY; on a machine for development it is made the first time.

    Raises :class:`CannotAnchor`.
    """
    path = Path(settings.LEDGER_KEY)
    try:
        if settings.LOCAL_HTTP and not path.exists():
            return make_key(path)
        return read_key(path)
    except FileExistsError:
        return signing_key()  # another made it meanwhile
    except FileNotFoundError as error:
        raise CannotAnchor(
            f"There is no signing key at {path}: `manage.py anchor_ledger --make-key` makes one."
        ) from error
    except (OSError, ValueError) as error:
        raise CannotAnchor(f"The signing key {path} cannot be used: {error}") from error


def make_signing_key() -> str:
    """Make the key of LEDGER_KEY and return its public half.  Raises :class:`CannotAnchor`."""
    path = Path(settings.LEDGER_KEY)
    try:
        return public_key(make_key(path))
    except OSError as error:
        raise CannotAnchor(f"{path} cannot be made: {error.strerror}.") from error


@contextmanager
def _ours(path: Path) -> Iterator[int]:
    """The file, to be read and added to by nobody else meanwhile."""
    path.parent.mkdir(parents=True, exist_ok=True)
    file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file
    finally:
        os.close(file)


def _last_line(file: int) -> tuple[bytes, bool]:
    """The last whole line ("" if there is none), and whether half a line follows it."""
    size = os.fstat(file).st_size
    end = os.pread(file, 2 * LONGEST, max(0, size - 2 * LONGEST))
    *whole, half = end.split(b"\n")
    # A line that a crash cut short was closed later, and is none.
    last = next((line for line in reversed(whole) if line.endswith(b"}")), b"".join(whole[-1:]))
    return last, bool(half)


def _append(file: int, text: bytes) -> None:
    written = os.write(file, text)
    os.fsync(file)
    if written != len(text):
        raise OSError(28, "no room for a whole line")
