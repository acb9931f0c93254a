"""Keeping what somebody said may be told: the only writers of conversations (domain 7.3)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, TypedDict, Unpack

from django.core.exceptions import ValidationError

from cases.access import Actor, enforce
from cases.audit.ledger import operation, record, unchanged
from cases.audit.settling import Fact, changed
from cases.audit.verbs import Verb
from cases.calendar import london_date
from cases.casework.choices import Part
from cases.casework.clocks import ClockKind
from cases.casework.locking import lock
from cases.casework.models import Case, Involvement
from cases.casework.operations import meet_clocks
from cases.consent import rules
from cases.consent.answers import asked_for_silence, live_scopes, standing_of
from cases.consent.choices import Aid, Reply, Scope, Standing, Until
from cases.consent.models import Said, Talk
from cases.consent.rules import Conversation, Problems
from cases.partners.models import Agency
from cases.policy.queries import settings_at
from cases.rows import keep, keep_all

REFUSED_ALL = "Refused for everybody"
ASKED = "Asked and recorded"


class Details(TypedDict, total=False):
    """What else a conversation may carry; each is left out when it was not so."""

    aids: Sequence[str]
    interpreter: str
    interpreter_known: bool
    guardian: str
    guardian_basis: str
    childs_view: str
    decided_by: str
    best_interests: str
    again: str
    again_words: str
    not_again: bool


@operation
def ask_permission(
    *,
    by: Actor,
    at: datetime,
    about: Involvement,
    agency: Agency,
    purpose: str,
    replies: Mapping[str, str],
    how: str,
    informed_by: str,
    words: str = "",
    conditions: str = "",
    until: str = Until.MONTHS,
    until_on: date | None = None,
    tell_recipients: bool = False,
    **details: Unpack[Details],
) -> Talk:
    """Keep one conversation about one agency: ``replies`` by scope, whatever was asked.

    What is not in ``replies`` stays as it was.  A no to what was a yes takes it back, and what
    waits to go stops in this transaction; ``tell_recipients`` is whether they want whoever was
    told to know.  Raises Refused for a respondent or a closed case, and ValidationError by
    field for what the rules still need (:func:`cases.consent.rules.missing`).
    """
    case = lock(about.case)
    enforce(rules.ask(by, stage=case.stage, part=about.part))
    today = london_date(at)
    asked: dict[str, Any] = {"replies": replies, "how": how, "until": until, "until_on": until_on}
    back = _judge(about, agency, Conversation(**asked, today=today, **details))
    months = settings_at(at)["PERMISSION_MONTHS"]
    talk = Talk(
        about=about,
        agency=agency,
        purpose=purpose.strip(),
        withdrawal=bool(back),
        asked_by_id=by.user_id,
        asked_at=at,
        how=how,
        words=words.strip(),
        conditions=conditions.strip(),
        until=until,
        until_on=rules.last_day(until, today, months=months, chosen=until_on),
        informed_by=informed_by,
        tell_recipients=tell_recipients and bool(back),
        recorded_at=at,
        **_tidy(details),
    )
    _keep_conversation(by, at, case, talk, replies, back)
    return talk


def _judge(about: Involvement, agency: Agency, said: Conversation) -> frozenset[str]:
    """The scopes a conversation takes back.  Raises ValidationError for what it still needs."""
    before = standing_of(about.pk, agency.pk, said.today)
    born = about.who.date_of_birth if about.who else None
    judged = replace(
        said,
        before=before,
        child=rules.is_child(born, said.today),
        silent=asked_for_silence(about.pk, agency.pk),
    )
    _insist(rules.missing(judged))
    yes = {scope for scope, now in before.items() if now == Standing.GIVEN}
    return rules.taken_back(said.replies, yes)


def _keep_conversation(
    by: Actor,
    at: datetime,
    case: Case,
    talk: Talk,
    replies: Mapping[str, str],
    back: Collection[str],
) -> None:
    """Keep what was said and tell of it; ``back`` are the scopes taken back by a no."""
    kept = {scope: Reply.WITHDRAWN if scope in back else reply for scope, reply in replies.items()}
    _keep(talk, kept)
    record(
        Verb.PERMISSION_ASKED,
        by=by,
        at=at,
        subject=talk,
        case=case.reference,
        changes={**_of(talk.about, talk.agency), "replies": dict(sorted(kept.items()))},
    )
    if back:
        _record_withdrawal(by, at, talk, case, back)
    _meet_clock(by, at, case, talk.about, kept)


@operation
def withdraw_permission(
    *,
    by: Actor,
    at: datetime,
    about: Involvement,
    agency: Agency,
    scopes: Collection[str],
    how: str,
    words: str = "",
    tell_recipients: bool = False,
) -> Talk | None:
    """Keep that a yes is taken back for these scopes; what waits to go stops at once.

    Also after the case closed.  Scopes without a yes are left alone; if none had one (somebody
    else was first), nothing is kept and None is returned.
    """
    case = lock(about.case)
    enforce(rules.withdraw(by, part=about.part))
    if not scopes:
        _insist([("scopes", "Choose what they take back.")])
    back = live_scopes([about.pk], agency.pk, at)[about.pk] & frozenset(scopes)
    if not back:
        unchanged()
        return None
    last = Talk.objects.filter(about=about, agency=agency).latest("id")
    talk = Talk(
        about=about,
        agency=agency,
        purpose=last.purpose,
        withdrawal=True,
        asked_by_id=by.user_id,
        asked_at=at,
        how=how,
        words=words.strip(),
        informed_by=last.informed_by,
        tell_recipients=tell_recipients,
        recorded_at=at,
    )
    _keep(talk, dict.fromkeys(back, Reply.WITHDRAWN))
    _record_withdrawal(by, at, talk, case, back)
    return talk


def _tidy(details: Details) -> dict[str, Any]:
    """The details as they are kept: the text without space around it, aids in their order."""
    aids = set(details.get("aids", ()))
    if details.get("interpreter", "").strip():
        aids.add(Aid.INTERPRETER)
    tidy = {name: text.strip() if isinstance(text, str) else text for name, text in details.items()}
    return {**tidy, "aids": [aid for aid in Aid.values if aid in aids]}


def _insist(problems: Problems) -> None:
    """Raise ValidationError with the sentences by field; ``replies`` is no field of a row."""
    if not problems:
        return
    by_field: dict[str, list[str]] = {}
    for name, sentence in problems:
        by_field.setdefault(name, []).append(sentence)
    raise ValidationError({name: list(said) for name, said in by_field.items()})


def _keep(talk: Talk, replies: Mapping[str, str]) -> None:
    keep(talk)
    order = [scope for scope in Scope.values if scope in replies]
    keep_all([Said(talk=talk, scope=scope, reply=replies[scope]) for scope in order])
    changed(Fact.PERMISSION, talk.about_id)


def _of(about: Involvement, agency: Agency) -> dict[str, object]:
    return {
        "about": about.pk,
        "agency": agency.pk,
        "kind": agency.kind,
        "service": agency.service,
    }


def _record_withdrawal(
    by: Actor, at: datetime, talk: Talk, case: Case, back: Collection[str]
) -> None:
    record(
        Verb.PERMISSION_WITHDRAWN,
        by=by,
        at=at,
        subject=talk,
        case=case.reference,
        changes={
            **_of(talk.about, talk.agency),
            "scopes": sorted(back),
            "tell_recipients": talk.tell_recipients,
        },
    )


def _meet_clock(
    by: Actor, at: datetime, case: Case, about: Involvement, replies: Mapping[str, str]
) -> None:
    """The first conversation with whoever the case is about meets the clock (domain 2.10)."""
    if about.part != Part.VICTIM or about.person_id != case.victim_id:
        return
    running = case.clocks.filter(kind=ClockKind.PERMISSION, met_at__isnull=True)
    if not running.exists():
        return
    refused = set(replies.values()) <= {Reply.REFUSED} and set(replies) == set(Scope.values)
    meet_clocks(
        by=by,
        at=at,
        case=case,
        kinds=[ClockKind.PERMISSION],
        about=about,
        outcome=REFUSED_ALL if refused else ASKED,
    )
