"""A request to tell the police, made by the real operations, for the pages of both sides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cases.access import Actor, Role
from cases.disclosures import deciding, request_operations
from cases.disclosures.models import PackItem, Request
from cases.disclosures.pack_operations import set_item
from cases.partners.models import AgencyContact
from cases.partners.unit_operations import verify_unit
from cases.staff.models import User
from tests.casework.story import Story, declared
from tests.partners.entries import add_police, add_unit
from tests.risk.asking import answers, assessed, train
from tests.world import World

REASON = "A threat to kill, twice, and he is back on Sunday: only the police can act in time."
FACTS: dict[str, Any] = {
    "harm_what": "An attack on her in her home, as he has said he will. (Amara, 17 November)",
    "harm_to": "Amara. (Nobody else named)",
    "harm_likely": "Likely. History of violence (our records, 2024). He waited for her twice.",
    "harm_soon": "From Sunday 22 November, when he is back from work. (A third party, yesterday)",
    "why_none": "REFUSED",
    "why_none_words": "",
    "asked_on": [date(2026, 11, 10), date(2026, 11, 17), date(2026, 11, 18)],
    "efforts": "Benefits explained.\nOffered to speak together with a specialist service.",
    "their_words": "Please don’t. If the police knock he will know it was me.",
    "why_police": "Only they can act on the threats, and warn or arrest him before he comes.",
    "why_now": "He is back on Sunday evening, and it has to be known to them before that day.",
    "alternatives": "Locks and letterbox guard fitted.\nA warning letter: it would point to her.",
    "legal_basis": "CRIME",
    "traced": "MAYBE",
    "traced_words": "Two other people also heard him.",
    "told": "BEFORE",
    "told_words": "Dawn rings at 7pm and says “Sam”.",
    "if_sent": "Safety looked at again tomorrow. The plan is agreed again with her.",
    "if_declined": "The safety plan stands. Dawn asks her again on Saturday.",
}
PAGE = (
    ("FACTS", "Threats to kill on 8 and 15 November 2026, in person."),
    ("PLACE", "Larkfield Court, Wellby, and outside it."),
    ("RISK", "High. Threat to kill. He is due back on Sunday 22 November."),
)


@dataclass
class Asking:
    """A case at High risk with a request, and everybody who may or may not decide it."""

    story: Story
    director: User
    sponsor: User
    unit: AgencyContact
    request: Request

    @property
    def world(self) -> World:
        return self.story.world

    @property
    def boss(self) -> Actor:
        return self.story.by(self.director)

    def at(self, **later: float) -> datetime:
        return self.story.at(**{"hours": 3, **later})

    def fresh(self) -> Request:
        return Request.objects.get(pk=self.request.pk)

    def items(self) -> list[PackItem]:
        return list(self.request.pack.items.order_by("pk"))

    def decide(self, verdict: str = "APPROVE", **how: Any) -> None:
        """By the Director, over the page as it is."""
        asked = self.fresh()
        assert asked.file is not None
        said = {"reason": REASON, "take_out": [], "seal": asked.file.seal, **how}
        by = said.pop("by", self.boss)
        at = said.pop("at", self.at(minutes=20))
        deciding.decide(by=by, at=at, request=asked, verdict=verdict, **said)


def unit_of_police(story: Story) -> AgencyContact:
    """A unit that was checked on the day of the story."""
    agency = add_police(story.boss, story.at())
    unit = add_unit(story.boss, story.at(), agency)
    return verify_unit(by=story.boss, at=story.at(), contact=unit, how="Rang 101 and asked.")


def make_high(story: Story) -> None:
    """A threat to kill makes the risk High."""
    train(story.world, story.officer, story.manager)
    assessed(story, answers(RF1="YES", RF6="YES"))


def begin(story: Story, unit: AgencyContact, **how: Any) -> Request:
    """A request with nothing in it yet."""
    return request_operations.start_request(
        by=story.lead,
        at=story.at(hours=2),
        case=story.case,
        about=story.victim,
        contact=unit,
        **{"urgent": False, **how},
    )


def fill(by: Actor, at: datetime, request: Request, **facts: Any) -> None:
    """Every question answered, and three things on the page."""
    request_operations.change_request(by=by, at=at, request=request, **{**FACTS, **facts})
    for field, text in PAGE:
        set_item(by=by, at=at, pack=request.pack, field=field, text=text, why="It is the least.")


def prepare(story: Story) -> tuple[User, User, AgencyContact]:
    """The case led and High, a Director and a sponsor, a checked unit of the police."""
    story.allocated()
    declared(story, story.officer, story.manager)
    story.case.refresh_from_db()
    make_high(story)
    story.case.refresh_from_db()
    director = story.world.user(Role.DIRECTOR_CO, name="Ruth Calloway")
    sponsor = story.world.user(Role.POLICY_SPONSOR, name="Amit Rao")
    return director, sponsor, unit_of_police(story)


def ask(story: Story, *, asked: bool = True, **how: Any) -> Asking:
    """The whole way to the Director's desk, or up to the button that asks."""
    director, sponsor, unit = prepare(story)
    request = begin(story, unit, **how)
    fill(story.lead, story.at(hours=2, minutes=30), request)
    if asked:
        request_operations.ask_director(
            by=story.lead, at=story.at(hours=3), request=request, reviewed=True
        )
    return Asking(story, director, sponsor, unit, Request.objects.get(pk=request.pk))
