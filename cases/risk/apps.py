from __future__ import annotations

from datetime import datetime

from django.apps import AppConfig

from cases.access import Actor
from cases.audit.settling import Fact, settle_with


class RiskConfig(AppConfig):
    name = "cases.risk"
    label = "risk"

    def ready(self) -> None:
        # Its models are not there before the app is ready.
        from cases.risk.review_operations import (  # noqa: PLC0415
            follow_incidents,
            follow_people,
        )

        def incidents(by: Actor, at: datetime, ids: frozenset[int]) -> None:
            follow_incidents(by=by, at=at, ids=ids)

        def people(by: Actor, at: datetime, ids: frozenset[int]) -> None:
            follow_people(by=by, at=at, ids=ids)

        settle_with(Fact.INCIDENT, incidents)
        settle_with(Fact.PERSON, people)
