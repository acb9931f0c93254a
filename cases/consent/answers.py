"""Reading the newest answers: one query, whoever asks (operations, pages, the gate)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from cases.calendar import london_date
from cases.casework.choices import OPEN_STAGES
from cases.casework.models import Case
from cases.consent import rules
from cases.consent.choices import Scope, Standing
from cases.consent.models import Said, Talk
from cases.consent.rules import Answered

type Answers = Mapping[tuple[int, int], Mapping[str, Answered]]
"""By part and agency: the newest answer about each scope."""


def newest(about_ids: Iterable[int], agency_id: int | None = None) -> Answers:
    """The newest answer about each scope, by part and agency; without ``agency_id``, of all.

    A part that has ended answers for nobody any more.
    """
    rows = _closed(Said.objects.filter(talk__about__in=list(about_ids)))
    if agency_id is not None:
        rows = rows.filter(talk__agency=agency_id)
    rows = rows.filter(talk__about__ended_at__isnull=True)
    # The order of writing, held by the lock on the case, and not what a clock said.
    latest = rows.order_by("talk__about", "talk__agency", "scope", "-talk", "-id").distinct(
        "talk__about", "talk__agency", "scope"
    )
    found: dict[tuple[int, int], dict[str, Answered]] = defaultdict(dict)
    for about, agency, scope, *answered in latest.values_list(
        "talk__about",
        "talk__agency",
        "scope",
        "reply",
        "talk__until",
        "talk__until_on",
        "closed",
    ):
        found[about, agency][scope] = Answered(*answered)
    return found


def _closed(rows: QuerySet[Said]) -> QuerySet[Any]:
    """Each answer with ``closed``: whether its case was closed since, even if opened again."""
    past = Case.history.model.objects.filter(
        id=OuterRef("talk__about__case"), history_date__gte=OuterRef("talk__recorded_at")
    )
    return rows.annotate(closed=Exists(past.exclude(stage__in=OPEN_STAGES)))


def live_scopes(
    about_ids: Iterable[int], agency_id: int, now: datetime
) -> dict[int, frozenset[str]]:
    """What may be told that agency, by part: only a yes that counts now.  One query."""
    asked = list(about_ids)
    answers = newest(asked, agency_id)
    today = london_date(now)
    return {part: rules.live(answers.get((part, agency_id), {}), today) for part in asked}


def standing_of(about_id: int, agency_id: int, today: date) -> dict[str, Standing]:
    """What each scope amounts to for one person and one agency on that day."""
    known = newest([about_id], agency_id).get((about_id, agency_id), {})
    return {scope: rules.standing(known.get(scope), today) for scope in Scope.values}


def asked_for_silence(about_id: int, agency_id: int) -> bool:
    """Whether, when last spoken to about that agency, they asked not to be asked again (S15)."""
    talks = Talk.objects.filter(about=about_id, agency=agency_id, withdrawal=False)
    return bool(talks.order_by("-id").values_list("not_again", flat=True).first())
