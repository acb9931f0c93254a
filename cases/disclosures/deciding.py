"""The decision: one for each request, by whom the policy names, of exactly what they saw.

Source: policy line 172, domain 7.5, bar rows 25 to 28, docs/decisions/0023-who-decides.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cases.access import Actor, Answer, Refused, enforce
from cases.audit.anchors import anchor_soon
from cases.audit.ledger import operation, record
from cases.audit.verbs import Verb
from cases.calendar import add_elapsed
from cases.casework.clock_operations import meet_clocks
from cases.casework.clocks import ClockKind
from cases.disclosures import deciding_rules as rules
from cases.disclosures.choices import PhoneState, RequestState, Verdict
from cases.disclosures.deciders import asked_of
from cases.disclosures.gate_facts import items_of
from cases.disclosures.models import (
    Decision,
    Message,
    PackFile,
    PackItem,
    PhoneApproval,
    Request,
)
from cases.disclosures.pack_operations import reduce_pack
from cases.disclosures.request_following import put_away
from cases.disclosures.request_locking import locked
from cases.disclosures.sealing import recipient_of, seal_of
from cases.policy.queries import settings_at
from cases.rows import keep

BECOMES = {
    Verdict.APPROVE: RequestState.APPROVED,
    Verdict.APPROVE_REDUCED: RequestState.REDUCED,
    Verdict.DECLINE: RequestState.DECLINED,
}
SAID = {
    Verdict.APPROVE: Verb.REQUEST_APPROVED,
    Verdict.APPROVE_REDUCED: Verb.REQUEST_APPROVED,
    Verdict.DECLINE: Verb.REQUEST_DECLINED,
}


class AlreadyDecided(Refused):
    """Somebody decided it first, or it is no longer asked: the page answers 409."""


class ChangedSince(Refused):
    """What would go is not what the decider saw: the page answers 409."""


@operation
def decide(
    *,
    by: Actor,
    at: datetime,
    request: Request,
    verdict: str,
    reason: str,
    seal: str,
    take_out: Sequence[PackItem] = (),
) -> Decision:
    """Decide, for ever, over the file whose ``seal`` the decider saw.

    To approve less takes ``take_out`` out of the page and approves the file made of what is
    left, in the same transaction.  An approval is for that file, one unit, once, for
    DISCLOSURE_VALID_HOURS.  Raises :class:`AlreadyDecided`, :class:`ChangedSince`, Refused.
    """
    request = locked(request)
    asked = asked_of(request, at)
    enforce(rules.may_decide(by, asked=asked))
    _still_asked(request)
    _as_seen(request, seal)
    enforce(
        rules.decide(
            by,
            verdict=verdict,
            reason=reason,
            taking_out=len(take_out),
            left=_left(request, take_out),
        )
    )
    if verdict == Verdict.APPROVE_REDUCED:
        request.file = reduce_pack(by=by, at=at, pack=request.pack, take_out=take_out)
    capacity = rules.capacity_of(by, asked)
    assert capacity is not None  # whoever may decide does so as something
    return settle(
        by,
        at,
        request,
        Decision(
            verdict=verdict,
            capacity=capacity,
            decided_by_id=by.user_id,
            decided_at=at,
            reason=reason.strip(),
        ),
    )


def _left(request: Request, take_out: Sequence[PackItem]) -> int:
    """How many things would be left.  Raises Refused for one that is not on the page."""
    there, out = {item.pk for item in items_of(request.pack)}, {item.pk for item in take_out}
    if out - there:
        raise Refused(Answer("Choose what is left out from what is on the page."))
    return len(there - out)


def _still_asked(request: Request) -> None:
    said = Decision.objects.filter(request=request).select_related("decided_by").first()
    if said is not None:
        answer = rules.undecided(
            request.state if request.state != RequestState.WAITING else RequestState.VOID,
            decided_by=said.decided_by.full_name,
            verdict=said.verdict,
            at=said.decided_at,
        )
    elif request.state == RequestState.VOID and request.ended_at:
        raise ChangedSince(rules.changed_since(request.ended_at))
    else:
        answer = rules.undecided(request.state)
    if not answer:
        raise AlreadyDecided(answer)
    if PhoneApproval.objects.filter(request=request, state=PhoneState.WAITING).exists():
        raise Refused(
            Answer(
                "What was said on the phone is recorded. First confirm it, or say that it was "
                "not said."
            )
        )


def _as_seen(request: Request, seal: str) -> None:
    """Raise unless the file seen is the file asked for, to the unit as it is now."""
    file, contact = request.file, request.pack.contact
    assert file is not None  # a request that waits has one
    now = seal_of(file.sha256, recipient_of(contact)) if contact else ""
    if not (seal == file.seal == now):
        last = request.pack.history.order_by("-history_date").values_list("history_date", flat=True)
        raise ChangedSince(rules.changed_since(last[0]))


def settle(by: Actor, at: datetime, request: Request, decision: Decision) -> Decision:
    """Keep a decision and what follows from it, inside the caller's operation.

    ``decision`` says who, as what, when, what and why; what it is of is the request's.  A page
    that went already stays sent (the word on the phone, confirmed afterwards).
    """
    file = request.file
    assert file is not None
    approved = decision.verdict != Verdict.DECLINE
    decision.request, decision.case = request, request.case
    decision.asked_by_id, decision.lead_id = request.begun_by_id, request.case.lead_id
    if approved:
        hours = settings_at(at)["DISCLOSURE_VALID_HOURS"]
        decision.file, decision.seal = file, file.seal
        decision.valid_until = add_elapsed(decision.decided_at, hours)
    keep(decision)
    if request.state == RequestState.WAITING:
        request.state = BECOMES[Verdict(decision.verdict)]
        request.valid_until = decision.valid_until
        request.ended_at = None if approved else at
        keep(request)
    record(
        SAID[Verdict(decision.verdict)],
        by=by,
        at=at,
        subject=decision,
        case=request.case.reference,
        changes=_said_of(request, decision, file),
    )
    meet_clocks(by=by, at=at, case=request.case, kinds=[ClockKind.POLICE_APPROVAL])
    if not approved:
        put_away(by, at, request, "The Director declined.")
    anchor_soon()
    return decision


def _said_of(request: Request, decision: Decision, file: PackFile) -> dict[str, object]:
    said: dict[str, object] = {
        "request": request.pk,
        "verdict": str(decision.verdict),
        "as": str(decision.capacity),
        "by_phone": decision.by_phone,
    }
    if decision.valid_until:
        said |= {"seal": file.seal, "until": decision.valid_until.isoformat()}
    return said


@operation
def ask_question(*, by: Actor, at: datetime, request: Request, words: str) -> Message:
    """Ask whoever asked; the clock keeps running, and the request still waits."""
    request = locked(request)
    enforce(rules.may_decide(by, asked=asked_of(request, at)))
    _still_asked(request)
    if not words.strip():
        raise Refused(Answer("Write the question."))
    message = Message(request=request, by_id=by.user_id, at=at, words=words.strip())
    keep(message)
    record(Verb.REQUEST_QUESTION, by=by, at=at, subject=message, case=request.case.reference)
    return message
