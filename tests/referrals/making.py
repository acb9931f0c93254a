"""Referrals of Amara by real operations, for every test of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cases.access import Actor, Role
from cases.calendar import london_date
from cases.casework.models import Involvement
from cases.consent import operations as consent
from cases.disclosures import pack_operations as packs
from cases.disclosures.choices import Channel, PackField
from cases.disclosures.models import Blocked, PackFile, Send
from cases.partners import operations as partners
from cases.partners import unit_operations as units
from cases.partners.choices import OWN_KINDS
from cases.partners.models import Agency, AgencyContact
from cases.referrals import operations
from cases.referrals.models import Referral
from tests.casework.story import Story

SAID = "Somebody shouts at her by the bins and spat at the pram."


@dataclass
class Referring:
    """Amara's case, led by Dawn, and agencies that were checked lately."""

    story: Story
    units: dict[str, AgencyContact]

    def agency(self, kind: str) -> Agency:
        return self.units[kind].agency

    def at(self, **later: float) -> datetime:
        """So much after the day on which Amara was asked."""
        return self.story.at(days=1) + timedelta(**later)

    def permit(
        self,
        *scopes: str,
        kind: str = "VICTIM_SUPPORT",
        about: Involvement | None = None,
        at: datetime | None = None,
        **more: Any,
    ) -> None:
        """Amara says yes to these."""
        consent.ask_permission(
            by=self.story.lead,
            at=at or self.at(),
            about=about or self.story.victim,
            agency=self.agency(kind),
            purpose="to find her a support worker",
            replies=dict.fromkeys(scopes or ("FACTS", "IDENTITY"), "GIVEN"),
            how="PHONE",
            informed_by="1",
            **more,
        )

    def withdraw(self, *scopes: str, at: datetime | None = None) -> None:
        consent.withdraw_permission(
            by=self.story.lead,
            at=at or self.at(hours=2),
            about=self.story.victim,
            agency=self.agency("VICTIM_SUPPORT"),
            scopes=scopes or ("FACTS", "IDENTITY"),
            how="PHONE",
        )

    def start(self, kind: str = "VICTIM_SUPPORT", *, door: str = "D1", **values: Any) -> Referral:
        facts: dict[str, Any] = {"about": self.story.victim, **values}
        return operations.start_referral(
            by=facts.pop("by", self.story.lead),
            at=facts.pop("at", self.at(minutes=5)),
            case=self.story.case,
            agency=self.agency(kind),
            contact=self.units[kind],
            door=door,
            purpose="Offer her a support worker.",
            **facts,
        )

    def fill(self, referral: Referral, *fields: str) -> None:
        """Choose what they are told."""
        words = {"FACTS": SAID, "IDENTITY": "Amara Osei"}
        for field in fields or ("FACTS", "IDENTITY"):
            packs.set_item(
                by=self.story.lead,
                at=self.at(minutes=10),
                pack=referral.pack,
                field=PackField(field),
                whose=self.story.victim if field == "IDENTITY" else None,
                text=words[field],
                why="So that they can ring her.",
            )

    def ready(self, referral: Referral) -> PackFile:
        return operations.queue_referral(
            by=self.story.lead,
            at=self.at(minutes=20),
            referral=referral,
            reviewed=True,
            redactions_confirmed=True,
        )

    def queued(self, kind: str = "VICTIM_SUPPORT", **values: Any) -> Referral:
        """A referral that waits to go; with door D1 Amara said yes to it."""
        if values.get("door", "D1") == "D1":
            self.permit(kind=kind)
        referral = self.start(kind, **values)
        self.fill(referral, *(("FACTS",) if referral.about is None else ()))
        self.ready(referral)
        referral.refresh_from_db()
        return referral

    def send(self, referral: Referral, at: datetime | None = None) -> Send | Blocked:
        return operations.send_referral(
            by=self.story.lead, at=at or self.at(minutes=30), referral=referral
        )

    def sent(self, kind: str = "VICTIM_SUPPORT", **values: Any) -> Referral:
        referral = self.queued(kind, **values)
        result = self.send(referral)
        assert isinstance(result, Send), result.reasons
        referral.refresh_from_db()
        return referral

    def read_at_meeting(self, referral: Referral) -> Send:
        """Record that a page that went was read at a meeting."""
        operations.record_sent(
            by=self.story.lead,
            at=self.at(hours=3),
            referral=referral,
            channel=Channel.MEETING,
            to_whom="The panel",
            their_reference="",
            words="",
            went_at=self.at(hours=2),
        )
        return Send.objects.get(pack=referral.pack)

    def accept(self, referral: Referral, by: Actor | None = None, **more: Any) -> Referral:
        at = more.pop("at", self.at(days=1))
        return operations.accept_referral(
            by=by or self.story.lead,
            at=at,
            referral=referral,
            answered_on=more.pop("answered_on", london_date(at)),
            answered_by="Jo at the desk",
        )


KINDS: tuple[tuple[str, str], ...] = (
    ("VICTIM_SUPPORT", "Wellby Victim Care"),
    ("POLICE", "Northshire Police"),
    ("FIRE", "Northshire Fire"),
    ("LOCAL_AUTHORITY", "Wellby Council: adult social care"),
    ("SAFEGUARDING_TEAM", "Safeguarding team"),
    ("DA_TEAM", "Domestic Abuse team"),
    ("HR", "Human Resources"),
    ("ASB_TEAM", "Antisocial Behaviour team"),
)


def directory(story: Story) -> Referring:
    """An agency of each kind, with a unit that was checked the week before."""
    by = story.boss
    found = {}
    for kind, name in KINDS:
        service = "ADULT_CARE" if kind == "LOCAL_AUTHORITY" else ""
        # Our own teams are in the directory from the beginning; nobody adds another.
        agency = Agency.objects.filter(kind=kind, kind__in=OWN_KINDS).first()
        agency = agency or partners.add_agency(
            by=by, at=story.at(), name=name, kind=kind, service=service
        )
        unit = units.add_unit(
            by=by, at=story.at(), agency=agency, unit="The desk", phone="01632 960 700"
        )
        found[kind] = units.verify_unit(
            by=by,
            at=story.at(),
            contact=unit,
            how="Rang the switchboard.",
            checked_on=london_date(story.at()) - timedelta(days=7),
        )
    return Referring(story.allocated(), found)


def lead_of(story: Story, role: Role = Role.SAFEGUARDING_LEAD) -> Actor:
    """Somebody who receives for a team of our own."""
    return story.by(story.world.user(role, team=story.world.team()))
