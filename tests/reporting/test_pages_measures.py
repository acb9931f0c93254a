"""The pages of measures: what each means, its live figures, and the cases behind each of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.access import Grant, Role
from cases.audit.models import Access
from cases.casework import operations
from cases.casework.models import Case
from cases.reporting import catalogue
from cases.reporting.measure import CHOSEN, Asked, Measure
from cases.reporting.measure_queries import by_month
from cases.reporting.periods import month_of
from cases.reporting.values import Count, Share
from tests.audit.pages import ritual
from tests.casework.story import Story, make_case, tell
from tests.reporting.pages import at, made, text_of
from tests.reporting.test_pages_reports import company, scoped
from tests.world import World

pytestmark = pytest.mark.django_db
BEHIND = re.compile(r'href="(/monitoring/measures/\w+/cases/[^"]+)" aria-label="([^:"]+): ')
ROWS = re.compile(r'<a class="app-link" href="/cases/(HC-[0-9A-Z-]+)/"')
MONTH = {"line": "opened", "from": "2026-11-01", "to": "2026-11-30"}
DATES = {
    "dates": "1",
    **{"first_day": "1", "first_month": "11", "first_year": "2026"},
    **{"last_day": "30", "last_month": "11", "last_year": "2026"},
}


@pytest.fixture
def story(world: World) -> Story:
    return tell(world).allocated()


@pytest.fixture
def client(world: World, story: Story) -> Client:
    """The manager's browser."""
    return world.client(story.manager)


@pytest.fixture(autouse=True)
def december(story: Story) -> Iterator[None]:
    """A fortnight after the case opened, in the month after it."""
    with time_machine.travel(story.at(days=14), tick=False):
        yield


def november(code: str, **query: object) -> str:
    return at("measure", code, month="2026-11", **query)


def test_every_measure_has_its_place_and_its_page(client: Client) -> None:
    listed = text_of(client.get(at("measures")))
    for measure in catalogue.ALL:
        assert at("measure", measure.code) in listed
        shown = text_of(client.get(at("measure", measure.code)))
        assert measure.name in shown.replace("&#x27;", "'")
        assert "Where it is from" in shown
        assert ("Not yet collected." in shown) >= (not measure.collected)
    assert [one.code for one in catalogue.ALL] == [f"M{number:02}" for number in range(1, 41)]


def test_live_figures_are_for_few(world: World, story: Story, client: Client) -> None:
    shown = text_of(client.get(november("M03")))
    assert "<strong>Full numbers.</strong>" in shown
    viewer = world.client(world.user(Role.REPORT_VIEWER))
    before = text_of(viewer.get(november("M03")))
    assert "No report is kept yet that gives this figure." in before
    assert Grant.SEE_FULL_NUMBERS.value in before
    made(world, story.manager)
    after = text_of(viewer.get(november("M03")))
    assert "From the report of November 2026, version to share." in after
    assert "fewer than 5" in after
    assert "Full numbers" not in after
    assert "See the cases" not in after


def test_only_who_sees_full_numbers_lists_cases(world: World, story: Story) -> None:
    ritual(
        world,
        allowed=story.manager,
        refused=story.officer,
        address=at("measure-cases", "M03", **MONTH),
        sentence=Grant.SEE_FULL_NUMBERS.value,
    )


@pytest.mark.parametrize(
    "measure", [one for one in catalogue.ALL if one.behind], ids=lambda m: m.code
)
def test_every_figure_is_as_many_as_its_list(client: Client, measure: Measure) -> None:
    """Counted by hand: what the list counts is what the figure says, line by line."""
    for href, said in BEHIND.findall(text_of(client.get(november(measure.code)))):
        answer = client.get(href.replace("&amp;", "&"))
        shown = text_of(answer)
        behind = answer.context["behind"]
        value = behind.line.values[CHOSEN]
        assert f"Cases behind {said}" in shown.replace("&lt;", "<").replace("&gt;", ">")
        if isinstance(value, Count):
            assert behind.total == value.number, href
        if isinstance(value, Share):
            assert behind.total == value.of, href
            assert sum(item.counts for item in behind.items) == value.number
        assert len(behind.items) == behind.shown


