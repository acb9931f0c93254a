"""Who looks after users and roles, and which roles may meet.  Pure.  Source: domain 11."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from cases.access import YES, Actor, Answer, Grant, Role, first_no, incompatible, rule


@dataclass(frozen=True)
class Held:
    """A role from one moment until another (for ever if there is none)."""

    role: Role
    begins_at: datetime
    ends_at: datetime | None = None

    def overlaps(self, other: Held) -> bool:
        """Whether there is a moment in both periods; the end is not part of a period."""
        return (other.ends_at is None or self.begins_at < other.ends_at) and (
            self.ends_at is None or other.begins_at < self.ends_at
        )


@rule("staff.manage")
def manage(actor: Actor) -> Answer:
    """Users, teams, roles and training are the system administrator's."""
    return actor.may(Grant.MANAGE_STAFF)


@rule("staff.stop")
def stop(actor: Actor, *, user_id: int) -> Answer:
    """Nobody stops their own access: the last administrator would lock everybody out."""
    return first_no(
        manage(actor),
        Answer("You cannot stop your own access. Ask another system administrator.")
        if actor.id == user_id
        else YES,
    )


DIRECTORS_OWN = "Only the Director names somebody to act for the Director, and ends it."


@rule("staff.change_roles")
def change_roles(actor: Actor, *, user_id: int, role: str = "") -> Answer:
    """Roles are always granted and ended by somebody else; one only by the Director."""
    return first_no(
        manage(actor),
        Answer(DIRECTORS_OWN) if role == Role.ACTING_DIRECTOR else YES,
        Answer("Nobody changes their own roles. Ask another system administrator.")
        if actor.id == user_id
        else YES,
    )


@rule("staff.end_sessions")
def end_sessions(actor: Actor, *, user_id: int) -> Answer:
    """One's own sessions are one's own; anybody else's are the system administrator's."""
    return YES if actor.id == user_id else manage(actor)


@rule("staff.remove_second_factor")
def remove_second_factor(actor: Actor, *, user_id: int) -> Answer:
    """Somebody else's, by the administrator; one's own takes the library's page, with a code."""
    return first_no(
        manage(actor),
        Answer("You look after your own second factor yourself.") if actor.id == user_id else YES,
    )


@rule("staff.sign_in_link")
def may_have_sign_in_link(
    actor: Actor, *, user_id: int, active: bool, has_password: bool
) -> Answer:
    """Only an account that never had a password gets a link from an administrator.

    An administrator could otherwise take over an account that somebody uses.
    """
    return first_no(
        change_roles(actor, user_id=user_id),
        YES if active else Answer("Restore their access first."),
        Answer("They have chosen a password. They can reset it from the sign-in page.")
        if has_password
        else YES,
    )


def link_single_sign_on(actor: Actor, *, user_id: int, taken_by: int | None) -> Answer:
    """One subject of the provider is one person here; ``taken_by`` is who it is already."""
    return first_no(
        change_roles(actor, user_id=user_id),
        YES
        if taken_by in (None, user_id)
        else Answer("Somebody else signs in as this subject already."),
    )


def grant(
    actor: Actor, *, user_id: int, active: bool, wanted: Held, held: Iterable[Held]
) -> Answer:
    """Whether the actor may grant this role for this period to somebody who holds ``held``.

    Roles that may not meet are compared only where their periods overlap, so that somebody
    may be an auditor after having worked cases, but never while.
    """
    meeting = [other for other in held if wanted.overlaps(other)]
    return first_no(
        change_roles(actor, user_id=user_id, role=wanted.role),
        YES if active else Answer("Restore their access before granting a role."),
        Answer("The role must end after it begins.")
        if wanted.ends_at is not None and wanted.ends_at <= wanted.begins_at
        else YES,
        Answer("They already hold this role in that period.")
        if any(other.role is wanted.role for other in meeting)
        else YES,
        *(incompatible(frozenset({wanted.role, other.role})) for other in meeting),
    )


def browser_words(user_agent: str) -> str:
    """The browser and the kind of computer, as somebody would recognise their own."""
    browsers = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrom", "Chrome"), ("Safari", "Safari"))
    systems = (
        ("Windows", "Windows"),
        ("iPhone", "an iPhone"),
        ("iPad", "an iPad"),
        ("Android", "Android"),
        ("Mac OS", "a Mac"),
        ("Linux", "Linux"),
    )
    browser = next((words for mark, words in browsers if mark in user_agent), "A browser")
    system = next((words for mark, words in systems if mark in user_agent), "")
    return f"{browser} on {system}" if system else browser
