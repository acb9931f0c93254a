"""Production refuses to start unsafe: each fault one sentence, and the real entry point stops."""

import os
import subprocess
import sys
from types import SimpleNamespace

import pgtrigger
import psycopg
import pytest
from django.db import connection

from hatecrime import checks, postgres
from tests import databases
from tests.launch.machine import ROOT

SAFE = {
    "DEBUG": False,
    "TESTING": False,
    "DEFAULT_SECRET_KEY": "known to everybody",
    "SECRET_KEY": "x7" * 40,
    "ALLOWED_HOSTS": ["casework.example.org"],
    "LOCAL_HTTP": False,
}


def faults(**changes) -> list[str]:
    return checks.configuration_faults(SimpleNamespace(**{**SAFE, **changes}))


def test_a_safe_configuration_has_no_fault():
    assert faults() == []
    assert faults(LOCAL_HTTP=True, ALLOWED_HOSTS=["127.0.0.1", "localhost"]) == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"DEBUG": True}, "DEBUG is on"),
        ({"TESTING": True}, "TESTING is on"),
        ({"SECRET_KEY": "known to everybody"}, "SECRET_KEY is the default one"),
        ({"SECRET_KEY": "x" * 49}, "SECRET_KEY is shorter than 50 characters"),
        ({"ALLOWED_HOSTS": ["*"]}, "ALLOWED_HOSTS has *,"),
        ({"ALLOWED_HOSTS": ["example.org", "*.example.org"]}, "ALLOWED_HOSTS has *.example.org,"),
        ({"ALLOWED_HOSTS": []}, "ALLOWED_HOSTS is empty"),
        ({"LOCAL_HTTP": True}, "LOCAL_HTTP is on, which is for this machine alone"),
    ],
)
def test_each_unsafe_setting_is_one_sentence(changes, sentence):
    (found,) = faults(**changes)
    assert found.startswith(sentence)
    assert found.endswith(".")


def test_every_fault_is_named_at_once():
    assert len(faults(DEBUG=True, SECRET_KEY="short", ALLOWED_HOSTS=["*"])) == 3


@pytest.fixture
def owner(db):
    """Someone who may harm the test database; what is done is undone."""
    name = connection.settings_dict["NAME"]
    with databases.as_owner(name) as own, own.transaction(force_rollback=True):
        yield own


class TestDatabase:
    def faults(self, owner: databases.Server) -> list[str]:
        with owner.cursor() as cursor:
            return [*checks.durability_faults(cursor), *checks.trigger_faults(cursor)]

    def some_trigger(self) -> tuple[str, str, str]:
        model, trigger = pgtrigger.registered()[0]
        return model._meta.db_table, trigger.get_pgid(model), trigger.name

    def test_a_migrated_database_has_no_fault(self, owner):
        owner.execute("SET LOCAL synchronous_commit = on")
        assert pgtrigger.registered(), "nothing is protected by a trigger"
        assert self.faults(owner) == []

    def test_synchronous_commit_off_is_a_fault(self, owner):
        owner.execute("SET LOCAL synchronous_commit = off")
        (found,) = self.faults(owner)
        assert found.startswith("PostgreSQL has synchronous_commit off: ")

    @pytest.mark.parametrize(
        "harm",
        [
            "DROP TRIGGER {trigger} ON {table}",
            "ALTER TABLE {table} DISABLE TRIGGER {trigger}",
            "ALTER TABLE {table} ENABLE REPLICA TRIGGER {trigger}",
            "COMMENT ON TRIGGER {trigger} ON {table} IS 'an earlier version'",
        ],
    )
    def test_a_trigger_not_in_force_is_a_fault(self, owner, harm):
        owner.execute("SET LOCAL synchronous_commit = on")
        table, trigger, name = self.some_trigger()
        owner.execute(harm.format(table=table, trigger=trigger))
        (found,) = self.faults(owner)
        assert found.startswith(f"The trigger {name} on {table} is missing")


def start(**env: str) -> subprocess.CompletedProcess[str]:
    """Load the entry of the production server as a server would."""
    clean = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DEBUG", "TESTING", "SECRET_KEY", "ALLOWED_HOSTS", "LOCAL_HTTP"}
    }
    return subprocess.run(
        [sys.executable, "-m", "gunicorn", "--preload", "--bind", "127.0.0.1:0", "hatecrime.wsgi"],
        cwd=ROOT,
        env={**clean, **env},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_the_production_server_says_why_it_does_not_start():
    result = start(DEBUG="1", ALLOWED_HOSTS="*", LOCAL_HTTP="0")
    assert result.returncode != 0
    assert "DEBUG is on" in result.stderr
    assert "SECRET_KEY is the default one" in result.stderr
    assert "ALLOWED_HOSTS has *" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_server_that_may_lose_work_or_has_no_triggers_stops_the_start(tmp_path, monkeypatch):
    monkeypatch.setitem(postgres.SERVER_SETTINGS, "fsync", "off")
    safe = {"SECRET_KEY": SAFE["SECRET_KEY"], "ALLOWED_HOSTS": "casework.example.org"}
    with postgres.shared(tmp_path / "postgres") as url:
        result = start(DATABASE_URL=url, **safe)
        with psycopg.connect(url) as own:
            assert own.execute("select count(*) from pg_trigger").fetchone() == (0,)
    assert result.returncode != 0
    assert "PostgreSQL has fsync off" in result.stderr
    assert "is missing, altered or switched off" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_database_that_does_not_answer_is_a_sentence(tmp_path):
    safe = {"SECRET_KEY": SAFE["SECRET_KEY"], "ALLOWED_HOSTS": "casework.example.org"}
    result = start(DATABASE_URL="postgres://nobody:hush@127.0.0.1:9/none", **safe)
    assert result.returncode != 0
    assert "The database cannot be used: " in result.stderr
    assert "hush" not in result.stderr
    assert "Traceback" not in result.stderr
