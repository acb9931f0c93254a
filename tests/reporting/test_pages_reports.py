"""The pages of kept reports: each version for whom it is, chapters, the files, asking for one."""

from __future__ import annotations

import re
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.access import Grant, Role
from cases.audit.models import Access, Event
from cases.people.company_operations import add_company
from cases.people.models import Entity
from cases.reporting.choices import Profile
from cases.reporting.kept import report_of
from cases.reporting.models import ReportFile, Run, Snapshot
from cases.reporting.run_operations import ask_for_report, begin_run, fail_run
from cases.staff.models import User
from cases.staff.operations import scope_user
from tests.audit.pages import ritual
from tests.casework.story import Story, tell
from tests.reporting.pages import DECEMBER, MAKER, NOVEMBER, at, made, text_of
from tests.world import COMMAND, LONG_AGO, World

pytestmark = pytest.mark.django_db
FIRST = ("report", "2026-11", "published", "summary")
FULL = ("report", "2026-11", "internal", "summary")
CHART = re.compile(r'<svg[^>]* class="app-chart app-chart--(\w+)"')


@pytest.fixture
def story(world: World) -> Story:
    return tell(world)


@pytest.fixture
def viewer(world: World) -> User:
    return world.user(Role.REPORT_VIEWER)


@pytest.fixture
def run(story: Story) -> Run:
    """The kept report of the month in which the one case opened."""
    return made(story.world, story.manager)


def company(code: str) -> Entity:
    return add_company(by=COMMAND, at=LONG_AGO, code=code, name=f"Company {code}")


def scoped(world: World, code: str, *roles: Role) -> User:
    """Somebody who sees one company only."""
    user = world.user(*roles)
    scope_user(by=COMMAND, at=LONG_AGO, user=user, entities=[code], reason="Their company.")
    return user


def test_before_there_is_one_the_page_says_how_one_is_made(
    world: World, story: Story, viewer: User
) -> None:
    shown = text_of(world.client(viewer).get(at("monitoring")))
    assert "No report is kept yet" in shown
    assert "A case manager or the Director can have one made sooner." in shown
    assert at("reports") in text_of(world.client(story.manager).get(at("monitoring")))


@pytest.mark.parametrize(
    "name", [("monitoring",), FIRST, ("reports",), ("measures",), ("measure", "M03"), ("figures",)]
)
def test_whoever_sees_monitoring_and_nobody_else(
    world: World, viewer: User, run: Run, name: tuple[str, ...]
) -> None:
    ritual(
        world,
        allowed=viewer,
        refused=world.user(Role.CALL_HANDLER),
        address=at(*name),
        sentence=Grant.SEE_MONITORING.value,
    )
    assert Access.objects.filter(what=f"reporting:{name[0]}").exists()


def test_the_version_to_share_comes_first_and_shows_no_small_number(
    world: World, story: Story, viewer: User, run: Run
) -> None:
    shown = text_of(world.client(viewer).get(at("monitoring")))
    assert "<strong>Version to share.</strong>" in shown
    assert "fewer than 5" in shown
    assert "Fewer than 5 hate crime cases opened in November" in shown
    assert "Show the full numbers" not in shown
    assert "Show the full numbers" in text_of(world.client(story.manager).get(at("monitoring")))
    assert story.case.reference not in shown
    assert "Amara" not in shown


def test_full_numbers_are_for_few_and_marked(
    world: World, story: Story, viewer: User, run: Run
) -> None:
    refused = world.client(viewer).get(at(*FULL))
    assert refused.status_code == 403
    assert Grant.SEE_FULL_NUMBERS.value in refused.content.decode()
    for user in (story.manager, world.user(Role.DIRECTOR_CO)):
        shown = text_of(world.client(user).get(at(*FULL)))
        assert "Contains small numbers: do not forward" in shown
        assert "1 hate crime case opened in November" in shown


