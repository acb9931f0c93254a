"""Where else the respondent, or the place, is in cases the reader may open (HC-10)."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.urls import reverse

from cases.calendar import london_date
from cases.casework.choices import Part, Stage
from cases.casework.models import Case, Involvement
from cases.repeats import words
from cases.workflow.case_read import Read

SHOWN = 10


def elsewhere(found: Read) -> list[dict[str, Any]]:
    """Other cases of the same respondent or address, newest first (one query at most)."""
    respondents = [
        part.person_id for part in found.parts if part.part == Part.RESPONDENT and part.person_id
    ]
    homes = [found.case.home_id] if found.case.home_id else []
    if not respondents and not homes:
        return []
    same = Involvement.objects.filter(person__in=respondents, part=Part.RESPONDENT)
    rows = (
        Case.objects.visible_to(found.actor)
        .filter(Q(pk__in=same.values("case")) | Q(home__in=homes))
        .exclude(pk=found.case.pk)
        .exclude(stage__in=[Stage.VOID, Stage.MERGED])
        .order_by("-received_at", "-pk")[:SHOWN]
    )
    theirs = set(same.values_list("case", flat=True)) if respondents else set()
    return [
        {
            "reference": case.reference,
            "href": reverse("workflow:case", args=[case.reference]),
            "when": words.day(london_date(case.received_at)),
            "why": _why(case, found, theirs),
        }
        for case in rows
    ]


def _why(case: Case, found: Read, theirs: set[int]) -> str:
    shared = []
    if case.pk in theirs:
        shared.append("the same respondent")
    if case.home_id is not None and case.home_id == found.case.home_id:
        shared.append("the same address")
    return " and ".join(shared)
