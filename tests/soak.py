"""`make soak`: many people at once on the real server, then a look at what is left.

    python -m tests.soak [seconds] [people]

Each person signs in as one of the demo's staff and wanders: opens links the pages offer, and
fills in and sends the forms they offer, well or badly. Afterwards (bar rows 32, 76 and 80):
no answer was a server error, no page was shown without its row in the ledger, no transaction was
left open, the server still says it is ready, and stopping it leaves nothing behind.
"""

import http.cookiejar
import random
import re
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import psycopg

from hatecrime import postgres
from tests.launch.running import left_over, make_run

WORDS = (
    "O'Brien & sons",
    "",
    "12",
    "They shouted at us again.",
    "á é ü",
    "2026-11-02",
    "on " * 300,
)
NOT_FOLLOWED = re.compile(r"^/(static|account/logout)")
# Several people share an account here: one would end the sessions of the others.
NOT_SENT = re.compile(r"^/account/(?!login)")


@dataclass
class Form:
    """A form that posts: where, what it holds already, and what may be filled in."""

    action: str
    held: list[tuple[str, str]] = field(default_factory=list)
    choices: dict[str, list[str]] = field(default_factory=dict)
    boxes: list[str] = field(default_factory=list)

    def filled(self, chance: random.Random) -> list[tuple[str, str]]:
        """What somebody in a hurry might send."""
        sent = [*self.held]
        sent += [(name, chance.choice(of)) for name, of in self.choices.items() if of]
        sent += [(name, chance.choice(WORDS)) for name in self.boxes]
        return sent


class Page(HTMLParser):
    """What a page offers: links, and forms that post."""

    def __init__(self, text: str, address: str) -> None:
        super().__init__()
        self.address, self.links, self.forms = address, list[str](), list[Form]()
        self.open: Form | None = None
        self.select = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and given.get("href", "").startswith("/"):
            if not NOT_FOLLOWED.match(given["href"]):
                self.links.append(given["href"].partition("#")[0])
        elif tag == "form":
            posts = given.get("method", "get").lower() == "post"
            action = given.get("action") or self.address
            wanted = posts and not NOT_SENT.match(action)
            self.open = Form(action) if wanted else None
            self.forms += [self.open] if self.open else []
        elif self.open:
            self.take(self.open, tag, given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None

    def take(self, form: Form, tag: str, given: dict[str, str]) -> None:
        name, kind = given.get("name", ""), given.get("type", "text")
        if tag == "select":
            self.select = name
        elif tag == "option":
            form.choices.setdefault(self.select, []).append(given.get("value", ""))
        elif not name:
            return
        elif kind == "hidden":
            form.held.append((name, given.get("value", "")))
        elif kind in ("radio", "checkbox") or tag == "button":
            form.choices.setdefault(name, []).append(given.get("value", "on"))
        elif tag in ("input", "textarea"):
            form.boxes.append(name)


@dataclass
class Tally:
    """What everybody together saw."""

    answers: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    shown: int = 0


class Person(threading.Thread):
    """Somebody signed in, wandering until it is time to stop."""

    def __init__(self, base: str, email: str, password: str, until: float, tally: Tally) -> None:
        super().__init__()
        self.base, self.email, self.password = base, email, password
        self.until, self.tally = until, tally
        self.chance = random.Random(self.name)
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(cookies)

    def run(self) -> None:
        page = self.sign_in()
        while time.monotonic() < self.until:
            form = self.chance.choice(page.forms) if page.forms else None
            if form and self.chance.random() < 0.35 and not self.email.startswith("iain"):
                page = self.ask(form.action, form.filled(self.chance))
            else:
                page = self.ask(self.chance.choice(page.links or ["/"]))
            if page.address.startswith("/account/login"):
                page = self.sign_in()

    def sign_in(self) -> Page:
        page = self.ask("/account/login/")
        form = next((form for form in page.forms if "password" in form.boxes), None)
        if form is None:
            return self.ask("/")
        return self.ask(
            form.action, [*form.held, ("login", self.email), ("password", self.password)]
        )

    def ask(self, path: str, sent: list[tuple[str, str]] | None = None) -> Page:
        address = urllib.parse.urljoin(self.base, path)
        data = None if sent is None else urllib.parse.urlencode(sent).encode()
        asked = urllib.request.Request(address, data, {"Referer": self.base})
        begun, text, reached = time.monotonic(), "", path
        try:
            with self.opener.open(asked, timeout=60) as answer:
                status, kind = answer.status, answer.headers.get_content_type()
                reached = urllib.parse.urlsplit(answer.url).path
                text = answer.read().decode(errors="replace") if kind == "text/html" else ""
        except urllib.error.HTTPError as error:
            with error:
                status = error.code
        except (OSError, urllib.error.URLError) as error:
            status = 0
            self.tally.broken.append(f"{error!r} {path}")
        self.tally.seconds.append(time.monotonic() - begun)
        self.tally.answers[f"{'GET' if sent is None else 'POST'} {status}"] += 1
        if status >= 500 or (sent is None and status == 400):  # a page offered that link
            self.tally.broken.append(f"{status} {'GET' if sent is None else 'POST'} {path}")
        self.tally.shown += status == 200 and bool(text) and not reached.startswith("/account/")
        return Page(text, reached)


def faults_afterwards(var: Path, tally: Tally) -> list[str]:
    """Return what is not as it should be, a sentence each."""
    faults = [f"A request failed: {what}." for what in sorted(set(tally.broken))]
    with psycopg.connect(postgres.url(var / "postgres")) as database:
        row = database.execute(
            "select count(distinct request_id) from audit_access where outcome = 'SHOWN'"
        ).fetchone()
        recorded = row[0] if row else 0
        row = database.execute(
            "select count(*) from pg_stat_activity where state like 'idle in transaction%'"
        ).fetchone()
        hanging = row[0] if row else 0
    if recorded < tally.shown:
        faults.append(f"{tally.shown} pages were shown and {recorded} recorded.")
    if hanging:
        faults.append(f"{hanging} transactions were left open.")
    return faults


def main(seconds: int = 60, people: int = 32) -> int:
    """Run the soak; return the exit code."""
    with tempfile.TemporaryDirectory() as place:
        var, tally = Path(place) / "var", Tally()
        with make_run(var, reports=15) as run:
            run.until_it_says("Serving at http://127.0.0.1:")
            emails = re.findall(r"\S+@demo\.example", run.said)
            password = re.findall(r"Password for all of them: (\S+)", run.said)[0]
            base, until = f"http://127.0.0.1:{run.port}", time.monotonic() + seconds
            crowd = [
                Person(base, emails[number % len(emails)], password, until, tally)
                for number in range(people)
            ]
            for person in crowd:
                person.start()
            for person in crowd:
                person.join()
            faults = faults_afterwards(var, tally)
            if run.get("/readyz")[0] != 200:
                faults.append("The server is no longer ready.")
        faults += [f"A process was left behind: {line[:100]}" for line in left_over(var)]
        if "Traceback" in run.said:
            faults.append("The server said:\n" + run.said[run.said.index("Traceback") :][:3000])
    ordered = sorted(tally.seconds)
    print(f"{people} people, {seconds} s, {len(ordered)} requests, {tally.shown} pages shown")
    print("  " + ", ".join(f"{count} x {what}" for what, count in sorted(tally.answers.items())))
    middle, slow = ordered[len(ordered) // 2], ordered[len(ordered) * 95 // 100]
    print(f"  half within {middle * 1000:.0f} ms, 95% within {slow * 1000:.0f} ms")
    print("\n".join(faults) or "Nothing is amiss.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
