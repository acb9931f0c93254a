"""A request about Amara to tell the police, whoever decides it, and whoever may not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from cases.access import Actor, Role
from cases.audit.context import acting_as
from cases.casework import operations as casework
from cases.casework.clock_operations import set_risk
from cases.disclosures import deciding, gate, request_operations
from cases.disclosures.models import Blocked, Decision, PackFile, PackItem, Request, Send
from cases.staff.delegation_operations import name_delegate
from cases.staff.models import User
from tests.disclosures.packs import FACTS, Packs, packs
from tests.world import COMMAND, World

LONG = "He has said it three times this week, to two people, and he was seen with petrol on Monday."
REASON = "Two people heard the threat, and nothing less would keep her safe tonight."
WHOLE: dict[str, Any] = {
    "harm_what": LONG,
    "harm_to": "Amara, her child and the family below",
    "harm_likely": LONG,
    "harm_soon": LONG,
    "why_none": "REFUSED",
    "efforts": "Asked twice, with Bela beside her.",
    "their_words": "Please do not tell them, he will know it was me.",
    "why_police": LONG,
    "why_now": LONG,
    "alternatives": LONG,
    "legal_basis": "CRIME",
    "traced": "MAYBE",
    "traced_words": "Only two flats look on to the bin store.",
    "told": "AFTER",
    "if_sent": "She stays with her sister until he is spoken to.",
    "if_declined": "The caretaker sleeps in the block, and we ask again.",
    "new_facts": LONG,
}


@dataclass
class Desk:
    """Packs, the Director, the policy sponsor, and requests at any stage."""

    packs: Packs
    director: User
    sponsor: User
    dpo: User
    others: dict[str, User] = field(default_factory=dict)

    @property
    def world(self) -> World:
        return self.packs.story.world

    @property
    def case(self) -> Any:
        return self.packs.case

    @property
    def lead(self) -> Actor:
        return self.packs.lead

    @property
    def now(self) -> datetime:
        """When the Director is asked: two days after the case was opened, on a Saturday."""
        return self.packs.now

    def by(self, user: User, at: datetime | None = None) -> Actor:
        return user.actor(at or self.now)

    @property
    def boss(self) -> Actor:
        """The manager of the team."""
        return self.packs.story.boss

    def officer(self) -> User:
        """An officer who asks and does not lead."""
        if "officer" not in self.others:
            team = self.world.team()
            user = self.world.user(Role.HOUSING_OFFICER, team=team, name="Jo Lamb")
            casework.give_access(by=self.boss, at=self.now, case=self.case, user=user, why="COVER")
            self.others["officer"] = user
        return self.others["officer"]

    def draft(
        self, *, by: Actor | None = None, at: datetime | None = None, **facts: Any
    ) -> Request:
        """A request with every question answered but those given, its page not made yet."""
        by, at = by or self.by(self.officer()), at or self.now
        unit = facts.pop("unit", self.packs.ppu)
        urgent = facts.pop("urgent", False)
        request = request_operations.start_request(
            by=by,
            at=at,
            case=self.case,
            about=self.packs.story.victim,
            contact=unit,
            urgent=urgent,
        )
        said = {**WHOLE, "asked_on": [at.date()], **facts}
        return request_operations.change_request(by=by, at=at, request=request, **said)

    def tell(self, request: Request, name: str, text: str = FACTS, **more: Any) -> Any:
        """Choose something for its page."""
        return self.packs.tell(request.pack, name, text, **more)

    def asked(
        self, *, by: Actor | None = None, at: datetime | None = None, **facts: Any
    ) -> Request:
        """A request that waits for its decision, of what happened and where."""
        request = self.draft(by=by, at=at, **facts)
        self.tell(request, "FACTS")
        self.tell(request, "PLACE", "Outside the block, at the bin store.")
        return self.ask(request, by=by, at=at)

    def ask(
        self, request: Request, *, by: Actor | None = None, at: datetime | None = None
    ) -> Request:
        """Ask the Director, the page looked at."""
        return request_operations.ask_director(
            by=by or self.by(self.officer()),
            at=at or self.now,
            request=request,
            reviewed=True,
            redactions_confirmed=True,
        )

    def decide(
        self,
        request: Request,
        *,
        by: Actor | None = None,
        at: datetime | None = None,
        verdict: str = "APPROVE",
        reason: str = REASON,
        seal: str | None = None,
        take_out: list[PackItem] | None = None,
    ) -> Decision:
        """The Director's decision, unless said otherwise."""
        return deciding.decide(
            by=by or self.by(self.director),
            at=at or self.now + timedelta(minutes=20),
            request=request,
            verdict=verdict,
            reason=reason,
            seal=seal_of(request) if seal is None else seal,
            take_out=take_out or [],
        )

    def send(self, request: Request, at: datetime | None = None) -> Send | Blocked:
        """Try to send its page."""
        pack = type(request.pack).objects.get(pk=request.pack_id)
        return gate.send_pack(by=self.lead, at=at or self.now + timedelta(hours=1), pack=pack)

    def delegate(self, *, days: float = 7, begins_at: datetime | None = None, **who: Any) -> User:
        """Somebody whom the Director names to act, from now."""
        user = who.get("user") or self.world.user(Role.CASE_MANAGER, name="Rosa Quill")
        begins = begins_at or self.now
        name_delegate(
            by=self.by(self.director),
            at=min(begins, self.now),
            user=user,
            begins_at=begins,
            ends_at=begins + timedelta(days=days),
            reason="On leave until the end of the month.",
            most_days=28,
        )
        return user

    def conflict(self, user: User) -> None:
        """The user says that they know somebody in the case."""
        casework.declare(by=self.by(user), at=self.now, case=self.case, knows_somebody=True)


def file_of(request: Request) -> PackFile:
    """The page that was asked for."""
    assert request.file is not None
    return request.file


def seal_of(request: Request) -> str:
    """The seal of the page that was asked for."""
    return file_of(request).seal


def fresh(request: Request) -> Request:
    """The request as it stands now."""
    return Request.objects.select_related("pack", "file").get(pk=request.pk)


def desk_of(world: World) -> Desk:
    """Amara's case at High, led by Dawn; Director, sponsor and data protection officer."""
    found = packs(world)
    director = world.user(Role.DIRECTOR_CO, name="Dita Rowe")
    sponsor = world.user(Role.POLICY_SPONSOR, name="Amit Rao")
    dpo = world.user(Role.DPO, name="Pia Lund")
    set_risk(by=found.lead, at=found.now, case=found.case, level="HIGH", provisional=False)
    return Desk(found, director, sponsor, dpo)


@contextmanager
def raw(at: datetime, who: Actor = COMMAND) -> Iterator[Any]:
    """Raw SQL as the running application, under a name; what it does is undone after."""
    with transaction.atomic(), acting_as(who, at=at, purpose="raw"), connection.cursor() as cursor:
        yield cursor
