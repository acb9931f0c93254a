"""Measure the pages beside floors of the same machine, in a database of its own."""

from __future__ import annotations

import os
import re
import secrets
import subprocess
import sys
from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from psycopg import sql

from hatecrime import postgres

NAME = "hatecrime_bench"


class Command(BaseCommand):
    help = "Measure the real server at 1,000 and 10,000 cases; writes docs/reference/bench.md."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--keep", action="store_true", help="go on with the data of last time")
        parser.add_argument("--rounds", default="25", help="how often everything is asked")
        parser.add_argument("rest", nargs="*", help="sizes, such as 1000 10000")

    def handle(self, **options: Any) -> None:
        here = os.environ.get("DATABASE_URL") or postgres.url()
        owner = os.environ.get("DATABASE_OWNER_URL") or postgres.owner_url()
        sizes = options["rest"] or ["1000", "10000"]
        codes = [self.measure(here, owner, size, **options) for size in sizes]
        known = sorted({"1000", "10000", *sizes}, key=int)
        page = [sys.executable, "-m", "tests.bench.page", *known]
        subprocess.run(page, cwd=settings.BASE_DIR, check=True)
        sys.exit(codes[-1])

    def measure(
        self, here: str, owner: str, size: str, *, keep: bool, rounds: str, **_: Any
    ) -> int:
        """Measure at one size, in that size's own database."""
        name = f"{NAME}_{int(size)}"
        with psycopg.connect(owner, autocommit=True) as admin:
            there = "SELECT 1 FROM pg_database WHERE datname = %s"
            if not (keep and admin.execute(there, [name]).fetchone()):
                drop, make = "DROP DATABASE IF EXISTS {} WITH (FORCE)", "CREATE DATABASE {}"
                admin.execute(sql.SQL(drop).format(sql.Identifier(name)))
                admin.execute(sql.SQL(make).format(sql.Identifier(name)))
        environment = {
            **os.environ,
            "DATABASE_URL": in_database(here, name),
            "DATABASE_OWNER_URL": in_database(owner, name),
            "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
            "SECRET_KEY": secrets.token_urlsafe(64),
            "HATECRIME_VAR": str(settings.BASE_DIR / "var" / "bench"),
            "LOCAL_HTTP": "1",
            "ALLOWED_HOSTS": "127.0.0.1",
            "STATEMENT_TIMEOUT_MS": "600000",
        }
        command = [sys.executable, "-m", "tests.bench.run", "--rounds", rounds, size]
        done = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, check=False)
        return done.returncode


def in_database(address: str, name: str) -> str:
    """The same address, but of another database of the same server."""
    return re.sub(r"/[^/?]+(\?|$)", rf"/{name}\1", address, count=1)
