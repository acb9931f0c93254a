"""What the measures count: hate cases, their incidents, their reports, their clocks.

Every measure begins here, so that "a hate case" means one thing in all of them (domain 5.1,
policy line 105).
"""

from __future__ import annotations

from typing import Any

from django.db.models import Case as Choose
from django.db.models import (
    CharField,
    DurationField,
    ExpressionWrapper,
    F,
    FloatField,
    Func,
    IntegerField,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Extract

from cases.casework.choices import Stage, Strand
from cases.casework.models import Case, Clock, Incident
from cases.intake.models import Report
from cases.reporting.measure import Asked

GONE = (Stage.MERGED, Stage.VOID)
"""Cases that count nowhere: joined to another, or made void."""
NO_LINE = Value("")


def about(*strands: str) -> Q:
    """Whether somebody still thinks that hate of one of these strands was part of the case."""
    return Q(hate__strands__overlap=list(strands))


def strands_known() -> Func:
    """How many strands a case is known to be about; "not clear yet" is none."""
    known = Func("hate__strands", Value(Strand.UNKNOWN_HATE), function="array_remove")
    return Func(known, function="cardinality", output_field=IntegerField())


def of_entity(asked: Asked, path: str) -> Q:
    """The company asked for, reached by ``path`` ("entity", "case__entity"); all, if none is."""
    return Q(**{f"{path}__code": asked.entity}) if asked.entity else Q()


def hate_cases(asked: Asked) -> QuerySet[Case]:
    """Every hate case opened before now: somebody still perceives hate in an incident of it.

    The database keeps which these are (:class:`cases.casework.models.HateCase`).
    """
    cases = Case.objects.filter(of_entity(asked, "entity"), opened_at__lte=asked.at)
    return cases.exclude(stage__in=GONE).filter(hate__isnull=False)


def cases_opened(asked: Asked, line: str = "") -> QuerySet[Any, Any]:
    """Hate cases as items, at the moment they opened, all on one line."""
    return hate_cases(asked).annotate(case_ref=F("pk"), at=F("opened_at"), line=Value(line))


def hate_incidents(asked: Asked) -> QuerySet[Incident]:
    """Distinct hate incidents of cases that count: told again, it is the same one (domain 6.2),
    and hate if anybody thinks so in any account of it (HC-23).
    """
    incidents = Incident.objects.filter(of_entity(asked, "case__entity"), hate__isnull=False)
    return incidents.exclude(case__stage__in=GONE)


def incidents_told(asked: Asked) -> QuerySet[Any, Any]:
    """Distinct hate incidents as items, at the moment the first account of each reached us,
    whoever gave it (domain 6.2, rule 1; M02).
    """
    told = hate_incidents(asked).filter(hate__told_at__lte=asked.at)
    return told.annotate(case_ref=F("case_id"), at=F("hate__told_at"), line=NO_LINE)


def reports(asked: Asked) -> QuerySet[Report]:
    """Every report received by now; one without a case belongs to no company."""
    return Report.objects.filter(of_entity(asked, "case__entity"), received_at__lte=asked.at)


def clocks_due(asked: Asked, *kinds: str) -> QuerySet[Any, Any]:
    """Promises of hate cases as items, in the period they fell due (domain 5.2).

    ``counts`` if it was met by then.  What does not apply is not due; what is paused, or not
    yet due at the moment of asking, is not yet owed.
    """
    clocks = Clock.objects.filter(
        of_entity(asked, "case__entity"), kind__in=kinds, due_at__lte=asked.at
    ).exclude(state__in=["NOT_APPLICABLE", "PAUSED"])
    mine = clocks.filter(case__in=hate_cases(asked))
    return mine.annotate(
        case_ref=F("case_id"),
        at=F("due_at"),
        line=NO_LINE,
        counts=on_time(),
    )


def on_time() -> Q:
    """Met, and not after it was due: met exactly then is on time (domain 4.3)."""
    return Q(met_at__isnull=False, met_at__lte=F("due_at"))


def hours_between(earlier: str, later: str) -> ExpressionWrapper[Any]:
    """The hours from one moment of a row to another, every hour counted."""
    lasted = ExpressionWrapper(F(later) - F(earlier), output_field=DurationField())
    return ExpressionWrapper(Extract(lasted, "epoch") / 3600.0, output_field=FloatField())


def case_home(field: str) -> Coalesce:
    """What is said of the home of a case: the case's own home, else the victim's; else ""."""
    homes = ("home", "victim__home", "victim__merged_into__home")
    return Coalesce(*(f"{home}__{field}" for home in homes), Value(""), output_field=CharField())


def case_stock() -> Coalesce:
    """What the home of a case counts as for the regulator."""
    return case_home("stock_class")


def as_line(field: str, unknown: str = "") -> Choose:
    """A field's code as the line; what is empty stands on the line ``unknown``."""
    return Choose(
        When(Q(**{field: ""}) | Q(**{f"{field}__isnull": True}), then=Value(unknown)),
        default=F(field),
        output_field=CharField(),
    )
