"""What somebody said is shown as they said it, runs nowhere, and leaks nowhere.

One case whose every free text would run if it were not escaped is looked at on every page, in
Chromium; nothing of it may be in an address, a title, a log, a mail, a cookie or what a browser
keeps (bar rows 42, 56, 60, 62, 63 and 69).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from cases.access import Role
from hatecrime import postgres
from hatecrime.owner import as_owner
from hatecrime.url_map import Route
from tests import databases
from tests.browsing import NARROW, WIDE, axe, serving
from tests.built import Built
from tests.consistency.permission_world import PermissionWorld
from tests.disclosures.packs import everything, read
from tests.security import canary
from tests.security import walking_routes as walk
from tests.security.telling_all import tell_all
from tests.world import PASSWORD, by_hand

pytestmark = pytest.mark.browser
# Each page is opened by the first of these that may.
WHO = (Role.CASE_MANAGER, Role.SYSADMIN, Role.DPO, Role.DIRECTOR_CO)
# What goes to a partner, a file that a browser shows, with words that were chosen for it.
PAPERS = {
    "workflow:pack-file": "Shouting and spitting",
    "workflow:approval-file": "Shouting and spitting",
    "workflow:decision-page": "Threats to kill on 8 and 15 November 2026",
}
# Elements that would run, or could only have come from a canary.
LIVE = """() => [...document.querySelectorAll('*')].filter(element =>
    [...element.attributes].some(({name, value}) =>
        name.startsWith('on') || /^\\s*javascript:/i.test(value) && name !== 'value')
    || element.matches('img[src=x], script:not([src]):not([type]), svg[onload]')
).map(element => element.outerHTML.slice(0, 200))"""
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
KEPT = """async () => JSON.stringify([
    {...localStorage}, {...sessionStorage}, document.cookie, window.name, history.state,
    (await indexedDB.databases()).map(each => each.name), await caches.keys(),
    (await navigator.serviceWorker?.getRegistrations() ?? []).length])"""


@dataclass
class Site:
    """A server of this test's own, the story in it, and all it wrote down."""

    url: str
    here: PermissionWorld
    emails: dict[Role, str]
    columns: dict[int, str]
    log: Path


@dataclass
class Watched:
    """A page, and everything that left it."""

    page: Any
    site: Site
    faults: list[str] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.page.on("dialog", self._dialog)
        self.page.on("console", lambda said: self._console(said))
        self.page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))
        self.page.on("request", self._request)
        self.page.on("response", self._response)

    def _dialog(self, dialog: Any) -> None:
        self.faults.append(f"a dialog on {self.page.url}: {dialog.message}")
        dialog.dismiss()

    def _console(self, said: Any) -> None:
        if "Content Security Policy" in said.text or "Refused to" in said.text:
            self.faults.append(f"policy on {self.page.url}: {said.text[:200]}")

    def _request(self, request: Any) -> None:
        sent = [request.url, request.headers.get("referer", "")]
        if any(canary.MARK.search(each) for each in sent):
            self.faults.append(f"in an address or referrer: {sent}")

    def _response(self, response: Any) -> None:
        headers = " ".join(f"{name}: {value}" for name, value in response.headers.items())
        if canary.MARK.search(headers):
            self.faults.append(f"in a header of {response.url}: {headers}")

    def look(self, what: str) -> None:
        """Nothing on the page that stands there runs or leaks."""
        source = self.page.content()
        self.seen |= {int(found[2:-1]) for found in canary.MARK.findall(source)}
        for live in self.page.evaluate(LIVE):
            self.faults.append(f"{what} holds {live}")
        if canary.MARK.search(self.page.title()):
            self.faults.append(f"{what} is titled {self.page.title()}")
        if canary.MARK.search(self.page.url):
            self.faults.append(f"{what} is at {self.page.url}")
        kept = self.page.evaluate(KEPT)
        if canary.MARK.search(kept):
            self.faults.append(f"{what} keeps {kept[:300]}")
        for cookie in self.page.context.cookies():
            if canary.MARK.search(str(cookie)):
                self.faults.append(f"{what} sets a cookie {cookie['name']}")

    def go(self, address: str, what: str) -> int:
        """Open an address and look, at the page and at its bytes."""
        answer = self.page.goto(self.site.url + address)
        self.raw(answer.text(), what)
        self.look(what)
        return int(answer.status)

    def raw(self, source: str, what: str) -> None:
        """No attack stands in the bytes of a page as it was typed."""
        self.faults += [f"{what} has a bare {live}" for live in canary.LIVE if live in source]


