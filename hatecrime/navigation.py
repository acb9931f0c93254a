"""The frame around every page: who is signed in and where they can go."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from cases.access import Actor, Grant
from cases.audit.finding_queries import waiting_for
from cases.audit.pages import may_open
from cases.disclosures.request_queries import waiting_for as waiting_decisions
from cases.staff.queries import own_delegation
from cases.words import say_moment

UNUSUAL = "audit:unusual"
DECISIONS = "workflow:decisions"

# Address name, words, the grants of which one is needed, in the order shown.
PLACES: tuple[tuple[str, str, tuple[Grant, ...]], ...] = (
    (DECISIONS, "Decisions", (Grant.DECIDE_DISCLOSURE,)),
    ("workflow:my-work", "Your work", (Grant.OPEN_CASES,)),
    ("intake:take-report", "Take a report", (Grant.TAKE_REPORT,)),
    ("workflow:search", "Search", (Grant.SEARCH,)),
    (
        "intake:routes",
        "Referrals to you",
        (Grant.RECEIVE_ASB, Grant.RECEIVE_SAFEGUARDING, Grant.RECEIVE_DA),
    ),
    ("partners:directory", "Partners", (Grant.SEE_PARTNERS,)),
    (
        "workflow:approvals",
        "To approve",
        (Grant.APPROVE_SHARING, Grant.RECEIVE_SAFEGUARDING, Grant.RECEIVE_DA),
    ),
    ("reporting:monitoring", "Monitoring", (Grant.SEE_MONITORING,)),
    ("workflow:register", "Register", (Grant.SEE_REGISTER,)),
    ("audit:ledger", "Ledger", (Grant.SEE_LEDGER,)),
    (UNUSUAL, "Unusual reading", (Grant.SEE_LEDGER,)),
    ("staff:users", "People who sign in", (Grant.MANAGE_STAFF,)),
    ("policy:settings", "Settings", (Grant.SEE_SETTINGS,)),
)


OPENS = (Grant.SEARCH, Grant.OPEN_CASES)
"""Whoever may come upon somebody they know, and so says whom they know ("People I know")."""


def places_for(actor: Actor, path: str) -> list[dict[str, Any]]:
    """The menu of somebody with these grants; the present place is marked."""
    menu: list[dict[str, Any]] = []
    for name, words, grants in PLACES:
        if not may_open(actor, grants):
            continue
        try:
            href = reverse(name)
        except NoReverseMatch:
            continue
        active = path == href or (href != "/" and path.startswith(href))
        menu.append({"text": words + _waiting(name, actor), "href": href, "active": active})
    return menu


def _waiting(name: str, actor: Actor) -> str:
    """How much waits there, in brackets; nothing while the database cannot say."""
    count = WAITING.get(name)
    if count is None:
        return ""
    try:
        number = count(actor)
    except DatabaseError:
        return ""
    return f" ({number})" if number else ""


def _decisions(actor: Actor) -> int:
    """How many requests wait for this actor's decision."""
    return waiting_decisions(actor, timezone.now()).count()


WAITING: dict[str, Callable[[Actor], int]] = {UNUSUAL: waiting_for, DECISIONS: _decisions}
"""What is counted in the menu, for those alone who have the place."""


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context for every template."""
    actor: Actor | None = getattr(request, "actor", None)
    signed_in = actor is not None and actor.id is not None
    return {
        "actor": actor,
        "role_words": _roles(actor) if signed_in and actor else "",
        "navigation": places_for(actor, request.path) if signed_in and actor else [],
        "acting": _acting(actor) if signed_in and actor else None,
        "declares": bool(signed_in and actor and may_open(actor, OPENS)),
        "made_at": timezone.now(),
        "phone": settings.DUTY_MANAGER_PHONE,
    }


def _acting(actor: Actor) -> dict[str, str] | None:
    """For whom, until when and why somebody acts for the Director; None for everybody else.

    Only whoever holds the role costs a look (domain 7.5: the banner on every page it is used).
    """
    now = timezone.now()
    try:
        holding = own_delegation(actor, now)
    except DatabaseError:
        return None
    if holding is None or holding.granted_by is None:
        return None
    why = holding.reason if holding.reason.endswith((".", "!", "?")) else f"{holding.reason}."
    return {
        "director": holding.granted_by.full_name,
        "until": say_moment(holding.period.upper, now),
        "why": why,
    }


def _roles(actor: Actor) -> str:
    words = [role.label for role in sorted(actor.roles, key=lambda role: role.label)]
    text = " and ".join(words)
    if not text or text.startswith(("HR", "Data", "Director")):
        return text
    return text[:1].lower() + text[1:]
