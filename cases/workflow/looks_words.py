"""Why somebody may see a case, and how often they looked, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from cases import words
from cases.casework.models import CaseMember


def often(times: int) -> str:
    """How often: "once", "twice", "3 times"."""
    return {1: "once", 2: "twice"}.get(times, f"{times} times")


def why(
    members: Sequence[CaseMember],
    managers: Mapping[int | None, str],
    user_id: int | None,
    now: datetime,
) -> str:
    """Why somebody may see the case, or "" when they are not on it."""
    theirs = [member for member in members if member.user_id == user_id]
    open_now = [member for member in theirs if member.ended_at is None]
    if open_now:
        return ". ".join(dict.fromkeys(_label(member) for member in open_now))
    if user_id in managers:
        return managers[user_id]
    if theirs:
        last = theirs[-1]
        ended = words.say_moment(last.ended_at, now) if last.ended_at else ""
        return f"{_label(last)}. Access ended {ended}."
    return ""


def _label(member: CaseMember) -> str:
    return str(member.get_why_display())
