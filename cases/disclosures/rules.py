"""The gate's one rule: whether a pack may leave, and through which door (domain 7.4, 2.14).

Pure.  Absence of a yes is a no; every no says why in words whoever sends can act on, and what is
possible instead.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from cases.access import Answer, Grant
from cases.consent.choices import Scope, Standing
from cases.disclosures.choices import Door, PackState
from cases.disclosures.leaks import Leak
from cases.disclosures.refusals import Code, Offer, Refusal
from cases.partners.choices import OWN_KINDS, AgencyKind, CouncilService

__all__ = ["APPROVED_BY", "Approval", "Code", "GateFacts", "Need", "Offer", "Refusal", "gate"]


@dataclass(frozen=True)
class Need:
    """One permission a pack needs by door D1, and how it stands.

    ``standing`` is what the newest answer amounts to now, ``written`` whether it was given in
    writing.  ``called`` ("Amara") and ``their`` ("her") are for the sentence.
    """

    scope: Scope
    whose: int | None
    called: str
    their: str
    standing: Standing = Standing.NOT_ASKED
    written: bool = False


class Approval(StrEnum):
    """How the second person's yes stands: the Director's (D3), a manager's, a lead's."""

    NONE = "NONE"
    LIVE = "LIVE"
    OTHER = "OTHER"
    LATE = "LATE"


@dataclass(frozen=True)
class GateFacts:
    """All that the gate asks about one pack at one moment."""

    state: str
    door: str
    citation: str
    agency: str
    kind: str
    service: str
    in_use: bool
    unit: str
    unit_of_agency: bool
    unit_checked: Answer
    conflicted: bool
    reviewed: bool
    unchanged: bool
    approval: Approval
    sent: bool
    high: bool
    holds_anything: bool
    needs: tuple[Need, ...] = ()
    leaks: tuple[Leak, ...] = ()
    personal: tuple[str, ...] = ()
    receive_only: bool = False


SAFEGUARDING_KINDS = frozenset({AgencyKind.SAFEGUARDING_TEAM, AgencyKind.POLICE, AgencyKind.HEALTH})
DA_KINDS = frozenset(
    {AgencyKind.DA_TEAM, AgencyKind.DA_SERVICE, AgencyKind.POLICE, AgencyKind.HEALTH}
)
CARE = frozenset({CouncilService.ADULT_CARE, CouncilService.CHILD_CARE})
APPROVED_BY: dict[str, Grant] = {
    Door.LEGAL_REQUIREMENT: Grant.APPROVE_SHARING,
    Door.PROCEEDINGS: Grant.APPROVE_SHARING,
    Door.SAFEGUARDING: Grant.RECEIVE_SAFEGUARDING,
    Door.DA: Grant.RECEIVE_DA,
}
"""Whose yes each door needs; D3 is the Director's, by a request (domain 7.5)."""

_MAY: dict[Scope, str] = {
    Scope.FACTS: "be told what happened",
    Scope.IDENTITY: "have {their} name",
    Scope.ADDRESS: "have {their} address",
    Scope.HEALTH: "be told about {their} health",
    Scope.STRAND: "be told what it was about",
    Scope.EVIDENCE: "have the evidence",
}


def gate(facts: GateFacts) -> list[Refusal]:
    """Every reason why the pack may not go now; none means that it may (domain 7.4)."""
    if facts.sent or facts.state == PackState.GONE:
        return [_no(Code.ALREADY_SENT, "This has gone already. It goes once.")]
    if facts.state == PackState.STOPPED:
        return [_no(Code.STOPPED, "This was stopped, so it does not go.")]
    return [
        *_recipient(facts),
        *_door(facts),
        *_content(facts),
        *_approval(facts),
        *_bytes(facts),
    ]


def _no(code: Code, sentence: str, *offers: Offer, whose: int | None = None) -> Refusal:
    return Refusal(code, sentence, offers, whose)


# --- to whom ---


def _recipient(facts: GateFacts) -> Iterator[Refusal]:
    if facts.conflicted:
        yield _no(
            Code.CONFLICT,
            "You have a conflict of interest in this case, so somebody else sends it.",
            Offer.ASK_MANAGER,
        )
    if facts.receive_only:
        yield _no(Code.RECEIVE_ONLY, f"We only receive from {facts.agency}: nothing goes there.")
    if not facts.in_use:
        yield _no(
            Code.NOT_CHECKED,
            f"{facts.agency} is no longer in the partner directory.",
            Offer.CHANGE_PACK,
        )
    elif not facts.unit:
        yield _no(Code.NOT_CHECKED, f"Choose to whom at {facts.agency} it goes.", Offer.CHANGE_PACK)
    elif not facts.unit_of_agency:
        yield _no(
            Code.NOT_CHECKED,
            f"{facts.unit} does not belong to {facts.agency}. It goes to one named unit of theirs.",
            Offer.CHANGE_PACK,
        )
    elif not facts.unit_checked:
        yield _no(
            Code.NOT_CHECKED,
            f"How to reach {facts.unit} at {facts.agency} has not been checked lately.",
            Offer.CHECK_UNIT,
        )


