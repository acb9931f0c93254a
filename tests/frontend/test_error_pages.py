"""Error pages: what happened, that nothing was lost, what to do, the number to ring."""

from typing import Any

import pytest
from django.template.loader import render_to_string

from tests.browsing import NARROW, WIDE, axe
from tests.frontend.gallery import show_page

PHONE = "01632 960105"
# What hatecrime.errors gives every one of them: no request, nobody signed in.
BARE: dict[str, Any] = {"phone": PHONE, "navigation": [], "actor": None}
TYPED = [("why_words", "“He says it in front of my children.” <b>Every</b> day."), ("safe", "yes")]
MORE: dict[int, dict[str, Any]] = {
    403: {"reason": "You raised this request, so somebody else decides it."},
    409: {
        "by": "Sunita Bhatt",
        "when": "at 3:41pm",
        "rows": [{"label": "Adjustments", "theirs": "Interpreter: Twi", "yours": "None needed"}],
    },
    503: {"typed": TYPED, "address": "/reports/sheet/", "csrf_token": "token"},
}
CODES = (400, 403, 404, 409, 413, 429, 500, 503)


def html(code: int) -> str:
    return render_to_string(f"{code}.html", {**BARE, **MORE.get(code, {})})


@pytest.mark.parametrize("code", CODES)
def test_it_gives_the_number_to_ring_and_a_way_on(code: int) -> None:
    page = html(code)
    assert PHONE in page
    assert "ring 999" in page
    assert ('<a class="govuk-link" href="/">' in page) == (code != 429)


def test_a_refusal_says_the_rules_own_sentence() -> None:
    assert "You raised this request, so somebody else decides it." in html(403)


def test_what_was_typed_is_shown_and_can_be_sent_again() -> None:
    page = html(503)
    assert 'action="/reports/sheet/"' in page
    assert '<input type="hidden" name="safe" value="yes">' in page
    assert '<input type="hidden" name="csrfmiddlewaretoken" value="token">' in page
    assert page.count("&lt;b&gt;Every&lt;/b&gt; day.") == 2
    assert "<b>" not in page


def test_both_texts_of_a_clash_are_there() -> None:
    page = html(409)
    assert "Sunita Bhatt saved this at 3:41pm. Here are both. Nothing is lost." in page
    assert "Interpreter: Twi" in page
    assert "None needed" in page


@pytest.mark.browser
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("code", CODES)
def test_axe_finds_nothing_and_it_fits(chromium: Any, code: int, size: Any) -> None:
    with chromium.new_context(viewport=size) as context:
        page = show_page(context, html(code))
        assert page.title().endswith(" - Hate crime casework")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert axe(page) == []
