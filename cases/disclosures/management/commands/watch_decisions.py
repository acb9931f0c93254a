"""Lapse approvals, alarm the policy sponsor, tell of what is late; run every minute."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from cases.disclosures.watching import watch


class Command(BaseCommand):
    help = (
        "Lapse approvals to tell the police that were not used in time, alarm the policy sponsor "
        "of words on the phone that nobody confirmed, and tell whoever decides what is late. "
        "Running it again does nothing twice."
    )

    def handle(self, **options: Any) -> None:
        done = watch(timezone.now())
        self.stdout.write(
            f"{done.lapsed} lapsed, {done.unconfirmed} not confirmed, {done.late} told of late."
        )