def test_the_page_shows_what_the_report_says(world: World, viewer: User, run: Run) -> None:
    """Every figure of page and files is read from one and the same report."""
    report = report_of(Snapshot.objects.get(run=run), Profile.PUBLISHED)
    client = world.client(viewer)
    for chapter in report.chapters:
        shown = text_of(client.get(at("report", "2026-11", "published", chapter.key)))
        for table in chapter.tables:
            if table.key != "definitions":
                assert table.title in shown
                for label, cells, _ in table.rows:
                    assert label in shown.replace("&#x27;", "'").replace("&amp;", "&")
                    assert all(cell.text in shown for cell in cells)
        for card in chapter.cards:
            assert card.label in shown
            assert at("measure", card.measure) in shown


def test_one_chart_stands_and_one_lies(world: World, viewer: User, run: Run) -> None:
    shown = text_of(world.client(viewer).get(at("monitoring")))
    assert CHART.findall(shown) == ["upright", "lying"]
    assert "The same as a table" in shown


def test_chapters_lead_to_each_other(world: World, viewer: User, run: Run) -> None:
    """From the first page by its "Next page" to the last, each once, and back."""
    client, address, seen = world.client(viewer), at(*FIRST), []
    while address:
        shown = text_of(client.get(address))
        seen.append(address)
        found = re.search(r'href="([^"]+)"[^>]*rel="next"', shown)
        found = found or re.search(r'<a class="govuk-link" href="([^"]+)">Next page', shown)
        address = found[1] if found else ""
    chapters = report_of(Snapshot.objects.get(run=run), Profile.PUBLISHED).chapters
    assert seen == [at("report", "2026-11", "published", one.key) for one in chapters]
    assert 'rel="prev"' in shown


def test_what_is_not_there_is_not_found(world: World, story: Story, run: Run) -> None:
    client = world.client(story.manager)
    for address in (
        at("report", "2026-10", "published", "summary"),
        at("report", "2026-13", "published", "summary"),
        at("report", "november", "published", "summary"),
        at("report", "2026-11", "secret", "summary"),
        at("report", "2026-11", "published", "nothing"),
        at(*FIRST, company="NONE"),
        at(*FIRST, company="%00"),
        at("monitoring", company="NONE"),
        at("run", 10**12),
        at("measure", "M99"),
    ):
        assert client.get(address).status_code == 404, address


def test_another_companys_report_is_not_there(world: World, story: Story) -> None:
    own, other = company("KHN"), company("SPIRE")
    ours, theirs = made(world, story.manager, own), made(world, story.manager, other)
    every = made(world, story.manager)
    client = world.client(scoped(world, "KHN", Role.CASE_MANAGER))
    assert "Company KHN" in text_of(client.get(at("monitoring")))
    assert client.get(at(*FIRST, company="KHN")).status_code == 200
    for address in (at(*FIRST, company="SPIRE"), at(*FIRST), at("monitoring", company="SPIRE")):
        assert client.get(address).status_code == 404, address
    for run, answer in ((ours, 200), (theirs, 404), (every, 404)):
        assert client.get(at("run", run.pk)).status_code == answer
        for file in ReportFile.objects.filter(snapshot__run=run):
            assert client.post(at("file", file.pk)).status_code == answer
    listed = text_of(client.get(at("reports")))
    assert "Company KHN" in listed
    assert "SPIRE" not in listed


def test_another_month_is_chosen_by_form(world: World, viewer: User, run: Run) -> None:
    client = world.client(viewer)
    for asked in (
        {"month": "2026-11"},
        {"month": "nonsense"},
        {"version": "internal", "month": ""},
    ):
        answer = client.get(at("monitoring"), asked)
        assert answer.headers["Location"] == at(*FIRST), asked


