"""The Director's word on the phone: written down by a manager, confirmed or denied afterwards.

Source: domain 7.5, "urgent out of hours".  It lets the page go once, within
DISCLOSURE_PHONE_HOURS of the call, which is also how long there is to confirm it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from cases.access import Actor, Answer, Role, enforce, job
from cases.audit.anchors import anchor_soon
from cases.audit.ledger import operation, record, unchanged
from cases.audit.verbs import Verb
from cases.calendar import add_elapsed, in_hours
from cases.casework.clock_operations import meet_clocks, start_clocks
from cases.casework.clocks import ClockKind
from cases.casework.promises import Promise
from cases.disclosures import deciding_rules, phone_rules, request_rules
from cases.disclosures.alerting import alert, holding
from cases.disclosures.choices import (
    AlertKind,
    Capacity,
    PhoneState,
    RequestState,
    Verdict,
)
from cases.disclosures.deciders import asked_of
from cases.disclosures.deciding import settle
from cases.disclosures.deciding_rules import Asked
from cases.disclosures.models import Decision, PhoneApproval, Request
from cases.disclosures.request_locking import locked
from cases.policy.queries import holidays, settings_at
from cases.rows import keep
from cases.staff.models import User

WATCH = job("the watch on decisions")


@operation
def record_phone_approval(
    *,
    by: Actor,
    at: datetime,
    request: Request,
    director: User,
    called_at: datetime,
    words: str,
) -> PhoneApproval:
    """A manager writes down when the Director was rung, and the Director's own words.

    Out of hours, or for an urgent request.  Whoever was rung could decide it then: the Director,
    or whoever acts for the Director.  Raises Refused.
    """
    request = locked(request)
    already = PhoneApproval.objects.filter(request=request).exists()
    enforce(request_rules.phone(by, state=request.state, already=already))
    hours = settings_at(at)["DISCLOSURE_PHONE_HOURS"]
    enforce(_counts(by, at, request, director, called_at, words, hours))
    assert request.file is not None  # a request that waits has one
    due = add_elapsed(called_at, hours)
    phone = PhoneApproval(
        request=request,
        director=director,
        recorded_by_id=by.user_id,
        recorded_at=at,
        called_at=called_at,
        words=words.strip(),
        file=request.file,
        seal=request.file.seal,
        valid_until=due,
        due_at=due,
    )
    keep(phone)
    _recorded(by, at, phone)
    return phone


def _counts(
    by: Actor,
    at: datetime,
    request: Request,
    director: User,
    called_at: datetime,
    words: str,
    hours: int,
) -> Answer:
    return phone_rules.word_counts(
        phone_rules.Rung(
            urgent=request.urgent,
            in_hours=in_hours(called_at, holidays()),
            called_at=called_at,
            asked_at=request.asked_at,
            now=at,
            within=timedelta(hours=hours),
            words=words,
            director=_could_say(asked_of(request, called_at), director),
            himself=by.id == director.pk,
        )
    )


def _recorded(by: Actor, at: datetime, phone: PhoneApproval) -> None:
    """What follows: the decision is no longer awaited, its confirmation is."""
    case, called = phone.request.case, phone.called_at
    record(
        Verb.PHONE_RECORDED,
        by=by,
        at=at,
        subject=phone,
        case=case.reference,
        changes={
            "director": phone.director_id,
            "called": called.isoformat(),
            "seal": phone.seal,
        },
    )
    meet_clocks(by=by, at=at, case=case, kinds=[ClockKind.POLICE_APPROVAL], outcome="By phone")
    promise = Promise(ClockKind.PHONE_CONFIRM, called, phone.due_at)
    start_clocks(by=by, at=at, case=case, promises=[promise])
    anchor_soon()


def _could_say(asked: Asked, director: User) -> Answer:
    """Whether whoever was rung could decide it then, and not as the policy sponsor."""
    capacities = [one.capacity for one in asked.free if one.user_id == director.pk]
    if Capacity.DIRECTOR in capacities or Capacity.DELEGATE in capacities:
        return Answer()
    return Answer(
        "They could not decide this when they were rung: it is decided by "
        f"{deciding_rules.who_decides(asked)}."
    )


def _answering(by: Actor, phone: PhoneApproval, words: str) -> PhoneApproval:
    request = locked(phone.request)
    rows = PhoneApproval.objects.select_for_update(of=("self",), no_key=True)
    found: PhoneApproval = rows.get(pk=phone.pk)
    found.request = request
    waiting = found.state == PhoneState.WAITING
    enforce(
        phone_rules.answer_phone(by, director_id=found.director_id, waiting=waiting, words=words)
    )
    return found


def _answered(by: Actor, at: datetime, phone: PhoneApproval, state: PhoneState, words: str) -> None:
    phone.state, phone.answered_by_id, phone.answered_at = state, by.user_id, at
    phone.answer = words.strip()
    keep(phone)
    meet_clocks(by=by, at=at, case=phone.request.case, kinds=[ClockKind.PHONE_CONFIRM])


@operation
def confirm_phone(*, by: Actor, at: datetime, phone: PhoneApproval, words: str) -> Decision:
    """Whoever was rung confirms it: it becomes the request's one decision, made at the call.

    A page that went meanwhile stays sent; one that was changed meanwhile stays void.  Late is
    recorded late.  Raises Refused.
    """
    phone = _answering(by, phone, words)
    _answered(by, at, phone, PhoneState.CONFIRMED, words)
    request = phone.request
    record(
        Verb.PHONE_CONFIRMED,
        by=by,
        at=at,
        subject=phone,
        case=request.case.reference,
        changes={"late": at > phone.due_at},
    )
    request.file = phone.file
    return settle(
        by,
        at,
        request,
        Decision(
            verdict=Verdict.APPROVE,
            capacity=_said_as(phone),
            decided_by_id=by.user_id,
            decided_at=phone.called_at,
            reason=words.strip(),
            by_phone=True,
        ),
    )


def _said_as(phone: PhoneApproval) -> Capacity:
    """As what whoever was rung said it, at the moment of the call."""
    held = asked_of(phone.request, phone.called_at).deciders
    own = [one.capacity for one in held if one.user_id == phone.director_id]
    return Capacity.DIRECTOR if Capacity.DIRECTOR in own else Capacity.DELEGATE


@operation
def repudiate_phone(*, by: Actor, at: datetime, phone: PhoneApproval, words: str) -> PhoneApproval:
    """Whoever is said to have been rung says that it was not said: an exception, for ever.

    A page that has not gone cannot go by it any more, and the request waits again.  The data
    protection officer, the Director and the policy sponsor are alerted.
    """
    phone = _answering(by, phone, words)
    _answered(by, at, phone, PhoneState.REPUDIATED, words)
    request = phone.request
    sent = request.state == RequestState.SENT
    record(
        Verb.PHONE_REPUDIATED,
        by=by,
        at=at,
        subject=phone,
        case=request.case.reference,
        changes={"sent": sent},
    )
    if request.state == RequestState.WAITING and request.due_at:
        promise = Promise(ClockKind.POLICE_APPROVAL, at, request.due_at)
        start_clocks(by=by, at=at, case=request.case, promises=[promise])
    told = [
        pk
        for role in (Role.DPO, Role.DIRECTOR_CO, Role.POLICY_SPONSOR)
        for pk in holding(role, at, but=asked_of(request, at))
    ]
    alert(by, at, AlertKind.REPUDIATED, request, told)
    anchor_soon()
    return phone


@operation
def alarm_unconfirmed(*, by: Actor, at: datetime, phone: PhoneApproval) -> bool:
    """A word on the phone that nobody confirmed in time is the policy sponsor's, once."""
    request = locked(phone.request)
    rows = PhoneApproval.objects.select_for_update(of=("self",), no_key=True)
    phone = rows.get(pk=phone.pk)
    late = phone.state == PhoneState.WAITING and phone.due_at < at
    if not late or phone.sponsor_told_at is not None:
        unchanged()
        return False
    phone.sponsor_told_at = at
    keep(phone)
    record(
        Verb.PHONE_UNCONFIRMED,
        by=by,
        at=at,
        subject=phone,
        case=request.case.reference,
        changes={"due": phone.due_at.isoformat()},
    )
    sponsors = holding(Role.POLICY_SPONSOR, at, but=asked_of(request, at))
    alert(by, at, AlertKind.UNCONFIRMED, request, sponsors)
    return True
