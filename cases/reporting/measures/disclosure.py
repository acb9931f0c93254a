"""What was told, by each lawful door; and the Director's decisions without permission (M18)."""

from __future__ import annotations

from typing import Any

from django.db.models import Case as Choose
from django.db.models import CharField, F, Value, When
from django.db.models.functions import Concat

from cases.disclosures.choices import Door, RequestState, Verdict
from cases.disclosures.models import Decision, Emergency, Request, Send
from cases.reporting.measure import Asked, Chapter, Items, Line, Measure, Rows, Together
from cases.reporting.measures.base import hours_between, of_entity
from cases.reporting.tally import counts, middles

DECIDED = {
    Verdict.APPROVE: "approved",
    Verdict.APPROVE_REDUCED: "reduced",
    Verdict.DECLINE: "declined",
}
BY_DOOR = "door-"
DOORS = {f"{BY_DOOR}{door.value}": door.label for door in Door}
LINES = {
    "asked": "Asked of the Director",
    "approved": "Approved",
    "reduced": "Approved, with less",
    "declined": "Declined",
    "lapsed": "Lapsed, not sent in time",
    "called": "999 rung, written down afterwards",
}
TIME = {"time": "Hours to a decision, the middle one"}


def _asked_for(asked: Asked) -> Rows:
    requests = Request.objects.filter(of_entity(asked, "case__entity"), asked_at__lte=asked.at)
    return _items(requests, "asked_at", Value("asked"))


def _decisions(asked: Asked) -> Rows:
    decisions = Decision.objects.filter(of_entity(asked, "case__entity"), decided_at__lte=asked.at)
    verdict = Choose(
        *(When(verdict=verdict, then=Value(key)) for verdict, key in DECIDED.items()),
        output_field=CharField(),
    )
    return _items(decisions, "decided_at", verdict)


def _times(asked: Asked) -> Rows:
    length = hours_between("request__asked_at", "decided_at")
    found: Rows = _decisions(asked).annotate(line=Value("time"), length=length)
    return found


def _lapsed(asked: Asked) -> Rows:
    requests = Request.objects.filter(
        of_entity(asked, "case__entity"), state=RequestState.LAPSED, valid_until__lte=asked.at
    )
    return _items(requests, "valid_until", Value("lapsed"))


def _calls(asked: Asked, line: str = "called") -> Rows:
    calls = Emergency.objects.filter(of_entity(asked, "case__entity"), recorded_at__lte=asked.at)
    return _items(calls, "rung_at", Value(line))


def _sends(asked: Asked) -> Rows:
    sends = Send.objects.filter(of_entity(asked, "case__entity"), sent_at__lte=asked.at)
    line = Concat(Value(BY_DOOR), "door", output_field=CharField())
    return _items(sends.exclude(door=""), "sent_at", line)


def _items(rows: Any, at: str, line: Any) -> Rows:
    found: Rows = rows.annotate(case_ref=F("case_id"), at=F(at), line=line)
    return found


def _numbers(asked: Asked) -> Together:
    return Together(
        _asked_for(asked),
        _decisions(asked),
        _lapsed(asked),
        _calls(asked),
        _sends(asked),
        _calls(asked, f"{BY_DOOR}{Door.EMERGENCY.value}"),
    )


def register(asked: Asked) -> Items:
    """Everything asked, decided, lapsed, rung and sent; a decision stands also at its time."""
    return Together(*_numbers(asked).parts, _times(asked))


def _told(asked: Asked) -> list[Line]:
    numbers = counts(asked, _numbers(asked), {**LINES, **DOORS})
    return [*numbers[: len(LINES)], *middles(asked, _times(asked), TIME), *numbers[len(LINES) :]]


MEASURES = (
    Measure(
        code="M18",
        name="Told without permission, and every door",
        chapter=Chapter.DISCLOSURE,
        definition="How often the Director was asked to let the police be told without "
        "permission, what was decided and how fast; and how many disclosures left by each "
        "lawful door.",
        numerator="Requests by the moment they were asked; decisions by the moment they were "
        "made; approvals by the moment they lapsed; 999 calls by the moment of the call; "
        "disclosures by the moment they were sent. The time of a decision is from asking to "
        "deciding, every hour counted.",
        denominator="None: numbers, and the middle of the times.",
        cohort="Each by its own moment in the period, in London.",
        exclusions="Requests never asked. What went to our own teams, which needs no door. "
        "A record stays in the register whatever becomes of its case.",
        source="Policy line 172; domain 2.14, 7.5 and 5.3 M18",
        count=_told,
        behind=register,
        headline="asked",
        unit="requests",
        wholes={BY_DOOR: "What was told, by each lawful door"},
    ),
)
