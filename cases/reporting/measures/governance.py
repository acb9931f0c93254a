"""ASB case reviews, training, conflicts of interest and the policy itself (M29, M37, M39, M40)."""

from __future__ import annotations

from typing import Any

from django.db.models import BigIntegerField, CharField, Exists, F, OuterRef, Q, Value, When
from django.db.models import Case as Choose

from cases.access import Role
from cases.casework.choices import ClockState, ConflictSource
from cases.casework.clocks import ClockKind
from cases.casework.models import Clock, Conflict
from cases.policy.models import PolicyVersion
from cases.referrals.models import ReviewTold
from cases.reporting.measure import Asked, Chapter, Items, Line, Measure, Rows, Together
from cases.reporting.measures import improving
from cases.reporting.measures.base import hate_cases, hours_between, of_entity, on_time
from cases.reporting.measures.ends import last_day, last_moment, of_whole, shared_at_end
from cases.reporting.periods import Period
from cases.reporting.tally import counts, middles, shares
from cases.reporting.values import Absent, Days
from cases.reporting.values import Value as Figure
from cases.staff.models import Course, RoleHolding, TrainingRecord, User

TOLD = {"told": "Told that they may ask for a case review"}
TRAINED_ROLES = (
    Role.CALL_HANDLER,
    Role.HOUSING_OFFICER,
    Role.CASE_MANAGER,
    Role.SAFEGUARDING_LEAD,
    Role.DA_LEAD,
    Role.DIRECTOR_CO,
)
COURSES = dict(Course.choices)
FOUND = {"declared": "Declared by the colleague", "detected": "Found in our own records"}
HOURS = {"hours": "Hours to another lead officer, the middle one"}
IN_TIME = {"in-time": "Another lead officer in time"}
REVIEW = {
    "to": "Days until the policy is reviewed",
    "after": "Days since it should have been reviewed",
}


# --- M29 ---


def reviews(asked: Asked) -> Items:
    """People first found to be eligible; it counts if they have been told by now."""
    eligible = ReviewTold.objects.filter(
        may_be_eligible=True, at__lte=asked.at, case__in=hate_cases(asked)
    )
    same = ReviewTold.objects.filter(about=OuterRef("about"))
    before = same.filter(may_be_eligible=True, pk__lt=OuterRef("pk"))
    told = same.filter(told=True, at__lte=asked.at)
    found: Rows = eligible.filter(~Exists(before))
    found = found.annotate(case_ref=F("case_id"), line=Value("told"), counts=Exists(told))
    return found


def _reviews(asked: Asked) -> list[Line]:
    return shares(asked, reviews(asked), TOLD)


# --- M37 ---


def _in_role(asked: Asked, period: Period, course: str) -> Rows:
    """Colleagues who held a role that works with cases when a period ended."""
    moment, day = min(last_moment(period), asked.at), last_day(asked, period)
    held = RoleHolding.objects.filter(
        user=OuterRef("pk"), role__in=TRAINED_ROLES, period__contains=moment
    )
    record = TrainingRecord.objects.filter(
        user=OuterRef("pk"), course=course, completed_on__lte=day, expires_on__gt=day
    )
    scope = Q(entities=[]) | Q(entities__contains=[asked.entity]) if asked.entity else Q()
    found: Rows = User.objects.working().filter(scope).filter(Exists(held))
    none = Value(None, output_field=BigIntegerField())
    found = found.annotate(case_ref=none, line=Value(course), counts=Exists(record))
    return found


def _trained(asked: Asked, period: Period) -> Items:
    return Together(*(_in_role(asked, period, course) for course in COURSES))


def training(asked: Asked) -> Items:
    """Colleagues in role at the end of what is asked, on the line of each course."""
    return of_whole(asked, _trained)


def _training(asked: Asked) -> list[Line]:
    return shared_at_end(asked, _trained, COURSES)


# --- M39 ---


def _conflicts(asked: Asked) -> Rows:
    declared = When(source=ConflictSource.DECLARED, then=Value("declared"))
    found: Rows = Conflict.objects.filter(
        of_entity(asked, "case__entity"), found_at__lte=asked.at
    ).annotate(
        case_ref=F("case_id"),
        at=F("found_at"),
        line=Choose(declared, default=Value("detected"), output_field=CharField()),
    )
    return found


def _reassigning(asked: Asked, line: str, at: str) -> Rows:
    due: Any = Clock.objects.filter(of_entity(asked, "case__entity"), kind=ClockKind.REASSIGN)
    found: Rows = due.exclude(state__in=[ClockState.NOT_APPLICABLE, ClockState.PAUSED]).annotate(
        case_ref=F("case_id"),
        at=F(at),
        line=Value(line),
        length=hours_between("started_at", "met_at"),
        counts=on_time(),
    )
    return found.filter(at__lte=asked.at)


