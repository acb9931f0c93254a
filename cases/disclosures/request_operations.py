"""Writing a request to tell the police without permission, and asking the Director.

Nothing here tells anybody anything: the page goes through the gate, after a decision
(:mod:`cases.disclosures.deciding`).  Source: policy line 172, domain 7.5.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError

from cases.access import Actor, Answer, Refused, enforce
from cases.audit.ledger import operation, record, unchanged
from cases.audit.verbs import Verb
from cases.calendar import add_elapsed
from cases.casework import rules as casework_rules
from cases.casework.clock_operations import meet_clocks, set_aside, start_clocks
from cases.casework.clocks import ClockKind
from cases.casework.locking import lock
from cases.casework.models import Case, Involvement
from cases.casework.promises import Promise
from cases.disclosures import request_rules as rules
from cases.disclosures.alerting import alert, deciders_of
from cases.disclosures.choices import AlertKind, Door, PackState, RequestState
from cases.disclosures.deciders import asked_of
from cases.disclosures.models import Decision, Message, PackFile, Request
from cases.disclosures.pack_operations import make_ready, start_pack
from cases.disclosures.request_facts import lacking, red_flags_of
from cases.disclosures.request_following import put_away
from cases.disclosures.request_locking import locked
from cases.disclosures.request_rules import Missing
from cases.partners.choices import AgencyKind
from cases.partners.models import AgencyContact
from cases.policy.queries import settings_at
from cases.rows import keep

TITLE = "Report to the police"
PURPOSE = "To prevent serious harm."

WORDS = (
    *("harm_what", "harm_to", "harm_likely", "harm_soon", "why_none", "why_none_words"),
    *("efforts", "their_words", "why_police", "why_now", "alternatives", "legal_basis"),
    *("third_party_why", "traced", "traced_words", "told", "told_words"),
    *("if_sent", "if_declined", "new_facts"),
)
CHANGEABLE = frozenset({*WORDS, "urgent", "asked_on", "affected"})
"""What :func:`change_request` takes; the rest is the page's, or follows."""


class Incomplete(Refused):
    """The Director is not asked yet; ``lacking`` says what is missing, item by item."""

    def __init__(self, lacking: Iterable[Missing]) -> None:
        self.lacking = list(lacking)
        super().__init__(Answer(" ".join(each.sentence for each in self.lacking)))


@operation
def start_request(
    *,
    by: Actor,
    at: datetime,
    case: Case,
    about: Involvement | None,
    contact: AgencyContact,
    urgent: bool = False,
) -> Request:
    """Begin to write a request, with an empty page to one unit of the police.

    After a decision on this case it names the request before: one that was declined needs new
    facts.  Raises Refused.
    """
    lock(case)
    enforce(casework_rules.work(by, stage=case.stage))
    if contact.agency.kind != AgencyKind.POLICE:
        raise Refused(Answer("Only the police may be told in this way."))
    pack = start_pack(
        by=by,
        at=at,
        case=case,
        about=about,
        agency=contact.agency,
        contact=contact,
        door=Door.DIRECTOR,
        title=TITLE,
        purpose=PURPOSE,
    )
    before = Decision.objects.filter(case=case).order_by("-decided_at", "-pk").first()
    request = Request(
        case=case,
        pack=pack,
        previous=before.request if before else None,
        urgent=urgent,
        begun_by_id=by.user_id,
        begun_at=at,
    )
    keep(request)
    if about is not None:
        request.affected.add(about)
    record(
        Verb.REQUEST_STARTED,
        by=by,
        at=at,
        subject=request,
        case=case.reference,
        changes={"pack": pack.pk, "urgent": urgent},
    )
    return request


@operation
def change_request(*, by: Actor, at: datetime, request: Request, **facts: Any) -> Request:
    """Keep what was written of a request, finished or not; ``facts`` are of ``CHANGEABLE``.

    Raises Refused once the Director was asked, ValidationError for a choice that is none.
    """
    request = locked(request)
    enforce(rules.write(by, state=request.state, asked_by_id=request.begun_by_id))
    if unknown := set(facts) - CHANGEABLE:
        raise ValueError(f"not of a request: {', '.join(sorted(unknown))}")
    changed = _take_over(request, facts)
    if not changed:
        unchanged()
        return request
    keep(request)
    record(
        Verb.REQUEST_CHANGED,
        by=by,
        at=at,
        subject=request,
        case=request.case.reference,
        changes={"changed": sorted(changed)},
    )
    return request


def _take_over(request: Request, facts: Mapping[str, Any]) -> set[str]:
    changed = set()
    for name, said in facts.items():
        if name == "affected":
            if _affect(request, said):
                changed.add(name)
            continue
        value = said.strip() if name in WORDS else said
        value = sorted(set(value)) if name == "asked_on" else value
        if getattr(request, name) != value:
            setattr(request, name, value)
            changed.add(name)
    return changed


