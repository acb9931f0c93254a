"""The only way a view gets a case or something on it: scoped to the actor, and recorded."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, OuterRef
from django.http import Http404

from cases import references
from cases.access import Actor
from cases.audit import masking
from cases.audit.context import saw
from cases.casework.models import Case, Declaration
from cases.people.covering import cover_people
from cases.prepared import planned


def get_case(actor: Actor, reference: str) -> Case:
    """The case, if the actor may see it.  Raises Http404 exactly as for one that is not there.

    ``case.declared`` is whether the actor has said if they know anybody in it.
    """
    found = _case(actor, actor.id or 0, reference=references.tidy(reference))
    case = next(iter(found), None)
    if case is None:
        raise Http404
    saw("casework.case", case.pk, case=case.reference)
    if masking.on():
        _cover_names(case)
    return case


def _cover_names(case: Case) -> None:
    """Have the mask know everybody with a part, kept apart or not: accounts name people."""
    parts = case.involvements.filter(person__isnull=False).values_list("person", flat=True)
    cover_people([case.victim_id, *parts])
    if case.home is not None:
        masking.home(case.home.address, case.home.postcode)


@planned
def _case(actor: Actor, user: int, *, reference: str) -> models.QuerySet[Case]:
    declared = Declaration.objects.filter(case=OuterRef("pk"), user_id=user)
    return (
        Case.objects.visible_to(actor)
        .select_related("victim__merged_into", "home", "lead", "entity")
        .annotate(declared=Exists(declared))
        .filter(reference=reference)
    )


def get_child[M: models.Model](case: Case, rows: models.QuerySet[M], pk: int) -> M:
    """A row of this case, looked up through it; another case's row is not found."""
    found = rows.filter(case=case, pk=pk).first()
    if found is None:
        raise Http404
    saw(found._meta.label_lower, found.pk, case=case.reference)
    return found


def get_of_incident[M: models.Model](case: Case, rows: models.QuerySet[M], pk: int) -> M:
    """A row of one of this case's incidents, looked up through the case."""
    found = rows.filter(incident__case=case, pk=pk).first()
    if found is None:
        raise Http404
    saw(found._meta.label_lower, found.pk, case=case.reference)
    return found
