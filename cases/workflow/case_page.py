"""What the case page shows: everything is read once, then put into words.  No writes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from cases import words
from cases.audit import masking
from cases.casework.choices import Stage, VictimRole
from cases.casework.clocks import ClockKind
from cases.casework.models import Case, IncidentPair, Involvement
from cases.intake.loading import pairs_of_case
from cases.people.choices import AdjustmentKind
from cases.people.models import Person
from cases.people.queries import safe_contact_facts
from cases.people.rules import may_record, safe_contact_banner, safe_contact_line
from cases.repeats.facts import Level
from cases.repeats.queries import UNDECIDED, repeat_of
from cases.risk.queries import risk_of
from cases.risk.rules import assess as may_assess
from cases.workflow import case_incidents, case_steps, case_telling, case_timeline
from cases.workflow.case_read import ALIVE, Read
from cases.workflow.case_words import address, address_of, stage_name, to

PARTS = (
    ("People", "#people"),
    ("Incidents", "#incidents"),
    ("Timeline", "#timeline"),
    ("Who looked", "#who-looked"),
)


def page_of(found: Read, *, show: str, before: int | None) -> dict[str, Any]:
    """The whole page, as its templates take it."""
    case = found.case
    safe = _safe_contact(case.victim, found.parts)
    return {
        "case": case,
        "now": found.now,
        "name": case.who.name,
        "about": about(found),
        "flags": list(_flags(case, found.now)),
        "banner": {**_banner(found, safe), **_repeat(found)},
        "line": safe_contact_line(safe),
        "page_links": [{"text": text, "href": href} for text, href in PARTS],
        "step": case_steps.next_step(found),
        "needs": case_steps.needs(found),
        "add_links": case_steps.add_links(found),
        "manage_links": case_steps.manage_links(found),
        "telling_links": case_telling.telling_links(found),
        "asked_police": case_telling.asked_police(found),
        "clocks_from": words.say_moment(case.received_at, found.now),
        "clocks": case_steps.clocks(found),
        "people": case_incidents.people(found),
        "incidents": case_incidents.incidents(found),
        "timeline": case_timeline.timeline(found, show=show, before=before),
        "looks": case_timeline.looks(found),
    }


def _safe_contact(victim: Person, parts: Sequence[Involvement]) -> Any:
    row = next(
        (
            getattr(part.person, "safe_contact", None)
            for part in parts
            if part.person and part.person_id == victim.pk
        ),
        None,
    )
    return safe_contact_facts(row)


def about(found: Read) -> dict[str, str]:
    """The line under the name: role and home, stage, lead, company."""
    case, victim = found.case, found.victim
    role = victim.victim_role if victim else ""
    home = case.home.line if case.home else ""
    lead = "not named yet"
    if case.lead:
        lead = "you" if case.lead_id == found.actor.id else case.lead.full_name
    return {
        "role": _role_words(role, home, identified=case.who.identified),
        "stage": stage_name(case.stage),
        "company": case.entity.name if case.entity else "not known yet",
        "lead": lead,
    }


def _role_words(role: str, home: str, *, identified: bool) -> str:
    if not identified:
        return f"Victim, not identified yet{f', at {home}' if home else ''}"
    if home == masking.HOME:
        known = VictimRole(role).label.lower() if role else ""
        return ". ".join([f"Victim, {known}" if known else "Victim", home])
    if role == VictimRole.TENANT:
        return f"Victim, tenant of {home}" if home else "Victim, tenant"
    lives = f", lives at {home}" if home else ""
    if role in ("", VictimRole.HOUSEHOLD, VictimRole.UNKNOWN):
        return f"Victim{lives}"
    return f"Victim, {VictimRole(role).label.lower()}{lives}"


def _flags(case: Case, now: datetime) -> Iterator[str]:
    """What else is true of the whole case, a sentence each."""
    if case.restricted:
        yield "Restricted: only the lead, the Director and the people named may open this case."
    if case.provisional:
        yield "Treated as hate for now: somebody is not sure. Ask again at first contact."
    if case.stage == Stage.ON_HOLD and case.hold_review_on:
        day = words.say_day(case.hold_review_on, now)
        yield f"On hold. Look at it again {day}."
    if case.merged_into_id and case.merged_into:
        yield f"Joined to {case.merged_into.reference}: both are about the same incident."
    if case.received_at != case.received_at_original:
        original = words.say_moment(case.received_at_original, now)
        yield f"First recorded as received {original}; corrected since."


def _banner(found: Read, safe: Any) -> dict[str, Any]:
    contact = safe_contact_banner(safe)
    person = found.case.who
    may_change = may_record(found.actor)
    change = address_of("people:safe-contact", person.reference) if may_change else ""
    row = safe_contact_row(found)
    return {
        "ways": contact.ways,
        "unsafe": contact.unsafe,
        "say_we_are": contact.say_we_are,
        "note": f"{row.who_could_find_out.rstrip('.')}." if row and row.who_could_find_out else "",
        "not_asked": contact.not_asked,
        "change": change,
        **_adjustments(found),
        **_risk(found),
    }


def safe_contact_row(found: Read) -> Any:
    """The victim's safe-contact row, or None."""
    victim = found.victim
    return getattr(victim.person, "safe_contact", None) if victim and victim.person else None


