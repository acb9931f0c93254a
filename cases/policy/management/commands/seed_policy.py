"""Record version 1.0 of the policy and the bank holidays: a real installation's first step."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from cases.access import job
from cases.policy import operations


class Command(BaseCommand):
    help = "Record version 1.0 of the policy and the bank holidays, if they are not there yet."

    def handle(self, *args: Any, **options: Any) -> None:
        version = operations.seed_policy(by=job("the seed_policy command"), at=timezone.now())
        self.stdout.write(f"The policy is {version}.")
        call_command("add_bank_holidays", stdout=self.stdout)
