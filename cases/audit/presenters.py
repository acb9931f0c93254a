"""The ledger in words: what an entry says, for people who were not there.

Entries hold codes, dates and ids only, so nothing here can quote anybody's words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cases.access import Role
from cases.audit import naming
from cases.audit.models import Access, Event, Outcome
from cases.audit.naming import Names
from cases.audit.page_names import PAGES
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
    row: tuple[str, int | None] = ("", None)
    """The kind and id of the row it is about."""
    href: str = ""
    """Where that row's own history is read, if the page has such a place."""

    @property
    def title(self) -> str:
        """The sentence standing alone: "Granted a role"."""
        return self.sentence[:1].upper() + self.sentence[1:]


REFERENCE = re.compile(r"(HC|R)-\d{4}-[0-9A-Z]+")
"""A case's or a report's reference: it is read out as it is written."""

# Words for the keys of ``changes`` that do not read well as they are.
KEYS = {
    "begun": "had begun",
    "begins": "from",
    "due_at": "due",
    "elsewhere": "sessions ended",
    "holds": "whether hate was part of it",
    "capacity": "as",
    "primary": "main route",
    "provisional": "treated as hate for now",
    "colleague": "a colleague of ours",
    "no_name": "gave no name",
    "fields": "what changed",
    "changed": "what changed",
    "why": "because",
    "user": "who",
    "owner": "sent to",
    "lines": "from the notepad",
    "struck": "a line was struck through",
    "matches": "alike in",
    "into": "joined to",
    "joined": "joined",
    "part": "who",
    "completed": "done on",
    "review_on": "look again",
}

# What is worth a word only when it is so.
WHEN_SO = frozenset({"late", "primary", "provisional", "colleague", "no_name", "restricted"})

# Codes that no field of a model holds.
CODES = {"changed": "changed, not quoted here", "proposed": "proposed", "cleared": "cleared"}


def page_words(what: str) -> str:
    """What a page is called, by its route name; one without words reads as its own name."""
    return PAGES.get(what) or f"“{what.split(':')[-1].replace('-', ' ').replace('_', ' ')}”"


SENTENCES: dict[str, str] = {verb.value: str(verb.label) for verb in Verb}


def sentence_of(verb: str) -> str:
    """What the actor did: it follows their name.  An earlier release's verb reads as its code."""
    return SENTENCES.get(verb, verb)


def entry_of_event(event: Event, now: datetime, names: Names | None = None) -> Entry:
    """Something that was done.  ``names`` is what :func:`cases.audit.naming.names_of` found."""
    return Entry(
        id=event.pk,
        at=event.at,
        who=event.actor_name,
        who_id=event.actor_id,
        sentence=sentence_of(event.verb),
        details=_Said(event, now, names or {}).details(event.changes),
        reason=event.reason,
        case_reference=event.case_reference,
        about=_about(event.subject_kind, event.subject_id, event.case_reference, names or {}),
        row=(event.subject_kind, event.subject_id),
    )


def entry_of_access(access: Access, names: Names | None = None) -> Entry:
    """Something that was opened, or was not to be."""
    what = page_words(access.what)
    if access.outcome == Outcome.SHOWN:
        sentence = f"opened {what}" if access.method in ("GET", "HEAD") else f"used {what}"
    elif access.outcome == Outcome.DENIED:
        sentence = f"was refused {what}"
    else:
        sentence = f"asked for something that is not there or not theirs: {what}"
    alone = access.subject_ids[0] if len(access.subject_ids) == 1 else None
    return Entry(
        id=access.pk,
        at=access.at,
        who=access.actor_name,
        who_id=access.actor_id,
        sentence=sentence,
        details=f"{access.count} found" if access.count is not None else "",
        reason=access.purpose,
        case_reference=access.case_reference,
        about=_about(access.subject_kind, alone, access.case_reference, names or {}),
        refused=access.outcome != Outcome.SHOWN,
    )


def _about(kind: str, pk: int | None, case: str, names: Names) -> str:
    """Which row, without saying who it is: a colleague's name, a reference, or what it is.

    The case itself stands in a place of its own.
    """
    if not kind or pk is None:
        return ""
    name = names.get((kind, pk), "")
    if case and name.endswith(case):
        return ""
    return name or naming.kind_words(kind)


def details_of(changes: Mapping[str, Any], now: datetime) -> str:
    """The codes and dates of an event in one line: "role: Auditor; until: none"."""
    return _Said(Event(changes=dict(changes)), now, {}).details(changes)


@dataclass(frozen=True)
class _Said:
    """The codes, dates and ids of one event in words."""

    event: Event
    now: datetime
    names: Names

    def details(self, changes: Mapping[str, Any]) -> str:
        return "; ".join(
            f"{self._key(key)}: {self._say(key, value)}"
            for key, value in changes.items()
            if value is not False or key not in WHEN_SO
        )

    def _key(self, key: str) -> str:
        if key in KEYS:
            return KEYS[key]
        return (naming.label_of("", "kind", key) if key.isupper() else "") or _plain(key)

    def _say(self, key: str, value: Any) -> str:
        if key == "questions" and isinstance(value, list):
            return "1 answer" if len(value) == 1 else f"{len(value)} answers"
        if isinstance(value, list):
            return ", ".join(self._say(key, each) for each in value) or "none"
        if isinstance(value, dict):
            return self.details(value)
        if value is None or value == "":
            return "none"
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, int) and (kind := naming.points_to(self.event, key)):
            return self.names.get((kind, value)) or f"a {naming.kind_words(kind)}"
        return self._text(key, value) if isinstance(value, str) else str(value)

    def _text(self, key: str, text: str) -> str:
        if text in Role:
            return Role(text).label
        moment = _moment(text)
        if moment is not None:
            if isinstance(moment, datetime):
                return say_moment(moment, self.now)
            return say_date(moment)
        if REFERENCE.fullmatch(text):
            return text
        return (
            CODES.get(text) or naming.label_of(self.event.subject_kind, key, text) or _plain(text)
        )


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
