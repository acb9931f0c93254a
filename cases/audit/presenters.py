"""The ledger in words: what an entry says, for people who were not there.

Entries hold codes, dates and ids only, so nothing here can quote anybody's words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.apps import apps

from cases.access import Role
from cases.audit.models import Access, Event, Outcome
from cases.audit.verbs import Verb
from cases.words import say_date, say_moment


@dataclass(frozen=True)
class Entry:
    """One line of a log.  ``id`` is the ledger's own and orders the lines."""

    id: int
    at: datetime
    who: str
    who_id: int | None
    sentence: str
    details: str = ""
    reason: str = ""
    case_reference: str = ""
    about: str = ""
    refused: bool = False

    @property
    def title(self) -> str:
        """The sentence standing alone: "Granted a role"."""
        return self.sentence[:1].upper() + self.sentence[1:]


REFERENCE = re.compile(r"(HC|R)-\d{4}-[0-9A-Z]+")
"""A case's or a report's reference: it is read out as it is written."""

# Words for the keys of ``changes`` that do not read well as they are.
KEYS = {
    "until": "until",
    "begun": "had begun",
    "changed": "changed",
    "begins": "from",
    "due_at": "due",
    "elsewhere": "sessions ended",
}

# Words for pages, by route name; any other page reads as its own name.
PAGES = {
    "workflow:my-work": "the list of their work",
    "workflow:case": "the case",
    "workflow:case-history": "the case’s history",
    "workflow:case-show-part": "the identity of somebody on the case",
    "workflow:search": "the search",
    "intake:take-report": "the start of a report",
    "intake:sheet": "a call sheet",
    "intake:report": "a report",
    "intake:routes": "the referrals to them",
    "people:find": "the search for people",
    "people:person": "somebody’s record",
    "people:history": "the history of somebody’s record",
    "people:household": "a household",
    "staff:users": "the list of people who sign in",
    "staff:user": "somebody’s account",
    "staff:teams": "the teams",
    "sessions": "where they are signed in",
    "policy:settings": "the settings",
    "policy:setting": "a setting",
    "policy:policy": "the policy",
    "policy:holidays": "the bank holidays",
    "audit:ledger": "the ledger",
    "audit:own-log": "their own log",
}


def sentence_of(verb: str) -> str:
    """What the actor did: it follows their name.  An earlier release's verb reads as its code."""
    return str(Verb(verb).label) if verb in Verb.values else verb


def entry_of_event(event: Event, now: datetime) -> Entry:
    """Something that was done."""
    return Entry(
        id=event.pk,
        at=event.at,
        who=event.actor_name,
        who_id=event.actor_id,
        sentence=sentence_of(event.verb),
        details=details_of(event.changes, now),
        reason=event.reason,
        case_reference=event.case_reference,
        about=_about(event.subject_kind, event.subject_id),
    )


def entry_of_access(access: Access) -> Entry:
    """Something that was opened, or was not to be."""
    what = PAGES.get(access.what) or f"“{access.what.split(':')[-1].replace('-', ' ')}”"
    if access.outcome == Outcome.SHOWN:
        sentence = f"opened {what}" if access.method in ("GET", "HEAD") else f"used {what}"
    elif access.outcome == Outcome.DENIED:
        sentence = f"was refused {what}"
    else:
        sentence = f"asked for something that is not there or not theirs: {what}"
    return Entry(
        id=access.pk,
        at=access.at,
        who=access.actor_name,
        who_id=access.actor_id,
        sentence=sentence,
        details=f"{access.count} found" if access.count is not None else "",
        reason=access.purpose,
        case_reference=access.case_reference,
        about=_about(access.subject_kind, *access.subject_ids[:1])
        if len(access.subject_ids) == 1
        else "",
        refused=access.outcome != Outcome.SHOWN,
    )


def _about(kind: str, pk: int | None) -> str:
    """Which row, without saying who it is: the ledger holds no names but the actors'."""
    return f"{_row_name(kind)} {pk}" if kind and pk is not None else ""


def _row_name(kind: str) -> str:
    """What a kind of row is called; one of an earlier release reads as its code."""
    try:
        return str(apps.get_model(kind)._meta.verbose_name)
    except (LookupError, ValueError):
        return kind.split(".")[-1]


def details_of(changes: Mapping[str, Any], now: datetime) -> str:
    """The codes and dates of an event in one line: "role: Auditor; until: none"."""
    return "; ".join(
        f"{KEYS.get(key, _plain(key))}: {_say(value, now)}" for key, value in changes.items()
    )


def _say(value: Any, now: datetime) -> str:
    if isinstance(value, list):
        return ", ".join(_say(each, now) for each in value) or "none"
    if isinstance(value, dict):
        return details_of(value, now)
    if value is None or value == "":
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return _say_text(str(value), now)


def _say_text(text: str, now: datetime) -> str:
    if text in Role:
        return Role(text).label
    moment = _moment(text)
    if moment is not None:
        return say_moment(moment, now) if isinstance(moment, datetime) else say_date(moment)
    return text if REFERENCE.fullmatch(text) else _plain(text)


def _plain(code: str) -> str:
    """A code without its underlines and capitals: "first contact"."""
    return code.replace("_", " ").lower() if code.isupper() else code.replace("_", " ")


def _moment(text: str) -> date | None:
    if len(text) < 10 or text[4:5] != "-":
        return None
    try:
        if len(text) == 10:
            return date.fromisoformat(text)
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else None