def test_a_measure_of_several_wholes_has_a_table_for_each(client: Client) -> None:
    shown = text_of(client.get(november("M01")))
    assert "Reports received, by who told us</caption>" in shown
    assert "Reports received, by the way they reached us</caption>" in shown
    assert "Not listed: " in shown
    chosen = text_of(client.get(november("M01", **DATES)))
    assert chosen.count("by who told us</caption>") == 2


def test_one_is_said_as_one_and_what_is_no_case_as_none(client: Client) -> None:
    assert "The one counted is below." in text_of(client.get(at("measure-cases", "M03", **MONTH)))
    shown = text_of(client.get(november("M37")))
    (href, _), *_ = BEHIND.findall(shown)
    listed = text_of(client.get(href.replace("&amp;", "&")))
    assert re.search(r"\d+ counted. (It|They) belongs? to no case, so there is none", listed)


def test_the_way_back_from_a_list_keeps_the_month(client: Client) -> None:
    shown = text_of(client.get(at("measure-cases", "M03", **MONTH)))
    assert 'href="/monitoring/measures/M03/?month=2026-11"' in shown


def test_the_trend_says_which_line_it_is(client: Client) -> None:
    shown = text_of(client.get(november("M15")))
    assert "<strong>Encouraged to report it, or asked not to be asked again, by month.</" in shown


WITHOUT_ONE_LINE = {"M31"}  # six ways of dividing, none of which speaks for it


@pytest.mark.parametrize(
    "code",
    [one.code for one in catalogue.ALL if one.collected and one.code not in WITHOUT_ONE_LINE],
)
def test_each_month_of_a_trend_is_that_month_by_itself(story: Story, code: str) -> None:
    """What is no sum of months too, as what stands at an end."""
    measure, now = catalogue.BY_CODE[code], story.at(days=14)
    asked = Asked.of_month(month_of(date(2026, 11, 1)), now)
    line = by_month(measure, measure.lines(asked), asked)
    assert line is not None
    assert len(line.months) == 24
    for month, value in zip(asked.months[-3:], line.months[-3:], strict=True):
        alone = measure.lines(Asked.of_dates(month, now))
        assert {one.key: one.values[CHOSEN] for one in alone}.get(line.key) == value


def test_what_stands_at_the_end_of_each_month_is_drawn(client: Client) -> None:
    shown = text_of(client.get(november("M17")))
    assert "The last 24 months" in shown
    assert "<strong>Agreed to all they were asked, by month.</" in shown


def test_cases_that_may_not_be_opened_are_only_counted(
    world: World, story: Story, client: Client
) -> None:
    other = tell(world, team="Elsewhere")
    shown = text_of(client.get(at("measure-cases", "M03", **MONTH)))
    assert ROWS.findall(shown) == [story.case.reference]
    assert "2 counted, 1 below." in shown
    assert "1 is in cases you may not open." in shown
    assert other.case.reference not in shown
    director = world.client(world.user(Role.DIRECTOR_CO))
    assert "All 2 counted are below." in text_of(director.get(at("measure-cases", "M03", **MONTH)))


def test_a_restricted_case_is_counted_and_not_listed(story: Story, client: Client) -> None:
    operations.restrict_case(
        by=story.boss,
        at=story.at(hours=1),
        case=story.case,
        reason="Somebody who could be recognised may be harmed.",
        named=[story.officer],
    )
    shown = text_of(client.get(at("measure-cases", "M03", **MONTH)))
    assert ROWS.findall(shown) == []
    assert "1 is in cases you may not open." in shown
    assert story.case.reference not in shown


def test_looking_at_the_cases_is_recorded(story: Story, client: Client) -> None:
    client.get(at("measure-cases", "M03", **MONTH))
    looks = Access.objects.filter(what="reporting:measure-cases", actor_id=story.manager.pk)
    assert story.case.reference in set(looks.values_list("case_reference", flat=True))