def conflicts(asked: Asked) -> Items:
    """Conflicts found, new lead officers named and when, and those due."""
    return Together(
        _conflicts(asked),
        _reassigning(asked, "hours", "met_at"),
        _reassigning(asked, "in-time", "due_at"),
    )


def _conflict_lines(asked: Asked) -> list[Line]:
    return [
        *counts(asked, _conflicts(asked), FOUND),
        *middles(asked, _reassigning(asked, "hours", "met_at"), HOURS),
        *shares(asked, _reassigning(asked, "in-time", "due_at"), IN_TIME),
    ]


# --- M40 ---


def _policy(asked: Asked) -> list[Line]:
    """Windows that end on the same day stand alike, and are asked once."""
    ends = {period.last: period for period in asked.windows.values()}
    found = {
        last: {**_review(asked, period), **improving.standing(asked, period)}
        for last, period in ends.items()
    }
    return [
        Line(key, label, {name: found[one.last][key] for name, one in asked.windows.items()})
        for key, label in {**REVIEW, **improving.LABELS}.items()
    ]


def _review(asked: Asked, period: Period) -> dict[str, Figure]:
    """How the review stands on the last day of a period; one of the two is nothing."""
    day = last_day(asked, period)
    version = PolicyVersion.objects.in_force_on(day)
    if version is None:
        return dict.fromkeys(REVIEW, Absent("No version of the policy is recorded."))
    left = (version.review_on - day).days
    return {"to": Days(max(left, 0)), "after": Days(version.review_overdue_days(day))}


MEASURES = (
    Measure(
        code="M29",
        name="Told of the ASB case review",
        chapter=Chapter.COMPLAINTS,
        definition="People we found may be able to ask for an antisocial behaviour case review, "
        "and how many of them were told so.",
        numerator="Those who have been told by now.",
        denominator="People first found to be eligible in the period, once for each part in a "
        "case.",
        cohort="By the moment they were first found to be eligible.",
        exclusions="People found not to be eligible yet. Asking is theirs: we never do it for "
        "them.",
        source="Policy line 68; domain 5.3 M29",
        count=_reviews,
        behind=reviews,
        headline="told",
        unit="people",
        part_waits="Complaints, the Ombudsman, and what became of case reviews: once they are "
        "recorded here.",
    ),
    Measure(
        code="M37",
        name="Training in date",
        chapter=Chapter.AUDIT,
        definition="Colleagues who work with cases and whose training counts at the end of the "
        "period, for each course.",
        numerator="Colleagues with a record of the course that has not run out.",
        denominator="Colleagues who may sign in and hold the role of call handler, housing "
        "officer, case manager, safeguarding or domestic abuse lead, or Director.",
        cohort="As it stands at the end of the period, or today if it is not over.",
        exclusions="Roles that work with no case: auditors, report viewers, administrators.",
        source="Policy lines 176 to 178; domain 5.3 M37",
        count=_training,
        behind=training,
        headline=Course.HATE_CRIME.value,
        unit="colleagues",
        part_waits="Who has read and acknowledged the policy: once that is asked here.",
    ),
    Measure(
        code="M39",
        name="Conflicts of interest",
        chapter=Chapter.AUDIT,
        definition="Conflicts of interest declared by colleagues or found in our own records, "
        "and how soon another lead officer was named.",
        numerator="Conflicts. Hours from losing the lead to the next lead officer, every hour "
        "counted. New lead officers named by the moment that was due.",
        denominator="None for conflicts; new lead officers due in the period.",
        cohort="Conflicts: by the moment they were found. Hours: by the moment another was "
        "named. In time: by the moment it was due.",
        exclusions="Conflicts that two people cleared are counted: they were found. What does "
        "not apply or is on hold is not due.",
        source="Domain 7.1, S13 and 5.3 M39",
        count=_conflict_lines,
        behind=conflicts,
        headline="declared",
        unit="conflicts",
    ),
    Measure(
        code="M40",
        name="The review of the policy, and what is to be done better",
        chapter=Chapter.POLICY,
        definition="How many days it is until the Hate Crime Policy is to be reviewed, or since "
        "it should have been; and how much is still to be done better, to be closed or to be "
        "decided.",
        numerator="Days. Actions, recommendations and reasons to review the policy.",
        denominator="None: numbers.",
        cohort="As it stands on the last day of the period, or today if it is not over. An "
        "action is late from the day after it was due; if that day was changed, the new one "
        "counts.",
        exclusions="None. They are of all companies together.",
        source="Policy title page and lines 208 to 213; domain 5.3 M40, HC-01, HC-50",
        count=_policy,
        headline="after",
        unit="days",
    ),
)
