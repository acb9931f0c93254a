"""What only shows writes nothing: PostgreSQL sees to it, and what comes after may write again."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from cases.audit.pages import read_only
from cases.staff.models import Team


def may_not_write() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SHOW transaction_read_only")
        return bool(cursor.fetchone()[0] == "on")


def write_within() -> None:
    with read_only():
        assert may_not_write()
        Team.objects.update(name="North")


def test_a_write_is_refused_within_and_may_be_made_afterwards(own_database: str) -> None:
    with pytest.raises(DatabaseError, match="read-only transaction"):
        write_within()
    with transaction.atomic():
        assert not may_not_write()


def test_a_connection_that_is_lost_within_leaves_nothing_behind(own_database: str) -> None:
    with read_only():
        connection.close()
    assert not may_not_write()
    with read_only():
        assert may_not_write()


def test_it_is_so_within_a_transaction_too(db: None) -> None:
    with read_only():
        assert may_not_write()
