"""Changing settings, recording policy versions and keeping the bank holidays."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import holidays as holiday_calendar
from django.db import connection

from cases.access import Actor, Answer, Refused, enforce
from cases.audit.ledger import operation, record, unchanged
from cases.audit.memory import forget
from cases.audit.verbs import Verb
from cases.calendar import london_date
from cases.policy import rules
from cases.policy.defaults import DEFAULTS
from cases.policy.models import BankHoliday, CheckedWords, PolicyVersion, Setting
from cases.rows import keep

# Document control of the policy itself: policy lines "Document management" and
# "Review process", domain HC-01.
FIRST_VERSION: dict[str, Any] = {
    "version": "1.0",
    "approved_on": date(2024, 12, 4),
    "effective_on": date(2024, 12, 17),
    "review_on": date(2026, 6, 4),
    "frequency": "Triennial",
    "owner": "Director of Customer Operations",
    "sponsor": "Chief Operations Officer",
    "author": "Director of Customer Operations",
    "approver": "Executive Leadership Team",
}


@operation
def seed_policy(*, by: Actor, at: datetime) -> PolicyVersion:
    """Version 1.0 of the policy, added once (HC-01)."""
    existing = PolicyVersion.objects.filter(version=FIRST_VERSION["version"]).first()
    if existing is not None:
        unchanged()
        return existing
    version = PolicyVersion(**FIRST_VERSION)
    version.full_clean()
    version.save()
    record(Verb.POLICY_ADDED, by=by, at=at, subject=version, changes={"version": version.version})
    return version


@operation
def add_bank_holidays(*, by: Actor, at: datetime, years: Iterable[int]) -> int:
    """The bank holidays of England of those years; those already known stay.

    Returns how many were added.
    """
    wanted = sorted(set(years))
    calendar = holiday_calendar.country_holidays("GB", subdiv="ENG", years=wanted)
    rows = [BankHoliday(day=day, name=name) for day, name in sorted(calendar.items())]
    before = BankHoliday.objects.count()
    BankHoliday.objects.bulk_create(rows, ignore_conflicts=True)
    added = BankHoliday.objects.count() - before
    forget("holidays")
    if not added:
        unchanged()
        return 0
    record(Verb.HOLIDAYS_ADDED, by=by, at=at, changes={"years": wanted, "added": added})
    return added


@operation
def change_setting(
    *,
    by: Actor,
    at: datetime,
    key: str,
    value: Any,
    reason: str,
    begins_at: datetime | None = None,
    was: Any = None,
) -> Setting | None:
    """Give a setting a new value from now on, or from a later moment.

    ``was`` is the value the person saw, to refuse a change made on top of somebody else's.
    Promises already made keep their times (architecture 9).  Raises Refused.
    """
    begins_at = begins_at or at
    enforce(rules.change(by, key=key, value=value, reason=reason, begins_at=begins_at, at=at))
    with connection.cursor() as cursor:  # one change of one setting at a time
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"setting {key}"])
    old = Setting.objects.values_at(begins_at).get(key, DEFAULTS[key][0])
    if was is not None and was != old:
        raise Refused(Answer(f"Somebody else has just changed this to {old}. Look again."))
    if old == value:
        unchanged()
        return None
    setting = Setting(
        key=key, value=value, begins_at=begins_at, set_by_id=by.id, reason=reason.strip()
    )
    setting.full_clean()
    keep(setting)
    forget("settings")
    record(
        Verb.SETTING_CHANGED,
        by=by,
        at=at,
        subject=setting,
        changes={"key": key, "from": old, "to": value, "begins": begins_at.isoformat()},
        reason=setting.reason,
    )
    return setting


@operation
def check_words(
    *, by: Actor, at: datetime, key: str, words: str, source: str, checked_on: date
) -> CheckedWords:
    """Keep words about the world outside as they were found at their source that day."""
    enforce(
        rules.check_words(
            by,
            key=key,
            words=words,
            source=source,
            checked_on=checked_on,
            today=london_date(at),
        )
    )
    row = CheckedWords(
        key=key,
        words=words.strip(),
        source=source.strip(),
        checked_on=checked_on,
        set_by_id=by.id,
        at=at,
    )
    keep(row)
    record(
        Verb.WORDS_CHECKED,
        by=by,
        at=at,
        subject=row,
        changes={"key": key, "checked": checked_on.isoformat()},
    )
    return row
