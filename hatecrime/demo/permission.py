"""Conversations about who may be told: yes and no, taken back, and some that have run out.

Chance here is each case's own, so that what is said shifts nothing else of the demo.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from cases.access import Actor
from cases.calendar import london_date
from cases.casework.models import Case, Involvement
from cases.consent import asking, rules
from cases.consent.operations import ask_permission, withdraw_permission
from cases.partners.choices import AgencyKind
from cases.partners.models import Agency

Do = Callable[..., Any]

EACH = ("FACTS", "IDENTITY", "ADDRESS", "HEALTH", "STRAND", "EVIDENCE")
SAID = (
    (("FACTS", "IDENTITY", "HEALTH"), "They can ring me. Not after six."),
    (("FACTS", "IDENTITY"), "My name is fine. Leave my doctor out of it."),
    (("FACTS",), "Tell them what is happening. Not my name, not my address."),
    ((), "I do not want anybody told. I only want it to stop."),
)
TO_THE_POLICE = "I have thought about it. They can know, if nobody comes to the door."
CHILD = {
    "guardian": "Their mother",
    "guardian_basis": "She has parental responsibility and lives with them.",
    "childs_view": "Not my school.",
}


def ask_who_may_be_told(do: Do, case: Case, about: Involvement, *, raised: bool) -> None:
    """Ask about a support service; some take it back later.

    ``do`` does an operation to the case a little later; ``raised`` is whether they may raise the
    police themselves.
    """
    chance = random.Random(f"{case.reference} permission")  # noqa: S311 (meant to be predictable)
    support = Agency.objects.in_use().filter(kind=AgencyKind.VICTIM_SUPPORT).first()
    if support is None or about.talks.filter(agency=support, said__reply="REFUSED").exists():
        return
    yes, words = chance.choice(SAID)
    replies = {scope: "GIVEN" if scope in yes else "REFUSED" for scope in EACH[:4]}
    short = yes and chance.random() < 0.3
    do(_ask, about=about, agency=support, replies=replies, words=words, days=30 if short else 0)
    if chance.random() < 0.4 and raised:
        _police(do, case, about)
    if yes and not short and chance.random() < 0.25:
        said = "Please tell them to leave it. I would rather nobody rings."
        do(_withdraw, about=about, agency=support, scopes=yes, words=said, least=2000, most=9000)


def _police(do: Do, case: Case, about: Involvement) -> None:
    """Some raise the police themselves, after the no of the first call."""
    area = case.home.local_authority if case.home else ""
    police = Agency.objects.in_use().filter(kind=AgencyKind.POLICE, areas__contains=[area]).first()
    if police is None:
        return
    replies = {"FACTS": "GIVEN", "IDENTITY": "GIVEN", "EVIDENCE": "REFUSED"}
    do(
        _ask,
        about=about,
        agency=police,
        replies=replies,
        words=TO_THE_POLICE,
        conditions="No uniform, and no marked car.",
        again="RAISED",
    )


def _ask(
    *,
    by: Actor,
    at: datetime,
    case: Case,
    about: Involvement,
    agency: Agency,
    replies: dict[str, str],
    days: int = 0,
    **said: Any,
) -> object:
    about.case = case
    today = london_date(at)
    name = about.who.call_them if about.who else "them"
    if rules.is_child(about.who.date_of_birth if about.who else None, today):
        said = {**said, **CHILD}
    last: date | None = today + timedelta(days=days) if days else None
    return ask_permission(
        by=by,
        at=at,
        about=about,
        agency=agency,
        purpose=asking.purpose(agency.kind, agency.service, name),
        replies=replies,
        how="PHONE",
        informed_by=asking.VERSION,
        until="DATE" if last else "MONTHS",
        until_on=last,
        **said,
    )


def _withdraw(*, case: Case, about: Involvement, **said: Any) -> object:
    about.case = case
    return withdraw_permission(about=about, how="PHONE", **said)