def test_a_download_is_a_post_and_on_the_ledger(
    world: World, story: Story, viewer: User, run: Run
) -> None:
    files = {(file.profile, file.kind): file for file in ReportFile.objects.all()}
    shared, full = files["published", "csv"], files["internal", "csv"]
    client = world.client(viewer)
    answer: Any = client.post(at("file", shared.pk))
    assert answer.content == bytes(shared.content)
    assert "attachment" in answer.headers["Content-Disposition"]
    event = Event.objects.get(verb="report.downloaded")
    assert (event.actor_id, event.subject_id) == (viewer.pk, shared.pk)
    assert client.post(at("file", full.pk)).status_code == 403
    assert client.get(at("file", shared.pk)).status_code == 405
    assert client.post(at("file", 10**12)).status_code == 404
    assert Event.objects.filter(verb="report.downloaded").count() == 1
    page = text_of(client.get(at("run", run.pk)))
    assert at("file", shared.pk) in page
    assert at("file", full.pk) not in page
    assert at("file", full.pk) in text_of(world.client(story.manager).get(at("run", run.pk)))


def test_a_report_is_asked_for(world: World, story: Story, viewer: User) -> None:
    with time_machine.travel(DECEMBER, tick=False):
        ritual(
            world,
            allowed=story.manager,
            refused=viewer,
            address=at("ask"),
            sentence=Grant.MAKE_REPORTS.value,
            verbs=("get", "post"),
        )
        client = world.client(story.manager)
        nothing = text_of(client.post(at("ask"), {}))
        assert "Choose a month" in nothing
        assert "Choose a company, or all of them" in nothing
        assert "<title>Error: " in nothing
        for odd in ({"month": "2026-12"}, {"month": "x" * 5000}, {"month": "\0", "company": "\0"}):
            assert "listed" in text_of(client.post(at("ask"), odd))
        assert not Run.objects.exists()
        answer = client.post(at("ask"), {"month": "2026-11", "company": "all"})
        asked = Run.objects.get()
        assert answer.headers["Location"] == at("run", asked.pk)
        waits = text_of(client.get(at("run", asked.pk)))
        assert "0 of 100" in waits
        assert "You can leave this page" in waits
        assert client.post(at("ask"), {"month": "2026-11", "company": "all"}).status_code == 302
        assert Run.objects.count() == 1


def test_the_form_of_a_report_that_is_made_asks_for_no_other(world: World, story: Story) -> None:
    """Back, and the same form sent again: no second report of what is kept."""
    with time_machine.travel(DECEMBER, tick=False):
        client = world.client(story.manager)
        sent = {"month": "2026-11", "company": "all", "csrfmiddlewaretoken": "a" * 64}
        client.post(at("ask"), sent)
        run = Run.objects.get()
        begun = begin_run(by=MAKER, at=DECEMBER, run=run)
        assert begun is not None
        fail_run(by=MAKER, at=DECEMBER, run=begun, why="The disk was full.")
        again = client.post(at("ask"), sent)
        assert again.headers["Location"] == at("run", run.pk)
        assert Run.objects.count() == 1
        client.post(at("ask"), {**sent, "csrfmiddlewaretoken": "b" * 64})
        assert Run.objects.count() == 2


def test_a_report_that_failed_says_why(world: World, story: Story, viewer: User) -> None:
    run = ask_for_report(by=story.boss, at=DECEMBER, period=NOVEMBER)
    begun = begin_run(by=MAKER, at=DECEMBER, run=run)
    assert begun is not None
    fail_run(by=MAKER, at=DECEMBER, run=begun, why="The disk was full.")
    client = world.client(viewer)
    assert "The disk was full." in text_of(client.get(at("reports")))
    assert "This report was not made.</strong> The disk was full." in text_of(
        client.get(at("run", run.pk))
    )
    assert Grant.MAKE_REPORTS.value in text_of(client.get(at("run", run.pk)))
    makes = text_of(world.client(story.manager).get(at("run", run.pk)))
    assert f'href="{at("ask")}">Have a report made' in makes


def test_the_front_page_asks_little_however_many_reports(
    world: World, story: Story, viewer: User, run: Run
) -> None:
    client = world.client(viewer)
    client.get(at("monitoring"))

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            text_of(client.get(at("monitoring")))
        return len(queries)

    few = asked()
    made(world, story.manager)
    client.get(at("monitoring"))  # the newer one is put together once
    assert asked() == few
    assert few <= 16
