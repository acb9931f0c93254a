"""What the policy, the settings and the bank holidays were at a moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cases.audit.memory import remembered
from cases.calendar import london_date
from cases.policy import rules
from cases.policy.defaults import DEFAULTS, OUTSIDE
from cases.policy.models import BankHoliday, CheckedWords, PolicyVersion, Setting
from cases.staff.models import User


def policy_version_at(at: datetime) -> PolicyVersion:
    """The version in force at that moment; a case keeps the one of when it was received.

    Raises PolicyVersion.DoesNotExist if no version has been recorded at all.
    """
    version = PolicyVersion.objects.in_force_on(london_date(at))
    if version is None:
        raise PolicyVersion.DoesNotExist("no policy version has been recorded")
    return version


def settings_at(at: datetime) -> Mapping[str, Any]:
    """Every setting's value at that moment: the newest that had begun, else the default."""

    def find() -> Mapping[str, Any]:
        defaults = {key: value for key, (value, _) in DEFAULTS.items()}
        return defaults | Setting.objects.values_at(at)

    return remembered("settings", at, find)


def holidays() -> frozenset[date]:
    """Every bank holiday in England that we know (domain 4.3)."""
    days = BankHoliday.objects.values_list("day", flat=True)
    return remembered("holidays", None, lambda: frozenset(days))


@dataclass(frozen=True)
class SettingRow:
    """A setting as its page shows it: its value now, and the value that waits, if any."""

    key: str
    words: str
    value: Any
    default: Any
    latest: Setting | None
    coming: Setting | None


def setting_rows(at: datetime) -> list[SettingRow]:
    """Every setting with its value at that moment (one query)."""
    newest: dict[str, Setting] = {}
    coming: dict[str, Setting] = {}
    for row in Setting.objects.order_by("key", "begins_at"):
        if row.begins_at <= at:
            newest[row.key] = row
        else:
            coming.setdefault(row.key, row)
    return [
        SettingRow(
            key=key,
            words=words,
            value=newest[key].value if key in newest else default,
            default=default,
            latest=newest.get(key),
            coming=coming.get(key),
        )
        for key, (default, words) in DEFAULTS.items()
    ]


@dataclass(frozen=True)
class Said:
    """Words about the world outside as they are said now."""

    key: str
    title: str
    words: str
    source: str
    checked_on: date
    stale: bool


def said_at(key: str, at: datetime) -> Said:
    """The newest of these words at that moment, and whether they are due to be checked."""
    first = OUTSIDE[key]
    newest = CheckedWords.objects.filter(key=key, at__lte=at).order_by("-at", "-pk").first()
    row = newest or first
    return Said(
        key=key,
        title=first.title,
        words=row.words,
        source=row.source,
        checked_on=row.checked_on,
        stale=rules.is_stale(row.checked_on, london_date(at)),
    )


@dataclass(frozen=True)
class Change:
    """One change of a setting, and who made it."""

    setting: Setting
    who: str


def changes_of(key: str) -> list[Change]:
    """Every change of one setting, newest first, with the names of those who made them."""
    rows = list(Setting.objects.filter(key=key).order_by("-begins_at"))
    names = dict(
        User.objects.filter(pk__in={row.set_by_id for row in rows}).values_list("pk", "full_name")
    )
    return [Change(row, names.get(row.set_by_id or 0, "A command")) for row in rows]
