"""Working as the owner of the tables, for the few commands that make or change them (ADR 21)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, connections
from django.db.transaction import TransactionManagementError

UNKNOWN = (
    "This needs the role that owns the tables, and DATABASE_OWNER_URL is not set: set it to the "
    "address that `manage.py database_roles` gave for the owner."
)
WAITS = "-c statement_timeout=0 -c lock_timeout=4000"
ELSEWHERE = "DATABASE_OWNER_URL and DATABASE_URL name different databases."


class OwnerUnknown(ImproperlyConfigured):
    """Nobody said how to sign in as the owner; the message is a sentence for a person."""


@contextmanager
def as_owner() -> Iterator[None]:
    """Let Django's default connection be the owner's for the block, then the application's again.

    Every connection made within the block is the owner's, in whatever thread, and waits as long
    as its work takes: a page may not wait, an index may.  The database stays the one of the
    moment, so a test's own is migrated by it too.  Raises OwnerUnknown, and
    TransactionManagementError inside a transaction, which belongs to the other role.
    """
    owner = settings.DATABASE_OWNER
    if owner is None:
        raise OwnerUnknown(UNKNOWN)
    if owner["NAME"] != settings.DATABASE_NAME:
        raise OwnerUnknown(ELSEWHERE)
    if connection.in_atomic_block:
        raise TransactionManagementError("Nobody becomes the owner in the middle of a transaction.")
    mine = connection.settings_dict
    ours = {key: owner.get(key) or "" for key in ("USER", "PASSWORD", "HOST", "PORT")}
    options = {**mine["OPTIONS"], **owner.get("OPTIONS", {}), "options": WAITS}
    with _connected(**ours, OPTIONS=options, PATIENT=False):
        yield


@contextmanager
def unhurried() -> Iterator[None]:
    """Let Django's default connection wait as long as its work takes, for the block.

    Still as the application's own role: for a command that writes a year's work at once, which
    no page may.  Raises TransactionManagementError inside a transaction.
    """
    if connection.in_atomic_block:
        raise TransactionManagementError("Nobody connects again in the middle of a transaction.")
    options = {**connection.settings_dict["OPTIONS"], "options": WAITS}
    with _connected(OPTIONS=options, PATIENT=False):
        yield


@contextmanager
def _connected(**changes: Any) -> Iterator[None]:
    """Connect by these settings for the block, and by those of before after it."""
    shared, mine = connections.settings["default"], connection.settings_dict
    before = {"PATIENT": True} | {key: mine[key] for key in changes if key in mine}
    connections.close_all()
    for each in (shared, mine):
        each.update(changes)
    try:
        yield
    finally:
        connections.close_all()
        for each in (shared, mine):
            each.update(before)


def count_rows() -> None:
    """Give the planner its statistics after many rows were written at once, which only owners can.

    Where nobody said how to be the owner, the server does it itself before long.
    """
    if settings.DATABASE_OWNER is not None and not connection.in_atomic_block:
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
