"""Which people an actor may see because of the cases they have a part in.

People stand below cases and know nothing of them; whoever shows or searches people passes
these in (``people.queries.find_people(..., hidden=hidden_people(actor))``).
"""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q, QuerySet

from cases.access import Actor
from cases.casework.models import Case, Conflict
from cases.people.models import Person
from cases.people.queries import records_of, tied_to


def hidden_people(actor: Actor) -> QuerySet[Person]:
    """People whose every case is kept from the actor by a restriction or a conflict.

    Somebody who also has an ordinary case is not hidden: their record tells nothing more.
    """
    conflicted = Conflict.objects.filter(
        case=OuterRef("pk"), user_id=actor.id or 0, lifted_at__isnull=True
    )
    visible = Case.objects.visible_to(actor).values("pk")
    kept = (Q(restricted=True) | Exists(conflicted)) & ~Q(pk__in=visible)
    return Person.objects.filter(_has_part_in(Case.objects.filter(kept))).exclude(
        _has_part_in(Case.objects.filter(~kept))
    )


def hidden_among(actor: Actor, ids: Collection[int]) -> set[int]:
    """Which of these few people are hidden from the actor by a restriction, conflict or tie.

    Asked of the few, never ``exclude(pk__in=hidden_people(...))``, which asks of everybody.
    """
    # Of somebody with several records, each is asked: one hidden record hides the person.
    stands = records_of(ids)
    kept = (rows.filter(pk__in=stands) for rows in (tied_to(actor), hidden_people(actor)))
    hidden = {stands[pk] for rows in kept for pk in rows.values_list("pk", flat=True)}
    return {pk for pk in ids if stands.get(pk) in hidden}


def people_on_cases(actor: Actor) -> QuerySet[Person]:
    """People with a part in a case the actor may see."""
    return Person.objects.filter(_has_part_in(Case.objects.visible_to(actor)))


def _has_part_in(cases: QuerySet[Case]) -> Q:
    # Each asked from the person's side, so that few people cost little among many cases.
    return Q(Exists(cases.filter(involvements__person=OuterRef("pk")))) | Q(
        Exists(cases.filter(victim=OuterRef("pk")))
    )
