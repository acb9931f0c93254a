"""Make the roles and the database on a PostgreSQL server of one's own, and say what to set."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from django.core.management.base import BaseCommand, CommandError, CommandParser

from hatecrime import postgres_roles as roles

OLDEST = 15
NAMES = {
    roles.APP: "DATABASE_URL",
    roles.OWNER: "DATABASE_OWNER_URL",
    roles.AUDITOR: "The auditor's",
}


class Command(BaseCommand):
    help = (
        "Make the database roles and the database on a PostgreSQL server (15 or newer), and print "
        "the addresses to set, with their passwords, once.  May be run again at any time: what "
        "is there stays."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "admin_url",
            help="postgres://admin@host:5432/postgres of whoever may make roles and databases; "
            "the password may come from PGPASSWORD or ~/.pgpass instead",
        )
        parser.add_argument("--database", default="hatecrime", help="its name (hatecrime)")
        parser.add_argument("--new-passwords", action="store_true", help="change them all")
        parser.add_argument(
            "--for-tests", action="store_true", help="let the owner make the tests' databases"
        )

    def handle(self, **options: Any) -> None:
        name = options["database"]
        try:
            with psycopg.connect(options["admin_url"], autocommit=True) as admin:
                if admin.info.server_version < OLDEST * 10_000:
                    raise CommandError(f"PostgreSQL {OLDEST} or newer is needed.")
                new = options["new_passwords"]
                passwords = roles.make_roles(admin, passwords=True, new_passwords=new)
                if options["for_tests"]:
                    roles.may_make_databases(admin)
                made = roles.make_database(admin, name)
            with psycopg.connect(options["admin_url"], dbname=name, autocommit=True) as inside:
                roles.take_over(inside)
        except psycopg.Error as error:
            raise CommandError(" ".join(str(error).split())) from error
        self.stdout.write(f"The database {name} {'is made' if made else 'is there'}.")
        self.say_addresses(options["admin_url"], name, passwords)

    def say_addresses(self, admin_url: str, database: str, passwords: dict[str, str]) -> None:
        """Print the addresses, with the passwords that this call made."""
        if len(passwords) == len(NAMES):
            self.stdout.write("Keep these addresses: the passwords are not shown again.")
        else:
            self.stdout.write(
                "Roles that were there keep their passwords (--new-passwords changes them)."
            )
        for role, what in NAMES.items():
            address = address_of(admin_url, role, passwords.get(role, ""), database)
            self.stdout.write(f"{what}{'=' if what.isupper() else ': '}{address}")
            if role in passwords and (fault := refusal(address)):
                self.stderr.write(f"{role} cannot sign in at that address yet: {fault}")


def address_of(admin_url: str, role: str, password: str, database: str) -> str:
    """The administrator's address, but of this role and to this database."""
    parts = urlsplit(admin_url)
    host = parts.netloc.rpartition("@")[2]
    signs_in = f"{role}:{quote(password, safe='')}" if password else role
    return urlunsplit(("postgres", f"{signs_in}@{host}", f"/{database}", parts.query, ""))


def refusal(address: str) -> str:
    """Why the server does not let this role in (pg_hba.conf is the administrator's), or ""."""
    try:
        psycopg.connect(address).close()
    except psycopg.Error as error:
        return " ".join(str(error).split())
    return ""
