"""What was promised by a moment, and whether it was done by then (M09 to M13)."""

from __future__ import annotations

from functools import partial

from django.db.models import Case as Choose
from django.db.models import CharField, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce

from cases.casework.choices import ClockState, Stage
from cases.casework.clocks import ClockKind
from cases.casework.models import Clock
from cases.reporting.measure import Asked, Chapter, Counter, Line, Measure, Rows, Together
from cases.reporting.measures.base import (
    clocks_due,
    hate_cases,
    hours_between,
    of_entity,
    on_time,
    reports,
)
from cases.reporting.measures.flags import several_shares
from cases.reporting.tally import counts, middles, shares

NOT_OWED = {"na": "Does not apply", "paused": "On hold"}
AGREED = {"agreed": "Agreed", "part": "Agreed in part"}
"""Outcomes of the duty to agree a plan, as the case keeps them (``casework.clocks``)."""


def triage_due(asked: Asked) -> Rows:
    """Every report, of whatever it became, at the moment its triage was due."""
    due = reports(asked).exclude(case__stage=Stage.VOID).filter(triage_due_at__lte=asked.at)
    found: Rows = due.annotate(
        case_ref=F("case_id"),
        at=F("triage_due_at"),
        line=Value(""),
        counts=Q(triaged_at__isnull=False, triaged_at__lte=F("triage_due_at")),
    )
    return found


def _triage(asked: Asked) -> list[Line]:
    return shares(asked, triage_due(asked), {"": "Triaged in time"})


def replaced(kind: str) -> Exists:
    """Whether another promise of the kind, to the same person, took the place of this one."""
    later = Clock.objects.filter(case=OuterRef("case"), kind=kind, pk__gt=OuterRef("pk"))
    whose = later.annotate(whose=Coalesce("about", 0))
    return Exists(whose.filter(whose=Coalesce(OuterRef("about"), 0)))


def not_owed(asked: Asked, kind: str) -> Rows:
    """Promises of a kind that were not owed by the moment they were made for, and why not.

    A promise whose place another of its kind took (a report that came in earlier) is not one.
    """
    clocks = Clock.objects.filter(
        of_entity(asked, "case__entity"),
        kind=kind,
        due_at__lte=asked.at,
        state__in=[ClockState.NOT_APPLICABLE, ClockState.PAUSED],
        case__in=hate_cases(asked),
    ).exclude(Q(state=ClockState.NOT_APPLICABLE) & replaced(kind))
    found: Rows = clocks.annotate(
        case_ref=F("case_id"),
        at=F("due_at"),
        line=Choose(
            When(state=ClockState.PAUSED, then=Value("paused")),
            default=Value("na"),
            output_field=CharField(),
        ),
        counts=Value(True),
    )
    return found


def promised(kind: str, asked: Asked) -> Together:
    """Promises of a kind by when they were due: those owed, and those that were not."""
    return Together(clocks_due(asked, kind), not_owed(asked, kind))


def _promised(kind: str, words: str) -> Counter:
    def count(asked: Asked) -> list[Line]:
        return [
            *shares(asked, clocks_due(asked, kind), {"": words}),
            *counts(asked, not_owed(asked, kind), NOT_OWED),
        ]

    return count


def first_contacts(asked: Asked) -> Rows:
    """First contacts at the moment they were made, ``length`` the hours since the report."""
    made = Clock.objects.filter(
        of_entity(asked, "case__entity"),
        kind=ClockKind.FIRST_CONTACT,
        state=ClockState.MET,
        met_at__lte=asked.at,
        case__in=hate_cases(asked),
    )
    found: Rows = made.annotate(
        case_ref=F("case_id"),
        at=F("met_at"),
        line=Value(""),
        length=hours_between("case__received_at", "met_at"),
    )
    return found


def _hours(asked: Asked) -> list[Line]:
    return middles(asked, first_contacts(asked), {"": "Hours to first contact, in the middle"})


def ended(outcome: str) -> Q:
    """Whether a duty done by hand ended so: the words that follow are after a colon."""
    return Q(outcome=outcome) | Q(outcome__startswith=f"{outcome}:")


PLANS: dict[str, Q] = {"": on_time(), **{key: ended(words) for key, words in AGREED.items()}}


