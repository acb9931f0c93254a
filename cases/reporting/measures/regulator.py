"""The regulator's NM01: hate crime cases and antisocial behaviour cases for each thousand homes
(M04, M05).

A case stands on exactly one line, so that the eight strands of the policy and the regulator's
five are reconciled to the last case.  Source: domain 5.1.
"""

from __future__ import annotations

from typing import Any

from django.db.models import DateTimeField, Exists, ExpressionWrapper, F, OuterRef, Q, Value
from django.db.models.functions import Coalesce

from cases.casework.choices import TSM_STRANDS, Part
from cases.casework.models import Involvement
from cases.reporting.inputs_queries import NO_HOMES, REGULATED, AsbTotals, asb_totals, homes
from cases.reporting.measure import Asked, Chapter, Line, Measure, Rows, Together
from cases.reporting.measures.base import about, case_stock, hate_cases
from cases.reporting.measures.opening import was_shut
from cases.reporting.periods import Period, month_of
from cases.reporting.tally import counts
from cases.reporting.values import Absent, Count, Rate
from cases.reporting.values import Value as Figure

COUNTABLE = sorted(str(strand) for strand in TSM_STRANDS)
LESS = {
    "outside": "Less: homes outside the regulator’s stock, or not known",
    "strands": "Less: only age, gender, appearance or not clear",
    "same": "Less: the same respondent, in an earlier case still open",
}
PART_TWO = {
    "policy": "Hate crime cases opened, by the policy’s 8 strands",
    **LESS,
    "counted": "Counted by the regulator: 5 strands, each respondent once",
}
PART_ONE = {
    "theirs": "Hate crime cases that are in that number already",
    "added": "Hate crime cases added to it, whatever the strand",
    "outside": LESS["outside"].replace("Less:", "Not added:"),
    "same": LESS["same"].replace("Less:", "Not added:"),
}


def _on(rows: Rows, line: str) -> Rows:
    found: Rows = rows.annotate(case_ref=F("pk"), at=F("opened_at"), line=Value(line))
    return found


def _stocked(asked: Asked) -> Rows:
    """Hate cases with ``stock``, what their home counts as for the regulator."""
    found: Rows = hate_cases(asked).annotate(stock=case_stock())
    return found


def _in_stock(asked: Asked) -> Rows:
    found: Rows = _stocked(asked).filter(stock__in=REGULATED)
    return found


def _five_strands(asked: Asked) -> Rows:
    """Those in the stock in which somebody names one of the regulator's five strands."""
    found: Rows = _in_stock(asked).filter(about(*COUNTABLE))
    return found


def again(cases: Rows) -> Exists:
    """Whether an earlier one of these cases about the same respondent was open when it opened.

    Only a respondent whose record we know is the same as another; records found to be of one
    person are followed to the one that stands for them.  ``cases`` are those that count.
    """
    respondents: Any = Involvement.objects.filter(
        part=Part.RESPONDENT, person__isnull=False, ended_at__isnull=True
    ).annotate(whom=Coalesce("person__merged_into_id", "person_id"))
    then = ExpressionWrapper(OuterRef("case__opened_at"), output_field=DateTimeField())
    others = respondents.annotate(then=then).filter(
        Q(case__opened_at__lt=F("then")) | Q(case__opened_at=F("then"), case__lt=OuterRef("case")),
        ~was_shut("then", "case"),
        whom=OuterRef("whom"),
        case__in=cases.values("pk"),
    )
    return Exists(respondents.filter(Exists(others), case=OuterRef("pk")))


def part_two(asked: Asked) -> Together:
    """Hate cases at the moment each opened: all, and each on the one line that says whether the
    regulator counts it; those counted also on the line of the rate.
    """
    mine = _five_strands(asked)
    # An earlier case of another company is about the same respondent all the same.
    repeated = again(_five_strands(Asked.of_dates(asked.whole, asked.at)))
    return Together(
        _on(hate_cases(asked), "policy"),
        _on(_stocked(asked).exclude(stock__in=REGULATED), "outside"),
        _on(_in_stock(asked).exclude(about(*COUNTABLE)), "strands"),
        _on(mine.filter(repeated), "same"),
        _on(mine.filter(~repeated), "counted"),
        _on(mine.filter(~repeated), "rate"),
    )


def _part_two(asked: Asked) -> list[Line]:
    parts = part_two(asked).parts[:-1]
    lines = counts(asked, Together(*parts), PART_TWO)
    return [_rate(asked, _keyed(lines)["counted"], "NM01 part 2, for each 1,000 homes"), *lines]


def _keyed(lines: list[Line]) -> dict[str, Line]:
    return {line.key: line for line in lines}