# --- by which door ---


def _door(facts: GateFacts) -> Iterator[Refusal]:
    asked = _DOORS.get(facts.door)
    if asked is None:
        yield _no(Code.NO_DOOR, "This is no lawful reason to tell anybody.", Offer.CHANGE_PACK)
    else:
        yield from asked(facts)


def _no_door(facts: GateFacts) -> Iterator[Refusal]:
    if facts.kind != AgencyKind.ASB_TEAM:
        yield _no(
            Code.NO_DOOR,
            f"Nothing yet lets {facts.agency} be told.",
            *(Offer.ASK_PERMISSION, Offer.FACTS_ONLY, *_director(facts)),
        )


def _police_only(facts: GateFacts) -> Iterator[Refusal]:
    if facts.kind != AgencyKind.POLICE:
        yield _no(
            Code.NOT_POLICE,
            f"Without permission only the police may be told. {facts.agency} may not.",
            *(Offer.ASK_PERMISSION, Offer.FACTS_ONLY),
        )


def _by_law(facts: GateFacts) -> Iterator[Refusal]:
    if facts.kind in OWN_KINDS:
        yield _wrong(f"{facts.agency} is a team of ours: no law asks us to tell it.")
    if not facts.citation.strip():
        yield _no(
            Code.NO_CITATION, "Say which law, order or proceedings require it.", Offer.CHANGE_PACK
        )


def _for_safeguarding(facts: GateFacts) -> Iterator[Refusal]:
    if not _cares(facts, SAFEGUARDING_KINDS):
        yield _wrong(f"The Safeguarding policy does not let {facts.agency} be told.")


def _for_da(facts: GateFacts) -> Iterator[Refusal]:
    if not _cares(facts, DA_KINDS):
        yield _wrong(f"The Domestic Abuse policy does not let {facts.agency} be told.")


def _emergency(_: GateFacts) -> Iterator[Refusal]:
    yield _wrong("Life at risk: ring 999 first, and write down afterwards what was said.")


def _wrong(sentence: str) -> Refusal:
    return _no(Code.WRONG_DOOR, sentence, Offer.CHANGE_PACK, Offer.ASK_PERMISSION)


def _cares(facts: GateFacts, kinds: Collection[str]) -> bool:
    """Whether they are among those kinds, or a council's care for adults or children."""
    return facts.kind in kinds or (
        facts.kind == AgencyKind.LOCAL_AUTHORITY and facts.service in CARE
    )


def _director(facts: GateFacts) -> tuple[Offer, ...]:
    """The Director is asked for the police only, where risk is High (policy line 172)."""
    return (Offer.ASK_DIRECTOR,) if facts.high and facts.kind == AgencyKind.POLICE else ()


def _permission(facts: GateFacts) -> Iterator[Refusal]:
    for need in facts.needs:
        if need.whose is None:
            yield _no(
                Code.NO_PERMISSION,
                "Say whose permission this is: nobody is named whom it is about.",
                Offer.CHANGE_PACK,
            )
        elif need.standing != Standing.GIVEN:
            yield _not_given(need, facts)
        elif facts.kind == AgencyKind.REPRESENTATIVE and not need.written:
            yield _no(
                Code.NO_PERMISSION,
                f"An MP or councillor needs permission in writing. {need.called} has not written "
                f"that {facts.agency} may {_may(need)}.",
                *(Offer.ASK_PERMISSION, Offer.FACTS_ONLY),
                whose=need.whose,
            )


def _may(need: Need) -> str:
    return _MAY[need.scope].format(their=need.their)


_STANDING: dict[Standing, tuple[Code, str]] = {
    Standing.NOT_ASKED: (Code.NO_PERMISSION, "{who} has not said that {agency} may {may}."),
    Standing.REFUSED: (Code.NO_PERMISSION, "{who} said no: {agency} may not {may}."),
    Standing.LACKS_CAPACITY: (
        Code.NO_PERMISSION,
        "{who} could not decide whether {agency} may {may}.",
    ),
    Standing.WITHDRAWN: (Code.WITHDRAWN, "{who} took back that {agency} may {may}."),
    Standing.RAN_OUT: (
        Code.RAN_OUT,
        "{who} once said that {agency} may {may}. That has run out.",
    ),
}
_ASK = frozenset({Standing.NOT_ASKED, Standing.RAN_OUT})
"""Nobody who said no is asked again because a page will not go (HC-42)."""


