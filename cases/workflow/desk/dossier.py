"""What the Director reads before deciding: one request, whole, in the order of screens section 9.

Everything is as the officer wrote it, attributed to whoever said it; nothing here argues.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from cases import words
from cases.access import Actor
from cases.audit.context import saw
from cases.casework.models import Account, Case
from cases.disclosures.choices import RequestState, Traced, WhyNoPermission
from cases.disclosures.models import Message, Pack, Request
from cases.disclosures.request_facts import red_flags_of
from cases.policy.clauses import WITHOUT_PERMISSION
from cases.risk.questions import CURRENT
from cases.workflow.case_words import name_on_page
from cases.workflow.disclosing.drawing import DrawnPack, Line, draw_pack

SOURCE = re.compile(r"(\([^()]{1,120}\))")
FLAGS = {flag.code: flag.words for flag in CURRENT.flags}
WORDS_SHOWN = 2
TRACED: dict[str, str] = {
    Traced.YES: "Yes, by the respondent",
    Traced.MAYBE: "The respondent may guess",
    Traced.NO: "No",
}
FOOT = (
    "This is the page itself: what is approved is what goes, to this unit, once, within 72 hours."
)
NUMBERS = ("", "once", "twice", "three times", "four times", "five times", "six times")


@dataclass(frozen=True)
class Bit:
    """A run of words; where they come from ("(Tess, 17 November)") is quiet."""

    text: str
    quiet: bool = False


@dataclass(frozen=True)
class Row:
    """A label and what is said under it."""

    label: str
    bits: tuple[Bit, ...]


def bits(text: str) -> tuple[Bit, ...]:
    """The text with what stands in brackets, its sources, told apart."""
    found = SOURCE.split(text.strip())
    return tuple(Bit(part, bool(place % 2)) for place, part in enumerate(found) if part)


def listed(text: str) -> list[tuple[Bit, ...]]:
    """One thing on each line."""
    return [bits(line.strip("•-* \t")) for line in text.splitlines() if line.strip("•-* \t")]


def dossier(asked: Request, actor: Actor, now: datetime) -> dict[str, Any]:
    """The story of one request, as ``templates/workflow/desk/_story.html`` takes it."""
    drawn = draw_pack(asked.pack, now)
    name, call = _names(asked)
    saw("disclosures.request", asked.pk, case=asked.case.reference)
    return {
        "asked": asked,
        "now": now,
        "name": name,
        "call": call,
        "asker": asked.begun_by.full_name,
        "asker_first": asked.begun_by.full_name.split()[0],
        "promise": promise(asked, now),
        "tried": tried_words(asked, call),
        "new_facts": bits(asked.new_facts),
        "case_href": _case_href(asked, actor),
        **_risk(asked, now),
        **_harm(asked),
        **_wants(asked),
        **_page(asked, drawn),
        **_meaning(asked),
    }


def _harm(asked: Request) -> dict[str, Any]:
    """Part 1: what, to whom, how likely, how soon, and the words of whoever it is about."""
    others = asked.affected.select_related("person__merged_into")
    return {
        "expected": bits(asked.harm_what),
        "soon": bits(asked.harm_soon),
        "harm": _rows(
            ("What", asked.harm_what),
            ("To whom", asked.harm_to),
            ("How likely", asked.harm_likely),
            ("How soon", asked.harm_soon),
            ("Why it is asked though risk is not High", asked.not_high_why),
        ),
        "affected": [name_on_page(part) for part in others if part.pk != asked.pack.about_id],
        "said": quotations(asked),
    }


def _wants(asked: Request) -> dict[str, Any]:
    """Part 2: what they want, in their words, and what was tried."""
    return {
        "their_words": asked.their_words.strip().strip('“”"'),
        "asked_when": _asked_when(asked),
        "why_none": _why_none(asked),
        "efforts": listed(asked.efforts),
        "alternatives": listed(asked.alternatives),
        "why_police": bits(asked.why_police),
        "why_now": bits(asked.why_now),
    }


def _page(asked: Request, drawn: DrawnPack) -> dict[str, Any]:
    """Part 3: the page itself, and why each thing is on it."""
    return {
        "page": drawn,
        "foot": foot_of(asked),
        "file_href": "",
        "count": _count(len(drawn.lines)),
        "why_in": _why_in(drawn),
        "third_party_why": bits(asked.third_party_why),
    }


def _meaning(asked: Request) -> dict[str, Any]:
    """Part 4: what it would mean for them; what was asked; the rule and the law."""
    traced = ". ".join(filter(None, [TRACED.get(asked.traced, ""), asked.traced_words]))
    told = ". ".join(filter(None, [asked.get_told_display(), asked.told_words]))
    return {
        "meaning": _rows(
            (f"Traced to {_names(asked)[1]}?", traced),
            ("Are they told?", told),
            ("If it goes", asked.if_sent),
            ("If you decline", asked.if_declined),
        ),
        "messages_asked": messages_of(asked),
        "rule": WITHOUT_PERMISSION,
        "version": asked.case.policy_version.version,
        "basis": asked.get_legal_basis_display(),
    }


def foot_of(asked: Request) -> str:
    """What is said below the page: how long it is, and that nothing else would go."""
    pages = asked.file.pages if asked.file else 0
    length = f"{pages} page{'' if pages == 1 else 's'}. " if pages else ""
    return f"{length}{FOOT}"


def lines_of(pack: Pack) -> tuple[Line, ...]:
    """The lettered lines of a page, as the form names them."""
    return draw_pack(pack, timezone.now()).lines


def _names(asked: Request) -> tuple[str, str]:
    """The name of whoever it is about, and what to call them."""
    part = asked.pack.about
    if part is None:
        return "Nobody by name", "them"
    who = part.who
    if part.kept_apart or who is None or not who.identified:
        return name_on_page(part), name_on_page(part)
    saw("people.person", who.pk, case=asked.case.reference)
    return part.name, who.call_them


def promise(asked: Request, now: datetime) -> dict[str, Any]:
    """How long is left to decide, as ``components/time_left.html`` takes it."""
    if asked.due_at is None or asked.asked_at is None:
        return {}
    when = f"Asked {words.say_moment(asked.asked_at, now)} by {asked.begun_by.full_name}."
    if asked.state != RequestState.WAITING:
        return {}
    left = words.time_left(asked.due_at, now)
    return {
        "state": left.state,
        "words": left.words,
        "what": f"Decide by {words.say_time(asked.due_at)} {words.say_day(asked.due_at, now)}.",
        "due_words": when,
        "fraction": f"{words.fraction_used(asked.asked_at, asked.due_at, now):.3f}",
    }


def tried_words(asked: Request, call: str) -> str:
    """Why there is no permission, in one sentence: "Tess said no, three times."."""
    times = len(asked.asked_on)
    often = NUMBERS[times] if times < len(NUMBERS) else f"{times} times"
    return {
        WhyNoPermission.REFUSED: f"{call} said no{f', {often}' if times > 1 else ''}.",
        WhyNoPermission.NOT_SAFE: f"It was not safe to ask {call}.",
        WhyNoPermission.NO_CAPACITY: f"{call} cannot decide this.",
        WhyNoPermission.UNREACHABLE: f"{call} cannot be reached.",
    }.get(WhyNoPermission(asked.why_none) if asked.why_none else None, "")  # type: ignore[arg-type]


def _risk(asked: Request, now: datetime) -> dict[str, str]:
    """The level and the red flags: as they were when it was asked; before that, as they are."""
    if asked.asked_at is None:
        level, codes = asked.case.risk, red_flags_of(asked.case, now)
    else:
        level, codes = asked.risk_level, asked.red_flags
    return {"risk": level.lower(), "flags": flag_words(codes)}


def flag_words(codes: Sequence[str]) -> str:
    """The red flags in one line: "2 red flags: threat to kill, stalking or tracking."."""
    said = [FLAGS.get(code, code) for code in codes]
    if not said:
        return "No red flags."
    small = [said[0][:1].lower() + said[0][1:], *(each[:1].lower() + each[1:] for each in said[1:])]
    return f"{len(said)} red flag{'' if len(said) == 1 else 's'}: {'; '.join(small)}."


def quotations(asked: Request) -> list[dict[str, Any]]:
    """The newest words of whoever it is about, as they were written down."""
    part = asked.pack.about
    if part is None or part.person_id is None or part.kept_apart:
        return []
    rows = (
        Account.objects.filter(
            incident__case=asked.case_id, person=part.person_id, kept_apart=False
        )
        .order_by("-said_at", "-pk")
        .only("words", "said_at")[:WORDS_SHOWN]
    )
    return [{"words": row.words, "who": part.name, "at": row.said_at} for row in rows]


def _asked_when(asked: Request) -> str:
    """ "Asked on 10, 17 and 18 November.": the month once, after the last of its days."""
    days = asked.asked_on
    said = [
        f"{day.day}" if _same_month(day, after) else f"{day.day} {day:%B}"
        for day, after in zip(days, [*days[1:], None], strict=bool(days))
    ]
    return f"Asked on {and_list(said)}." if said else ""


def _same_month(day: date, other: date | None) -> bool:
    return other is not None and (day.year, day.month) == (other.year, other.month)


def and_list(parts: Sequence[str]) -> str:
    """ "10, 17 and 18 November": with "and" before the last."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def _why_none(asked: Request) -> tuple[Bit, ...]:
    said = tried_words(asked, _names(asked)[1])
    return bits(f"{said[:1].upper()}{said[1:]} {asked.why_none_words}".strip()) if said else ()


def _rows(*pairs: tuple[str, str]) -> list[Row]:
    return [Row(label, bits(text)) for label, text in pairs if text.strip()]


def _why_in(drawn: DrawnPack) -> list[Line]:
    return [line for line in drawn.lines if line.item.why.strip()]


def _count(number: int) -> str:
    return "1 fact" if number == 1 else f"{number} facts"


def messages_of(asked: Request) -> list[dict[str, Any]]:
    """Each question that was asked, with its answer if there is one."""
    rows: Iterable[Message] = asked.messages.select_related("by", "answer__by").filter(
        answers__isnull=True
    )
    return [{"question": row, "answer": getattr(row, "answer", None)} for row in rows]


def _case_href(asked: Request, actor: Actor) -> str:
    """Where the whole case is, for somebody who may open it."""
    seen = Case.objects.visible_to(actor).filter(pk=asked.case_id).exists()
    return f"/cases/{asked.case.reference}/" if seen else ""
