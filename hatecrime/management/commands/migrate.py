"""Migrations, run as the owner of the tables; then every role is given what it needs."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connection

from cases.audit import capturing, context
from hatecrime import roles
from hatecrime.migrating import leaving_classes_alone
from hatecrime.owner import OwnerUnknown, as_owner


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with as_owner(), leaving_classes_alone():
                context.name_job("migrate")
                super().handle(*args, **options)
                if not (options["plan"] or options["check_unapplied"]):
                    capturing.install(connection)
                    roles.grant(connection)
        except (OwnerUnknown, roles.RolesMissing) as fault:
            raise CommandError(str(fault)) from fault
