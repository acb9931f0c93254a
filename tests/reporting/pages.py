"""What the tests of the monitoring pages share: who looks, and a report that is really made."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.urls import reverse

from cases.access import job
from cases.reporting.making import make_report
from cases.reporting.models import Run
from cases.reporting.periods import month_of
from cases.reporting.run_operations import ask_for_report
from cases.staff.models import User
from tests.reporting.reports_of_world import small_files
from tests.world import LONDON, World

NOVEMBER = month_of(date(2026, 11, 19))
DECEMBER = datetime(2026, 12, 3, 9, 30, tzinfo=LONDON)
MAKER = job("make_reports")


def at(name: str, *args: object, **query: object) -> str:
    """The address of a monitoring page."""
    tail = "?" + "&".join(f"{key}={value}" for key, value in query.items()) if query else ""
    return reverse(f"reporting:{name}", args=args) + tail


def text_of(response: Any) -> str:
    """What the page says; it must be there."""
    assert response.status_code == 200, response.status_code
    return str(response.content.decode())


def made(world: World, manager: User, entity: Any = None) -> Run:
    """The report of November 2026, as the clockwork keeps it; how files look is asked elsewhere."""
    asked = ask_for_report(by=world.actor(manager), at=DECEMBER, period=NOVEMBER, entity=entity)
    run = make_report(by=MAKER, at=DECEMBER, run=asked, draw=small_files)
    assert run.state == "DONE", run.why_failed
    return run
