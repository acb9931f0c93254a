"""How the gate says no: a code, a sentence, and what is possible instead (domain 7.4, S24)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Code(StrEnum):
    """Why a pack does not go."""

    NO_DOOR = "NO_DOOR"
    NO_PERMISSION = "NO_PERMISSION"
    WITHDRAWN = "WITHDRAWN"
    RAN_OUT = "RAN_OUT"
    NOT_CHECKED = "NOT_CHECKED"
    CONFLICT = "CONFLICT"
    NOT_REVIEWED = "NOT_REVIEWED"
    NAMED = "NAMED"
    NOT_APPROVED = "NOT_APPROVED"
    CHANGED = "CHANGED"
    TOO_LATE = "TOO_LATE"
    NOT_POLICE = "NOT_POLICE"
    NO_CITATION = "NO_CITATION"
    ALREADY_SENT = "ALREADY_SENT"
    STOPPED = "STOPPED"
    RECOGNISABLE = "RECOGNISABLE"
    WRONG_DOOR = "WRONG_DOOR"
    RECEIVE_ONLY = "RECEIVE_ONLY"


class Offer(StrEnum):
    """What is possible instead; the value is the words of the link."""

    NONE = ""
    ASK_PERMISSION = "Ask for permission"
    FACTS_ONLY = "Send facts that name nobody"
    ASK_DIRECTOR = "Ask the Director"
    ASK_MANAGER = "Ask a case manager"
    ASK_LEAD = "Ask the lead for this policy"
    CHANGE_PACK = "Change what is sent"
    CHECK_UNIT = "Check how they are reached"
    LOOK_AGAIN = "Look at the page and make it ready"
    ASK_AGAIN = "Ask the Director again"


@dataclass(frozen=True)
class Refusal:
    """One reason why a pack does not go; ``whose`` is the part of the case it is about."""

    code: Code
    sentence: str
    offers: tuple[Offer, ...] = ()
    whose: int | None = None

    @property
    def offer(self) -> Offer:
        """The first thing that is possible instead."""
        return self.offers[0] if self.offers else Offer.NONE
