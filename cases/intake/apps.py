from __future__ import annotations

from datetime import datetime

from django.apps import AppConfig

from cases.access import Actor
from cases.audit.settling import Fact, settle_with


class IntakeConfig(AppConfig):
    name = "cases.intake"
    label = "intake"

    def ready(self) -> None:
        # Reads models, which are not there yet when this file is.
        from cases.intake.pair_operations import look_again  # noqa: PLC0415

        def people(by: Actor, at: datetime, ids: frozenset[int]) -> None:
            look_again(by=by, at=at, people=ids)

        def incidents(by: Actor, at: datetime, ids: frozenset[int]) -> None:
            look_again(by=by, at=at, incidents=ids)

        # Two accounts that may be one are found before anything counts them as two.
        settle_with(Fact.PERSON, people, first=True)
        settle_with(Fact.INCIDENT, incidents, first=True)
