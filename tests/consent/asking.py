"""Conversations with Amara by real operations, for every test of permission."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cases.access import Role
from cases.casework.models import Involvement
from cases.consent import operations
from cases.consent.models import Talk
from cases.consent.queries import live_scopes
from cases.partners.models import Agency
from cases.partners.operations import add_agency
from tests.casework.story import Story

ALL = ("FACTS", "IDENTITY", "ADDRESS", "HEALTH", "STRAND", "EVIDENCE")


@dataclass
class Asking:
    """Amara's case and the agencies she is asked about."""

    story: Story
    police: Agency
    council: Agency
    support: Agency

    def ask(
        self,
        replies: dict[str, str],
        *,
        about: Involvement | None = None,
        agency: Agency | None = None,
        at: datetime | None = None,
        **more: Any,
    ) -> Talk:
        """One conversation, the day after the case was opened unless said."""
        facts = {"how": "PHONE", "purpose": "to look into it", "informed_by": "1", **more}
        return operations.ask_permission(
            by=facts.pop("by", self.story.lead),
            at=at or self.story.at(days=1),
            about=about or self.story.victim,
            agency=agency or self.police,
            replies=replies,
            **facts,
        )

    def withdraw(self, *scopes: str, at: datetime | None = None, **more: Any) -> Talk | None:
        """Take back some scopes for the police, two days after the case was opened."""
        return operations.withdraw_permission(
            by=more.pop("by", self.story.lead),
            at=at or self.story.at(days=2),
            about=more.pop("about", self.story.victim),
            agency=more.pop("agency", self.police),
            scopes=scopes,
            how="PHONE",
            **more,
        )

    def may(self, at: datetime | None = None, agency: Agency | None = None) -> set[str]:
        """What may be told the police (or the agency) of Amara."""
        moment = at or self.story.at(days=3)
        part = self.story.victim.pk
        return set(live_scopes([part], (agency or self.police).pk, moment)[part])


def directory(story: Story) -> Asking:
    """Three entries of the directory."""
    by = story.by(story.world.user(Role.CASE_MANAGER))

    def add(name: str, kind: str, **more: Any) -> Agency:
        there = Agency.objects.filter(name=name).first()  # the directory begins with some
        return there or add_agency(by=by, at=story.at(), name=name, kind=kind, **more)

    return Asking(
        story,
        add("Wellby Police", "POLICE"),
        add("Wellby Council, community safety", "LOCAL_AUTHORITY", service="COMMUNITY_SAFETY"),
        add("Victim Support", "VICTIM_SUPPORT"),
    )
