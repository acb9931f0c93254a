"""A total beside the parts it is made of would be counted twice: it is refused, row by row."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.access import Actor, Role
from cases.reporting.input_operations import count_homes, enter_asb_total, import_figures
from cases.reporting.models import AsbTotal, HomesCount, ResidentCount
from cases.reporting.twice import WAY_OUT, Number, counted_twice
from tests.reporting.pages import at, text_of
from tests.reporting.test_inputs import ASB, HOMES, company
from tests.world import NOW, World

pytestmark = pytest.mark.django_db
HEAD = "company,area,stock_class,homes,counted_on,source\n"


@pytest.fixture
def keeper(world: World) -> Actor:
    return world.actor(world.user(Role.CASE_MANAGER))


def rows(*said: tuple[str, str, int, int, int]) -> list[Number]:
    """Company, area, number, the day of March, the line (0 if it is kept already)."""
    return [
        Number((company, area), ("LCRA",), number, date(2026, 3, day), f"{number}", line)
        for company, area, number, day, line in said
    ]


def found(*said: tuple[str, str, int, int, int]) -> list[tuple[int, list[str]]]:
    twice = counted_twice(rows(*said))
    return [(one.line, [other.says for other in others]) for one, others in twice]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        # of several companies and areas, and none the total of others
        ([("A", "X", 7, 1, 1), ("B", "X", 8, 1, 2), ("A", "Y", 9, 1, 3)], []),
        ([("A", "", 7, 1, 1), ("", "X", 8, 1, 2)], []),
        # a total beside its parts, in either order, of the file or kept already
        ([("", "", 20, 1, 1), ("A", "X", 7, 1, 2), ("B", "", 8, 1, 3)], [(1, ["7", "8"])]),
        ([("A", "X", 7, 1, 1), ("A", "", 20, 1, 2)], [(2, ["7"])]),
        ([("A", "X", 7, 1, 1), ("", "X", 20, 1, 2)], [(2, ["7"])]),
        ([("", "", 20, 1, 0), ("A", "X", 7, 1, 1)], [(1, ["20"])]),
        ([("A", "X", 7, 1, 0), ("", "", 20, 1, 1)], [(1, ["7"])]),
        # what was kept so long ago is not the file's fault
        ([("", "", 20, 1, 0), ("A", "X", 7, 1, 0), ("A", "X", 0, 2, 1)], []),
        # last year's total still counts this year, and a later one counts then
        ([("", "", 20, 1, 0), ("A", "X", 7, 31, 1)], [(1, ["20"])]),
        ([("", "", 20, 31, 0), ("A", "X", 7, 1, 1)], [(1, ["20"])]),
        # taken back, also in the same file and below
        ([("", "", 20, 1, 0), ("A", "X", 7, 31, 1), ("", "", 0, 31, 2)], []),
        ([("A", "X", 7, 1, 0), ("A", "X", 0, 31, 1), ("", "", 20, 31, 2)], []),
        # taken back only later: until then it counts
        ([("", "", 20, 1, 0), ("A", "X", 7, 30, 1), ("", "", 0, 31, 2)], [(1, ["20"])]),
        # nothing is nothing
        ([("", "", 0, 1, 1), ("A", "X", 7, 1, 2)], []),
    ],
)
def test_which_numbers_are_counted_twice(
    said: list[tuple[str, str, int, int, int]], expected: list[tuple[int, list[str]]]
) -> None:
    assert found(*said) == expected


def test_of_another_class_nothing_is_part() -> None:
    one, other = rows(("", "", 20, 1, 1), ("A", "", 7, 1, 2))
    assert counted_twice([one, Number(other.places, ("LCHO",), 7, other.day, "7", 2)]) == []


def test_a_file_names_every_such_line(keeper: Actor) -> None:
    company()
    content = (
        HEAD + "KHN,Wellby,LCRA,12400,2026-03-31,System\nKHN,Norbury,LCRA,310,2026-03-31,System\n"
        "KHN,,LCRA,12710,2026-03-31,System\n,,LCHO,900,2026-03-31,System\n"
        ",Wellby,LCHO,900,2026-03-31,System\n"
    )
    with pytest.raises(ValidationError) as raised:
        import_figures(by=keeper, at=NOW, kind="homes", content=content.encode())
    first, second = raised.value.messages
    assert first.startswith("Line 4: 12,710 (Company KHN, not split by area, ")
    assert "these are part of it: line 2, 12,400 (Company KHN, Wellby" in first
    assert "; line 3, 310 (Company KHN, Norbury" in first
    assert first.endswith(WAY_OUT)
    assert second.startswith("Line 5: 900 (not split by company, not split by area")
    assert "line 6" in second
    assert not HomesCount.objects.exists()


def test_by_hand_too_and_0_takes_it_back(keeper: Actor) -> None:
    whole: dict[str, Any] = HOMES | {"area": ""}
    count_homes(by=keeper, at=NOW, **whole)
    with pytest.raises(ValidationError) as raised:
        count_homes(by=keeper, at=NOW, **HOMES)
    (said,) = raised.value.message_dict["homes"]
    assert said.startswith(
        "This number would be counted twice: it is part of 38,000 (not split by company, not split "
        "by area, 31 March 2026). "
    )
    count_homes(by=keeper, at=NOW, **whole | {"homes": 0})
    assert count_homes(by=keeper, at=NOW, **HOMES).pk


def test_the_other_teams_total_is_of_all_or_of_each_company(keeper: Actor) -> None:
    khn = company()
    enter_asb_total(by=keeper, at=NOW, **ASB)
    with pytest.raises(ValidationError) as raised:
        enter_asb_total(by=keeper, at=NOW, **ASB | {"entity": khn, "opened": 12})
    assert "it is part of 112 (not split by company, October 2026)" in str(raised.value)
    other_month = {"entity": khn, "month": date(2026, 9, 1)}
    assert enter_asb_total(by=keeper, at=NOW, **ASB | other_month).pk


@pytest.mark.parametrize(
    ("kind", "head", "row"),
    [
        ("homes", HEAD, ",Area {0},LCRA,{0},2026-03-31,System\n"),
        ("asb", "company,month,opened,with_hate,source\n", ",20{1}-0{2},{0},no,System\n"),
        (
            "residents",
            "company,characteristic,group,residents,counted_on,source\n",
            ",AGE,UNDER_25,{0},20{1}-0{2}-01,System\n",
        ),
    ],
)
def test_a_long_file_asks_no_more_than_a_short_one(
    keeper: Actor, kind: str, head: str, row: str
) -> None:
    def asked(first: int, last: int) -> int:
        content = head + "".join(
            row.format(number, 10 + number // 9, 1 + number % 9) for number in range(first, last)
        )
        with CaptureQueriesContext(connection) as queries:
            import_figures(by=keeper, at=NOW, kind=kind, content=content.encode())
        return len(queries)

    asked(0, 1)  # the first of all
    assert asked(1, 2) == asked(2, 100)
    models: list[Any] = [HomesCount, AsbTotal, ResidentCount]
    assert sum(model.objects.count() for model in models) == 100


def test_the_form_says_it_beside_the_number(world: World) -> None:
    manager = world.user(Role.CASE_MANAGER)
    count_homes(by=world.actor(manager), at=NOW, **HOMES | {"area": ""})
    client: Client = world.client(manager)
    sent = {
        **{"counted_on_day": "31", "counted_on_month": "3", "counted_on_year": "2026"},
        **{"company": "all", "area": "Wellby", "stock_class": "LCRA", "homes": "38,000"},
        "source": "Stock report",
    }
    shown = text_of(client.post(at("enter", "homes"), sent))
    assert shown.count("would be counted twice") == 2
    assert 'href="#id_homes"' in shown
    assert HomesCount.objects.count() == 1
