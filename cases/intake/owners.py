"""Who receives what at a moment: holders of a role, and the manager outside somebody's line."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from cases.access import Actor, Role
from cases.intake.choices import Route
from cases.people.models import Person, Property
from cases.staff.models import Team, User

RECEIVES: dict[str, Role] = {
    Route.SAFEGUARDING: Role.SAFEGUARDING_LEAD,
    Route.DA: Role.DA_LEAD,
    Route.ASB: Role.CASE_MANAGER,
}


def owner_of(route: str, team: Team | None, at: datetime) -> User | None:
    """Whoever receives a route at that moment: the lead, or for antisocial behaviour the team's
    manager.  Nobody, when nobody holds the role: the team's manager sees it all the same.
    """
    role = RECEIVES.get(route)
    if role is None:
        return None
    holders = User.objects.holding(role, at)
    if role is Role.CASE_MANAGER and team is not None:
        own = holders.filter(team=team).order_by("pk").first()
        if own is not None:
            return own
    return holders.order_by("pk").first()


def team_for(home: Property | None, by: Actor) -> Team | None:
    """The team that looks after the home, else the one of whoever took the report."""
    if home is not None and home.team_id:
        return home.team
    return Team.objects.filter(pk=by.team_id).first() if by.team_id else None


def line_of(colleague: Person) -> set[int]:
    """The users a colleague who was harmed is, as far as we can tell: tied to their record, or
    of the same name.
    """
    tied = Q(staff_links__person=colleague, staff_links__kind="SELF")
    if colleague.full_name:
        tied |= Q(full_name__iexact=colleague.full_name)
    return set(User.objects.filter(tied).values_list("pk", flat=True))


def outside_manager(colleague: Person, at: datetime) -> User | None:
    """A case manager outside the line of a colleague who was harmed (domain 7.1, S12): not of
    their team, not their manager.  Nobody, if there is none: the Director sees it.
    """
    users = User.objects.filter(pk__in=line_of(colleague))
    teams = {user.team_id for user in users if user.team_id}
    managers = {user.line_manager_id for user in users if user.line_manager_id}
    return (
        User.objects.holding(Role.CASE_MANAGER, at)
        .exclude(team__in=teams)
        .exclude(pk__in=managers | {user.pk for user in users})
        .order_by("pk")
        .first()
    )
