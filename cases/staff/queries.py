"""Users, teams and roles as the administrator's pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import Http404

from cases.access import Actor, Grant, Role
from cases.audit import context
from cases.audit.models import Event
from cases.audit.verbs import Verb
from cases.staff.models import RoleHolding, Team, User
from cases.staff.rules import browser_words


@dataclass(frozen=True)
class Wanted:
    """What the list of users is filtered by; empty means all."""

    text: str = ""
    role: str = ""
    team: str = ""
    state: str = ""


def users(wanted: Wanted, at: datetime) -> QuerySet[User]:
    """Users by name, with the roles they hold at that moment as ``held_now``."""
    held = RoleHolding.objects.filter(period__contains=at)
    found = User.objects.select_related("team").prefetch_related(
        Prefetch("holdings", queryset=held, to_attr="held_now")
    )
    if wanted.text:
        found = found.filter(Q(full_name__icontains=wanted.text) | Q(email__icontains=wanted.text))
    if wanted.role:
        found = found.filter(Exists(held.filter(user=OuterRef("pk"), role=wanted.role)))
    if wanted.team:
        found = found.filter(team_id=wanted.team)
    if wanted.state:
        found = found.filter(is_active=wanted.state == "working")
    return found.order_by("full_name", "pk")


def load_user(pk: int) -> User:
    """One user, declared as read.  Raises Http404."""
    user = User.objects.select_related("team", "line_manager").filter(pk=pk).first()
    if user is None:
        raise Http404
    context.saw("staff.user", user.pk)
    return user


def load_holding(user: User, pk: int) -> RoleHolding:
    """A role of that user, found through the user.  Raises Http404."""
    holding = user.holdings.filter(pk=pk).first()
    if holding is None:
        raise Http404
    return holding


def load_team(pk: int) -> Team:
    """One team, declared as read.  Raises Http404."""
    team = Team.objects.filter(pk=pk).first()
    if team is None:
        raise Http404
    context.saw("staff.team", team.pk)
    return team


def teams() -> QuerySet[Team]:
    """Every team, with how many of its people may sign in as ``people``."""
    return Team.objects.annotate(
        people=Count("members", filter=Q(members__is_active=True))
    ).order_by("name")


@dataclass(frozen=True)
class HoldingRow:
    """A role somebody holds, held or will hold, for the page about them."""

    holding: RoleHolding
    state: str
    can_end: bool


def holding_rows(user: User, at: datetime) -> list[HoldingRow]:
    """Every role of a user: those held now, those to come, those that ended, in that order."""
    rows = [
        _row(holding, at) for holding in user.holdings.select_related("granted_by").order_by("pk")
    ]
    order = ("now", "later", "ended", "withdrawn")
    return sorted(rows, key=lambda row: order.index(row.state))


def _row(holding: RoleHolding, at: datetime) -> HoldingRow:
    period = holding.period
    if period.isempty:
        return HoldingRow(holding, "withdrawn", False)
    if period.upper is not None and period.upper <= at:
        return HoldingRow(holding, "ended", False)
    ours = holding.role != Role.ACTING_DIRECTOR  # whoever acts for the Director, the Director ends
    return HoldingRow(holding, "later" if period.lower > at else "now", ours)


@dataclass(frozen=True)
class OpenSession:
    """A place where somebody is signed in."""

    pk: int
    words: str
    ip: str
    began_at: datetime
    here: bool


def open_sessions(user: User, at: datetime, here: str = "") -> list[OpenSession]:
    """Where the user is signed in now; ``here`` is the key of the session that asks."""
    alive = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=at)
    rows = UserSession.objects.filter(Exists(alive), user=user).order_by("-created_at")
    return [
        OpenSession(
            pk=row.pk,
            words=browser_words(row.user_agent),
            ip=row.ip,
            began_at=row.created_at,
            here=row.session_key == here,
        )
        for row in rows
    ]


def dormant(at: datetime, days: int) -> QuerySet[User]:
    """Users who may sign in and have not for so many days, nor were added or restored since."""
    since = at - timedelta(days=days)
    restored = Event.objects.filter(
        verb=Verb.USER_RESTORED,
        subject_kind=User._meta.label_lower,
        subject_id=OuterRef("pk"),
        at__gt=since,
    )
    return (
        User.objects.working()
        .filter(Q(last_login__lte=since) | Q(last_login__isnull=True), created_at__lte=since)
        .exclude(Exists(restored))
    )


def delegations_of(actor: Actor, at: datetime) -> QuerySet[RoleHolding]:
    """Who acts for the Director now or will, for the Director to see and end; none for others."""
    if not actor.may(Grant.NAME_DELEGATE):
        return RoleHolding.objects.none()
    rows = RoleHolding.objects.filter(role=Role.ACTING_DIRECTOR, period__endswith__gt=at)
    return rows.select_related("user", "granted_by").order_by("period", "pk")


def own_delegation(actor: Actor, at: datetime) -> RoleHolding | None:
    """What the banner says: for whom the actor acts, until when and why; None if for nobody."""
    if not actor.holds(Role.ACTING_DIRECTOR):
        return None
    rows = RoleHolding.objects.filter(role=Role.ACTING_DIRECTOR, period__contains=at)
    return rows.filter(user_id=actor.id or 0).select_related("granted_by").first()
