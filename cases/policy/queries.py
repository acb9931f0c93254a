"""What the policy, the settings and the bank holidays were at a moment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from cases.calendar import london_date
from cases.policy.defaults import DEFAULTS
from cases.policy.models import BankHoliday, PolicyVersion, Setting


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
    defaults = {key: value for key, (value, _) in DEFAULTS.items()}
    return defaults | Setting.objects.values_at(at)


def holidays() -> frozenset[date]:
    """Every bank holiday in England that we know (domain 4.3)."""
    return frozenset(BankHoliday.objects.values_list("day", flat=True))