@pytest.fixture(scope="module")
def site(
    build_once: Callable[[Role], tuple[str, Built]],
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Site]:
    """The story told, every word of it a canary, and the real server on it."""
    var = tmp_path_factory.mktemp("canary")
    made, (world, here) = build_once(Role.CASE_MANAGER)
    with django_db_blocker.unblock(), databases.cloned(made) as name:
        with databases.using(name):
            tell_all(world, here)
            users = {
                role: here.user if role is Role.CASE_MANAGER else world.user(role) for role in WHO
            }
            with by_hand():
                for user in users.values():
                    user.set_password(PASSWORD)
                    user.save()
            with as_owner():  # who may switch the triggers off
                columns = canary.fill()
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("MAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")
            patch.setenv("LOG_LEVEL", "DEBUG")
            with serving(name, var) as url:
                emails = {role: user.email for role, user in users.items()}
                yield Site(url, here, emails, columns, var / "server.log")


@pytest.fixture
def tab(site: Site, chromium: Any) -> Iterator[Any]:
    """A fresh person's tab, watched; called with who signs in."""
    contexts = []

    def opened(role: Role) -> Watched:
        context = chromium.new_context(viewport=WIDE, locale="en-GB")
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{site.url}/account/login/")
        page.locator("input[name=login]").fill(site.emails[role])
        page.locator("input[name=password]").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: "/account/login" not in url)
        return Watched(page, site)

    yield opened
    for context in contexts:
        context.close()


def opener(route: Route) -> Role:
    return next(role for role in WHO if role in route.roles())


def pages(site: Site, role: Role) -> list[tuple[str, str]]:
    """Every address of ours that role is the first to open: its route and itself."""
    return [
        (route.name, walk.address_of(route, site.here))
        for route in walk.ours()
        if "GET" in (route.methods or ())
        and opener(route) is role
        and not is_file(route)
        and route.name not in PAPERS
    ]


def is_file(route: Route) -> bool:
    """A download, which a browser keeps and does not show."""
    return "." in route.address


def test_a_download_is_no_page_and_is_named_after_nobody(site: Site, tab: Any) -> None:
    tabs = {role: tab(role) for role in WHO[:2]}
    for route in filter(is_file, walk.ours()):
        ask = tabs[opener(route)].page.request
        answer = ask.get(site.url + walk.address_of(route, site.here))
        assert answer.status == 200, route.name
        assert answer.headers["content-disposition"].startswith("attachment"), route.name
        assert answer.headers["x-content-type-options"] == "nosniff", route.name
        assert not canary.MARK.search(str(answer.headers)), route.name


def test_what_goes_to_a_partner_holds_no_more_than_was_chosen(site: Site, tab: Any) -> None:
    """The bytes made before anything else was told: none of it came into them since."""
    tabs = {role: tab(role) for role in (Role.CASE_MANAGER, Role.DIRECTOR_CO)}
    for route in (route for route in walk.ours() if route.name in PAPERS):
        ask = tabs[opener(route)].page.request
        answer = ask.get(site.url + walk.address_of(route, site.here))
        assert answer.status == 200, route.name
        assert answer.headers["content-type"] == "application/pdf", route.name
        assert answer.headers["x-content-type-options"] == "nosniff", route.name
        named = r'inline; filename="[a-z]+-\d+\.pdf"'
        assert re.fullmatch(named, answer.headers["content-disposition"]), route.name
        assert not canary.MARK.search(str(answer.headers)), route.name
        content = answer.body()
        assert canary.MARK.search(everything(content)) is None, route.name
        assert not canary.MARK.search(content.decode("latin-1")), route.name
        assert PAPERS[route.name] in read(content), route.name


# Pages there is nothing on for somebody in this story.
ELSEWHERE = {
    "typed": "nothing waits for them",
    "workflow:case-identities": "who is who is for others",
    "workflow:case-made-up": "they have said so already",
    "intake:pair-apart": "the two were never joined",
    "reporting:measure-cases": "the address says of which figure",
    **dict.fromkeys(("workflow:police-check", "workflow:police-group"), "it was asked already"),
    "workflow:police-phone": "the Director was rung already",
    "workflow:decision-phone": "only whoever was rung says if it was said",
    **dict.fromkeys(
        (
            *("workflow:referral-accept", "workflow:referral-decline", "workflow:referral-chase"),
            *("workflow:referral-end", "workflow:referral-stop", "workflow:meeting-action-end"),
        ),
        "it ended, or never went",
    ),
}


def unusable(page: Any, name: str) -> Iterator[str]:
    """What axe finds, and whether it slides sideways, wide and narrow: long, odd words included."""
    for width in (WIDE, NARROW):
        page.set_viewport_size(width)
        for found in axe(page):
            yield f"{name} at {width['width']}: {found}"
        if not page.evaluate(FITS):
            yield f"{name} is wider than {width['width']}"
    page.set_viewport_size(WIDE)


