"""Amara's case with agencies that may be told something, for tests of the pages that tell them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.test import Client

from cases.access import Actor, Role
from cases.consent import asking
from cases.consent.operations import ask_permission
from cases.disclosures import gate, pack_operations
from cases.disclosures.models import Blocked, Pack, PackFile, Send
from cases.partners.models import Agency, AgencyContact
from cases.partners.operations import add_agency
from cases.partners.unit_operations import verify_unit
from cases.staff.models import User
from tests.casework.story import Story, declared, give
from tests.partners.entries import add_police, add_unit

POLICE = "Northshire Police"
COUNCIL = "Wellby Council, safer streets"
TITLE = "Report of spitting and shouting"
HAPPENED = "Shouting and spitting at the bin store on 18 November 2026."
PURPOSE = "Put in lighting and cameras at the bin store."


@dataclass
class Telling:
    """The case, led by Dawn; the police and the council's community safety team."""

    story: Story
    police: Agency
    council: Agency
    units: dict[int, AgencyContact] = field(default_factory=dict)

    @property
    def case(self) -> Any:
        return self.story.case

    @property
    def lead(self) -> Actor:
        return self.story.lead

    def at(self, **later: float) -> datetime:
        return self.story.at(**{"hours": 1, **later})

    def start(self, agency: Agency | None = None, **said: Any) -> Pack:
        """A page begun by the lead: for the council and by Amara's yes, unless said."""
        agency = agency or self.council
        facts: dict[str, Any] = {
            "about": self.story.victim,
            "agency": agency,
            "contact": self.units[agency.pk],
            "door": "D1",
            "title": TITLE,
            "purpose": PURPOSE,
            "case": self.case,
        }
        by = said.pop("by", self.lead)
        return pack_operations.start_pack(by=by, at=self.at(), **{**facts, **said})

    def put(self, pack: Pack, fld: str, text: str, whose: Any = None) -> Any:
        """One thing put on the page."""
        return pack_operations.set_item(
            by=self.lead,
            at=self.at(),
            pack=pack,
            field=fld,
            whose=whose,
            text=text,
            why="They cannot help without it.",
        )

    def named(self, agency: Agency | None = None, **said: Any) -> Pack:
        """A page with what happened and Amara's name."""
        pack = self.start(agency, **said)
        self.put(pack, "FACTS", HAPPENED)
        self.put(pack, "IDENTITY", "Amara Osei", self.story.victim)
        return pack

    def nameless(self, **said: Any) -> Pack:
        """A page with what happened, about nobody by name."""
        pack = self.start(about=None, door="D7", **said)
        self.put(pack, "FACTS", HAPPENED)
        return pack

    def ready(self, pack: Pack) -> PackFile:
        """Make its bytes, as somebody does who has read it."""
        return pack_operations.make_ready(
            by=self.lead, at=self.at(), pack=pack, reviewed=True, redactions_confirmed=True
        )

    def sent(self, pack: Pack) -> Send:
        """Make it ready and send it."""
        self.ready(pack)
        result = gate.send_pack(by=self.lead, at=self.at(), pack=pack)
        assert isinstance(result, Send), result.reasons
        return result

    def tried(self, pack: Pack) -> Blocked:
        """Try to send what the gate refuses."""
        result = gate.send_pack(by=self.lead, at=self.at(), pack=pack)
        assert isinstance(result, Blocked)
        return result

    def says_yes(self, agency: Agency, *scopes: str) -> None:
        """Amara lets the agency be told these things."""
        ask_permission(
            by=self.lead,
            at=self.at(),
            about=self.story.victim,
            agency=agency,
            purpose=asking.purpose(agency.kind, agency.service, "Amara"),
            replies=dict.fromkeys(scopes, "GIVEN"),
            how="PHONE",
            informed_by=asking.VERSION,
        )

    def client(self, user: User | None = None, **options: Any) -> Client:
        return self.story.world.client(user or self.story.officer, **options)

    def url(self, pack: Pack | None = None, rest: str = "") -> str:
        middle = f"{pack.pk}/" if pack else ""
        return f"/cases/{self.case.reference}/sent/{middle}{rest}"


def telling(story: Story) -> Telling:
    """The case allocated, everybody having said whom they know, and two checked agencies."""
    story.allocated()
    give(story, story.handler)
    declared(story, story.officer, story.manager, story.handler)
    return with_agencies(story)


def with_agencies(story: Story) -> Telling:
    """Two agencies with a checked unit each; found, where the directory has them already.

    The unit of the police is the one that other stories of the same directory have.
    """
    by, at = story.boss, story.at()
    known = {agency.name: agency for agency in Agency.objects.filter(name__in=[POLICE, COUNCIL])}
    police = known.get(POLICE) or add_police(by, at, POLICE)
    council = known.get(COUNCIL) or add_agency(
        by=by, at=at, name=COUNCIL, kind="LOCAL_AUTHORITY", service="COMMUNITY_SAFETY"
    )
    made = Telling(story, police, council)
    team = {"unit": "Community safety team", "secure_email": "team@council.example"}
    for agency, unit in ((police, {}), (council, team)):
        contact = add_unit(by, at, agency, **unit)
        made.units[agency.pk] = verify_unit(by=by, at=at, contact=contact, how="Rang them.")
    return made


def director(story: Story) -> User:
    """A Director who has said whom they know in the case."""
    user = story.world.user(Role.DIRECTOR_CO, name="Ruth Calloway")
    declared(story, user)
    return user


def hidden(html: str) -> dict[str, str]:
    """What the form carries: its token and the version it was drawn from."""
    return dict(re.findall(r'<input type="hidden" name="(token|seen)" value="([^"]*)"', html))


def send_form(client: Client, address: str, answer: dict[str, Any]) -> HttpResponse:
    """Open the form and send it, as a browser does."""
    html = client.get(address).content.decode()
    return client.post(address, {**hidden(html), **answer})  # type: ignore[return-value]
