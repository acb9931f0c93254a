"""What the pages and the gate read of permission.  Nothing here writes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from cases.calendar import london_date
from cases.casework.models import Involvement
from cases.consent import rules
from cases.consent.answers import live_scopes, newest
from cases.consent.choices import Scope, Standing
from cases.consent.models import Talk
from cases.consent.rules import Answered
from cases.partners.models import Agency

__all__ = ["AgencyRow", "conditions_of", "live_scopes", "matrix"]


@dataclass(frozen=True)
class AgencyRow:
    """What one agency may be told of one person, and every conversation about it, newest first.

    ``answered`` are the newest answers; a scope that is not there was never asked about.
    """

    agency: Agency
    talks: Sequence[Talk]
    answered: Mapping[str, Answered]
    standing: Mapping[str, Standing]

    @property
    def yes(self) -> frozenset[str]:
        """The scopes that may be told now."""
        return frozenset(scope for scope, now in self.standing.items() if now == Standing.GIVEN)


def matrix(about: Involvement, now: datetime) -> list[AgencyRow]:
    """Every agency somebody was asked about, in the order they first were: three queries."""
    talks: dict[int, list[Talk]] = {}
    rows = Talk.objects.filter(about=about).select_related("agency", "asked_by")
    for talk in rows.prefetch_related("said").order_by("id"):
        talks.setdefault(talk.agency_id, []).insert(0, talk)
    answers = newest([about.pk]) if talks else {}
    today = london_date(now)
    return [
        _row(theirs[0].agency, theirs, answers.get((about.pk, agency), {}), today)
        for agency, theirs in talks.items()
    ]


def row_of(agency: Agency, now: datetime) -> AgencyRow:
    """The row of an agency nobody was asked about."""
    return _row(agency, [], {}, london_date(now))


def _row(
    agency: Agency, talks: Sequence[Talk], answered: Mapping[str, Answered], today: date
) -> AgencyRow:
    standing = {scope: rules.standing(answered.get(scope), today) for scope in Scope.values}
    return AgencyRow(agency, talks, answered, standing)


def conditions_of(about_ids: Collection[int], agency_id: int) -> list[str]:
    """The conditions of the conversations with an agency, newest first, each once: one query."""
    talks = Talk.objects.filter(about__in=about_ids, agency=agency_id).exclude(conditions="")
    return list(dict.fromkeys(talks.order_by("-id").values_list("conditions", flat=True)))
