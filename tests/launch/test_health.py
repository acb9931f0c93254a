"""Health checks: right without a database, quick with a hung one, silent about everything."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pgtrigger
import pytest
from django.db import connection, connections

from hatecrime import health
from tests import databases

PATHS = ("/healthz", "/readyz")


@pytest.fixture(autouse=True)
def nothing_remembered():
    health.readiness.answered_at = None


def test_alive_needs_no_database(client):
    # No `db` fixture: any query would fail the test.
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")


@pytest.mark.django_db
def test_ready_when_migrated_and_protected(client):
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (200, b"ok")


@pytest.mark.django_db
@pytest.mark.parametrize("path", PATHS)
def test_the_answer_is_private_short_and_read_only(client, path):
    response = client.get(path)
    assert response.headers["Cache-Control"] == "no-store"
    assert len(response.content) < 20
    assert client.post(path).status_code == 405
    assert client.head(path).status_code == 200
    for header in ("Server", "X-Powered-By", "Set-Cookie"):
        assert header not in response.headers


@pytest.mark.django_db
def test_not_ready_without_a_migration(monkeypatch):
    more = health.migrations() | {("casework", "9999_not_yet_applied")}
    monkeypatch.setattr(health, "migrations", lambda: more)
    assert not health.database_is_ready()


@pytest.mark.django_db
def test_not_ready_with_a_trigger_switched_off():
    model, trigger = pgtrigger.registered()[0]
    table, name = model._meta.db_table, trigger.get_pgid(model)
    # The check has a connection of its own, so what it should see must be committed.
    with databases.as_owner(connection.settings_dict["NAME"]) as own:
        own.execute(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
        try:
            assert not health.database_is_ready()
        finally:
            own.execute(f"ALTER TABLE {table} ENABLE TRIGGER {name}")
    assert health.database_is_ready()


@pytest.mark.django_db
def test_unavailable_without_a_database_and_says_no_more(client, monkeypatch):
    gone = {**connection.settings_dict, "HOST": "127.0.0.1", "PORT": "9"}
    gone["OPTIONS"] = {k: v for k, v in gone["OPTIONS"].items() if k != "host"}
    monkeypatch.setattr(connections["default"], "settings_dict", gone)
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (503, b"unavailable")
    assert client.get("/healthz").status_code == 200


def test_a_hung_check_keeps_nobody_waiting_who_could_take_the_last_answer():
    hung, go_on, answers = threading.Event(), threading.Event(), iter([True, False])

    def find_out() -> bool:
        answer = next(answers)
        if not answer:
            hung.set()
            go_on.wait(10)
        return answer

    readiness = health.Readiness(find_out)
    assert readiness.ask() is True
    readiness.answered_at = time.monotonic() - health.FRESH
    slow = threading.Thread(target=readiness.ask)
    slow.start()
    assert hung.wait(5)
    begun = time.monotonic()
    assert readiness.ask() is True, "the last answer"
    assert time.monotonic() - begun < 1
    go_on.set()
    slow.join(5)
    assert readiness.ask() is False


def test_many_who_ask_first_all_get_the_first_answer():
    def find_out() -> bool:
        time.sleep(0.2)
        return True

    readiness = health.Readiness(find_out)
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda _: readiness.ask(), range(8))) == [True] * 8


def test_asking_often_costs_the_database_nothing():
    asked = []
    readiness = health.Readiness(lambda: bool(asked.append(1)) or True)
    assert [readiness.ask() for _ in range(50)] == [True] * 50
    assert len(asked) == 1
