"""The real site and a real browser, for journeys."""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from cases.access import Role
from tests import databases
from tests.world import PASSWORD, World

ROOT = Path(__file__).resolve().parents[1]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
# Its other findings, that something passes or does not apply, are not worked out in full.
VIOLATIONS = "async () => (await axe.run(document, {resultTypes: ['violations']})).violations"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
CHROMIUM_SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
SERVE = ("--config", "hatecrime/gunicorn_conf.py", "hatecrime.wsgi")
WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 390, "height": 844}

NAMES = {
    Role.CALL_HANDLER: "Joanne Pike",
    Role.HOUSING_OFFICER: "Dawn Mistry",
    Role.CASE_MANAGER: "Sunita Bhatt",
    Role.DIRECTOR_CO: "Ruth Calloway",
    Role.SAFEGUARDING_LEAD: "Marcus Adeyemi",
    Role.DA_LEAD: "Helen Brand",
    Role.AUDITOR: "Peter Lund",
    Role.DPO: "Farah Naqvi",
    Role.REPORT_VIEWER: "Owen Price",
    Role.HR_LINK: "Grace Tully",
    Role.SYSADMIN: "Iain Mackie",
    Role.POLICY_SPONSOR: "Harriet Lowe",
    Role.ACTING_DIRECTOR: "Colin Aster",
}


@dataclass
class Site:
    """The running site: its address, its database and who can sign in (all one password)."""

    url: str
    database: str
    emails: dict[Role, str] = field(default_factory=dict)
    password: str = PASSWORD

    @contextlib.contextmanager
    def in_process(self) -> Iterator[World]:
        """Point this process's Django at the site's database, to arrange or to look."""
        with databases.using(self.database):
            yield World()


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def populate() -> dict[Role, str]:
    """One user of each role, in team North; the policy; a second officer and manager."""
    world = World()
    world.policy()
    north = world.team("North")
    emails = {}
    for role, name in NAMES.items():
        emails[role] = f"{name.split()[0].lower()}@amplius.example"
        world.user(role, team=north, name=name, email=emails[role], password=PASSWORD)
    south = world.team("South")
    for role, name in ((Role.HOUSING_OFFICER, "Tom Ellery"), (Role.CASE_MANAGER, "Anna Weir")):
        email = f"{name.split()[0].lower()}@amplius.example"
        world.user(role, team=south, name=name, email=email, password=PASSWORD)
    return emails


def _environment(name: str, var: Path, port: int) -> dict[str, str]:
    """Production settings, for this machine alone, with files under a directory of its own."""
    kept = {key: value for key, value in os.environ.items() if key not in ("TESTING", "DEBUG")}
    return {
        **kept,
        "DJANGO_SETTINGS_MODULE": "hatecrime.settings",
        "DATABASE_URL": databases.address(name),
        "HATECRIME_VAR": str(var),
        "SECRET_KEY": secrets.token_urlsafe(64),
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "LOCAL_HTTP": "1",
        "PORT": str(port),
        "WEB_WORKERS": "1",
    }


def _wait(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    for _ in range(600):
        if server.poll() is not None:
            raise RuntimeError(f"the server ended: {log.read_text()[-2000:]}")
        with contextlib.suppress(urllib.error.URLError, OSError):
            urllib.request.urlopen(f"{url}/healthz", timeout=5).close()
            return
        time.sleep(0.1)
    raise RuntimeError(f"the server did not answer: {log.read_text()[-2000:]}")


@contextlib.contextmanager
def serving(name: str, var: Path) -> Iterator[str]:
    """Serve the site on a database as in production; yields its address."""
    port = free_port()
    environment = _environment(name, var, port)
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--no-input", "-v0"],
        cwd=ROOT,
        env=environment,
        check=True,
    )
    log = var / "server.log"
    url = f"http://127.0.0.1:{port}"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", *SERVE],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait(server, url, log)
        yield url
    finally:
        server.terminate()
        server.wait(30)


@pytest.fixture(scope="session")
def live_site(
    template_database: str, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """The real server on a database of its own, with a user of each role."""
    with django_db_blocker.unblock(), databases.cloned(template_database) as name:
        with databases.using(name):
            emails = populate()
        with serving(name, tmp_path_factory.mktemp("site")) as url:
            yield Site(url=url, database=name, emails=emails)


@pytest.fixture(scope="session")
def chromium(template_database: str) -> Iterator[Any]:
    """One Chromium for the whole session.

    The template is cloned first: once Playwright runs, this thread's connection is hidden.
    """
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop in this thread, which Django takes for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    connections.close_all()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=CHROMIUM_SWITCHES, headless=True
        )
        yield browser
        browser.close()


@pytest.fixture
def browser(chromium: Any, live_site: Site) -> Iterator[Any]:
    """A browser whose contexts end with the test and know the site's address."""

    class Browser:
        def __init__(self) -> None:
            self.contexts: list[Any] = []

        def context(self, **options: Any) -> Any:
            """A fresh person at a computer: options are Playwright's."""
            context = chromium.new_context(
                base_url=live_site.url, viewport=WIDE, locale="en-GB", **options
            )
            context.set_default_timeout(15_000)
            self.contexts.append(context)
            return context

        def page(self, **options: Any) -> Any:
            """A tab of a fresh person."""
            return self.context(**options).new_page()

    made = Browser()
    yield made
    for context in made.contexts:
        context.close()


def sign_in(page: Any, site: Site, who: Role | str) -> None:
    """Sign in by the form, as somebody of that role or with that address."""
    email = site.emails[who] if isinstance(who, Role) else who
    page.goto(f"{site.url}/account/login/")
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(site.password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/account/login" not in url)


def axe(page: Any) -> list[dict[str, Any]]:
    """Every accessibility violation axe finds, WCAG 2.2 AA and best practice included."""
    # A page that is still arriving has no document to look at yet.
    page.wait_for_load_state("load")
    page.wait_for_function("() => document.documentElement !== null")
    # The page's own policy forbids added scripts, so axe comes by the debugging protocol.
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text())
    found = page.evaluate(VIOLATIONS)
    return [
        {
            "id": each["id"],
            "help": each["help"],
            "where": [node["target"] for node in each["nodes"]],
        }
        for each in found
    ]
