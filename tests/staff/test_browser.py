"""The administrator's and the officer's own pages in a real browser, at both widths."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from cases.access import Role
from cases.staff.models import User
from tests.browsing import NARROW, WIDE, Site, axe, sign_in

pytestmark = pytest.mark.browser

PICTURES = os.environ.get("PICTURES", "")
WIDTHS = {"1280": WIDE, "390": NARROW}


def look(page: Any, name: str) -> None:
    """No accessibility fault, nothing wider than the screen; a picture if somebody asked."""
    if PICTURES:
        width = page.viewport_size["width"]
        page.screenshot(path=str(Path(PICTURES) / f"{name}-{width}.png"), full_page=True)
    assert axe(page) == [], name
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, f"{name} is {wide} pixels too wide"
    assert page.title().endswith(" - Hate crime casework")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_administrators_pages(browser: Any, live_site: Site, width: str) -> None:
    with live_site.in_process():
        dawn = User.objects.get(email="dawn@amplius.example").pk
    page = browser.page()
    page.set_viewport_size(WIDTHS[width])
    sign_in(page, live_site, Role.SYSADMIN)
    for name, address in {
        "users": "/users/",
        "user": f"/users/{dawn}/",
        "add-user": "/users/new/",
        "change-user": f"/users/{dawn}/change/",
        "stop-user": f"/users/{dawn}/stop/",
        "grant-role": f"/users/{dawn}/roles/new/",
        "training": f"/users/{dawn}/training/new/",
        "teams": "/teams/",
        "add-team": "/teams/new/",
        "settings": "/settings/",
        "setting": "/settings/SLA_TRIAGE_HOURS/",
        "change-setting": "/settings/SLA_TRIAGE_HOURS/change/",
        "holidays": "/settings/bank-holidays/",
        "policy": "/policy/",
        "sessions": "/account/sessions/",
        "your-log": "/your-log/?show=opened",
    }.items():
        page.goto(live_site.url + address)
        look(page, name)


@pytest.mark.parametrize("width", WIDTHS)
def test_forms_with_errors(browser: Any, live_site: Site, width: str) -> None:
    with live_site.in_process():
        dawn = User.objects.get(email="dawn@amplius.example").pk
    page = browser.page()
    page.set_viewport_size(WIDTHS[width])
    sign_in(page, live_site, Role.SYSADMIN)
    for name, address in {
        "add-user-error": "/users/new/",
        "stop-user-error": f"/users/{dawn}/stop/",
        "grant-role-error": f"/users/{dawn}/roles/new/",
        "training-error": f"/users/{dawn}/training/new/",
        "change-setting-error": "/settings/SLA_TRIAGE_HOURS/change/",
    }.items():
        page.goto(live_site.url + address)
        with page.expect_navigation():
            page.locator("main form button.govuk-button").last.click()
        assert page.title().startswith("Error: "), name
        look(page, name)
        page.locator(".govuk-error-summary a").first.click()
        assert page.evaluate("document.activeElement.tagName") in ("INPUT", "TEXTAREA"), name


@pytest.mark.parametrize("width", WIDTHS)
def test_the_ledger(browser: Any, live_site: Site, width: str) -> None:
    page = browser.page()
    page.set_viewport_size(WIDTHS[width])
    sign_in(page, live_site, Role.DPO)
    page.goto(live_site.url + "/users/")
    for show in ("done", "opened", "refused"):
        page.goto(f"{live_site.url}/ledger/?show={show}")
        look(page, f"ledger-{show}")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_pages_of_signing_in(browser: Any, live_site: Site, width: str) -> None:
    page = browser.page()
    page.set_viewport_size(WIDTHS[width])
    for name, address in {
        "login": "/account/login/",
        "password-reset": "/account/password/reset/",
        "signup": "/account/signup/",
    }.items():
        page.goto(live_site.url + address)
        look(page, name)
    page.goto(live_site.url + "/account/login/")
    with page.expect_navigation():
        page.get_by_role("button", name="Sign in", exact=True).click()
    look(page, "login-error")
    sign_in(page, live_site, Role.AUDITOR)
    for name, address in {
        "password-change": "/account/password/change/",
        "second-factor": "/account/2fa/",
        "sign-out": "/account/logout/",
        "third-party": "/account/3rdparty/",
        "reauthenticate": "/account/2fa/totp/activate/",
    }.items():
        page.goto(live_site.url + address)
        look(page, name)
    page.get_by_label("Password", exact=True).fill(live_site.password)
    with page.expect_navigation():
        page.locator("#send").click()
    look(page, "second-factor-set-up")
    page.locator("input[name=code]").fill("000000")
    with page.expect_navigation():
        page.locator("#send").click()
    look(page, "second-factor-error")


def test_the_administrator_gives_a_role_with_the_keyboard_and_no_script(
    browser: Any, live_site: Site
) -> None:
    page = browser.page(java_script_enabled=False)
    sign_in(page, live_site, Role.SYSADMIN)
    page.goto(live_site.url + "/users/new/")
    page.get_by_label("Full name").fill("Nadia Frost")
    page.get_by_label("Work email", exact=True).fill(f"nadia{os.getpid()}@amplius.example")
    page.get_by_label("Team").select_option(label="North")
    page.get_by_role("button", name="Add").click()
    expect(page.locator("main")).to_contain_text("They need a role to do anything.")
    page.get_by_role("link", name="Grant a role").click()
    page.get_by_label("Housing officer").check()
    page.get_by_label("Why do they need it?").fill("New in the team")
    page.get_by_label("Why do they need it?").press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("is given the role Housing officer")
    page.get_by_role("link", name="End the role Housing officer").click()
    page.get_by_label("Why?").fill("A mistake")
    page.get_by_role("button", name="End the role").click()
    assert "no longer has the role" in page.locator("main").inner_text()


def test_going_back_after_signing_out_shows_nothing(browser: Any, live_site: Site) -> None:
    page = browser.page()
    sign_in(page, live_site, Role.SYSADMIN)
    page.goto(live_site.url + "/users/")
    assert "Dawn Mistry" in page.content()
    page.get_by_role("button", name="Sign out").first.click()
    page.wait_for_load_state()
    page.go_back()
    page.wait_for_load_state()
    assert "Dawn Mistry" not in page.content()
