"""The frame around every page: who is signed in and where they can go."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from cases.access import Actor, Grant
from cases.audit.finding_queries import waiting_for
from cases.audit.pages import may_open

UNUSUAL = "audit:unusual"

# Address name, words, the grants of which one is needed, in the order shown.
PLACES: tuple[tuple[str, str, tuple[Grant, ...]], ...] = (
    ("workflow:my-work", "Your work", (Grant.OPEN_CASES,)),
    ("intake:take-report", "Take a report", (Grant.TAKE_REPORT,)),
    ("workflow:search", "Search", (Grant.SEARCH,)),
    (
        "intake:routes",
        "Referrals to you",
        (Grant.RECEIVE_ASB, Grant.RECEIVE_SAFEGUARDING, Grant.RECEIVE_DA),
    ),
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
    if name != UNUSUAL:
        return ""
    try:
        count = waiting_for(actor)
    except DatabaseError:
        return ""
    return f" ({count})" if count else ""


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context for every template."""
    actor: Actor | None = getattr(request, "actor", None)
    signed_in = actor is not None and actor.id is not None
    return {
        "actor": actor,
        "role_words": _roles(actor) if signed_in and actor else "",
        "navigation": places_for(actor, request.path) if signed_in and actor else [],
        "declares": bool(signed_in and actor and may_open(actor, OPENS)),
        "made_at": timezone.now(),
        "phone": settings.DUTY_MANAGER_PHONE,
    }


def _roles(actor: Actor) -> str:
    words = [role.label for role in sorted(actor.roles, key=lambda role: role.label)]
    text = " and ".join(words)
    return text[:1].lower() + text[1:] if text and not text.startswith(("HR", "Data")) else text
