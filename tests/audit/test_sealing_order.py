"""The one lock all writers share is the last thing a transaction asks for."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import psycopg

from hatecrime.postgres_roles import APP
from tests.casework.story import tell
from tests.world import World

NOTE = (
    "INSERT INTO casework_note (case_id, kind, text, by_id, at)"
    " VALUES (%s, 'CASE', 'Seen today.', %s, now())"
)


def writing(address: str, who: int) -> psycopg.Connection:
    """A connection of the application's, writing as somebody."""
    connection = psycopg.connect(address)
    connection.execute("SELECT set_config('app.actor', %s, false)", [str(who)])
    return connection


def until_it_waits(watcher: psycopg.Connection, pid: int) -> None:
    for _ in range(200):
        row = watcher.execute(
            "SELECT wait_event_type FROM pg_stat_activity WHERE pid = %s", [pid]
        ).fetchone()
        if row == ("Lock",):
            return
        time.sleep(0.05)
    raise AssertionError("it waits for nobody")


def test_a_check_at_commit_does_not_wait_with_the_head_in_its_hand(
    own_database: str, own_world: World
) -> None:
    """One waits for a case that another has locked, at commit; the other must get past it."""
    story = tell(own_world)
    who = story.officer.pk
    with (
        writing(own_database, who) as one,
        writing(own_database, who) as other,
        psycopg.connect(own_database, autocommit=True) as watcher,
    ):
        assert one.info.user == APP
        one.commit()
        other.commit()
        other.execute("SELECT id FROM casework_case WHERE id = %s FOR UPDATE", [story.case.pk])
        other.execute(NOTE, [story.case.pk, who])
        for _ in range(2):  # the check of the second comes after the first was left to be sealed
            one.execute(NOTE, [story.case.pk, who])
        with ThreadPoolExecutor(1) as pool:
            committed = pool.submit(one.commit)
            until_it_waits(watcher, one.info.backend_pid)
            other.commit()
            committed.result(10)
