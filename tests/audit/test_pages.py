"""One's own log, the whole ledger, and who looked at a case."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.access import Actor, Grant, Role
from cases.audit import context, queries
from cases.audit.ledger import operation, record, record_access
from cases.audit.models import Access, Event, Outcome
from cases.audit.queries import Asked, ledger_page
from cases.audit.verbs import Verb
from cases.staff.models import User
from tests.audit.pages import ritual, signed_out, wrong_verbs
from tests.world import World

pytestmark = pytest.mark.django_db

CASE = "HC-2026-7K4R"


@pytest.fixture
def officer(world: World) -> User:
    return world.user(Role.HOUSING_OFFICER, name="Dawn Mistry")


@pytest.fixture
def dpo(world: World) -> User:
    return world.user(Role.DPO, name="Farah Naqvi")


@operation
def do(*, by: Actor, at: Any, verb: Verb = Verb.NOTE_ADDED, case: str = CASE) -> None:
    record(verb, by=by, at=at, case=case)


def look(world: World, user: User, *, minutes: int = 0, outcome: Outcome = Outcome.SHOWN) -> None:
    with context.in_request(f"request-{user.pk}-{minutes}-{outcome}"):
        record_access(
            [context.Read("casework.case", [1], CASE), context.Read("people.person", [2], CASE)],
            by=user.actor(world.now),
            at=world.now + timedelta(minutes=minutes),
            what="workflow:case",
            outcome=outcome,
        )


def sentences(client: Client, address: str, **query: Any) -> list[tuple[str, str]]:
    entries = client.get(address, query).context["entries"]
    return [(entry.who, entry.sentence) for entry in entries]


class TestOwnLog:
    address = "/your-log/"

    def test_everybody_has_one(self, world: World) -> None:
        signed_out(self.address)
        for role in Role:
            user = world.user(role)
            assert world.client(user).get(self.address).status_code == 200, role
        wrong_verbs(world, user, self.address, "get")

    def test_it_shows_what_i_did_and_nobody_else(
        self, world: World, officer: User, dpo: User
    ) -> None:
        do(by=officer.actor(world.now), at=world.now)
        do(by=dpo.actor(world.now), at=world.now, verb=Verb.CASE_OPENED)
        look(world, dpo)
        client = world.client(officer)
        assert sentences(client, self.address) == [
            ("Dawn Mistry", "signed in"),
            ("Dawn Mistry", "added a note"),
        ]
        for query in ({"by": dpo.pk}, {"who": "Farah"}, {"show": "opened", "by": dpo.pk}):
            assert all(who == "Dawn Mistry" for who, _ in sentences(client, self.address, **query))

    def test_it_shows_what_i_opened_and_was_refused(self, world: World, officer: User) -> None:
        client = world.client(officer)
        client.get(reverse("policy:policy"))
        client.get(reverse("staff:users"))
        opened = sentences(client, self.address, show="opened")
        assert opened == [("Dawn Mistry", "opened the policy")]
        refused = sentences(client, self.address, show="refused")
        assert refused == [("Dawn Mistry", "was refused the list of people who sign in")]


class TestLedger:
    address = "/ledger/"

    def test_it_is_the_data_protection_officers(
        self, world: World, officer: User, dpo: User
    ) -> None:
        ritual(
            world,
            allowed=dpo,
            refused=officer,
            address=self.address,
            sentence=Grant.SEE_LEDGER.value,
        )
        for role in Role:
            if role is not Role.DPO:
                other = world.client(world.user(role))
                assert other.get(self.address).status_code == 403, role

    def test_it_is_filtered_by_its_address(self, world: World, officer: User, dpo: User) -> None:
        do(by=officer.actor(world.now), at=world.now)
        do(by=officer.actor(world.now), at=world.now - timedelta(days=3), verb=Verb.CASE_OPENED)
        do(by=dpo.actor(world.now), at=world.now, case="HC-2026-9999")
        client = world.client(dpo)

        def found(**query: Any) -> list[str]:
            entries = client.get(self.address, query).context["entries"]
            return [e.sentence for e in entries if e.case_reference]

        assert found() == ["added a note", "opened the case", "added a note"]
        assert found(by=officer.pk) == ["opened the case", "added a note"]
        assert found(who="mist") == ["opened the case", "added a note"]
        assert found(case="hc 2026 7k4r") == ["opened the case", "added a note"]
        assert found(verb=Verb.CASE_OPENED) == ["opened the case"]
        assert found(from_on="2026-11-19") == ["added a note", "added a note"]
        assert found(to_on="2026-11-16") == ["opened the case"]
        assert found(case="HC-2026-0000") == []
        for junk in ({"by": "x"}, {"before": "-1"}, {"from_on": "yesterday"}, {"verb": "?"}):
            assert client.get(self.address, junk).status_code == 200
        for junk in ({"by": "9" * 30}, {"before": "٣"}, {"show": "'"}, {"case": "\x00"}):
            assert client.get(self.address, junk).status_code == 200

    def test_no_entry_is_lost_or_shown_twice_between_pages(
        self, world: World, officer: User, dpo: User
    ) -> None:
        for _ in range(120):
            do(by=officer.actor(world.now), at=world.now)
        client = world.client(dpo)
        seen: list[int] = []
        address = f"{self.address}?by={officer.pk}"
        while address:
            response = client.get(address)
            seen += [entry.id for entry in response.context["entries"]]
            do(by=officer.actor(world.now), at=world.now)  # the ledger grows meanwhile
            older = response.context["further"].older
            address = self.address + older if older else ""
        first = Event.objects.filter(actor_id=officer.pk, verb=Verb.NOTE_ADDED)
        expected = list(first.order_by("pk").values_list("pk", flat=True)[:120])
        assert seen == expected[::-1]

    def test_it_costs_the_same_at_any_length(self, world: World, officer: User, dpo: User) -> None:
        client = world.client(dpo)
        client.get(self.address)
        do(by=officer.actor(world.now), at=world.now)

        def cost() -> int:
            with CaptureQueriesContext(connection) as counted:
                client.get(self.address)
            return len(counted)

        few = cost()
        for _ in range(60):
            do(by=officer.actor(world.now), at=world.now)
        assert cost() <= few

    def test_looking_at_a_cases_entries_is_itself_a_look(self, world: World, dpo: User) -> None:
        world.client(dpo).get(self.address, {"case": CASE})
        assert Access.objects.filter(case_reference=CASE, what="audit:ledger").count() == 1

    def test_the_data_protection_officer_reaches_it_from_the_menu(
        self, world: World, dpo: User, officer: User
    ) -> None:
        assert 'href="/ledger/"' in world.client(dpo).get("/your-log/").content.decode()
        assert 'href="/ledger/"' not in world.client(officer).get("/your-log/").content.decode()


class TestQueries:
    def test_who_looked_counts_requests_and_the_last_comes_first(
        self, world: World, officer: User, dpo: User
    ) -> None:
        look(world, officer)
        look(world, officer, minutes=5)
        look(world, dpo, minutes=2)
        look(world, world.user(), outcome=Outcome.DENIED)
        looked = queries.who_looked(CASE)
        assert [(each.actor_name, each.times) for each in looked] == [
            ("Dawn Mistry", 2),
            ("Farah Naqvi", 1),
        ]
        assert looked[0].last_at == world.now + timedelta(minutes=5)
        assert queries.who_looked("HC-2026-0000") == []

    def test_the_events_of_a_case_are_its_own(self, world: World, officer: User) -> None:
        do(by=officer.actor(world.now), at=world.now)
        do(by=officer.actor(world.now), at=world.now, case="HC-2026-9999")
        entries = queries.events_of(CASE, world.now)
        assert [(entry.who, entry.sentence) for entry in entries] == [
            ("Dawn Mistry", "added a note")
        ]

    def test_a_page_of_the_ledger_is_ordered_by_what_was_written_last(
        self, world: World, officer: User
    ) -> None:
        for days in (1, 3, 2):
            do(by=officer.actor(world.now), at=world.now - timedelta(days=days))
        shown = ledger_page(Asked(by=officer.pk), world.now, per_page=2)
        assert [entry.at for entry in shown.entries] == [
            world.now - timedelta(days=2),
            world.now - timedelta(days=3),
        ]
        rest = ledger_page(Asked(by=officer.pk, before=shown.older), world.now, per_page=2)
        assert [entry.at for entry in rest.entries] == [world.now - timedelta(days=1)]
        assert rest.older is None
