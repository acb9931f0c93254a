"""The only way a page gets a person: scoped to the actor through cases, and recorded."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q
from django.http import Http404

from cases import references
from cases.access import Actor, Role
from cases.audit.context import saw
from cases.casework.models import Case, Involvement
from cases.casework.person_scope import hidden_among, people_on_cases
from cases.intake.models import Report
from cases.people.covering import cover_people
from cases.people.models import Household, HouseholdMembership, Person
from cases.people.queries import members_of, whole
from cases.people.rules import may_search
from cases.staff.models import User


def load_person(actor: Actor, reference: str) -> Person:
    """The person, if the actor may see them.  Raises Http404 exactly as for one not there.

    Whoever may search sees everybody but those hidden by a restriction or a conflict; others
    see the people of the cases and reports they may see.
    """
    rows = Person.objects.select_related("home", "merged_into__home")
    if not may_search(actor):
        reports = Report.objects.visible_to(actor)
        rows = rows.filter(
            Q(pk__in=people_on_cases(actor).values("pk"))
            | Q(pk__in=reports.filter(victim__isnull=False).values("victim"))
            | Q(pk__in=reports.filter(reporter__isnull=False).values("reporter"))
        )
    person = rows.filter(reference=references.tidy(reference)).first()
    if person is None or hidden_among(actor, [person.pk]):
        raise Http404
    saw("people.person", person.pk)
    cover_people([person.pk])
    return person.survivor  # A joined record's reference still finds the person (ADR 14).


def members_shown(
    household: Household, on: date, actor: Actor, besides: Person
) -> list[HouseholdMembership]:
    """Who lives in a household on that day, as far as the actor may see them."""
    rows = members_of(household, on)
    hidden = hidden_among(actor, [row.person_id for row in rows])
    return [row for row in rows if row.person_id not in hidden or row.person_id == besides.pk]


def parts_of(person: Person, actor: Actor) -> list[Involvement]:
    """The person's parts in cases the actor may see, except those kept apart."""
    rows = Involvement.objects.filter(
        person__in=whole(person),
        kept_apart=False,
        ended_at__isnull=True,
        case__in=Case.objects.visible_to(actor).values("pk"),
    )
    return list(rows.select_related("case").order_by("-case__opened_at"))


def whom_to_ask(actor: Actor, at: datetime) -> str:
    """The name of a case manager to speak to about a hidden record, of one's own team first."""
    managers = User.objects.holding(Role.CASE_MANAGER, at).exclude(pk=actor.id or 0)
    own = managers.filter(team_id=actor.team_id).first() if actor.team_id else None
    chosen = own or managers.first()
    return chosen.full_name if chosen else "a case manager"
