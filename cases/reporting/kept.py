"""A kept report as its pages read it: the newest of a month, put together once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.safestring import SafeString

from cases.access import Actor
from cases.reporting import charts, run_queries
from cases.reporting.choices import Profile
from cases.reporting.composing import compose
from cases.reporting.making import limits_at
from cases.reporting.models import Snapshot
from cases.reporting.showing import Chart, Report
from cases.reporting.suppression import Limits

MOST_KEPT = 64
"""So many reports are kept put together: a snapshot never changes, so neither does its report."""


@dataclass(frozen=True)
class _Key:
    """What a report put together is kept under: not by its number alone, which may come again."""

    pk: int
    as_at: datetime
    stamp: str
    profile: str
    limits: Limits


_COMPOSED: dict[_Key, Report] = {}


def report_of(snapshot: Snapshot, profile: Profile) -> Report:
    """The report of a snapshot, by the limits of the moment it was made at, as its files are."""
    limits = limits_at(snapshot.as_at)
    key = _Key(snapshot.pk, snapshot.as_at, snapshot.stamp, profile, limits)
    found = _COMPOSED.get(key)
    if found is None:
        found = compose(snapshot, profile, limits)
        if len(_COMPOSED) >= MOST_KEPT:
            _COMPOSED.clear()
        _COMPOSED[key] = found
    return found


def snapshot_of(actor: Actor, month: date, entity: str) -> Snapshot | None:
    """The newest report of a month, of a company or ("") of all together, with its figures.

    None if there is none, or it is not the actor's to see.
    """
    rows = run_queries.kept_reports(actor).defer(None).filter(run__first=month)
    rows = rows.filter(run__entity__code=entity) if entity else rows.filter(run__entity=None)
    return rows.order_by("-as_at", "-id").first()


def months_kept(actor: Actor) -> dict[tuple[str, str], list[date]]:
    """Of which months there are reports, newest first, by the company's code and name."""
    rows = run_queries.kept_reports(actor).values_list(
        "run__entity__code", "run__entity__name", "run__first"
    )
    found: dict[tuple[str, str], list[date]] = {}
    for code, name, first in rows:
        months = found.setdefault((code or "", name or "All of Amplius"), [])
        if first not in months:
            months.append(first)
    return dict(sorted(found.items(), key=lambda one: one[0][1]))


def pictures(drawn: Iterable[Chart]) -> list[tuple[Chart, SafeString, SafeString]]:
    """Each chart upright for the wide and lying for the narrow: only one is ever shown.

    :mod:`cases.reporting.charts` writes every letter of them, and nothing in them can run.
    """
    return [
        (one, SafeString(charts.bars(one, lying=False)), SafeString(charts.bars(one, lying=True)))
        for one in drawn
    ]
