"""S08 of domain section 9 in a browser: the same incident told twice, decided SAME."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from cases.access import Role
from cases.casework.choices import Stage
from cases.casework.models import Case
from cases.intake.models import Report
from tests.browsing import Site
from tests.journeys.telling import OTHER_DOOR, open_case, reference, report_reference, take
from tests.journeys.walking import Walk, person

pytestmark = pytest.mark.browser


def last_night(walk: Walk) -> None:
    """About when, and where."""
    day = timezone.localdate() - timedelta(days=1)
    happened = walk.part("What happened")
    happened.get_by_label("Day").fill(str(day.day))
    happened.get_by_label("Month").fill(str(day.month))
    happened.get_by_label("Year").fill(str(day.year))
    walk.choose("How exact", "About")
    walk.choose("Where", "In the home")


def about_gita(walk: Walk) -> None:
    """The neighbour's half of the sheet: found in our records, not written down again."""
    last_night(walk)
    walk.choose("How the caller knows", "Neighbour")
    walk.choose("Keep their name apart", "Yes, tell nobody")
    harmed = walk.part("Who is harmed")
    harmed.get_by_label("Find them in our records").fill("gita  ANAND")
    walk.arrive(harmed.get_by_role("button", name="Search"))
    walk.tick("Gita Anand", part="Who is harmed")
    walk.choose("Would be a witness", "Yes")


def test_s08_one_incident_told_twice_is_joined(browser: Any, live_site: Site) -> None:
    with person(browser, live_site, "s08") as walk:
        walk.sign_in(Role.CASE_MANAGER)
        take(
            walk,
            name="Gita Anand",
            words="Somebody painted a swastika on my door in the night.",
            kind="Offensive graffiti",
            thinks="Yes",
            about="Religion",
            own="Yes, I think so",
            more=last_night,
        )
        first, first_case = report_reference(walk), reference(walk)
        walk.go("Call finished")
        walk.follow("Your work")
        take(
            walk,
            name="Jo Tennant",
            words="A grey car drove away from Gita's at half past three in the night.",
            kind="Offensive graffiti",
            thinks="Yes",
            about="Religion",
            own="Yes, I think so",
            door=OTHER_DOOR,
            more=about_gita,
        )
        walk.look("second-report")
        second = report_reference(walk)
        open_case(walk)
        second_case = walk.page.url.split("/cases/")[1].strip("/")
        assert second_case != first_case
        walk.follow("Compare the accounts", first=True)
        walk.look("told-more-than-once")
        walk.follow("Read both accounts and decide")
        walk.look("side-by-side")
        assert "Jo Tennant" not in walk.text()
        walk.press("Keep this decision")
        walk.refused()
        walk.look("side-by-side-error")
        walk.choose("Are these of the same incident?", "Yes, one incident told twice")
        walk.write("Why?", "The same night, the same door, the same paint.")
        walk.press("Keep this decision")
        walk.look("decided")
    with live_site.in_process():
        reports = Report.objects.filter(reference__in=[first, second])
        kept = Case.objects.get(reference=first_case)
        joined = Case.objects.get(reference=second_case)
        assert {report.case for report in reports} == {kept}
        assert (joined.stage, joined.merged_into) == (Stage.MERGED, kept)
        assert kept.incidents.filter(same_as=None).count() == 1
