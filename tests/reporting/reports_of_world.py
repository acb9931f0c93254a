"""A kept report, one of its files and the parts of the monitoring pages' addresses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from hashlib import sha256

from cases.access import Actor, job
from cases.reporting.choices import FileKind, Profile
from cases.reporting.input_operations import count_homes, count_residents, enter_asb_total
from cases.reporting.making import Told, make_report
from cases.reporting.models import ReportFile, Snapshot
from cases.reporting.periods import month_of
from cases.reporting.run_operations import ask_for_report
from cases.reporting.suppression import Limits
from cases.staff.models import User
from tests.world import World

OCTOBER = month_of(date(2026, 10, 1))
OF_REPORTS = {"period": "2026-10", "version": "published", "chapter": "summary", "code": "M03"}
"""What the addresses of a report and of a measure are made of."""
GROUPS = {
    "reporting:work-list": "late",
    "reporting:history": "homes",
    "reporting:enter": "homes",
    "reporting:import": "homes",
}
"""Which list or kind of figure an address is about."""


def keep_reports(world: World, manager: User) -> dict[str, int]:
    """A report of October as the clockwork keeps it; how it is drawn is asked elsewhere."""
    run = ask_for_report(by=world.actor(manager), at=world.now, period=OCTOBER)
    run = make_report(by=job("make_reports"), at=world.now, run=run, draw=small_files)
    assert run.state == "DONE", run.why_failed
    file = ReportFile.objects.get(snapshot__run=run, profile="published", kind="csv")
    return {"reporting:run": run.pk, "reporting:file": file.pk}


def enter_figures(by: Actor, at: datetime) -> None:
    """One figure from outside of each kind."""
    source, day = "The housing system", date(2026, 3, 31)
    count_homes(
        by=by,
        at=at,
        entity=None,
        area="Wellby",
        stock_class="LCRA",
        homes=900,
        counted_on=day,
        source=source,
    )
    enter_asb_total(
        by=by, at=at, entity=None, month=OCTOBER.first, opened=90, with_hate=False, source=source
    )
    count_residents(
        by=by,
        at=at,
        entity=None,
        characteristic="AGE",
        group="FROM_65",
        residents=400,
        counted_on=day,
        source=source,
    )


def small_files(
    snapshot: Snapshot, limits: Limits, at: datetime, told: Told
) -> Sequence[ReportFile]:
    """A file of every kind and version, of a few letters each."""
    told(100, "Written")
    return [
        _file(profile, kind, f"{profile} {kind} {limits.under}".encode(), at)
        for profile in Profile
        for kind in FileKind
    ]


def _file(profile: Profile, kind: FileKind, content: bytes, at: datetime) -> ReportFile:
    digest = sha256(content).hexdigest()
    return ReportFile(profile=profile, kind=kind, content=content, sha256=digest, made_at=at)
