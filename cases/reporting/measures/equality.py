"""Whether some ages are harmed more, served worse, or report less (M32, M33, M34).

Age is worked out from dates of birth we hold; no other part of who somebody is is kept yet.
The floors below which nothing is said are in ``cases.reporting.equality``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.models import Case as Choose
from django.db.models import CharField, DateField, F, Value, When
from django.db.models.functions import Coalesce, Concat, TruncDate

from cases.calendar import LONDON
from cases.casework.clocks import ClockKind
from cases.reporting.choices import AgeBand, Characteristic
from cases.reporting.equality import Gap, disproportionality, gap
from cases.reporting.measure import Asked, Chapter, Items, Line, Measure, Rows, Together
from cases.reporting.measures.base import clocks_due, hate_cases, of_entity, reports
from cases.reporting.measures.ends import last_day, numbers, of_whole
from cases.reporting.measures.people import age_band, harmed
from cases.reporting.models import ResidentCount
from cases.reporting.periods import Period
from cases.reporting.tally import counts, shares
from cases.reporting.values import Absent, Count, Rate, Ratio, Share
from cases.reporting.values import Value as Figure

GROUPS = {band.value: band.label for band in AgeBand if band is not AgeBand.UNKNOWN}
BANDS = dict(AgeBand.choices)
TAKEN_UP = {band: f"{label}: reports for each 1,000 residents" for band, label in GROUPS.items()}
TAKEN_UP[AgeBand.UNKNOWN.value] = "Age not known: number of reports"
NOT_COUNTED = Absent("The number of residents of each age has not been entered.")
NO_MORE_THAN_AGE = (
    "Other parts of who somebody is: once they can say so here, for monitoring alone and only if "
    "they wish."
)
CONTACT, PLAN = "contact-", "plan-"
PROMISES = {
    CONTACT: (ClockKind.FIRST_CONTACT, "First contact on time"),
    PLAN: (ClockKind.ACTION_PLAN, "Action plan on time"),
}


def residents(asked: Asked) -> dict[str, Mapping[str, int]]:
    """How many residents are in each group at the end of each window (one query).

    The newest count of each company and group by then; what companies counted is added up.
    """
    rows = ResidentCount.objects.filter(
        of_entity(asked, "entity"), characteristic=Characteristic.AGE, group__in=list(GROUPS)
    )
    counted = list(
        rows.order_by("counted_on", "pk").values_list(
            "counted_on", "entity_id", "group", "residents"
        )
    )
    found: dict[str, Mapping[str, int]] = {}
    for name, period in asked.windows.items():
        newest = {(who, group): n for on, who, group, n in counted if on <= period.last}
        total: dict[str, int] = {}
        for (_, group), number in newest.items():
            total[group] = total.get(group, 0) + number
        found[name] = total
    return found


# --- M32 ---


def _people(asked: Asked, period: Period) -> Rows:
    """The different people harmed in hate cases opened in a period, by their age at its end."""
    opened = hate_cases(asked).filter(opened_at__gte=period.begins, opened_at__lt=period.ends)
    on = Value(last_day(asked, period), output_field=DateField())
    found: Rows = harmed(opened).annotate(line=age_band("date_of_birth", on))
    return found


def _harmed(asked: Asked, period: Period) -> Items:
    """Those whose age is known, by it; and everybody, for whether it is known."""
    people = _people(asked, period)
    known = Choose(When(date_of_birth__isnull=False, then=True), default=False)
    return Together(
        people.filter(date_of_birth__isnull=False).annotate(counts=Value(value=True)),
        people.annotate(counts=known).annotate(line=Value("known")),
    )


def people_harmed(asked: Asked) -> Items:
    """Everybody harmed in all that is asked, by age; and once more for whether it is known."""
    return of_whole(asked, _harmed)


def _disproportionality(asked: Asked) -> list[Line]:
    found = numbers(asked, _people)
    people = {
        name: {key: of for key, (_, of) in lines.items()} for name, lines in found.windows.items()
    }
    living = residents(asked)
    lines = [
        Line(group, label, {name: _ratio(group, people[name], living[name]) for name in people})
        for group, label in GROUPS.items()
    ]
    known = {name: Share(_known(each), sum(each.values())) for name, each in people.items()}
    return [*lines, Line("known", "Age known", dict(known))]


def _known(people: Mapping[str, int]) -> int:
    return sum(people.get(group, 0) for group in GROUPS)


def _ratio(group: str, people: Mapping[str, int], living: Mapping[str, int]) -> Ratio | Absent:
    if not living:
        return NOT_COUNTED
    known = _known(people)
    inside = people.get(group, 0)
    return disproportionality(
        inside,
        living.get(group, 0),
        known - inside,
        sum(living.values()) - living.get(group, 0),
        known,
        sum(people.values()),
    )


# --- M33 ---


def _served(asked: Asked, prefix: str) -> Rows:
    """Promises due, by the age of whom the case is about on the day it opened."""
    kind, _ = PROMISES[prefix]
    opened = TruncDate("case__opened_at", tzinfo=LONDON)
    due = clocks_due(asked, kind).annotate(
        born=Coalesce("case__victim__merged_into__date_of_birth", "case__victim__date_of_birth")
    )
    found: Rows = due.annotate(
        line=Concat(Value(prefix), age_band("born", opened), output_field=CharField())
    )
    return found


def served(asked: Asked) -> Items:
    """First contacts and action plans due, each on the line of an age."""
    return Together(*(_served(asked, prefix) for prefix in PROMISES))


def _service(asked: Asked) -> list[Line]:
    lines = []
    for prefix, (_, words) in PROMISES.items():
        labels = {f"{prefix}{band}": f"{words}: {label}" for band, label in BANDS.items()}
        lines += shares(asked, _served(asked, prefix), labels)
    return lines


def gaps(lines: Iterable[Line], window: str) -> dict[str, Gap | None]:
    """How each age was served beside all others, by the line's key, in one window; None where
    too few stand behind it.  Those of unknown age are in neither.
    """
    values = {line.key: line.values[window] for line in lines}
    found = {}
    for prefix in PROMISES:
        groups = {key: values.get(f"{prefix}{key}") for key in GROUPS}
        known = {key: value for key, value in groups.items() if isinstance(value, Share)}
        for key, value in known.items():
            others = sum((one for other, one in known.items() if other != key), Share())
            found[f"{prefix}{key}"] = gap(value, others)
    return found


# --- M34 ---


def taken_up(asked: Asked) -> Items:
    """Reports of hate about somebody, by their age on the day we received each."""
    told = reports(asked).annotate(of=Coalesce("case__merged_into", "case"))
    about = told.filter(of__in=hate_cases(asked).values("pk"), victim__isnull=False)
    born = Coalesce("victim__merged_into__date_of_birth", "victim__date_of_birth")
    found: Rows = about.annotate(case_ref=F("case_id"), at=F("received_at"), born=born)
    found = found.annotate(line=age_band("born", TruncDate("received_at", tzinfo=LONDON)))
    return found


def _take_up(asked: Asked) -> list[Line]:
    living = residents(asked)
    lines = counts(asked, taken_up(asked), TAKEN_UP)
    for line in lines:
        line.months = []
        line.values = {
            name: _rate(line.key, value, living[name]) for name, value in line.values.items()
        }
    return lines


def _rate(group: str, value: Figure, living: Mapping[str, int]) -> Figure:
    """Those of unknown age stay a number: nobody knows how many residents they are of."""
    assert isinstance(value, Count)
    if group not in GROUPS:
        return value
    return Rate(value.number, living[group]) if living.get(group) else NOT_COUNTED


MEASURES = (
    Measure(
        code="M32",
        name="Are some ages harmed more than others?",
        chapter=Chapter.EQUALITY,
        definition="How much likelier residents of one age are to be harmed by hate than all "
        "other residents: 2 means twice as likely. Beside it the range it may be in by chance, "
        "19 times in 20.",
        numerator="Different people of the age harmed in cases opened in the period, for each "
        "resident of it.",
        denominator="The same for all other residents.",
        cohort="People harmed in cases opened in the period; their age at its end, and the "
        "newest number of residents by then.",
        exclusions="Shown only with 5 people harmed inside and outside the group, 100 residents "
        "in it, and the age of 60 in 100 known. Everybody harmed is counted, also somebody who "
        "does not live with us.",
        source="Policy line 182; domain 5.3 M32",
        count=_disproportionality,
        behind=people_harmed,
        headline="known",
        unit="times as likely",
        twelve_only=True,
        part_waits=NO_MORE_THAN_AGE,
    ),
    Measure(
        code="M33",
        name="Are all ages served alike?",
        chapter=Chapter.EQUALITY,
        definition="First contacts and action plans on time, by the age of the person harmed. A "
        "difference of 10 points between a group and all others is looked into.",
        numerator="First contacts, and action plans, done by the moment they were due.",
        denominator="Those due in the period, of the group.",
        cohort="By the moment each was due; age on the day the case opened.",
        exclusions="What does not apply or is on hold. A difference needs 10 in the group and 10 "
        "outside it; those of unknown age are in neither.",
        source="Policy line 182; domain 5.3 M33",
        count=_service,
        behind=served,
        headline=f"{CONTACT}{AgeBand.UNDER_25.value}",
        unit="promises",
        twelve_only=True,
        part_waits=f"How cases ended and how content people are. {NO_MORE_THAN_AGE}",
    ),
    Measure(
        code="M34",
        name="Do all ages report?",
        chapter=Chapter.EQUALITY,
        definition="Reports of hate for each thousand residents of an age. A low number may mean "
        "that they do not tell us.",
        numerator="Reports of hate received about somebody of that age.",
        denominator="Residents of that age: the newest number by the end of the period.",
        cohort="By the moment we received the report; age on that day.",
        exclusions="Reports that led to no hate case, or name nobody harmed.",
        source="Policy line 182; domain 5.3 M34",
        count=_take_up,
        behind=taken_up,
        headline=AgeBand.UNDER_25.value,
        unit="reports for 1,000 residents",
        twelve_only=True,
        part_waits=NO_MORE_THAN_AGE,
    ),
)
