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
        if not options["keep"]:
            with psycopg.connect(here, autocommit=True) as admin:
                name = sql.Identifier(NAME)
                admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
                admin.execute(sql.SQL("CREATE DATABASE {}").format(name))
        environment = {
            **os.environ,
            "DATABASE_URL": re.sub(r"/[^/?]+(\?|$)", rf"/{NAME}\1", here, count=1),
            "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
            "SECRET_KEY": secrets.token_urlsafe(64),
            "HATECRIME_VAR": str(settings.BASE_DIR / "var" / "bench"),
            "LOCAL_HTTP": "1",
            "ALLOWED_HOSTS": "127.0.0.1",
            "STATEMENT_TIMEOUT_MS": "600000",
        }
        sizes = ["--sizes", *options["rest"]] if options["rest"] else []
        command = [sys.executable, "-m", "tests.bench.run", "--rounds", options["rounds"], *sizes]
        sys.exit(
            subprocess.run(command, cwd=settings.BASE_DIR, env=environment, check=False).returncode
        )
