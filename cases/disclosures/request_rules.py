"""What a request to tell the police must hold, and who may write and ask it.  Pure.

The sentences are what people read, one for each thing that is missing (bar row 27).  Who decides
is in :mod:`cases.disclosures.deciding_rules`.  Sources: policy line 172, domain 7.5.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from cases.access import DECIDING_ROLES, YES, Actor, Answer, Grant, Role, first_no, rule
from cases.disclosures.choices import (
    REASON_LENGTH,
    LegalBasis,
    PackField,
    RequestState,
    TellThem,
    Traced,
    WhyNoPermission,
)
from cases.disclosures.deciding_rules import enough, undecided

SUGGESTED = (PackField.FACTS, PackField.PLACE, PackField.RISK)
"""The least that usually does (domain 7.5): offered, never chosen beforehand."""


@dataclass(frozen=True)
class RequestFacts:
    """A request as it stands, with what its page and its unit are.

    ``fields`` are those of the page; ``unit`` says whether the unit named there may be sent to
    (checked, in date, the police); ``declined`` whether it asks again after a refusal.
    """

    harm_what: str = ""
    harm_to: str = ""
    harm_likely: str = ""
    harm_soon: str = ""
    high: bool = False
    not_high_why: str = ""
    why_none: str = ""
    why_none_words: str = ""
    asked_on: Sequence[date] = ()
    efforts: str = ""
    why_police: str = ""
    why_now: str = ""
    alternatives: str = ""
    legal_basis: str = ""
    third_party_why: str = ""
    traced: str = ""
    traced_words: str = ""
    told: str = ""
    told_words: str = ""
    if_sent: str = ""
    if_declined: str = ""
    fields: Collection[str] = ()
    unit: Answer = YES
    reviewed: bool = False
    declined: bool = False
    new_facts: str = ""


@dataclass(frozen=True)
class Missing:
    """One thing the Director needs and the request has not: beside which field, in words."""

    field: str
    sentence: str


def missing(facts: RequestFacts, *, today: date) -> list[Missing]:
    """Everything that keeps a request from being asked, in the order of its pages."""
    return [
        *_harm(facts),
        *_permission(facts, today),
        *_police(facts),
        *_page(facts),
        *_afterwards(facts),
    ]


def _longer(field: str, words: str, ask: str) -> Iterator[Missing]:
    if not words.strip():
        yield Missing(field, f"{ask}.")
    elif not enough(words):
        yield Missing(field, f"{ask}: more is needed, at least {REASON_LENGTH} characters.")


def _harm(facts: RequestFacts) -> Iterator[Missing]:
    yield from _longer("harm_what", facts.harm_what, "Say what serious harm could be done")
    if not facts.harm_to.strip():
        yield Missing("harm_to", "Say to whom: anyone involved, whoever they are in the case.")
    yield from _longer(
        "harm_likely", facts.harm_likely, "Say how likely the harm is, and how you know"
    )
    yield from _longer("harm_soon", facts.harm_soon, "Say how soon it could be, and how you know")
    if not facts.high and not enough(facts.not_high_why):
        yield Missing(
            "not_high_why",
            "Risk is not High. Ask about risk again, or have a manager say why the Director is "
            "asked all the same.",
        )
    if facts.declined and not enough(facts.new_facts):
        yield Missing(
            "new_facts",
            "The Director declined before. Say what is new since then "
            f"(at least {REASON_LENGTH} characters).",
        )


def _permission(facts: RequestFacts, today: date) -> Iterator[Missing]:
    if facts.why_none not in WhyNoPermission.values:
        yield Missing("why_none", "Say why there is no permission.")
        return
    if facts.why_none == WhyNoPermission.REFUSED:
        if not facts.asked_on:
            yield Missing("asked_on", "Give each day on which they were asked.")
    elif not facts.why_none_words.strip():
        yield Missing("why_none_words", "Say why they could not be asked, or cannot decide.")
    if any(day > today for day in facts.asked_on):
        yield Missing("asked_on", "A day on which they were asked cannot be in the future.")
    if not facts.efforts.strip():
        yield Missing("efforts", "Say what was done to have their permission, or why nothing was.")


def _police(facts: RequestFacts) -> Iterator[Missing]:
    yield from _longer("why_police", facts.why_police, "Say why the police must know")
    yield from _longer("why_now", facts.why_now, "Say why now, and why it cannot wait")
    yield from _longer(
        "alternatives", facts.alternatives, "Say what else was tried or thought of, and why not"
    )
    if facts.legal_basis not in LegalBasis.values:
        yield Missing("legal_basis", "Choose what the law lets us rest on.")


def _page(facts: RequestFacts) -> Iterator[Missing]:
    if not facts.fields:
        yield Missing("fields", "Choose what the police would be told: nothing is chosen yet.")
    named = PackField.THIRD_PARTY in facts.fields
    if named and not facts.third_party_why.strip():
        yield Missing("third_party_why", "Say why the third party must be named, or leave it out.")
    if not facts.unit:
        yield Missing("contact", facts.unit.reason)
    if not facts.reviewed:
        yield Missing("reviewed", "Look at the page itself, and say that it is what should go.")


def _afterwards(facts: RequestFacts) -> Iterator[Missing]:
    if facts.traced not in Traced.values:
        yield Missing("traced", "Say if the respondent could tell that it came from them.")
    elif facts.traced != Traced.NO and not facts.traced_words.strip():
        yield Missing("traced_words", "Say how he or she could tell, and what is done about it.")
    if facts.told not in TellThem.values:
        yield Missing("told", "Say when they are told: before, after or not for now.")
    elif facts.told == TellThem.NOT and not facts.told_words.strip():
        yield Missing("told_words", "Say why they are not told.")
    if not facts.if_sent.strip():
        yield Missing("if_sent", "Say what happens to the plan if the police are told.")
    if not facts.if_declined.strip():
        yield Missing("if_declined", "Say what happens if the Director declines.")


def unit_answer(*, named: bool, police: bool, checked: Answer) -> Answer:
    """Whether the unit may be asked for: one named unit of the police, checked (domain 7.5)."""
    return first_no(
        YES if named else Answer("Name the unit of the police that would be told."),
        YES if police else Answer("Only the police may be told in this way."),
        checked,
    )


@rule("disclosures.write")
def write(actor: Actor, *, state: str, asked_by_id: int) -> Answer:
    """Whoever works the case writes the request; somebody who may decide writes only their own."""
    return first_no(
        actor.may(Grant.WORK_CASES),
        Answer("You may be the one who decides this, so you do not write it.")
        if actor.roles & DECIDING_ROLES and actor.id != asked_by_id
        else YES,
        still_written(state),
    )


@rule("disclosures.ask_director")
def ask_director(actor: Actor, *, state: str, asked_by_id: int) -> Answer:
    """Whoever began the request asks: who asked is then one person, who does not decide."""
    return first_no(
        actor.may(Grant.WORK_CASES),
        still_written(state),
        YES
        if actor.id == asked_by_id
        else Answer("Only whoever began this request asks the Director. Begin your own."),
    )


def still_written(state: str) -> Answer:
    """A request is changed while it is being written, and never again."""
    if state == RequestState.DRAFT:
        return YES
    if state == RequestState.WAITING:
        return Answer("The Director has been asked. Take the request back to change it.")
    label = RequestState(state).label
    return Answer(f"This request is over ({label[0].lower()}{label[1:]}). Begin a new one.")


@rule("disclosures.answer")
def answer(
    actor: Actor, *, state: str, is_question: bool, answered: bool, words: str | None = None
) -> Answer:
    """Whoever works the case answers a question once, while a decision is still to come."""
    return first_no(
        actor.may(Grant.WORK_CASES),
        YES if is_question else Answer("Only a question is answered."),
        Answer("This was answered already.") if answered else YES,
        undecided(state),
        Answer("Write the answer.") if words is not None and not words.strip() else YES,
    )


@rule("disclosures.take_back")
def take_back(actor: Actor, *, state: str, why: str | None = None) -> Answer:
    """Whoever works the case takes a request back that nobody has decided."""
    return first_no(
        actor.may(Grant.WORK_CASES),
        YES
        if state in (RequestState.DRAFT, RequestState.WAITING)
        else Answer("It was decided already, so it is not taken back."),
        Answer("Say why it is taken back.") if why is not None and not why.strip() else YES,
    )


@rule("disclosures.explain_not_high")
def explain_not_high(
    actor: Actor, *, state: str, asked_by_id: int, why: str | None = None
) -> Answer:
    """A manager who did not ask says why the Director is asked although risk is not High."""
    return first_no(
        YES
        if actor.holds(Role.CASE_MANAGER)
        else Answer("Only a case manager can say why it is asked when risk is not High."),
        Answer("You raised this request, so another case manager says why.")
        if actor.id == asked_by_id
        else YES,
        still_written(state),
        Answer(f"Say why (at least {REASON_LENGTH} characters).")
        if why is not None and not enough(why)
        else YES,
    )


@rule("disclosures.phone")
def phone(actor: Actor, *, state: str, already: bool = False) -> Answer:
    """Whether a word on the phone is this person's to record, for a request in this state."""
    return first_no(
        YES
        if actor.holds(Role.CASE_MANAGER)
        else Answer("Only a case manager records what the Director said on the phone."),
        undecided(state),
        Answer("What the Director said on the phone is recorded already.") if already else YES,
    )
