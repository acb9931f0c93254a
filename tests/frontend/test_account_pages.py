"""The pages of signing in stand in the house's frame: every one that django-allauth serves."""

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from cases.access import Role
from tests.browsing import NARROW, WIDE, Site, axe, sign_in

pytestmark = pytest.mark.browser

OUTSIDE = ("/account/login/", "/account/password/reset/", "/account/password/reset/done/")
INSIDE = (
    "/account/logout/",
    "/account/password/change/",
    "/account/2fa/",
    "/account/2fa/totp/activate/",
    "/account/2fa/webauthn/",
    "/account/2fa/webauthn/add/",
    "/account/reauthenticate/",
)
BOTH = pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])


def looked_at(page: Any, path: str) -> None:
    """The page is in the frame, says what it is once, fits, and axe finds nothing."""
    assert re.fullmatch(r"[A-Z].+ - Hate crime casework", page.title()), path
    assert page.get_by_role("heading", level=1).count() == 1, path
    expect(page.get_by_text("Everything you open and change here is recorded.")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    assert page.locator("form").evaluate_all("all => all.every(each => each.method === 'post')")
    assert axe(page) == [], path


def still_you(page: Any, site: Site) -> None:
    """Give the password again where the site asks for it first."""
    if "/reauthenticate/" in page.url:
        looked_at(page, "reauthenticate")
        page.locator("input[name=password]").fill(site.password)
        page.get_by_role("button", name="Go on").click()
        page.wait_for_url(lambda url: "/reauthenticate/" not in url)


@pytest.fixture
def officer(browser: Any, live_site: Site) -> Callable[[Any], Any]:
    """A signed-in officer's tab at a size."""

    def at(size: Any) -> Any:
        page = browser.page()
        page.set_viewport_size(size)
        sign_in(page, live_site, Role.HOUSING_OFFICER)
        return page

    return at


@BOTH
def test_pages_for_who_is_not_signed_in(browser: Any, size: Any) -> None:
    page = browser.page()
    page.set_viewport_size(size)
    for path in OUTSIDE:
        assert page.goto(path).status == 200
        looked_at(page, path)
        assert page.get_by_role("button", name="Sign out").count() == 0


@BOTH
def test_pages_for_who_is_signed_in(
    officer: Callable[[Any], Any], live_site: Site, size: Any
) -> None:
    page = officer(size)
    for path in INSIDE:
        assert page.goto(path).status == 200
        if "reauthenticate" not in path:
            still_you(page, live_site)
        looked_at(page, path)


def test_a_wrong_password_says_so_at_the_top_and_keeps_the_address(
    browser: Any, live_site: Site
) -> None:
    page = browser.page()
    page.goto("/account/login/")
    page.locator("input[name=login]").fill(live_site.emails[Role.AUDITOR])
    page.locator("input[name=password]").fill("not the password at all")
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_title(re.compile("^Error: Sign in"))
    summary = page.locator(".govuk-error-summary")
    assert summary.evaluate("element => element === document.activeElement")
    expect(page.locator("input[name=login]")).to_have_value(live_site.emails[Role.AUDITOR])
    expect(page.locator("input[name=password]")).to_have_value("")
    assert axe(page) == []


def test_a_password_can_be_looked_at(browser: Any) -> None:
    page = browser.page()
    page.goto("/account/login/")
    page.get_by_role("button", name="Show password").click()
    assert page.locator("input[name=password]").get_attribute("type") == "text"


def test_nothing_typed_says_which_and_goes_there(browser: Any) -> None:
    page = browser.page()
    page.goto("/account/login/")
    page.get_by_role("button", name="Sign in").click()
    page.locator(".govuk-error-summary a").last.click()
    assert page.locator("input[name=password]").evaluate("it => it === document.activeElement")


def test_signing_out_is_one_press_and_works_without_script(browser: Any, live_site: Site) -> None:
    page = browser.page(java_script_enabled=False)
    sign_in(page, live_site, Role.HOUSING_OFFICER)
    page.goto("/account/password/change/")
    page.get_by_role("button", name="Sign out").click()
    page.goto("/account/password/change/")
    assert "/account/login/" in page.url


def test_an_authenticator_app_is_set_up_and_asked_for(browser: Any, live_site: Site) -> None:
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    def code(secret: str) -> str:
        return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))

    page = browser.page()
    sign_in(page, live_site, Role.HR_LINK)
    page.goto("/account/2fa/totp/activate/")
    still_you(page, live_site)
    secret = page.locator(".app-secret").inner_text()
    page.locator("input[name=code]").fill(code(secret))
    page.get_by_role("button", name="Start using it").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    assert page.locator(".app-codes li").count() > 5
    looked_at(page, "recovery codes")
    spare = page.locator(".app-codes li").first.inner_text()
    page.goto("/account/2fa/recovery-codes/generate/")
    looked_at(page, "generate")
    page.get_by_role("button", name="Sign out").click()
    page.goto("/account/login/")
    page.locator("input[name=login]").fill(live_site.emails[Role.HR_LINK])
    page.locator("input[name=password]").fill(live_site.password)
    page.get_by_role("button", name="Sign in").click()
    looked_at(page, "second step")
    page.locator("input[name=code]").fill(spare)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "authenticate" not in url)
    # The other tests of this session sign this person in without a second step.
    page.goto("/account/2fa/totp/deactivate/")
    still_you(page, live_site)
    looked_at(page, "deactivate")
    page.get_by_role("button", name="Stop using it").click()
