"""Figures from outside: only added, the newest counts, and what cannot be is said in a sentence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import ProgrammingError, transaction

from cases.access import Actor, Grant, Refused, Role, job
from cases.audit.models import Event
from cases.people.company_operations import add_company
from cases.people.models import Entity
from cases.reporting import rules
from cases.reporting.input_operations import (
    count_homes,
    count_residents,
    enter_asb_total,
    import_figures,
)
from cases.reporting.models import AsbTotal, HomesCount, ResidentCount
from tests.world import COMMAND, LONG_AGO, NOW, World

HOMES: dict[str, Any] = {
    "entity": None,
    "area": "Wellby",
    "stock_class": "LCRA",
    "homes": 38_000,
    "counted_on": date(2026, 3, 31),
    "source": "The housing system",
}
ASB: dict[str, Any] = {
    "entity": None,
    "month": date(2026, 10, 1),
    "opened": 112,
    "with_hate": False,
    "source": "The ASB team",
}
RESIDENTS: dict[str, Any] = {
    "entity": None,
    "characteristic": "AGE",
    "group": "UNDER_25",
    "residents": 9_500,
    "counted_on": date(2026, 3, 31),
    "source": "The housing system",
}
EACH: list[tuple[Callable[..., Any], dict[str, Any]]] = [
    (count_homes, HOMES),
    (enter_asb_total, ASB),
    (count_residents, RESIDENTS),
]


@pytest.fixture
def keeper(world: World) -> Actor:
    return world.actor(world.user(Role.CASE_MANAGER))


def company(code: str = "KHN") -> Entity:
    return add_company(by=COMMAND, at=LONG_AGO, code=code, name=f"Company {code}")


@pytest.mark.parametrize("role", Role)
def test_who_enters_figures(world: World, role: Role) -> None:
    by = world.actor(world.user(role))
    for enter, values in EACH:
        if role is Role.CASE_MANAGER:
            row = enter(by=by, at=NOW, **values)
            assert (row.by_id, row.at) == (by.id, NOW)
        else:
            with pytest.raises(Refused, match=Grant.KEEP_FIGURES):
                enter(by=by, at=NOW, **values)
    with pytest.raises(Refused, match=Grant.KEEP_FIGURES):
        import_figures(by=job("a job"), at=NOW, kind="homes", content=b"")


def test_each_is_on_the_ledger_in_numbers_and_codes(keeper: Actor) -> None:
    count_homes(by=keeper, at=NOW, **HOMES | {"entity": company()})
    enter_asb_total(by=keeper, at=NOW, **ASB)
    count_residents(by=keeper, at=NOW, **RESIDENTS)
    told = Event.objects.filter(verb__startswith="figures.").values_list("verb", "changes")
    assert dict(told) == {
        "figures.homes": {"company": "KHN", "class": "LCRA", "homes": 38_000, "on": "2026-03-31"},
        "figures.asb": {"month": "2026-10-01", "opened": 112, "with_hate": False},
        "figures.residents": {"group": "UNDER_25", "residents": 9_500, "on": "2026-03-31"},
    }


def test_what_was_entered_stays_and_the_newest_counts(keeper: Actor) -> None:
    enter_asb_total(by=keeper, at=NOW, **ASB)
    enter_asb_total(by=keeper, at=NOW, **ASB | {"opened": 120})
    assert list(AsbTotal.objects.order_by("id").values_list("opened", flat=True)) == [112, 120]
    with pytest.raises(ProgrammingError), transaction.atomic():
        AsbTotal.objects.update(opened=1)


def test_who_sees_one_company_enters_its_figures_only(keeper: Actor) -> None:
    scoped, own, other = replace(keeper, entities=("KHN",)), company(), company("SPIRE")
    for enter, values in EACH:
        assert enter(by=scoped, at=NOW, **values | {"entity": own}).pk
        for entity in (None, other):
            with pytest.raises(Refused, match=rules.OWN_ONLY):
                enter(by=scoped, at=NOW, **values | {"entity": entity})
    content = b"company,month,opened,with_hate,source\nSPIRE,2026-10,1,no,ASB\n"
    with pytest.raises(Refused, match=rules.OWN_ONLY):
        import_figures(by=scoped, at=NOW, kind="asb", content=content)


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"homes": -1}, "homes", "The number of homes cannot be below 0."),
        ({"homes": 10**12}, "homes", "more than there can be"),
        ({"counted_on": date(2026, 11, 20)}, "counted_on", "in the future"),
        ({"counted_on": date(1, 1, 1)}, "counted_on", "before January 2010"),
        ({"stock_class": "CASTLE"}, "stock_class", "Choose a class of homes"),
        ({"source": "   "}, "source", "Say where the number is from."),
        ({"source": "x" * 201}, "source", "200 letters or fewer"),
        ({"area": "x" * 201}, "area", "200 letters or fewer"),
        ({"area": "a\0b"}, "area", "cannot be read"),
    ],
)
def test_homes_that_cannot_be(
    keeper: Actor, changes: dict[str, Any], field: str, sentence: str
) -> None:
    with pytest.raises(ValidationError) as raised:
        count_homes(by=keeper, at=NOW, **HOMES | changes)
    assert list(raised.value.message_dict) == [field]
    assert sentence in raised.value.message_dict[field][0]
    assert not HomesCount.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"opened": -1}, "opened"),
        ({"opened": 100_001}, "opened"),
        ({"month": date(2026, 10, 2)}, "month"),
        ({"month": date(2026, 12, 1)}, "month"),
        ({"source": ""}, "source"),
    ],
)
def test_totals_that_cannot_be(keeper: Actor, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as raised:
        enter_asb_total(by=keeper, at=NOW, **ASB | changes)
    assert list(raised.value.message_dict) == [field]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"residents": -1}, "residents"),
        ({"residents": 10**9}, "residents"),
        ({"group": "OVER_900"}, "group"),
        ({"characteristic": "SHOE_SIZE"}, "characteristic"),
        ({"counted_on": date(2027, 1, 1)}, "counted_on"),
    ],
)
def test_residents_that_cannot_be(keeper: Actor, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as raised:
        count_residents(by=keeper, at=NOW, **RESIDENTS | changes)
    assert list(raised.value.message_dict) == [field]


def test_the_edges_can_be(keeper: Actor) -> None:
    for homes, day in ((0, date(2010, 1, 1)), (1_000_000, NOW.date())):
        assert count_homes(by=keeper, at=NOW, **HOMES | {"homes": homes, "counted_on": day}).pk


# --- from a file ---

FILE = """company,area,stock_class,homes,counted_on,source
KHN,Wellby,LCRA,"12,400",2026-03-31,The housing system
khn,Norbury,lcho,310,31/03/2026,The housing system
,Fenmoor,OTHER,38000,2026-03-31,The housing system
"""


def entered(by: Actor, kind: str, text: str) -> int:
    return import_figures(by=by, at=NOW, kind=kind, content=text.encode())


def test_a_file_is_entered_line_by_line(keeper: Actor) -> None:
    khn = company()
    assert entered(keeper, "homes", FILE) == 3
    rows = HomesCount.objects.order_by("id").values_list(
        "entity", "area", "stock_class", "homes", "counted_on"
    )
    day = date(2026, 3, 31)
    assert list(rows) == [
        (khn.pk, "Wellby", "LCRA", 12_400, day),
        (khn.pk, "Norbury", "LCHO", 310, day),
        (None, "Fenmoor", "OTHER", 38_000, day),
    ]
    assert Event.objects.filter(verb="figures.homes", actor_id=keeper.id).count() == 3


def test_the_same_file_again_adds_nothing(keeper: Actor) -> None:
    company()
    entered(keeper, "homes", FILE)
    assert entered(keeper, "homes", FILE) == 0
    assert entered(keeper, "homes", FILE.replace("310", "311")) == 1
    assert HomesCount.objects.count() == 4


def test_the_other_two_kinds_of_files(keeper: Actor) -> None:
    asb = "Source,With_Hate,Opened,Month,Company\r\nASB team,Yes,112,2026-10,\r\nASB,no,9,09/2026,"
    assert entered(keeper, "asb", "\ufeff" + asb) == 2
    assert list(AsbTotal.objects.values_list("month", "opened", "with_hate")) == [
        (date(2026, 9, 1), 9, False),
        (date(2026, 10, 1), 112, True),
    ]
    residents = (
        "company,characteristic,group,residents,counted_on,source\n"
        ",age,under_25,9500,2026-03-31,System\n\n,AGE,FROM_65,12000,2026-03-31,System\n"
    )
    assert entered(keeper, "residents", residents) == 2
    assert set(ResidentCount.objects.values_list("group", "residents")) == {
        ("UNDER_25", 9500),
        ("FROM_65", 12000),
    }


def test_one_bad_line_keeps_all_out_and_every_fault_is_told(keeper: Actor) -> None:
    company()
    bad = FILE + ("NOBODY,,LCRA,many,2026-02-30,System\n,,CASTLE,-4,2030-01-01,\nKHN,,LCRA,5\n")
    with pytest.raises(ValidationError) as raised:
        entered(keeper, "homes", bad)
    assert raised.value.messages == [
        "Line 5: There is no company with the code NOBODY.",
        "Line 5: “many” is no whole number.",
        "Line 5: “2026-02-30” is no day: write 2026-03-31.",
        "Line 6: Choose a class of homes: LCRA, LCHO, OTHER.",
        "Line 6: The number of homes cannot be below 0.",
        "Line 6: The day they were counted is in the future.",
        "Line 6: Say where the number is from.",
        "Line 7: There are 4 values for 6 columns.",
    ]
    assert not HomesCount.objects.exists()
    assert not Event.objects.filter(verb="figures.homes").exists()


HEAD = "company,month,opened,with_hate,source\n"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The first line names the columns"),
        (b"\x00\x01", "no CSV file we can read"),
        (b"\xff\xfe\x00", "no CSV file we can read"),
        (b"PK\x03\x04\xff", "no CSV file we can read"),
        (HEAD.encode() + b'"open', "no CSV file we can read"),
        (b"month,opened\n2026-10,4\n", "The first line names the columns: company, month, opened"),
        (HEAD.encode(), "no lines below"),
        ((HEAD + ",2026-10,1,no,x\n" * 5_001).encode(), "too large"),
        (b"x" * 1_000_001, "too large"),
        ((HEAD + ",2026-13,1,no,x\n").encode(), "“2026-13” is no month"),
        ((HEAD + ",2026-10,1.5,no,x\n").encode(), "“1.5” is no whole number"),
        ((HEAD + ",2026-10,,no,x\n").encode(), "A number is missing"),
        ((HEAD + ",,1,no,x\n").encode(), "A month is missing"),
        ((HEAD + ",2026-10,1,perhaps,x\n").encode(), "Write yes or no"),
        ((HEAD + f",2026-10,{'9' * 5000},no,x\n").encode(), "is no whole number"),
        ((HEAD + ",2026-10,١٢,no,x\n").encode(), "is no whole number"),
    ],
)
def test_what_is_no_such_file(keeper: Actor, content: bytes, sentence: str) -> None:
    with pytest.raises(ValidationError) as raised:
        import_figures(by=keeper, at=NOW, kind="asb", content=content)
    assert sentence in raised.value.messages[0]
    assert not AsbTotal.objects.exists()


def test_a_formula_is_kept_as_the_words_it_is(keeper: Actor) -> None:
    entered(keeper, "asb", HEAD + ',2026-10,3,no,"=HYPERLINK(""http://x"")"\n')
    assert AsbTotal.objects.get().source == '=HYPERLINK("http://x")'
