"""Graffiti, keeping people informed, cases open long (M22, M23, M26)."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Exists, F, OuterRef, Value

from cases.casework.choices import OPEN_STAGES, ClockState
from cases.casework.clocks import ClockKind
from cases.casework.models import Clock
from cases.reporting.measure import Asked, Chapter, Items, Line, Measure, Rows, Together
from cases.reporting.measures.base import clocks_due, hate_cases, hours_between
from cases.reporting.measures.ends import counted, last_day, of_whole
from cases.reporting.periods import Period
from cases.reporting.tally import middles, shares

REMOVED = {"removed": "Removed in time"}
HOURS = {"hours": "Hours to removal, the middle one"}
PHOTOGRAPHED = {"photographed": "Photographed before it was removed"}
AGES = (90, 180)
LONG = {"over-90": "Open more than 90 days", "over-180": "Of those, more than 180 days"}


def _due(asked: Asked) -> Rows:
    found: Rows = clocks_due(asked, ClockKind.GRAFFITI_REMOVE).annotate(line=Value("removed"))
    return found


def _removals(asked: Asked, line: str) -> Rows:
    """Removals, at the moment each was done; ``counts`` if a photograph was taken first."""
    photograph = Clock.objects.filter(
        case=OuterRef("case"),
        kind=ClockKind.GRAFFITI_PHOTO,
        state=ClockState.MET,
        started_at=OuterRef("started_at"),
        met_at__lte=OuterRef("met_at"),
    )
    done = Clock.objects.filter(
        kind=ClockKind.GRAFFITI_REMOVE,
        state=ClockState.MET,
        met_at__lte=asked.at,
        case__in=hate_cases(asked),
    )
    found: Rows = done.annotate(
        case_ref=F("case_id"),
        at=F("met_at"),
        line=Value(line),
        counts=Exists(photograph),
        length=hours_between("started_at", "met_at"),
    )
    return found


def graffiti(asked: Asked) -> Items:
    """Removals due; and those done, once for how long they took, once for the photograph."""
    return Together(
        _due(asked),
        _removals(asked, "hours").annotate(counts=Value(value=True)),
        _removals(asked, "photographed"),
    )


def _graffiti(asked: Asked) -> list[Line]:
    return [
        *shares(asked, _due(asked), REMOVED),
        *middles(asked, _removals(asked, "hours"), HOURS),
        *shares(asked, _removals(asked, "photographed"), PHOTOGRAPHED),
    ]


def informed(asked: Asked) -> Items:
    """Promised contacts of hate cases, in the period each fell due."""
    return clocks_due(asked, ClockKind.UPDATE)


def _informed(asked: Asked) -> list[Line]:
    return shares(asked, informed(asked), {"": "In touch on time"})


def _open_over(asked: Asked, end: Period, days: int) -> Rows:
    """Cases open at the end of a period that were received more than so many days before."""
    last = last_day(asked, end) - timedelta(days=days)
    found: Rows = hate_cases(asked).filter(
        stage__in=OPEN_STAGES,
        opened_at__lt=end.ends,
        received_at__lt=Period(last, last).begins,
    )
    found = found.annotate(case_ref=F("pk"), line=Value(f"over-{days}"))
    return found


def _open_long(asked: Asked, end: Period) -> Items:
    return Together(*(_open_over(asked, end, days) for days in AGES))


def open_long(asked: Asked) -> Items:
    """The cases open long at the end of what is asked."""
    return of_whole(asked, _open_long)


def _ages(asked: Asked) -> list[Line]:
    return counted(asked, _open_long, LONG, at_end=True)


MEASURES = (
    Measure(
        code="M22",
        name="Graffiti removed",
        chapter=Chapter.TIME,
        definition="Offensive graffiti removed in the time promised (24 hours), how long it "
        "took, and whether it was photographed first, because it is evidence.",
        numerator="Removals done by the moment they were due. The hours from the report to the "
        "removal. Removals with a photograph taken before.",
        denominator="Removals due in the period; for the hours and the photographs, removals "
        "done in the period.",
        cohort="In time: by the moment the removal was due. Hours and photographs: by the moment "
        "it was done.",
        exclusions="What does not apply or is on hold. Cases that are no hate cases.",
        source="Policy line 126; domain 4.2 SLA_GRAFFITI and 5.3 M22",
        count=_graffiti,
        behind=graffiti,
        headline="removed",
        unit="removals",
    ),
    Measure(
        code="M23",
        name="Keeping people informed",
        chapter=Chapter.TIME,
        definition="Promised contacts with the person harmed that were made in time: every 7, 14 "
        "or 28 days, by the level of risk.",
        numerator="Contacts both ways made by the moment they were due.",
        denominator="Contacts due in the period.",
        cohort="By the moment each was due.",
        exclusions="Contacts on hold, or that no longer apply because a sooner one took their "
        "place. An attempt is no contact.",
        source="Domain 4.2 SLA_UPDATE and 5.3 M23",
        count=_informed,
        behind=informed,
        unit="contacts",
    ),
    Measure(
        code="M26",
        name="Cases open long",
        chapter=Chapter.ACTION,
        definition="Hate crime cases still open at the end of the period, counted from the day "
        "the report was received.",
        numerator="Cases open more than 90 days; of those, more than 180 days.",
        denominator="None: numbers.",
        cohort="As they stand at the end of the period, or today if it is not over.",
        exclusions="Cases joined to another and cases made void.",
        source="Domain 5.3 M26",
        count=_ages,
        behind=open_long,
        headline="over-90",
        unit="cases",
        part_waits="How cases ended, what the person harmed thinks of it, and how long cases "
        "were open: once a case can be closed here.",
    ),
)
