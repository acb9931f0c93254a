"""However much is sent, the sender gets an answer: from the real server, over a real connection.

A server that answers without reading what is still coming has its answer thrown away: the
sender is told only that the connection was reset.
"""

from __future__ import annotations

import http.client
import urllib.parse
from typing import Any

import pytest
from playwright.sync_api import expect

from cases.access import Role
from tests.browsing import Site, sign_in

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def connected(site: Site) -> http.client.HTTPConnection:
    address = urllib.parse.urlsplit(site.url)
    return http.client.HTTPConnection(address.hostname or "", address.port, timeout=30)


@pytest.mark.parametrize("megabytes", [2, 4, 30])
@pytest.mark.parametrize("path", ["/account/login/", "/people/", "/nowhere-at-all/", "/healthz"])
def test_far_too_much_is_answered(live_site: Site, path: str, megabytes: int) -> None:
    connection = connected(live_site)
    for _ in range(2):  # and the connection can be used again
        connection.request("POST", path, b"text=" + b"x" * megabytes * 1_000_000, FORM)
        answer = connection.getresponse()
        said = answer.read().decode()
        assert answer.status == 413
        assert "This is too long to send" in said
    connection.close()


def test_a_person_who_sends_far_too_much_is_told_so(live_site: Site, browser: Any) -> None:
    page = browser.page()
    sign_in(page, live_site, Role.CALL_HANDLER)
    page.goto("/people/add/")
    box = page.locator("input[name=full_name]")
    box.evaluate("box => { box.removeAttribute('maxlength'); box.value = 'é'.repeat(4000000) }")
    sent = page.expect_response(lambda answer: answer.request.method == "POST", timeout=60_000)
    with sent as answer:
        page.locator("main form button").last.click()
    assert answer.value.status == 413
    # The answer has begun to arrive; what it says is a moment in coming.
    expect(page.locator("h1")).to_have_text("This is too long to send", timeout=60_000)
