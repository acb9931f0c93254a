"""What a request to tell the police must hold, and who may decide it.  Pure.

The sentences are what people read: one for each thing that is missing (bar row 27), one for each
reason why somebody may not decide (bar row 25).  Sources: policy line 172, domain 7.5 and
question 2 of 0.2, screens section 9.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cases.access import YES, Actor, Answer, Grant, Role, first_no, rule
from cases.disclosures.choices import (
    REASON_LENGTH,
    Capacity,
    LegalBasis,
    PackField,
    RequestState,
    TellThem,
    Traced,
    Verdict,
    WhyNoPermission,
)
from cases.words import say_time

SUGGESTED = (PackField.FACTS, PackField.PLACE, PackField.RISK)
"""The least that usually does (domain 7.5): offered, never chosen beforehand."""

TOLD_ALREADY = frozenset({RequestState.APPROVED, RequestState.REDUCED, RequestState.DECLINED})


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


def enough(words: str) -> bool:
    """Whether a reason says enough to decide on (bar row 27)."""
    return len(words.strip()) >= REASON_LENGTH


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


@rule("disclosures.ask_director")
def ask_director(actor: Actor, *, state: str, lacking: Sequence[Missing] = ()) -> Answer:
    """Whether the Director may be asked now: by somebody who works the case, nothing missing."""
    return first_no(
        actor.may(Grant.WORK_CASES),
        still_written(state),
        Answer(" ".join(each.sentence for each in lacking)) if lacking else YES,
    )


def still_written(state: str) -> Answer:
    """A request is changed while it is being written, and never again."""
    if state == RequestState.DRAFT:
        return YES
    if state == RequestState.WAITING:
        return Answer("The Director has been asked. Take the request back to change it.")
    label = RequestState(state).label
    return Answer(f"This request is over ({label[0].lower()}{label[1:]}). Begin a new one.")


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


# --- who decides ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Decider:
    """Somebody who could be the one to decide, at one moment and for one case.

    ``named_by`` is the Director a delegate acts for; ``stands_aside`` whether they have a
    conflict of interest in the case.
    """

    user_id: int
    name: str
    capacity: Capacity
    stands_aside: bool = False
    named_by: int | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Asked:
    """What the question of who decides turns on."""

    asked_by_id: int
    lead_id: int | None
    deciders: Sequence[Decider] = ()

    def barred(self, one: Decider) -> bool:
        """Whether they asked, lead or have a conflict: then somebody else decides."""
        return one.stands_aside or one.user_id in (self.asked_by_id, self.lead_id)

    @property
    def free(self) -> list[Decider]:
        """Who may decide it: the Director and the Director's delegates, or else the sponsor."""
        directors = [one for one in self.deciders if one.capacity is Capacity.DIRECTOR]
        can = {one.user_id for one in directors if not self.barred(one)}
        cannot = {one.user_id for one in directors} - can
        acting = [
            one
            for one in self.deciders
            if one.capacity is Capacity.DELEGATE
            and not self.barred(one)
            and one.named_by not in cannot
        ]
        chosen = [one for one in directors if one.user_id in can] + acting
        if can:
            return chosen
        sponsors = [one for one in self.deciders if one.capacity is Capacity.SPONSOR]
        return chosen + [one for one in sponsors if not self.barred(one)]


def who_decides(asked: Asked) -> str:
    """Who decides, in words: "the policy sponsor, Amit Rao"; "nobody yet" if there is none."""
    if not asked.free:
        return "nobody yet: ask the system administrator who the policy sponsor is"
    one = asked.free[0]
    called = {
        Capacity.DIRECTOR: "the Director",
        Capacity.DELEGATE: "acting for the Director",
        Capacity.SPONSOR: "the policy sponsor",
    }[one.capacity]
    if one.capacity is Capacity.DELEGATE:
        return f"{one.name}, {called}"
    return f"{called}, {one.name}"


def capacity_of(actor: Actor, asked: Asked) -> Capacity | None:
    """As what the actor may decide this, or None."""
    return next((one.capacity for one in asked.free if one.user_id == actor.id), None)


@rule("disclosures.may_decide")
def may_decide(actor: Actor, *, asked: Asked) -> Answer:
    """Whether the actor is the one who decides (policy line 172, domain 7.5, question 2)."""
    if not (allowed := actor.may(Grant.DECIDE_DISCLOSURE)):
        return allowed
    other = who_decides(asked)
    own = [one for one in asked.deciders if one.user_id == actor.id]
    if actor.id == asked.asked_by_id:
        return Answer(f"You raised this request, so somebody else decides it: {other}.")
    if actor.id == asked.lead_id:
        return Answer(f"You lead this case, so somebody else decides it: {other}.")
    if any(one.stands_aside for one in own):
        return Answer(
            f"You have a conflict of interest in this case, so somebody else decides it: {other}."
        )
    if capacity_of(actor, asked):
        return YES
    if any(one.capacity is Capacity.DELEGATE for one in own):
        return Answer(
            "The Director you act for asked for this, leads the case or has a conflict of "
            f"interest, so somebody else decides it: {other}."
        )
    if any(one.capacity is Capacity.SPONSOR for one in own):
        return Answer("The Director can decide this, so the policy sponsor does not.")
    return Answer(Grant.DECIDE_DISCLOSURE.value)


