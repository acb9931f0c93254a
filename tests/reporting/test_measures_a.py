"""M01 to M17: the worked examples of domain 5.1 and section 9, and the rows behind each figure."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from cases.access import Role
from cases.casework import operations as casework
from cases.casework.models import Case
from cases.people import operations as people
from cases.people.choices import StockClass
from cases.people.models import Person, Property
from cases.policy.queries import policy_version_at
from cases.reporting.catalogue import BY_CODE
from cases.reporting.measure import Asked
from cases.reporting.models import AsbTotal, HomesCount
from cases.reporting.periods import Period, month_of
from cases.reporting.values import Absent, Count, Rate, Value
from tests.casework.story import tell
from tests.reporting.behind import same_as_behind
from tests.reporting.beside_a import compare
from tests.scenarios.story import london
from tests.world import LONG_AGO, World, by_hand

MINE = [f"M{number:02}" for number in range(1, 18)]
LATER = london(2027, 2, 1)
YEAR_END = date(2026, 3, 31)


class Cases:
    """Opens cases about somebody, by the real operations."""

    def __init__(self, world: World) -> None:
        self.world = world
        world.policy()
        self.user = world.user(Role.CALL_HANDLER, team=world.team("North"))
        self.by = world.actor(self.user)
        self.boss = world.actor(world.user(Role.CASE_MANAGER, team=world.team("North")))

    def home(self, stock: str = "LCRA", **facts: Any) -> Property:
        return people.add_property(
            by=self.by, at=LONG_AGO, address="1 Chapel Lane", stock_class=StockClass(stock), **facts
        )

    def person(self, name: str, home: Property | None = None) -> Person:
        return people.add_person(by=self.by, at=LONG_AGO, full_name=name, home=home)

    def open(
        self,
        at: datetime,
        *strands: str,
        stock: str = "LCRA",
        accused: Person | None = None,
    ) -> Case:
        """A case of somebody harmed; ``accused`` None is a respondent nobody knows."""
        home = self.home(stock) if stock else None
        victim = self.person("Ada Brook", home)
        case = casework.open_case(
            by=self.by,
            at=at,
            received_at=at,
            victim=victim,
            home=home,
            policy_version=policy_version_at(at),
        )
        casework.add_involvement(by=self.by, at=at, case=case, part="VICTIM", person=victim)
        described = "" if accused else "A man in a red coat"
        casework.add_involvement(
            by=self.by, at=at, case=case, part="RESPONDENT", person=accused, described_as=described
        )
        incident = casework.add_incident(by=self.by, at=at, case=case, types=["VERBAL"])
        casework.add_perception(
            by=self.by,
            at=at,
            incident=incident,
            capacity="VICTIM",
            person=victim,
            holds="YES",
            strands=dict.fromkeys(strands or ("RACE",), "ACTUAL"),
        )
        return case


@pytest.fixture
def cases(world: World) -> Cases:
    return Cases(world)


def homes(number: int, on: date = date(2025, 3, 31), **more: Any) -> None:
    with by_hand():
        HomesCount.objects.create(
            **{
                "stock_class": StockClass.LCRA,
                "homes": number,
                "counted_on": on,
                "source": "The register",
                "at": LONG_AGO,
                **more,
            }
        )


def asb(month: date, opened: int, *, with_hate: bool = False) -> None:
    with by_hand():
        AsbTotal.objects.create(
            month=month, opened=opened, with_hate=with_hate, source="Their system", at=LONG_AGO
        )


def figures(code: str, asked: Asked, window: str = "to_date") -> dict[str, Value]:
    return {line.key: line.values[window] for line in BY_CODE[code].lines(asked)}


def of_month(year: int, month: int) -> Asked:
    return Asked.of_month(month_of(date(year, month, 1)), LATER)


def test_every_measure_says_what_it_counts() -> None:
    for code in MINE:
        one = BY_CODE[code]
        assert one.collected, code
        told = (one.definition, one.numerator, one.denominator, one.cohort, one.exclusions)
        assert all(words.endswith(".") for words in told), code
        assert one.source, code


@pytest.mark.parametrize("code", MINE)
def test_a_figure_is_the_number_of_rows_behind_it(code: str, world: World) -> None:
    told = tell(world).allocated()
    homes(38_000)
    asked = Asked.of_month(month_of(told.case.opened_at.date()), world.now + timedelta(days=40))
    assert BY_CODE[code].headline in figures(code, asked)
    same_as_behind(BY_CODE[code], asked)
    compare(asked, code)


def test_the_worked_example_of_nm01(cases: Cases) -> None:
    """24 of 38,000 homes are 0.6; three cases only about age leave it so (domain 5.1)."""
    for number in range(24):
        cases.open(london(2025, 4, 1 + number, 9), "RACE", "AGE")
    for number in range(3):
        cases.open(london(2025, 5, 1 + number, 9), "AGE")
    homes(30_000)
    homes(8_000, stock_class=StockClass.LCHO)
    homes(5_000, stock_class=StockClass.OTHER)
    asked = of_month(2026, 3)
    found = figures("M04", asked)
    assert found["policy"] == Count(27)
    assert found["strands"] == Count(3)
    assert found["counted"] == Count(24)
    assert found["rate"] == Rate(24, 38_000)
    assert isinstance(found["rate"], Rate)
    assert str(found["rate"].per_thousand) == "0.6"
    assert figures("M04", asked, "year")["rate"] == Rate(24, 38_000)
    compare(asked, "M04")


def test_the_lines_add_up_to_what_is_counted(cases: Cases) -> None:
    cases.open(london(2026, 3, 31, 23, 30), "DISABILITY")  # still March in London
    cases.open(london(2026, 4, 1, 0, 0), "RELIGION")
    cases.open(london(2026, 4, 2), "GENDER", "APPEARANCE", "UNKNOWN_HATE")
    cases.open(london(2026, 4, 3), "SEX_ORIENT", stock="OTHER")
    cases.open(london(2026, 4, 3), "GENDER_ID", stock="")  # nobody knows where they live
    cases.open(london(2026, 4, 3), "RACE", stock="LCHO")
    found = figures("M04", of_month(2026, 4))
    numbers = {key: value.number for key, value in found.items() if isinstance(value, Count)}
    assert numbers == {"policy": 5, "outside": 2, "strands": 1, "same": 0, "counted": 2}
    assert found["rate"] == Absent("The number of homes is not supplied.")
    assert figures("M04", of_month(2026, 3))["counted"] == Count(1)


def test_homes_are_those_counted_by_the_end_of_the_period(cases: Cases) -> None:
    cases.open(london(2026, 3, 5))
    homes(100, YEAR_END)
    homes(90, date(2026, 2, 1))
    homes(120, date(2026, 4, 1))
    homes(7, YEAR_END, area="Wellby")
    assert figures("M04", of_month(2026, 3))["rate"] == Rate(1, 107)
    assert figures("M04", of_month(2026, 2), "month")["rate"] == Rate(0, 90)
    assert isinstance(figures("M04", of_month(2026, 1), "month")["rate"], Absent)
    assert figures("M04", of_month(2026, 4), "month")["rate"] == Rate(0, 127)
    rates = figures("M06", of_month(2026, 3), "year")
    assert rates == {
        **{"all": Rate(1, 107), "entity.": Rate(1, 107)},
        **{"area.": Rate(1, 100), "area.Wellby": Rate(0, 7)},
    }


@pytest.mark.parametrize("known", [True, False])
def test_two_victims_of_one_respondent_at_a_time_count_once(cases: Cases, known: bool) -> None:
    """A respondent nobody knows is never taken for the same."""
    him = cases.person("Ron Tate") if known else None
    for day in (3, 4, 5):
        cases.open(london(2026, 5, day), accused=him)
    found = figures("M04", of_month(2026, 5))
    assert found["same"] == Count(2 if known else 0)
    assert found["counted"] == Count(1 if known else 3)
    assert figures("M03", of_month(2026, 5), "month")["opened"] == Count(3)


def test_after_the_first_is_closed_it_counts_again(cases: Cases) -> None:
    """Closing comes with a later issue: the row is changed by hand, and its history told."""
    him = cases.person("Ron Tate")
    first = cases.open(london(2026, 5, 3), accused=him)
    close(first, london(2026, 5, 10))
    cases.open(london(2026, 5, 9), accused=him)
    cases.open(london(2026, 5, 11), accused=None)
    asked = of_month(2026, 5)
    assert figures("M04", asked)["same"] == Count(1)
    assert figures("M03", asked)["live"] == Count(2)
    assert figures("M03", of_month(2026, 4))["live"] == Count(0)
    other = cases.person("Lee Ray")
    second = cases.open(london(2026, 6, 3), accused=other)
    close(second, london(2026, 6, 8))
    cases.open(london(2026, 6, 9), accused=other)
    assert figures("M04", of_month(2026, 6), "month")["counted"] == Count(2)
    compare(of_month(2026, 6), "M03", "M04", "M05")


def close(case: Case, at: datetime) -> None:
    """Closed past the operations, with the moment its history would have."""
    history: Any = Case.history.model.objects
    with by_hand(at):
        for stage in ("ASSESS", "PLAN", "INVESTIGATE", "MONITOR", "CLOSE_PROPOSED", "CLOSED"):
            Case.objects.filter(pk=case.pk).update(stage=stage)
    newest = history.filter(id=case.pk).order_by("-history_id").first()
    assert newest.stage == "CLOSED"
    assert abs((newest.history_date - at).total_seconds()) < 1


def test_joined_records_are_one_respondent(cases: Cases) -> None:
    one, two = cases.person("Ron Tate"), cases.person("Ronald Tate")
    cases.open(london(2026, 5, 3), accused=one)
    cases.open(london(2026, 5, 4), accused=two)
    assert figures("M04", of_month(2026, 5))["same"] == Count(0)
    people.merge_people(
        by=cases.boss, at=london(2026, 5, 9), survivor=one, loser=two, reason="Same."
    )
    assert figures("M04", of_month(2026, 5))["same"] == Count(1)


def test_an_earlier_case_counts_only_if_the_regulator_counts_it(cases: Cases) -> None:
    him = cases.person("Ron Tate")
    cases.open(london(2026, 5, 3), "AGE", accused=him)
    cases.open(london(2026, 5, 4), "RACE", accused=him)
    cases.open(london(2026, 5, 5), "RACE", accused=him)
    found = figures("M04", of_month(2026, 5))
    assert (found["strands"], found["same"], found["counted"]) == (Count(1), Count(1), Count(1))
    # Every strand is in part 1, so there the first of the three is the one.
    assert figures("M05", of_month(2026, 5))["same"] == Count(2)


# --- NM01 part 1 ---


def test_a_month_that_is_missing_is_named(cases: Cases) -> None:
    asb(date(2026, 4, 1), 50)
    asb(date(2026, 6, 1), 60)
    homes(10_000)
    found = figures("M05", of_month(2026, 8))
    words = "Not supplied by the antisocial behaviour team: May 2026, July 2026 to August 2026."
    assert found["asb"] == found["total"] == found["rate"] == Absent(words)
    assert figures("M05", of_month(2026, 4))["rate"] == Rate(50, 10_000)
    dates = Asked.of_dates(Period(date(2026, 4, 3), date(2026, 4, 30)), LATER)
    assert isinstance(figures("M05", dates, "chosen")["rate"], Absent)


def test_ours_are_added_where_they_are_not_in_the_total(cases: Cases) -> None:
    cases.open(london(2026, 4, 10), "AGE")
    cases.open(london(2026, 4, 11), "RACE", stock="OTHER")
    cases.open(london(2026, 5, 10), "RACE")
    asb(date(2026, 4, 1), 50)
    asb(date(2026, 5, 1), 9, with_hate=False)
    asb(date(2026, 5, 1), 60, with_hate=True)  # a later number takes its place
    homes(10_000)
    found = figures("M05", of_month(2026, 5))
    assert (found["added"], found["theirs"], found["outside"]) == (Count(1), Count(1), Count(1))
    assert (found["asb"], found["total"]) == (Count(110), Count(111))
    assert found["rate"] == Rate(111, 10_000)
    compare(of_month(2026, 5), "M05", "M06")
