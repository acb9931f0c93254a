"""Pages of a long list: which rows, which links."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.paging import page_of


@pytest.mark.parametrize(
    ("asked", "total", "number", "first", "last"),
    [
        ("", 0, 1, 0, 0),
        ("", 1, 1, 1, 1),
        ("1", 25, 1, 1, 25),
        ("2", 26, 2, 26, 26),
        ("9", 26, 2, 26, 26),
        ("0", 26, 1, 1, 25),
        ("-1", 26, 1, 1, 25),
        ("two", 26, 1, 1, 25),
        ("9" * 40, 26, 1, 1, 25),
        ("²", 26, 1, 1, 25),
    ],
)
def test_rows(asked: str, total: int, number: int, first: int, last: int) -> None:
    page = page_of(asked, total, query={})
    assert (page.number, page.first, page.last) == (number, first, last)


def test_links_keep_the_filters() -> None:
    page = page_of("2", 200, query={"team": ["1"], "role": ["A", "B"], "page": ["2"]})
    assert page.next == "?team=1&role=A&role=B&page=3"
    assert page.previous == "?team=1&role=A&role=B&page=1"
    assert [link.number for link in page.links] == [1, 2, 3, 0, 8]
    assert [link.current for link in page.links] == [False, True, False, False, False]
    assert page.links[3].gap


@settings(deadline=None)  # a busy machine is not a fault
@given(st.integers(0, 2000), st.integers(1, 100))
def test_every_row_is_on_one_page(total: int, per_page: int) -> None:
    rows = list(range(total))
    pages = page_of("1", total, query={}, per_page=per_page).pages
    seen = [
        row
        for number in range(1, pages + 1)
        for row in rows[page_of(str(number), total, query={}, per_page=per_page).rows]
    ]
    assert seen == rows