def _plans_due(asked: Asked) -> Rows:
    return clocks_due(asked, ClockKind.ACTION_PLAN)


def plans(asked: Asked) -> Together:
    """Action plans due: by whether in time, and by whether agreed; and those not owed."""
    each = (_plans_due(asked).annotate(line=Value(key), counts=asks) for key, asks in PLANS.items())
    return Together(*each, not_owed(asked, ClockKind.ACTION_PLAN))


def _plans(asked: Asked) -> list[Line]:
    words = {"": "Action plan in time", **AGREED}
    return [
        *several_shares(asked, _plans_due(asked), PLANS, words),
        *counts(asked, not_owed(asked, ClockKind.ACTION_PLAN), NOT_OWED),
    ]


MET = "Done by the moment it was due; exactly then is in time."
DUE = "What fell due in the period."
BY_DUE = "By the moment it was due, in London; what is due later than now is not yet owed."
NOT_DUE = (
    "What does not apply, and what is on hold because they asked or could not be reached: each "
    "has a line of its own. Cases joined to another or void."
)

MEASURES = (
    Measure(
        code="M09",
        name="Triage in time",
        chapter=Chapter.TIME,
        definition="Reports for which somebody had decided what they are by the moment promised.",
        numerator="Triaged by the moment it was due; exactly then is in time.",
        denominator="All reports whose triage fell due in the period, whichever route they took.",
        cohort=BY_DUE,
        exclusions="Reports of a case made void.",
        source="Policy line 74; HC-16; domain 4.2 and 5.3 M09",
        count=_triage,
        behind=triage_due,
        headline="",
        unit="reports",
    ),
    Measure(
        code="M10",
        name="First contact in time",
        chapter=Chapter.TIME,
        definition="Cases in which we spoke with the person harmed, in a way they said is safe, "
        "by the moment promised. An attempt is not a contact.",
        numerator=MET,
        denominator="First contacts that fell due in the period.",
        cohort=BY_DUE,
        exclusions="Cases in which nobody can be reached (no name and no number), or a manager "
        "agreed that it does not apply; and what is on hold: each has a line of its own.",
        source="Policy line 74; HC-16; domain 4.2, 4.3 and 5.3 M10",
        count=_promised(ClockKind.FIRST_CONTACT, "First contact in time"),
        behind=partial(promised, ClockKind.FIRST_CONTACT),
        headline="",
        unit="cases",
    ),
    Measure(
        code="M11",
        name="Hours to first contact",
        chapter=Chapter.TIME,
        definition="How long people waited for first contact: half of them waited less, half more.",
        numerator="The median of the hours from the report to first contact, nights and weekends "
        "included.",
        denominator="First contacts made in the period.",
        cohort="By the moment of the contact, in London.",
        exclusions="Cases without a first contact yet. Counted from when Amplius first received "
        "the report, also where hate came up only later.",
        source="Policy line 74; domain 5.3 M11",
        count=_hours,
        behind=first_contacts,
        headline="",
        unit="hours",
    ),
    Measure(
        code="M12",
        name="Risk assessed in time",
        chapter=Chapter.TIME,
        definition="Risk assessments that were done with the person by the moment promised.",
        numerator=MET,
        denominator="Risk assessments that fell due in the period; each person's is one.",
        cohort=BY_DUE,
        exclusions=NOT_DUE,
        source="Policy lines 82 and 162; HC-17, HC-36; domain 4.2 and 5.3 M12",
        count=_promised(ClockKind.RISK, "Risk assessed in time"),
        behind=partial(promised, ClockKind.RISK),
        headline="",
        unit="assessments",
    ),
    Measure(
        code="M13",
        name="Action plan in time, and agreed",
        chapter=Chapter.TIME,
        definition="Action plans made by the moment promised, and whether the person agreed to "
        "theirs, wholly or in part.",
        numerator="In time: settled with the person by the moment it was due, however it ended. "
        "Agreed, agreed in part: as they said, whenever that was.",
        denominator="Action plans that fell due in the period; a repeat asks for a new one.",
        cohort=BY_DUE,
        exclusions=NOT_DUE,
        source="Policy line 160; HC-34; domain 4.2 and 5.3 M13",
        count=_plans,
        behind=plans,
        headline="",
        unit="plans",
    ),
)
