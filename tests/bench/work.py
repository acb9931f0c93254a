"""What is measured, each against its floor and its budget (bar section 6)."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from cases.access import Role
from cases.casework.models import Case
from cases.casework.operations import declare
from cases.intake import operations as intake
from cases.intake.choices import Channel, Door
from cases.staff.models import User
from tests.bench.browser import Answer, Browser

TOLD = {
    "who.person": "new",
    "who.full_name": "Amara Osei",
    "who.postcode": "NN99 4QT",
    "contact.text": "SAFE",
    "contact.phone": "07700 900412",
    "incident-1.words": "He shouts about my skin every time I go out. Yesterday he spat.",
    "incident-1.types": ["VERBAL", "SPITTING"],
    "incident-1.place": "COMMUNAL_OUTSIDE",
    "why.caller": "YES",
    "why.caller_words": "He says so.",
    "why.strands": ["RACE"],
    "why.basis.RACE": "ACTUAL",
    "why.own": "YES",
    "harmed.people": ["CALLER"],
    "harmed.role": "TENANT",
    "respondent.relation": "NEIGHBOUR_ADJ",
    "respondent.described": "The man next door",
}


@dataclass(frozen=True)
class Task:
    """One thing measured: how it is done, its floor, how many times the floor it may take."""

    name: str
    floor: str
    budget: float
    do: Callable[[], Answer]
    most_queries: int = 0
    status: int = 200  # another answer is not the thing measured: a form that was refused, say


class Bench:
    """The people who do it and what they do it to."""

    def __init__(self, port: int) -> None:
        now = timezone.now()
        self.director = Browser(port, User.objects.holding(Role.DIRECTOR_CO, now)[0])
        self.officer_user = User.objects.get(full_name="Dawn Mistry")
        self.officer = Browser(port, self.officer_user)
        self.manager = Browser(port, User.objects.get(full_name="Sunita Bhatt"))
        self.pages = -(-Case.objects.open().count() // 25)
        led = Case.objects.filter(lead=self.officer_user, restricted=False)
        self.case = led.order_by("pk")[0]
        by = self.officer_user.actor(now)
        declare(by=by, at=now, case=self.case, knows_somebody=False)
        self.case_number = 0

    def floors(self) -> dict[str, Callable[[], Answer]]:
        """The floors, asked by the same session as the pages."""
        return {
            "a": lambda: self.director.get("/floor/a/"),
            "b": lambda: self.director.get("/floor/b/"),
            "c": lambda: self.officer.post("/floor/c/", {"what": "one row"}),
        }

    def tasks(self) -> list[Task]:
        """Everything measured, in the order of the table."""
        queue = [
            ("queue, first page", "view=all"),
            (f"queue, page {min(400, self.pages)}", f"view=all&page={min(400, self.pages)}"),
            ("queue, not yet allocated", "view=unallocated"),
            ("queue, late", "view=late"),
            ("queue, due today", "view=all&due=today"),
            ("queue, one stage", "view=all&stage=ASSESS"),
            ("queue, high risk", "view=all&risk=high"),
            ("queue, risk not assessed", "view=all&risk=none"),
            ("queue, action plan due next", "view=all&clock=ACTION_PLAN"),
            ("queue, one team", f"view=all&team={self.officer_user.team_id}"),
        ]
        words = [
            ("search, a rare word", "vendetta"),
            ("search, a common word", "stairs"),
            ("search, a name", "Harpreet Gill"),
            ("search, an address", "75 Larkfield Court"),
            ("search, a reference", self._reference()),
            ("search, nothing there", "xylophone quartz"),
        ]
        return [
            *(Task(name, "b", 3, self._show(self.director, f"/?{ask}"), 12) for name, ask in queue),
            Task("queue, an officer's own", "b", 3, self._show(self.officer, "/?view=mine"), 12),
            Task("queue, a manager's team", "b", 3, self._show(self.manager, "/?view=team"), 12),
            Task("case page with its timeline", "b", 4, self._case_page, 20),
            *(Task(name, "b", 4, self._search(text), 12) for name, text in words),
            Task("call sheet, save one answer", "c", 3, self._save),
            Task("contact, add one", "c", 3, self._contact, status=302),
            Task("report, submit", "c", 12, self._submit, status=302),
        ]

    def _reference(self) -> str:
        return Case.objects.order_by("pk")[Case.objects.count() // 2].reference

    def _show(self, browser: Browser, address: str) -> Callable[[], Answer]:
        return lambda: browser.get(address)

    def _search(self, text: str) -> Callable[[], Answer]:
        return lambda: self.director.post("/search/", {"text": text})

    def _case_page(self) -> Answer:
        return self.officer.get(f"/cases/{self.case.reference}/")

    def _sheet(self, told: dict[str, object]) -> uuid.UUID:
        at = timezone.now() - timedelta(minutes=20)
        by = self.officer_user.actor(at)
        sheet = intake.start_sheet(
            by=by,
            at=at,
            key=uuid.uuid4(),
            door=Door.VICTIM,
            channel=Channel.PHONE_INBOUND,
            received_at=at,
        )
        intake.save_answers(by=by, at=at + timedelta(minutes=9), sheet=sheet, answers=told)  # type: ignore[arg-type]
        return sheet.key

    def _save(self) -> Answer:
        """What the page sends by itself as somebody types."""
        if not hasattr(self, "open_sheet"):
            self.open_sheet = self._sheet(dict(TOLD))
        self.case_number += 1
        said = {"why.caller_words": f"Because of my skin, {self.case_number} times.", "window": "w"}
        address = f"/reports/sheets/{self.open_sheet}/"
        return self.officer.post(address, {**said, "do": "save"}, accept="application/json")

    def _contact(self) -> Answer:
        address = f"/cases/{self.case.reference}/contacts/new/"
        fields = contact_fields(self.officer.get(address).body)
        return self.officer.post(address, fields)

    def _submit(self) -> Answer:
        self.case_number += 1
        told = {**TOLD, "who.full_name": f"Amara Osei-{self.case_number}"}
        key = self._sheet(told)
        return self.officer.post(f"/reports/sheets/{key}/", {"do": "send"})


def contact_fields(page: str) -> dict[str, object]:
    """The contact form as an officer fills it in, with the page's own hidden fields."""
    hidden = dict(re.findall(r'<input type="hidden" name="(?!csrf)([^"]+)" value="([^"]*)"', page))
    typed = dict(
        re.findall(r'<input class="govuk-input [^>]*? name="([^"]+)"[^>]* value="([^"]*)"', page)
    )
    radios = re.findall(r'name="(\w+)" id="[^"]+" value="([^"]+)"', page)
    chosen = {name: value for name, value in reversed(radios)}
    return {
        **hidden,
        **typed,
        **chosen,
        "kind": "ATTEMPT",
        "channel": "text",
        "summary": "No reply yet.",
    }