def _rate(asked: Asked, counted: Line, label: str) -> Line:
    """The rate of a line of numbers (or of none), by the homes at the end of each window."""
    known = homes(asked.at, asked.entity)

    def rate(value: Figure, period: Period) -> Figure:
        if not isinstance(value, Count):
            return value
        owned = known.on(period.last, REGULATED)
        return Absent(NO_HOMES) if owned is None else Rate(value.number, owned)

    return Line(
        "rate",
        label,
        {name: rate(value, asked.windows[name]) for name, value in counted.values.items()},
        [rate(value, month) for value, month in zip(counted.months, asked.months, strict=True)],
        counted.rows,
    )


def _already(totals: AsbTotals) -> Q:
    """Whether a case is in a total of the antisocial behaviour team: its company's own for the
    month, else the one of no company in particular.
    """
    found = Q(pk__in=[])
    for code, first, own in totals.holding_hate():
        month = month_of(first)
        opened = Q(opened_at__gte=month.begins, opened_at__lt=month.ends)
        whose = Q(entity__code=code) if code else ~Q(entity__code__in=own)
        found |= opened & whose
    return found


def part_one(asked: Asked) -> Together:
    """Hate cases at the moment each opened, by whether they come on top of the total."""
    mine = _in_stock(asked)
    repeated = again(_in_stock(Asked.of_dates(asked.whole, asked.at)))
    already = _already(asb_totals(asked.at, asked.entity))
    once = mine.filter(~repeated)
    return Together(
        _on(once.filter(already), "theirs"),
        _on(once.exclude(already), "added"),
        _on(_stocked(asked).exclude(stock__in=REGULATED), "outside"),
        _on(mine.filter(repeated), "same"),
    )


def _part_one(asked: Asked) -> list[Line]:
    """The team's total and ours beside it; without each month of the total there is no figure."""
    totals = asb_totals(asked.at, asked.entity)
    lines = counts(asked, part_one(asked), PART_ONE)
    added = _keyed(lines)["added"]

    def theirs(period: Period) -> Figure:
        missing = totals.missing(period)
        return Absent(missing) if missing else Count(totals.opened(period))

    asb = Line(
        "asb",
        "Antisocial behaviour cases opened, from their team",
        {name: theirs(period) for name, period in asked.windows.items()},
        [theirs(month) for month in asked.months],
    )
    whole = Line(
        "total",
        "Antisocial behaviour cases, hate crime included",
        {name: _both(asb.values[name], added.values[name]) for name in asked.windows},
        [_both(*each) for each in zip(asb.months, added.months, strict=True)],
    )
    rate = _rate(asked, whole, "NM01 part 1, for each 1,000 homes")
    return [rate, asb, *lines, whole]


def _both(total: Figure, added: Figure) -> Figure:
    return total + added if isinstance(total, Count) and isinstance(added, Count) else total


HOMES = (
    "Low cost rental and low cost ownership homes, by the newest count on or before the last day "
    "of the period; for a whole reporting year, that of 31 March."
)
MEASURES = (
    Measure(
        code="M04",
        name="NM01 part 2: hate crime cases for each 1,000 homes",
        chapter=Chapter.INTAKE,
        definition="What the regulator calls antisocial behaviour cases that involve hate "
        "incidents, from 1 April and over 12 months; and, line by line, why it is fewer than the "
        "policy's own number. More reports may mean more trust: there is no target.",
        numerator="Cases opened in the period in which somebody names disability, race, religion, "
        "sexual orientation or gender identity, actual or thought to be. A respondent counts "
        "once while an earlier case about them is open.",
        denominator=HOMES,
        cohort="By the day the case opened, in London; the reporting year begins on 1 April.",
        exclusions="Homes outside the regulator's stock, or not known; cases only about age, "
        "gender, appearance or not clear yet; a further case about a respondent we know, while an "
        "earlier one that counts was open. Unknown respondents are never taken for one.",
        source="TSM NM01 (2); domain 5.1 and 5.3 M04",
        count=_part_two,
        behind=part_two,
        headline="rate",
        unit="per 1,000 homes",
    ),
    Measure(
        code="M05",
        name="NM01 part 1: antisocial behaviour cases for each 1,000 homes",
        chapter=Chapter.INTAKE,
        definition="All antisocial behaviour cases, hate crime of every strand included. The "
        "antisocial behaviour team gives its number each month and says whether ours are in it.",
        numerator="Their cases opened in the months of the period, and our hate crime cases "
        "where they are not in their number.",
        denominator=HOMES,
        cohort="Whole months; our cases by the day they opened, in London.",
        exclusions="Of ours: homes outside the regulator's stock or not known, and a further case "
        "about a respondent we know while an earlier one was open. If a month is not supplied, "
        "there is no figure.",
        source="TSM NM01 (1); domain 5.1 and 5.3 M05",
        count=_part_one,
        behind=part_one,
        headline="rate",
        unit="per 1,000 homes",
    ),
)