def _affect(request: Request, parts: Iterable[Involvement]) -> bool:
    """Who could come to harm, of those with a part in the case; whether that changed."""
    wanted = {part.pk: part for part in parts}
    if any(part.case_id != request.case_id for part in wanted.values()):
        raise ValidationError({"affected": "Choose from the people of this case."})
    if set(request.affected.values_list("pk", flat=True)) == set(wanted):
        return False
    request.affected.set(wanted.values())
    return True


@operation
def explain_not_high(*, by: Actor, at: datetime, request: Request, why: str) -> Request:
    """A manager who did not ask says why it is asked although risk is not High (domain 7.5)."""
    request = locked(request)
    enforce(
        rules.explain_not_high(by, state=request.state, asked_by_id=request.begun_by_id, why=why)
    )
    request.not_high_why, request.not_high_by_id = why.strip(), by.user_id
    keep(request)
    record(
        Verb.REQUEST_CHANGED,
        by=by,
        at=at,
        subject=request,
        case=request.case.reference,
        changes={"changed": ["not_high_why"]},
    )
    return request


@operation
def ask_director(
    *,
    by: Actor,
    at: datetime,
    request: Request,
    reviewed: bool = False,
    redactions_confirmed: bool = False,
) -> Request:
    """Ask for a decision: everything must be there, and the page looked at as it would go.

    A page that is not ready is made now, if whoever asks has looked at it (and, if words are
    blacked out, at those).  The clock of the decision starts, and the High risk duty to decide
    about the police is met.  Raises
    :class:`Incomplete`, Refused, ValidationError.
    """
    request = locked(request)
    enforce(rules.ask_director(by, state=request.state, asked_by_id=request.begun_by_id))
    making = reviewed and (redactions_confirmed or not request.pack.redactions)
    if lack := lacking(request, at, reviewed=making):
        raise Incomplete(lack)
    if Request.objects.filter(case=request.case, state=RequestState.WAITING).exists():
        raise Refused(Answer("A request of this case waits for its decision already."))
    request.file = _page(by, at, request, making)
    settings = settings_at(at)
    hours = settings["DISCLOSURE_URGENT_HOURS" if request.urgent else "DISCLOSURE_DECIDE_HOURS"]
    request.state, request.asked_at = RequestState.WAITING, at
    request.due_at = add_elapsed(at, hours)
    request.risk_level = request.case.risk
    request.red_flags = red_flags_of(request.case, at)
    keep(request)
    record(
        Verb.REQUEST_ASKED,
        by=by,
        at=at,
        subject=request,
        case=request.case.reference,
        changes={"due": request.due_at.isoformat(), "urgent": request.urgent},
    )
    _count_down(by, at, request)
    alert(by, at, AlertKind.ASKED, request, deciders_of(asked_of(request, at)))
    return request


def _page(by: Actor, at: datetime, request: Request, making: bool) -> PackFile:
    pack = request.pack
    if pack.state != PackState.READY:
        return make_ready(by=by, at=at, pack=pack, reviewed=making, redactions_confirmed=making)
    return pack.files.get(version=pack.version)


def _count_down(by: Actor, at: datetime, request: Request) -> None:
    promise = Promise(ClockKind.POLICE_APPROVAL, at, request.due_at)
    start_clocks(by=by, at=at, case=request.case, promises=[promise])
    meet_clocks(
        by=by,
        at=at,
        case=request.case,
        kinds=[ClockKind.POLICE_DECISION],
        about=request.pack.about,
        outcome="The Director is asked, without permission",
    )


@operation
def take_back(*, by: Actor, at: datetime, request: Request, why: str) -> Request:
    """Take a request back before it is decided; its page is stopped and nothing goes."""
    request = locked(request)
    enforce(rules.take_back(by, state=request.state, why=why))
    request.state, request.ended_at = RequestState.TAKEN_BACK, at
    keep(request)
    record(
        Verb.REQUEST_TAKEN_BACK,
        by=by,
        at=at,
        subject=request,
        case=request.case.reference,
        reason=why.strip(),
    )
    why_not = "The request was taken back."
    kinds = [ClockKind.POLICE_APPROVAL]
    set_aside(by=by, at=at, case=request.case, kinds=kinds, why=why_not, about_id=None)
    put_away(by, at, request, why_not)
    return request


@operation
def answer_question(*, by: Actor, at: datetime, question: Message, words: str) -> Message:
    """Answer what the Director asked; the clock went on running.  Raises Refused."""
    request = locked(question.request)
    enforce(
        rules.answer(
            by,
            state=request.state,
            is_question=question.answers_id is None,
            answered=Message.objects.filter(answers=question).exists(),
            words=words,
        )
    )
    message = Message(
        request=request, answers=question, by_id=by.user_id, at=at, words=words.strip()
    )
    keep(message)
    record(Verb.REQUEST_ANSWERED, by=by, at=at, subject=message, case=request.case.reference)
    return message