def _not_given(need: Need, facts: GateFacts) -> Refusal:
    code, sentence = _STANDING[need.standing]
    ask = (Offer.ASK_PERMISSION,) if need.standing in _ASK else ()
    return _no(
        code,
        sentence.format(who=need.called, agency=facts.agency, may=_may(need)),
        *(*ask, Offer.CHANGE_PACK, Offer.FACTS_ONLY, *_director(facts)),
        whose=need.whose,
    )


# --- what is in it ---


def _anonymous(facts: GateFacts) -> Iterator[Refusal]:
    for label in facts.personal:
        yield _no(
            Code.RECOGNISABLE,
            f"“{label}” tells who somebody is. Take it out, so that nobody can be recognised.",
            *(Offer.CHANGE_PACK, Offer.ASK_PERMISSION),
        )
    for leak in facts.leaks:
        whose = f"the {leak.what} of {leak.called}" if leak.called else "the case’s reference"
        yield _no(
            Code.RECOGNISABLE,
            f"“{leak.where}” gives {whose}, so somebody could be recognised.",
            *(Offer.CHANGE_PACK, Offer.ASK_PERMISSION),
            whose=min(leak.parts, default=None),
        )


def _content(facts: GateFacts) -> Iterator[Refusal]:
    if not facts.holds_anything:
        yield _no(Code.NOT_REVIEWED, "Nothing has been chosen to be told.", Offer.CHANGE_PACK)
    elif not facts.reviewed:
        yield _no(
            Code.NOT_REVIEWED,
            "Look at the page as it will go, and say that it and its redactions are right.",
            Offer.LOOK_AGAIN,
        )
    if facts.door == Door.ANONYMISED:
        return
    for leak in facts.leaks:
        yield _no(
            Code.NAMED,
            f"“{leak.where}” gives the {leak.what} of {leak.called}, which was not chosen to be "
            "told.",
            Offer.CHANGE_PACK,
            whose=min(leak.parts, default=None),
        )


_DOORS: dict[str, Callable[[GateFacts], Iterator[Refusal]]] = {
    "": _no_door,
    Door.PERMISSION: _permission,
    Door.LEGAL_REQUIREMENT: _by_law,
    Door.DIRECTOR: _police_only,
    Door.SAFEGUARDING: _for_safeguarding,
    Door.DA: _for_da,
    Door.PROCEEDINGS: _by_law,
    Door.ANONYMISED: _anonymous,
    Door.EMERGENCY: _emergency,
}
"""What each door asks."""

# --- the second person, and the bytes ---

_WHO_APPROVES: dict[str, tuple[str, Offer]] = {
    Door.LEGAL_REQUIREMENT: ("A case manager has", Offer.ASK_MANAGER),
    Door.PROCEEDINGS: ("A case manager has", Offer.ASK_MANAGER),
    Door.SAFEGUARDING: ("The Safeguarding lead has", Offer.ASK_LEAD),
    Door.DA: ("The Domestic Abuse lead has", Offer.ASK_LEAD),
    Door.DIRECTOR: ("The Director has", Offer.ASK_DIRECTOR),
}


def _approval(facts: GateFacts) -> Iterator[Refusal]:
    if facts.door not in _WHO_APPROVES:
        return
    who, offer = _WHO_APPROVES[facts.door]
    if facts.approval is Approval.NONE:
        yield _no(Code.NOT_APPROVED, f"{who} not approved this.", offer)
    elif facts.approval is Approval.OTHER:
        yield _no(
            Code.CHANGED,
            f"{who} approved something else: the page or whom it goes to was changed since.",
            Offer.ASK_AGAIN if facts.door == Door.DIRECTOR else offer,
        )
    elif facts.approval is Approval.LATE:
        yield _no(
            Code.TOO_LATE, "The approval has run out: it was not sent in time.", Offer.ASK_AGAIN
        )


def _bytes(facts: GateFacts) -> Iterator[Refusal]:
    if facts.reviewed and not facts.unchanged:
        yield _no(
            Code.CHANGED,
            "The page or how they are reached was changed since it was made ready. Look at it "
            "again.",
            Offer.LOOK_AGAIN,
        )
