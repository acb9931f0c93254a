"""How permission to tell other agencies stands (M17)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case as Choose
from django.db.models import CharField, Exists, F, Max, OuterRef, Q, Value, When
from django.db.models import Count as CountRows

from cases.calendar import london_date
from cases.casework.choices import OPEN_STAGES, Part
from cases.casework.models import Case
from cases.consent.choices import Reply, Until
from cases.consent.models import Said
from cases.partners.choices import OWN_KINDS
from cases.reporting.keeping import IDS, which
from cases.reporting.measure import Asked, Chapter, Counted, Items, Line, Measure, Rows, Together
from cases.reporting.measures.base import hate_cases
from cases.reporting.measures.ends import of_whole
from cases.reporting.measures.opening import was_shut
from cases.reporting.periods import Period
from cases.reporting.values import Share

LABELS = {
    "all": "Agreed to all they were asked",
    "some": "Agreed to some",
    "refused": "Refused",
    "withdrawn": "Taken back",
    "none": "Ran out, or they cannot decide it",
    "not_asked": "Not asked yet",
}


def _newest(end: datetime) -> Any:
    """The newest answer of each person harmed about each agency and scope, as it was then.

    Answers are only ever added, one conversation of a case after another, so the newest has the
    highest number (``consent.answers``).  Our own teams are not asked about here.
    """
    counting = Q(talk__about__ended_at__isnull=True) | Q(talk__about__ended_at__gte=end)
    said = Said.objects.filter(counting, talk__about__part=Part.VICTIM, talk__recorded_at__lt=end)
    outside = said.exclude(talk__agency__kind__in=sorted(OWN_KINDS)).order_by()
    last = outside.values("talk__about", "talk__agency", "scope").annotate(last=Max("pk"))
    return Said.objects.filter(pk__in=last.values("last"))


def _given(end: datetime) -> Q:
    """Whether an answer is a yes that still counted then (``consent.rules.standing``)."""
    rows: Any = Case.history.model.objects
    closed = rows.filter(
        id=OuterRef("talk__about__case"),
        history_date__gte=OuterRef("talk__recorded_at"),
        history_date__lt=end,
    ).exclude(stage__in=OPEN_STAGES)
    day = london_date(end - timedelta(microseconds=1))
    in_time = Q(talk__until=Until.CLOSE) & ~Exists(closed)
    until_day = ~Q(talk__until=Until.CLOSE) & Q(talk__until_on__gte=day)
    return Q(reply=Reply.GIVEN) & (in_time | until_day)


def _standing(end: datetime) -> Choose:
    """How permission of a case stood at a moment: the line it is on."""
    newest, given = _newest(end), _given(end)

    def among(which: Q) -> Q:
        answers = newest.filter(which).order_by().values("talk__about__case").distinct()
        return Q(pk__in=answers)

    some, others = among(given), among(~given)
    return Choose(
        When(some & others, then=Value("some")),
        When(some, then=Value("all")),
        When(among(Q(reply=Reply.WITHDRAWN)), then=Value("withdrawn")),
        When(among(Q(reply=Reply.REFUSED)), then=Value("refused")),
        When(others, then=Value("none")),
        default=Value("not_asked"),
        output_field=CharField(),
    )


def _end(asked: Asked, period: Period) -> datetime:
    return min(period.ends, asked.at)


def _cases(asked: Asked, end: datetime) -> Rows:
    cases = hate_cases(asked).filter(opened_at__lt=end)
    found: Rows = cases.annotate(case_ref=F("pk"), standing=_standing(end), shut=was_shut(end))
    return found


def _in(period: Period) -> Q:
    """Open at its end, or opened in it."""
    return Q(shut=False) | Q(opened_at__gte=period.begins)


def _of_window(asked: Asked, period: Period) -> Items:
    """The cases, once for each line; ``counts`` if it is the case's."""
    rows = _cases(asked, _end(asked, period)).filter(_in(period))
    return Together(*(rows.annotate(line=Value(key), counts=Q(standing=key)) for key in LABELS))


def standing(asked: Asked) -> Items:
    """Cases open at the end of what is asked or opened in it, by how permission stood then."""
    return of_whole(asked, _of_window)


def _permission(asked: Asked) -> list[Line]:
    """One statement for the windows that end together: they differ in which cases they hold."""
    found: dict[str, dict[str, int]] = {}
    kept: dict[str, frozenset[int]] = {}
    month = asked.kept_month
    for end in {_end(asked, period) for period in asked.windows.values()}:
        ending = {name: one for name, one in asked.windows.items() if _end(asked, one) == end}
        wanted: dict[str, Any] = {
            f"in_{name}": CountRows("pk", filter=_in(one)) for name, one in ending.items()
        }
        if month and month in ending.values():
            wanted[IDS] = which(_in(month))
        rows = list(_cases(asked, end).order_by().values("standing").annotate(**wanted))
        for name in ending:
            found[name] = {row["standing"]: row[f"in_{name}"] for row in rows}
        kept |= {row["standing"]: frozenset(row[IDS] or ()) for row in rows if IDS in row}
    return [
        Line(
            key,
            label,
            {
                name: Share(found[name].get(key, 0), sum(found[name].values()))
                for name in asked.windows
            },
            rows=_rows(kept, key) if month else None,
        )
        for key, label in LABELS.items()
    ]


def _rows(kept: Mapping[str, frozenset[int]], key: str) -> Counted:
    """Every case stands on each line, and counts on its own."""
    cases = frozenset[int]().union(*kept.values())
    return Counted(cases, kept.get(key, frozenset()), Case._meta.label_lower)


MEASURES = (
    Measure(
        code="M17",
        name="Permission to tell other agencies",
        chapter=Chapter.SUPPORT,
        definition="What people harmed answered when we asked who may be told what, as it stood "
        "at the end of the period. A no is a full answer.",
        numerator="Cases by the newest answers of the people harmed: agreed to all they were "
        "asked; to some; to nothing, because they refused, took it back, the answer ran out or "
        "they cannot decide it; or not asked yet.",
        denominator="Cases open at the end of the period, or opened in it.",
        cohort="As it stood at the last moment of the period, in London.",
        exclusions="Answers about teams of our own; answers of third parties. Cases joined to "
        "another or void.",
        source="Policy line 170; HC-42; domain 7.3 and 5.3 M17",
        count=_permission,
        behind=standing,
        headline="all",
        unit="cases",
        adds_up=True,
    ),
)
