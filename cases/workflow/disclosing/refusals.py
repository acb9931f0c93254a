"""What the gate says, as a page shows it: each reason in words, and what is possible instead."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cases.access import Actor, Grant
from cases.disclosures.choices import PackState
from cases.disclosures.models import Pack
from cases.disclosures.refusals import Code, Offer, Refusal
from cases.workflow.case_words import address, address_of
from cases.workflow.disclosing.choosing import home_of, pack_page

SHORT: dict[str, str] = {
    Code.NO_DOOR: "Nothing let them be told",
    Code.NO_PERMISSION: "No permission",
    Code.WITHDRAWN: "Permission was taken back",
    Code.RAN_OUT: "Permission had run out",
    Code.NOT_CHECKED: "How to reach them was not checked",
    Code.CONFLICT: "The sender had a conflict of interest",
    Code.NOT_REVIEWED: "Nobody had looked at the page as it would go",
    Code.NAMED: "It named somebody who was not to be named",
    Code.NOT_APPROVED: "Nobody had approved it",
    Code.CHANGED: "It was changed after it was approved or looked at",
    Code.TOO_LATE: "The approval had run out",
    Code.NOT_POLICE: "Only the police may be told so",
    Code.NO_CITATION: "No law, order or proceedings were named",
    Code.ALREADY_SENT: "It had gone already",
    Code.STOPPED: "It had been stopped",
    Code.RECOGNISABLE: "Somebody could be recognised",
    Code.WRONG_DOOR: "That policy does not let them be told",
    Code.RECEIVE_ONLY: "We only receive from them",
}
"""Each reason without names or agencies: for the register and for what was tried before."""

ASK_WORDS = {
    Offer.ASK_MANAGER: "Ask a case manager: they find this page on the case.",
    Offer.ASK_LEAD: "Ask the lead for this policy: they find this page on the case.",
}


@dataclass(frozen=True)
class Way:
    """Something that is possible instead; without an address it is a sentence."""

    text: str
    href: str = ""


@dataclass(frozen=True)
class Said:
    """One refusal as it is read."""

    code: str
    sentence: str
    ways: tuple[Way, ...]


def refusal_words(code: str) -> str:
    """A reason's code in a few words that name nobody."""
    return SHORT.get(code, "Refused at the gate")


def in_the_way(refusals: Iterable[Refusal], pack: Pack) -> list[Refusal]:
    """What the page of a pack says of it: one still being written need not be read through yet."""
    written = pack.state == PackState.DRAFT
    return [no for no in refusals if not (written and no.code is Code.NOT_REVIEWED)]


def said(refusals: Iterable[Refusal], pack: Pack, actor: Actor) -> list[Said]:
    """Each refusal with the ways on that this reader has.  No queries."""
    return [
        Said(
            refusal.code.value,
            refusal.sentence,
            tuple(way for offer in refusal.offers if (way := _way(offer, refusal, pack, actor))),
        )
        for refusal in refusals
    ]


def _way(offer: Offer, refusal: Refusal, pack: Pack, actor: Actor) -> Way | None:
    if offer in ASK_WORDS:
        return _second(offer, refusal, pack, actor)
    href = _address(offer, refusal, pack)
    return Way(offer.value, href) if href else None


def _second(offer: Offer, refusal: Refusal, pack: Pack, actor: Actor) -> Way | None:
    """Whoever may approve goes there; anybody else is told whom to ask."""
    mine = Grant.APPROVE_SHARING if offer is Offer.ASK_MANAGER else Grant.RECEIVE_SAFEGUARDING
    approves = refusal.code is Code.NOT_APPROVED
    if approves and pack.state == "READY" and actor.may(mine):
        return Way("Approve it", address("workflow:approval", pack.pk))
    return Way(ASK_WORDS[offer])


def _address(offer: Offer, refusal: Refusal, pack: Pack) -> str:
    reference = pack.case.reference
    if offer is Offer.ASK_PERMISSION:
        page = permission_page(pack, refusal.whose)
        return f"{page}#asking" if page else ""
    if offer is Offer.FACTS_ONLY:
        return pack_page(pack, "nameless")
    if offer in (Offer.ASK_DIRECTOR, Offer.ASK_AGAIN):
        return address_of("workflow:police", reference)
    if offer is Offer.LOOK_AGAIN:
        return pack_page(pack, "preview")
    if offer is Offer.CHECK_UNIT:
        return address_of("partners:agency", pack.agency.slug) or pack_page(pack, "change")
    if offer is Offer.CHANGE_PACK:
        wrong = (Code.NO_CITATION, Code.NOT_CHECKED, Code.WRONG_DOOR, Code.NO_DOOR)
        return pack_page(pack, "change") if refusal.code in wrong else f"{home_of(pack)}#fields"
    return ""


def permission_page(pack: Pack, whose: int | None) -> str:
    """Where the person is asked whether this agency may be told, or "" while there is none."""
    part = whose or pack.about_id
    if part is None:
        return ""
    return address_of("workflow:permission-ask", pack.case.reference, part, pack.agency_id)