@pytest.mark.parametrize("role", WHO, ids=lambda role: role.value)
def test_on_no_page_does_anything_run_or_leak_and_each_can_be_used(
    site: Site, tab: Any, role: Role
) -> None:
    watched = tab(role)
    not_shown, unclean = [], []
    for name, address in pages(site, role):
        if watched.go(address, name) != 200 and name not in ELSEWHERE:
            not_shown.append(name)
        unclean += list(unusable(watched.page, name))
    if role is Role.CASE_MANAGER:
        watched.go(f"/cases/{site.here.theirs.again.reference}/", "their other case")
    assert watched.faults == []
    assert unclean == []
    assert not_shown == []
    if role is Role.CASE_MANAGER:
        assert len(watched.seen & set(site.columns)) >= 30, "the words are shown, not left out"
    assert_nothing_written_down(site)


def assert_nothing_written_down(site: Site) -> None:
    """No log holds anybody's words: ours, gunicorn's with the mails sent, or the database's."""
    logs = [site.log, *(log for log in (postgres.VAR / "postgres").glob("log*") if log.is_file())]
    for log in logs:
        found = canary.MARK.search(log.read_text(errors="replace"))
        assert found is None, f"{found and found.group()} in {log.name}"


# What is typed, and comes back with an error or is kept and shown.
TYPED = canary.payload(999)
FILL = """words => {
    const boxes = 'textarea, input[type=text], input[type=search], input[type=email],' +
        'input[type=tel], input:not([type])'
    const form = [...document.querySelectorAll('form:not(header form)')].find(each =>
        each.getAttribute('method') === 'post' && each.querySelector(boxes))
    for (const box of form?.querySelectorAll(boxes) ?? []) {
        box.value = words
        box.dispatchEvent(new Event('input', {bubbles: true}))
    }
    return Boolean(form)
}"""
SEND = """async () => {
    const form = [...document.querySelectorAll('form:not(header form)')].find(each =>
        each.getAttribute('method') === 'post' &&
        each.querySelector('textarea, input:not([type=hidden])'))
    const answer = await fetch(form.getAttribute('action') || location.href, {
        method: 'POST', body: new URLSearchParams(new FormData(form)), redirect: 'manual'})
    return await answer.text()
}"""
# These are really sent, and what comes back looked at in the browser.
MAIN = (
    "people:find",
    "people:add",
    "workflow:search",
    "workflow:case-contact",
    "workflow:case-person",
    "workflow:case-incident",
    "staff:grant-role",
    "policy:change-setting",
)


@pytest.mark.parametrize("role", [Role.CASE_MANAGER, Role.SYSADMIN], ids=lambda role: role.value)
def test_what_is_typed_wrongly_comes_back_as_it_was(site: Site, tab: Any, role: Role) -> None:
    watched = tab(role)
    came_back, sent = 0, 0
    for name, address in pages(site, role):
        if name == "intake:sheet" or watched.go(address, name) != 200:
            continue
        if not watched.page.evaluate(FILL, TYPED):
            continue
        sent += 1
        if name in MAIN:
            with watched.page.expect_navigation(wait_until="load"):
                watched.page.locator("main form button:not([type=button])").first.click()
            watched.look(f"{name}, sent")
            text = watched.page.content()
        else:
            text = watched.page.evaluate(SEND)
            watched.raw(text, f"{name}, sent")
        came_back += "zq999q" in text
    assert watched.faults == []
    assert sent >= 10
    assert came_back >= sent / 2, f"{came_back} of {sent} showed what was typed"
    assert_nothing_written_down(site)


def test_a_call_leaves_nothing_in_the_browser(site: Site, tab: Any) -> None:
    """From the first word to the result, and after signing out (bar row 62)."""
    watched = tab(Role.CASE_MANAGER)
    page = watched.page
    watched.go("/reports/new/", "take a report")
    with page.expect_navigation(wait_until="load"):
        page.get_by_role("button", name="It happened to the caller").click()
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        assert page.evaluate(FILL, TYPED)
    watched.look("the sheet, filled in")
    page.reload()
    watched.look("the sheet, opened again")
    assert "zq999q" in page.content(), "what was typed is on the server"
    with page.expect_navigation(wait_until="load"):
        page.get_by_role("button", name="Send to triage").first.click()
    watched.look("the sheet, sent")
    assert watched.go("/", "their work") == 200
    page.get_by_role("button", name="Sign out").first.click()
    page.wait_for_url("**/account/login/**")
    watched.look("signed out")
    page.goto(f"{site.url}/account/password/reset/")
    page.locator("input[name=email]").fill(site.emails[Role.CASE_MANAGER])
    with page.expect_navigation(wait_until="load"):
        page.locator("#send").click()
    assert watched.faults == []
    assert "Subject: " in site.log.read_text(), "a mail went out"
    assert_nothing_written_down(site)