YOU_MAY = (
    "You may decide this: you did not ask for it, do not lead the case, and no conflict was found."
)


def undecided(
    state: str, *, decided_by: str = "", verdict: str = "", at: datetime | None = None
) -> Answer:
    """One decision for each request: what to read when it was decided, or is no longer asked."""
    if state == RequestState.WAITING:
        return YES
    if decided_by and at is not None:
        said = Verdict(verdict).label
        return Answer(f"{decided_by} decided this already, at {say_time(at)}: {said}.")
    if state == RequestState.TAKEN_BACK:
        return Answer("The request was taken back, so there is nothing to decide.")
    if state == RequestState.DRAFT:
        return Answer("The request is still being written.")
    if state == RequestState.SENT:
        return Answer("It went already, by the Director’s word on the phone.")
    return Answer("The request is over, so there is nothing to decide.")


def changed_since(at: datetime) -> Answer:
    """The page is not what the Director saw, or approved."""
    return Answer(
        f"The pack was changed at {say_time(at)}, so what you saw is not what would go. "
        "Nothing was decided."
    )


@rule("disclosures.decide")
def decide(actor: Actor, *, verdict: str, reason: str, taking_out: int, left: int) -> Answer:
    """Whether a decision says what it must: a verdict, why, and what is left out."""
    if verdict not in Verdict.values:
        return Answer("Choose what you decide.")
    if not enough(reason):
        return Answer(f"Give your reason (at least {REASON_LENGTH} characters).")
    if verdict != Verdict.APPROVE_REDUCED and taking_out:
        return Answer("To leave something out, choose “Approve less”.")
    if verdict == Verdict.APPROVE_REDUCED and not taking_out:
        return Answer("Choose what is left out, or approve it as shown.")
    if verdict == Verdict.APPROVE_REDUCED and not left:
        return Answer("Nothing would be left to send: decline instead.")
    return YES


# --- the Director's word on the phone ---------------------------------------------------------


@dataclass(frozen=True)
class Rung:
    """A word on the phone as a manager records it.

    ``director`` is whether whoever was rung could decide this; ``within`` how long a word counts.
    """

    urgent: bool
    in_hours: bool
    called_at: datetime
    asked_at: datetime | None
    now: datetime
    within: timedelta
    words: str
    director: Answer
    himself: bool = False


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


def word_counts(rung: Rung) -> Answer:
    """Whether the word lets the pack go: out of hours or urgent, in time, by whom it must be."""
    if rung.himself:
        return Answer("The Director decides here, not by phone.")
    if not rung.director:
        return rung.director
    if rung.in_hours and not rung.urgent:
        return Answer("In office hours, and not urgent, the Director decides here.")
    if rung.called_at > rung.now:
        return Answer("The call cannot be in the future.")
    if rung.asked_at is None or rung.called_at < rung.asked_at:
        return Answer("The call was before the Director was asked. Ring again.")
    if rung.now - rung.called_at > rung.within:
        return Answer("That call was too long ago. Ring the Director again.")
    if not rung.words.strip():
        return Answer("Write the Director’s own words.")
    return YES


@rule("disclosures.answer_phone")
def answer_phone(actor: Actor, *, director_id: int, waiting: bool, words: str = "x") -> Answer:
    """Only whoever is said to have said it confirms it, or says that it was not said."""
    if actor.id != director_id:
        return Answer("Only whoever was rung says what was said.")
    if not waiting:
        return Answer("You have answered this already.")
    return YES if words.strip() else Answer("Say in a few words what was said.")


# --- 999 and afterwards -----------------------------------------------------------------------


@rule("disclosures.record_emergency")
def record_emergency(actor: Actor) -> Answer:
    """Whoever works cases records that 999 was rung: nothing else is asked (domain 7.5)."""
    return actor.may(Grant.WORK_CASES)


@rule("disclosures.afterwards")
def afterwards(actor: Actor, *, words: str, happened_at: datetime, now: datetime) -> Answer:
    """Whoever works the case says what followed, however late."""
    return first_no(
        actor.may(Grant.WORK_CASES),
        Answer("It cannot have been in the future.") if happened_at > now else YES,
        YES if words.strip() else Answer("Say what was done, or why not."),
    )
