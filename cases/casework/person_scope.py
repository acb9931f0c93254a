"""Which people an actor may see because of the cases they have a part in.

People stand below cases and know nothing of them; whoever shows or searches people passes
these in (``people.queries.find_people(..., hidden=hidden_people(actor))``).
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from cases.access import Actor
from cases.casework.models import Case, Conflict, Involvement
from cases.people.models import Person


def hidden_people(actor: Actor) -> QuerySet[Person]:
    """People whose every case is kept from the actor by a restriction or a conflict.

    Somebody who also has an ordinary case is not hidden: their record tells nothing more.
    """
    conflicted = Conflict.objects.filter(
        case=OuterRef("pk"), user_id=actor.id or 0, lifted_at__isnull=True
    )
    kept = Q(restricted=True) | Exists(conflicted)
    visible = Case.objects.visible_to(actor).values("pk")
    kept_away = Case.objects.filter(kept).exclude(pk__in=visible)
    ordinary = Case.objects.exclude(pk__in=kept_away.values("pk"))
    return Person.objects.filter(_has_part_in(kept_away)).exclude(_has_part_in(ordinary))


def people_on_cases(actor: Actor) -> QuerySet[Person]:
    """People with a part in a case the actor may see."""
    return Person.objects.filter(_has_part_in(Case.objects.visible_to(actor)))


def _has_part_in(cases: QuerySet[Case]) -> Q:
    parts = Involvement.objects.filter(person=OuterRef("pk"), case__in=cases.values("pk"))
    return Q(Exists(parts)) | Q(Exists(cases.filter(victim=OuterRef("pk"))))
