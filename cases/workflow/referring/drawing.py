"""What the pages of referrals say: where each stands, what may be done with it, its story."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cases import words
from cases.access import Actor, Answer
from cases.audit.context import saw
from cases.audit.presenters import sentence_of
from cases.calendar import london_date
from cases.casework.models import Case
from cases.disclosures import gate
from cases.partners.rules import ago
from cases.referrals import queries, rules
from cases.referrals.choices import ReferralState
from cases.referrals.models import Chase, Referral
from cases.workflow.case_words import address, capital, name_and_part, name_on_page, speaker
from cases.workflow.disclosing import choosing, drawing, refusals

TAGS = {
    ReferralState.SENT: "brand",
    ReferralState.ACCEPTED: "brand",
    ReferralState.DECLINED: "outline",
    ReferralState.ENDED: "outline",
    ReferralState.REVOKED: "outline",
}


@dataclass(frozen=True)
class Row:
    """A referral in a list."""

    href: str
    to: str
    about: str
    state: str
    tag: str
    since: str
    ask: str
    late: bool
    case: Case


def row_of(referral: Referral, now: datetime, *, whom: str) -> Row:
    """One referral as a list shows it; ``whom`` is what the list may call whoever it is about."""
    today = london_date(now)
    return Row(
        href=to(referral),
        to=referral.agency.name,
        about=whom,
        state=referral.get_state_display(),
        tag=TAGS.get(ReferralState(referral.state), ""),
        since=since(referral, today),
        ask=ask_words(referral.chase_on, today),
        late=rules.is_late(referral.chase_on, today),
        case=referral.case,
    )


def rows_of(case: Case, now: datetime) -> list[Row]:
    """Every referral of a case; whom they are about counts as shown."""
    found = queries.referrals_of(case)
    people = [each.about.person_id for each in found if each.about and each.about.person_id]
    saw("referrals.referral", *(each.pk for each in found), case=case.reference)
    if people:
        saw("people.person", *people, case=case.reference)
    for each in found:
        each.case = case
    return [
        row_of(each, now, whom=name_on_page(each.about) if each.about else "Nobody by name")
        for each in found
    ]


def since(referral: Referral, today: date) -> str:
    """How long ago it went: "Sent 3 days ago"; before that, when it was begun."""
    if referral.sent_at:
        return f"Sent {ago(london_date(referral.sent_at), today)}"
    return f"Begun {ago(london_date(referral.made_at), today)}"


def ask_words(day: date | None, today: date) -> str:
    """When to ask what became of it, and how late that is."""
    if day is None:
        return ""
    if rules.is_late(day, today):
        count = (today - day).days
        return f"Late by {count} day{'' if count == 1 else 's'}: ask what became of it"
    return f"Ask what became of it {words.say_day(day, today)}"


def to(referral: Referral, page: str = "") -> str:
    """The address of a referral, or of one of its forms."""
    name = f"workflow:referral-{page}" if page else "workflow:referral"
    return address(name, referral.case.reference, referral.pk)


def page_of(referral: Referral, actor: Actor, now: datetime) -> dict[str, Any]:
    """The whole page of a referral."""
    case, pack = referral.case, referral.pack
    drawn = drawing.draw_pack(pack, now)
    before = referral.state in rules.BEFORE_IT_WENT
    if referral.about and referral.about.person_id:
        saw("people.person", referral.about.person_id, case=case.reference)
    return {
        "referral": referral,
        "page": drawn,
        "facts": list(facts_of(referral, actor, now)),
        "stops": _stops(referral, actor, now),
        "fields": _fields(referral, [line.item for line in drawn.lines]) if before else [],
        "locked": not rules.start(actor, stage=case.stage),
        "may_send": rules.send(actor, stage=case.stage, state=referral.state),
        "may_ready": referral.state == ReferralState.DRAFT and not drawn.empty,
        "preview": choosing.pack_page(pack, "preview"),
        "send": choosing.pack_page(pack, "send"),
        "pack_href": choosing.pack_page(pack),
        "links": list(_links(referral, actor)),
        "chases": [_chase(each, actor, now) for each in referral.chases.all()],
        "story": story(referral, actor, now),
    }


def _stops(referral: Referral, actor: Actor, now: datetime) -> list[refusals.Said]:
    """Why it would not go if it were sent now, each with what is possible instead."""
    if referral.state != ReferralState.QUEUED:
        return []
    found = gate.judge(referral.pack, actor, now)
    return refusals.said(found, referral.pack, actor)


def _fields(referral: Referral, items: Sequence[Any]) -> list[choosing.FieldRow]:
    return choosing.field_rows(referral.pack, items, choosing.parts_for(referral.pack))


def facts_of(referral: Referral, actor: Actor, now: datetime) -> Iterator[dict[str, str]]:
    """Who is referred to whom, why they may be told, and where it stands."""
    pack, today = referral.pack, london_date(now)
    whom = name_and_part(referral.about) if referral.about else "Nobody by name"
    yield {"key": "Who is referred", "value": whom}
    yield {"key": "To", "value": referral.agency.name}
    yield {"key": "Asked to", "value": pack.purpose}
    door = pack.get_door_display() if pack.door else "A team of our own"
    cited = f"\n{pack.citation}" if pack.citation else ""
    yield {"key": "Why they may be told", "value": f"{door}{cited}"}
    by = speaker(actor, referral.made_by_id, referral.made_by.full_name)
    at = words.say_moment(referral.made_at, now)
    yield {"key": "Begun", "value": capital(f"{at}, by {by}")}
    if referral.sent_at:
        yield {"key": "Sent", "value": capital(words.say_moment(referral.sent_at, now))}
    if referral.answered_on:
        said = f"{capital(words.say_day(referral.answered_on, today))}, {referral.answered_by}"
        yield {"key": "Answered", "value": said}
    if referral.declined_why:
        yield {"key": "Why they declined", "value": referral.declined_why}
    if referral.chase_on:
        yield {"key": "To do", "value": ask_words(referral.chase_on, today)}
    if referral.ended_at:
        stopped = referral.state == ReferralState.REVOKED
        when = capital(words.say_moment(referral.ended_at, now))
        yield {"key": "Stopped" if stopped else "Ended", "value": f"{when}\n{referral.ended_why}"}


ACTS: tuple[tuple[str, str, str], ...] = (
    ("They accepted it", "accept", ReferralState.ACCEPTED),
    ("They declined it", "decline", ReferralState.DECLINED),
    ("I asked what became of it", "chase", ""),
    ("End it", "end", ""),
    ("Stop it before it goes", "stop", ""),
)


def may(page: str, referral: Referral, actor: Actor) -> Answer:
    """Whether the reader may open one of the referral's forms."""
    stage, state = referral.case.stage, referral.state
    if page in ("accept", "decline"):
        to = ReferralState.ACCEPTED if page == "accept" else ReferralState.DECLINED
        kind = referral.agency.kind
        return rules.answer(actor, stage=stage, kind=kind, state=state, to=to)
    asked = {"chase": rules.chase, "end": rules.end, "stop": rules.revoke}[page]
    return asked(actor, stage=stage, state=state)


def _links(referral: Referral, actor: Actor) -> Iterator[dict[str, str]]:
    """What this reader may record of it now."""
    for text, page, _ in ACTS:
        if may(page, referral, actor):
            yield {"text": text, "href": to(referral, page)}
    if referral.sent_at:
        href = choosing.pack_page(referral.pack)
        yield {"text": "The page that was sent, and how it went", "href": href}


def _chase(chase: Chase, actor: Actor, now: datetime) -> dict[str, str]:
    return {
        "title": chase.how,
        "by": speaker(actor, chase.by_id, chase.by.full_name),
        "when": capital(words.say_moment(chase.happened_at, now)),
        "iso": chase.happened_at.isoformat(),
        "words": chase.words,
    }


def story(referral: Referral, actor: Actor, now: datetime) -> list[dict[str, str]]:
    """What was done to it and its page, newest first."""
    return [
        {
            "title": capital(sentence_of(event.verb)),
            "by": speaker(actor, event.actor_id, event.actor_name),
            "when": capital(words.say_moment(event.at, now)),
            "iso": event.at.isoformat(),
            "words": "",
        }
        for event in queries.events_about(referral)
    ]
