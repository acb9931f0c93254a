"""The words of time and references as templates use them (hatecrime.templatetags.house)."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.template import Context, Template

AT = datetime(2026, 11, 19, 9, 10, tzinfo=UTC)
NOW = datetime(2026, 11, 19, 13, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "value", "shown"),
    [
        ("at|moment:now", AT, "today at 9:10am"),
        ("at|moment:now|sentence", AT, "Today at 9:10am"),
        (
            "at|moment:now",
            datetime(2026, 7, 1, 9, 10, tzinfo=UTC),
            "Wednesday 1 July 2026 at 10:10am",
        ),
        ("at|day:now", date(2026, 11, 20), "tomorrow"),
        ("at|full_date", date(2026, 3, 3), "Tuesday 3 March 2026"),
        ("at|clock_time", AT, "9:10am"),
        ("at|spelled", "HC-2026-7K", "H C, twenty twenty-six, seven, K for kilo"),
        ("at|sentence", "", ""),
        *[(f"at|{name}", None, "") for name in ("moment", "day", "full_date", "clock_time")],
    ],
)
def test_words(written: str, value: Any, shown: str) -> None:
    page = Template("{{ " + written + " }}").render(Context({"at": value, "now": NOW}))
    assert page == shown


def test_without_the_pages_own_now_it_is_the_clocks() -> None:
    page = Template("{{ at|moment }}").render(Context({"at": datetime(2001, 1, 1, tzinfo=UTC)}))
    assert page == "Monday 1 January 2001 at midnight"