def test_two_dates_are_chosen_by_form(client: Client) -> None:
    shown = text_of(client.get(november("M03"), {"month": "2026-11", **DATES}))
    assert "November 2026" in shown
    assert "Error: " not in shown
    wrong = {
        "The last day is before the first.": {"last_year": "2025"},
        "Choose days not more than 10 years apart.": {"first_year": "1999"},
        "Enter the first day": {"first_day": "", "first_month": "", "first_year": ""},
        "The first day must be a real date": {"first_day": "31"},
        "The last day must include a year": {"last_year": ""},
        "The first day must not be in the future.": {"first_year": "2999", "last_year": "2999"},
        "The last day must be a real date": {"last_day": "\0"},
    }
    for sentence, change in wrong.items():
        shown = text_of(client.get(november("M03"), {**DATES, **change}))
        assert shown.count(sentence) == 2, sentence  # beside the field, and at the top
        assert "<title>Error: " in shown


def test_the_ends_of_time_are_no_fault(client: Client) -> None:
    for year in ("0001", "9999"):
        asked = {**DATES, "first_year": year, "last_year": year}
        assert client.get(november("M03"), asked).status_code == 200, year
    for first, last in (("0001-01-01", "0001-01-31"), ("9999-12-01", "9999-12-31")):
        address = at("measure-cases", "M03", **{**MONTH, "from": first, "to": last})
        assert client.get(address).status_code in (200, 404), address


@pytest.mark.parametrize(
    "change",
    [
        {"line": "nothing"},
        {"line": "%00"},
        {"line": "x" * 300},
        {"from": "yesterday"},
        {"from": "2026-12-31"},
        {"from": ""},
        {"to": "2050-02-30"},
        {"company": "NONE"},
        {"company": "%00"},
    ],
)
def test_an_address_nobody_was_given_is_not_found(client: Client, change: dict[str, str]) -> None:
    assert client.get(at("measure-cases", "M03", **{**MONTH, **change})).status_code == 404


def test_a_company_is_one_of_the_readers_own(world: World, story: Story, client: Client) -> None:
    company("KHN")
    company("SPIRE")
    assert "Company SPIRE" in text_of(client.get(november("M03")))
    own = world.client(scoped(world, "KHN", Role.CASE_MANAGER))
    shown = text_of(own.get(november("M03")))
    assert "Company KHN" in shown
    assert "SPIRE" not in shown
    assert "All of Amplius" not in shown
    for code in ("SPIRE", ""):
        assert own.get(november("M03", company=code)).status_code == 404
        cases = at("measure-cases", "M03", **MONTH, company=code)
        assert own.get(cases).status_code == 404


def test_a_long_list_has_pages_and_asks_no_more(world: World, story: Story, client: Client) -> None:
    cases(world, story, 3)
    listed = at("work-list", "open")

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            text_of(client.get(at("measure-cases", "M03", **MONTH)))
        return len(queries)

    few = asked()
    cases(world, story, 30)
    assert asked() == few
    assert "Page 2" in text_of(client.get(listed))


def cases(world: World, story: Story, count: int) -> list[Case]:
    return [
        make_case(world, story.boss, story.case.policy_version, team=story.case.team)
        for _ in range(count)
    ]


def test_without_homes_a_rate_says_so_and_who_may_enters_them(world: World, client: Client) -> None:
    for code, words in (("M06", "No count of homes has been entered."), ("M04", "not supplied")):
        shown = text_of(client.get(november(code)))
        assert words in shown
        assert f'href="{at("enter", "homes")}"' in shown
    director = world.client(world.user(Role.DIRECTOR_CO))
    assert at("enter", "homes") not in text_of(director.get(november("M06")))
    assert at("enter", "homes") not in text_of(client.get(november("M03")))


def test_how_each_age_was_served_stands_beside_all_others(client: Client) -> None:
    shown = text_of(client.get(november("M33")))
    assert "Beside everybody else, in percentage points" in shown
    assert "too few to compare" in shown
    assert "10 points, either way, it is to be looked into" in shown
