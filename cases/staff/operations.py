"""Making and changing users, teams, roles and training.  The only writers of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from cases.access import Actor, Role, enforce
from cases.audit.ledger import operation, record, unchanged
from cases.audit.verbs import Verb
from cases.rows import keep
from cases.staff import rules
from cases.staff.models import Course, RoleHolding, Team, TrainingRecord, User
from cases.staff.rules import Held
from cases.staff.session_operations import end_sessions


def _locked(user: User) -> User:
    return User.objects.select_for_update(of=("self",)).get(pk=user.pk)


@operation
def add_user(
    *,
    by: Actor,
    at: datetime,
    full_name: str,
    email: str,
    team: Team | None = None,
    line_manager: User | None = None,
    password: str | None = None,
) -> User:
    """A new user who holds no role yet.

    Without a password they choose one themselves through a link.  Raises Refused, and
    ValidationError for an address in use or a weak password.
    """
    enforce(rules.manage(by))
    user = User(
        full_name=full_name.strip(),
        email=email.strip().lower(),
        team=team,
        line_manager=line_manager,
        created_at=at,
    )
    if password is None:
        user.set_unusable_password()
    else:
        validate_password(password, user)
        user.set_password(password)
    user.full_clean()
    keep(user)
    record(Verb.USER_ADDED, by=by, at=at, subject=user)
    return user


@operation
def change_user(
    *,
    by: Actor,
    at: datetime,
    user: User,
    full_name: str,
    email: str,
    team: Team | None,
    line_manager: User | None,
) -> User:
    """Change what we know of a user.  Raises Refused, ValidationError."""
    enforce(rules.manage(by))
    user = _locked(user)
    new: dict[str, Any] = {
        "full_name": full_name.strip(),
        "email": email.strip().lower(),
        "team_id": team.pk if team else None,
        "line_manager_id": line_manager.pk if line_manager else None,
    }
    changed = [name for name, value in new.items() if getattr(user, name) != value]
    if not changed:
        unchanged()
        return user
    for name in changed:
        setattr(user, name, new[name])
    user.full_clean()
    keep(user)
    if "email" in changed:  # allauth would go on letting the old address sign in
        EmailAddress.objects.filter(user=user).delete()
    names = [name.removesuffix("_id") for name in changed]
    record(Verb.USER_CHANGED, by=by, at=at, subject=user, changes={"changed": names})
    return user


@operation
def scope_user(
    *, by: Actor, at: datetime, user: User, entities: Iterable[str], reason: str
) -> User:
    """Choose the companies whose cases the user's roles reach; none chosen means all (HC-20).

    It counts from their next request.  Raises Refused.
    """
    enforce(rules.change_roles(by, user_id=user.pk))
    user = _locked(user)
    wanted = sorted(set(entities))
    if user.entities == wanted:
        unchanged()
        return user
    before, user.entities = user.entities, wanted
    keep(user)
    record(
        Verb.USER_SCOPED,
        by=by,
        at=at,
        subject=user,
        changes={"from": before or ["all"], "to": wanted or ["all"]},
        reason=reason.strip(),
    )
    return user


@operation
def stop_user(*, by: Actor, at: datetime, user: User, reason: str) -> User:
    """Nobody signs in as this user any more, and every session they have ends."""
    enforce(rules.stop(by, user_id=user.pk))
    user = _locked(user)
    if not user.is_active:
        unchanged()
        return user
    user.is_active = False
    user.save()
    end_sessions(by=by, at=at, user=user)
    record(Verb.USER_STOPPED, by=by, at=at, subject=user, reason=reason.strip())
    return user


@operation
def restore_user(*, by: Actor, at: datetime, user: User, reason: str) -> User:
    """The user may sign in again, with the roles they still hold."""
    enforce(rules.stop(by, user_id=user.pk))
    user = _locked(user)
    if user.is_active:
        unchanged()
        return user
    user.is_active = True
    user.save()
    record(Verb.USER_RESTORED, by=by, at=at, subject=user, reason=reason.strip())
    return user


@operation
def add_team(*, by: Actor, at: datetime, name: str) -> Team:
    """A new team.  Raises Refused, and ValidationError for a name in use."""
    enforce(rules.manage(by))
    team = Team(name=name.strip())
    team.full_clean()
    keep(team)
    record(Verb.TEAM_ADDED, by=by, at=at, subject=team)
    return team


@operation
def change_team(*, by: Actor, at: datetime, team: Team, name: str) -> Team:
    """Rename a team.  Raises Refused, ValidationError."""
    enforce(rules.manage(by))
    team = Team.objects.select_for_update().get(pk=team.pk)
    if team.name == name.strip():
        unchanged()
        return team
    team.name = name.strip()
    team.full_clean()
    keep(team)
    record(Verb.TEAM_CHANGED, by=by, at=at, subject=team, changes={"changed": ["name"]})
    return team


@operation
def grant_role(
    *,
    by: Actor,
    at: datetime,
    user: User,
    role: Role,
    begins_at: datetime | None = None,
    ends_at: datetime | None = None,
    reason: str = "",
) -> RoleHolding:
    """Give a user a role from a moment (now) until another (until it is ended).

    Raises Refused for a role to oneself, one already held then, or one that may not meet
    another of theirs (domain 11).
    """
    user = _locked(user)  # two grants that may not meet wait for one another here
    wanted = Held(Role(role), begins_at or at, ends_at)
    held = [
        Held(Role(holding.role), holding.period.lower, holding.period.upper)
        for holding in user.holdings.filter(period__isempty=False)
    ]
    enforce(rules.grant(by, user_id=user.pk, active=user.is_active, wanted=wanted, held=held))
    holding = RoleHolding(
        user=user,
        role=wanted.role,
        period=DateTimeTZRange(wanted.begins_at, wanted.ends_at),
        granted_by_id=by.id,
        reason=reason.strip(),
    )
    holding.full_clean()
    holding.save()
    record(
        Verb.ROLE_GRANTED,
        by=by,
        at=at,
        subject=user,
        changes={
            "role": wanted.role,
            "from": wanted.begins_at.isoformat(),
            "until": wanted.ends_at.isoformat() if wanted.ends_at else None,
        },
        reason=holding.reason,
    )
    return holding


@operation
def end_role(*, by: Actor, at: datetime, holding: RoleHolding, reason: str) -> RoleHolding:
    """The role stops counting now.  One that has not begun yet is held at no time at all."""
    holding = RoleHolding.objects.select_for_update(of=("self",)).get(pk=holding.pk)
    enforce(rules.change_roles(by, user_id=holding.user_id, role=holding.role))
    period = holding.period
    if period.isempty or (period.upper is not None and period.upper <= at):
        unchanged()
        return holding
    begun = period.lower < at
    holding.period = DateTimeTZRange(period.lower, at) if begun else DateTimeTZRange(empty=True)
    holding.full_clean()
    holding.save()
    record(
        Verb.ROLE_ENDED,
        by=by,
        at=at,
        subject=holding.user,
        changes={"role": holding.role, "begun": begun},
        reason=reason.strip(),
    )
    return holding


@operation
def record_training(
    *,
    by: Actor,
    at: datetime,
    user: User,
    course: Course,
    completed_on: date,
    expires_on: date,
) -> TrainingRecord:
    """A course somebody completed.  Raises Refused, ValidationError (policy lines 176 to 178)."""
    enforce(rules.manage(by))
    training = TrainingRecord(
        user=user,
        course=course,
        completed_on=completed_on,
        expires_on=expires_on,
        recorded_by_id=by.id,
    )
    keep(training)
    record(
        Verb.TRAINING_RECORDED,
        by=by,
        at=at,
        subject=user,
        changes={"course": course, "completed": completed_on.isoformat()},
    )
    return training