def _adjustments(found: Read) -> dict[str, str]:
    rows = list(getattr(found.victim, "needs", []))
    if not rows:
        return {"adjustments": "Not asked", "adjustments_when": ""}
    asked = words.say_moment(datetime.fromisoformat(rows[-1]["at"]), found.now)
    nothing = AdjustmentKind.NONE.label
    needs = [row["need"].rstrip(".") for row in rows]
    return {
        "adjustments": ". ".join(need for need in needs if need != nothing) or nothing,
        "adjustments_when": f"Asked {asked}.",
    }


def _risk(found: Read) -> dict[str, Any]:
    """The level that stands and why; for an older case, the outcome in somebody's words."""
    may_ask = may_assess(found.actor, stage=found.case.stage)
    href = address("risk:history", found.case.reference)
    now = risk_of(found.case) if found.case.risk else None
    if now is not None:
        at = words.say_moment(now.at, found.now)
        return {
            "risk": now.level.lower(),
            "risk_provisional": now.provisional,
            "risk_why": f"{now.why} Since {at}.",
            "risk_href": href,
            "risk_link": "See the answers",
        }
    clocks = [clock for clock in found.clocks if clock.kind == ClockKind.RISK]
    done = next((clock for clock in reversed(clocks) if clock.met_at), None)
    if done is not None and done.met_at:
        level, _, why = done.outcome.partition(": ")
        at = words.say_moment(done.met_at, found.now)
        return {
            "risk": level.lower(),
            "risk_provisional": False,
            "risk_why": f"{why.rstrip('.')}. Recorded {at}.",
            "risk_href": href if may_ask else "",
            "risk_link": "Ask again",
        }
    running = next((clock for clock in clocks if clock.state in ALIVE), None)
    if running is None:
        return {"risk": "", "risk_provisional": False, "risk_why": "", "risk_href": ""}
    return {
        "risk": "",
        "risk_provisional": False,
        "risk_why": f"Ask {found.call_them}. Never guess.",
        "risk_href": href if may_ask else "",
        "risk_link": "Assess the risk",
    }


def undecided(found: Read) -> list[IncidentPair]:
    """The pairs of this case that the reader may read and nobody has decided."""
    return [pair for pair in pairs_of_case(found.actor, found.case) if not pair.decision]


def _repeat(found: Read) -> dict[str, str]:
    """What it is, why in words, and the page that explains it (screens section 11)."""
    if not found.case.who.identified:
        return {"repeat": "Not known", "repeat_why": "They are not identified yet."}
    told = repeat_of(found.case, at=found.now, reader=found.actor)
    asked = (c for c in found.clocks if c.kind == ClockKind.SAME_INCIDENT and c.state in ALIVE)
    if told.level == Level.NONE and any(asked) and undecided(found):
        told = UNDECIDED
    return {
        "repeat": told.banner,
        "repeat_why": told.sentence,
        "repeat_href": to(found.case, "repeat"),
    }
