"""S02 and S22 of domain section 9 in a browser: antisocial behaviour, and hate later."""

from __future__ import annotations

from typing import Any

import pytest

from cases.access import Role
from cases.casework.clocks import ClockKind
from cases.casework.models import Case
from cases.intake.models import Report
from tests.browsing import Site
from tests.journeys.telling import report_reference, take
from tests.journeys.walking import Walk, person

pytestmark = pytest.mark.browser


def take_noise(walk: Walk, name: str) -> str:
    """Loud music, and everybody asked says no; the report's reference."""
    walk.sign_in(Role.CALL_HANDLER)
    take(
        walk,
        name=name,
        words="The people upstairs play loud music until two most weekends.",
        kind="Noise or nuisance",
        thinks="No",
        said="No, they are just thoughtless.",
        own="I saw no sign of it",
    )
    walk.reads("This is antisocial behaviour")
    return report_reference(walk)


def test_s02_noise_with_no_hate_names_who_was_asked(browser: Any, live_site: Site) -> None:
    with person(browser, live_site, "s02") as walk:
        reference = take_noise(walk, "Bram Ellery")
        walk.look("result")
        walk.reads("Everyone asked said no: Bram Ellery, Joanne Pike.")
        walk.reads("No, they are just thoughtless.")
        assert walk.page.get_by_role("link", name="Open the case").count() == 0
        walk.go("Call finished")
        walk.sign_out()
        walk.sign_in(Role.CASE_MANAGER)
        walk.follow("Referrals to you")
        walk.reads("Everyone asked said no: Bram Ellery, Joanne Pike.")
        walk.look("offered-to-the-manager")
    with live_site.in_process():
        report = Report.objects.get(reference=reference)
        assert report.case is None
        assert [route.route for route in report.routes.all()] == ["ASB"]


def test_s22_an_antisocial_behaviour_record_becomes_hate_in_one_step(
    browser: Any, live_site: Site
) -> None:
    with person(browser, live_site, "s22", narrow=True) as walk:
        reference = take_noise(walk, "Yusuf Tanner")
        with live_site.in_process():
            before = Report.objects.get(reference=reference).received_at
        walk.follow("Add somebody’s view")
        walk.look("add-a-view")
        walk.press("Keep this view")
        walk.refused()
        walk.look("add-a-view-error")
        walk.choose("Whose view is it?", "Yusuf")
        walk.choose("Do they think hate was part of it?", "Yes, they think so")
        walk.write("In their words", "He called me a name on the stairs. It is because I am gay.")
        walk.choose("What do they think it was about?", "Sexual orientation")
        walk.press("Keep this view")
        walk.reads("This is a hate crime case")
        walk.look("now-hate")
        walk.reads("Yusuf thinks hate was part of it")
        assert report_reference(walk) == reference
    with live_site.in_process():
        report = Report.objects.get(reference=reference)
        case = Case.objects.get(reports=report)
        view = report.incident_links.get().incident.perceptions.get(holds="YES")
        clock = case.clocks.get(kind=ClockKind.FIRST_CONTACT)
        assert report.received_at == before < view.said_at == clock.started_at
        assert case.incidents.count() == 1
