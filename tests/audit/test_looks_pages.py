"""Who looked at a case, and the extract for somebody in it who asks."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.access import Grant, Role
from cases.audit.models import Access, Event, Outcome
from cases.audit.verbs import Verb
from cases.casework.models import Conflict
from cases.staff.models import User
from cases.workflow.looks_page import as_csv, extract_of
from cases.workflow.looks_queries import AskedLooks, looks_page
from tests.audit.looking import look
from tests.audit.pages import ritual, wrong_verbs
from tests.casework.story import Story, declared, tell
from tests.world import World

pytestmark = pytest.mark.django_db
PURPOSE = "She asked on 3 March who has read her case."


@pytest.fixture
def story(world: World) -> Story:
    return tell(world).allocated()


@pytest.fixture
def dpo(world: World) -> User:
    return world.user(Role.DPO, name="Farah Naqvi")


@pytest.fixture
def address(story: Story) -> str:
    return f"/cases/{story.case.reference}/looks/"


def see(story: Story, user: User, minutes: float = 60, **facts: Any) -> str:
    return look(user, story.case.reference, story.at(minutes=minutes), **facts)


class TestWhoLooked:
    def test_it_is_for_managers_the_director_and_the_officer(
        self, story: Story, world: World, dpo: User, address: str
    ) -> None:
        sentence = Grant.SEE_LOOKS.value
        ritual(world, allowed=dpo, refused=story.officer, address=address, sentence=sentence)
        director = world.user(Role.DIRECTOR_CO, name="Ruth Calloway")
        for user in (story.manager, director):
            assert world.client(user).get(address).status_code == 200
        may = {Role.CASE_MANAGER, Role.DIRECTOR_CO, Role.DPO}
        for role in set(Role) - may:
            assert world.client(world.user(role)).get(address).status_code == 403, role
        elsewhere = world.user(Role.CASE_MANAGER, team=world.team("South"))
        assert world.client(elsewhere).get(address).status_code == 404

    def test_a_conflict_closes_it_to_the_officer_too(
        self, story: Story, world: World, dpo: User, address: str
    ) -> None:
        Conflict.objects.create(case=story.case, user=dpo, source="DECLARED", found_at=story.at())
        nothing = world.client(dpo).get("/cases/HC-2026-9999/looks/")
        response = world.client(dpo).get(address)
        assert response.status_code == nothing.status_code == 404
        assert world.client(dpo).get(f"{address}extract/").status_code == 404

    def test_each_person_once_with_role_standing_and_what_they_opened(
        self, story: Story, world: World, address: str
    ) -> None:
        stranger = world.user(Role.CALL_HANDLER, team=world.team("South"), name="Ravi Chand")
        see(story, story.officer, 60)
        see(story, story.officer, 90, what="workflow:case-history")
        see(story, stranger, 120, purpose="cover for a reception call")
        response = world.client(story.manager).get(address)
        people = {row["name"]: row for row in response.context["people"]}
        dawn, ravi = people["Dawn Mistry"], people["Ravi Chand"]
        assert (dawn["role"], dawn["why"]) == ("Housing officer", "Lead officer")
        assert (dawn["often"], dawn["pages"]) == ("Twice", "The case, the case’s history")
        assert dawn["first_at"] == story.at(minutes=60)
        assert dawn["last_at"] == story.at(minutes=90)
        assert (ravi["role"], ravi["why"]) == ("Call handler", "Not on the case.")
        assert ravi["purposes"] == ["Cover for a reception call"]
        page = response.content.decode()
        assert "1 is not on the case." in page
        assert "Amara" not in page

    def test_one_request_is_one_look(self, story: Story, world: World, address: str) -> None:
        declared(story, story.manager)
        client = world.client(story.manager)
        client.get(f"/cases/{story.case.reference}/")
        assert Access.objects.filter(case_reference=story.case.reference).count() > 1
        assert len(client.get(address).context["looks"]) == 1

    def test_it_is_filtered_and_the_filters_stay_in_every_link(
        self, story: Story, world: World, address: str
    ) -> None:
        for number in range(70):
            see(story, story.officer, number)
        see(story, story.manager, 3 * 24 * 60)
        client = world.client(story.manager)
        day = story.at().date()
        query = {"by": story.officer.pk, "from_on": day.isoformat(), "to_on": day.isoformat()}
        response = client.get(address, query)
        assert {row["name"] for row in response.context["people"]} == {"Dawn Mistry"}
        assert len(response.context["looks"]) == 50
        older = response.context["further"].older
        for name, value in query.items():
            assert f"{name}={value}" in older
        rest = client.get(address + older)
        assert len(rest.context["looks"]) == 20
        assert rest.context["further"].older == ""
        assert "before" not in rest.context["further"].newest
        later = client.get(address, {"from_on": (day + timedelta(days=1)).isoformat()})
        assert {row["name"] for row in later.context["people"]} == {"Sunita Bhatt"}
        for junk in ({"by": "x"}, {"by": "9" * 30}, {"from_on": "soon"}, {"before": "-1"}):
            assert client.get(address, junk).status_code == 200

    def test_looks_arriving_meanwhile_skip_and_double_nothing(self, story: Story) -> None:
        whole = [see(story, story.officer, number) for number in range(23)]
        seen: list[str] = []
        before = None
        while True:
            page = looks_page(story.case, AskedLooks(before=before), per_page=5)
            seen += [row.request_id for row in page.looks]
            see(story, story.manager, 500)
            if page.older is None:
                break
            before = page.older
        assert seen == whole[::-1]

    def test_who_was_refused_is_the_officers_alone(
        self, story: Story, world: World, dpo: User, address: str
    ) -> None:
        stranger = world.user(Role.HOUSING_OFFICER, team=world.team("South"), name="Ravi Chand")
        see(story, stranger, outcome=Outcome.NOT_FOUND)
        shown = world.client(dpo).get(address, {"show": "refused"})
        assert [row["name"] for row in shown.context["people"]] == ["Ravi Chand"]
        hidden = world.client(story.manager).get(address, {"show": "refused"})
        assert "Ravi Chand" not in hidden.content.decode()

    def test_reading_it_is_recorded_and_is_no_look_at_the_case(
        self, story: Story, world: World, dpo: User, address: str
    ) -> None:
        client = world.client(dpo)
        client.get(address)
        assert Access.objects.filter(actor_id=dpo.pk, what="workflow:case-looks").count() == 1
        assert client.get(address).context["people"] == []

    def test_it_costs_the_same_for_many_looks(
        self, story: Story, world: World, dpo: User, address: str
    ) -> None:
        client = world.client(dpo)

        def cost() -> int:
            with CaptureQueriesContext(connection) as counted:
                assert client.get(address).status_code == 200
            return len(counted)

        see(story, story.officer)
        few = cost()
        for number in range(60):
            see(story, (story.officer, story.manager, story.handler)[number % 3], number)
        assert cost() <= few
        assert few <= 22

    def test_the_case_page_leads_managers_to_it(self, story: Story, world: World) -> None:
        declared(story, story.manager, story.officer)
        link = f'href="/cases/{story.case.reference}/looks/"'
        case = f"/cases/{story.case.reference}/"
        assert link in world.client(story.manager).get(case).content.decode()
        assert link not in world.client(story.officer).get(case).content.decode()


class TestExtract:
    @pytest.fixture
    def address(self, story: Story) -> str:
        return f"/cases/{story.case.reference}/looks/extract/"

    def given(self, story: Story, **more: Any) -> dict[str, Any]:
        return {"about": story.victim.pk, "purpose": PURPOSE, **more}

    def test_it_is_the_officers_and_asks_first(
        self, story: Story, world: World, dpo: User, address: str
    ) -> None:
        ritual(
            world,
            allowed=dpo,
            refused=story.manager,
            address=address,
            sentence=Grant.SEE_LEDGER.value,
            verbs=("get", "post"),
        )
        wrong_verbs(world, dpo, address, "get", "post")

    def test_after_a_while_they_show_again_who_they_are(
        self, story: Story, world: World, dpo: User, address: str
    ) -> None:
        response = world.client(dpo, ago=3600).get(address)
        assert response.status_code == 302
        assert "/account/" in response.headers["Location"]

    def test_it_lists_looks_by_role_and_names_nobody(
        self, story: Story, world: World, dpo: User, address: str
    ) -> None:
        see(story, story.officer, 60, person=story.amara.pk)
        see(story, story.manager, 90, what="workflow:case-history")
        page = world.client(dpo).post(address, self.given(story))
        lines = [(line.who, line.what) for line in page.context["lines"]]
        assert lines == [
            ("Housing officer, North team", "Your case"),
            ("Case manager, North team", "How your case was recorded"),
        ]
        text = page.content.decode().split("<main")[1].split("</main")[0]
        for name in ("Dawn", "Sunita", "Bela", "Novak", "number 16"):
            assert name not in text
        assert "app-print-line" not in page.content.decode()

    def test_it_is_on_the_ledger_before_it_is_shown(
        self, story: Story, world: World, dpo: User, address: str
    ) -> None:
        world.client(dpo).post(address, self.given(story))
        event = Event.objects.get(verb=Verb.LOOKS_EXTRACTED)
        assert (event.actor_id, event.reason) == (dpo.pk, PURPOSE)
        assert (event.case_reference, event.subject_id) == (
            story.case.reference,
            story.victim.pk,
        )
        assert event.changes == {"names": False}

    @pytest.mark.parametrize(
        ("more", "said"),
        [
            ({"about": ""}, "Choose who it is for"),
            ({"purpose": ""}, "Say what the extract is for"),
            ({"purpose": "Asked."}, "Say what the extract is for (at least 20 characters)."),
            ({"names": "names"}, "Say why colleagues are named (at least 20 characters)."),
            ({"from_on": "2026-11-20", "to_on": "2026-11-19"}, "must be the first day or later"),
        ],
    )
    def test_without_reasons_nothing_is_made(
        self, story: Story, world: World, dpo: User, address: str, more: dict[str, Any], said: str
    ) -> None:
        page = world.client(dpo).post(address, self.given(story, **more)).content.decode()
        assert said in page
        assert "<title>Error:" in page
        assert not Event.objects.filter(verb=Verb.LOOKS_EXTRACTED).exists()

    def test_no_respondent_is_offered_or_taken(
        self, story: Story, world: World, dpo: User, address: str
    ) -> None:
        client = world.client(dpo)
        page = client.get(address).content.decode()
        assert "number 16" not in page
        assert "Bela Novak" not in page  # kept apart: the part alone is named
        assert "A third party" in page
        client.post(address, self.given(story, about=story.respondent.pk))
        assert not Event.objects.filter(verb=Verb.LOOKS_EXTRACTED).exists()

    def test_colleagues_are_named_only_when_that_was_decided(
        self, story: Story, world: World, dpo: User, address: str
    ) -> None:
        see(story, story.officer)
        why = "The ombudsman asked for the names."
        page = world.client(dpo).post(address, self.given(story, names="names", why_names=why))
        assert [line.who for line in page.context["lines"]] == [
            "Dawn Mistry, Housing officer, North team"
        ]
        event = Event.objects.get(verb=Verb.LOOKS_EXTRACTED)
        assert event.changes == {"names": True}
        assert why in event.reason

    def test_what_was_opened_of_somebody_else_is_not_theirs(
        self, story: Story, world: World, dpo: User, address: str
    ) -> None:
        own, other = story.amara.pk, story.third.person_id
        assert other is not None
        see(story, story.officer, 60, person=own, what="workflow:case-show-part")
        see(story, story.officer, 61, person=other, what="workflow:case-show-part")
        see(story, story.officer, 62, person=other)  # the case as a whole
        client = world.client(dpo)
        hers = client.post(address, self.given(story)).context["lines"]
        assert [line.what for line in hers] == ["Your details", "Your case"]
        theirs = client.post(address, self.given(story, about=story.third.pk)).context["lines"]
        assert [line.what for line in theirs] == [
            "Your details",
            "Your case",
            "The list of who looked at your case",
        ]

    def test_as_csv_no_cell_is_a_formula(
        self, story: Story, world: World, dpo: User, address: str
    ) -> None:
        see(story, story.officer, 60)
        response = world.client(dpo).post(address, self.given(story, do="csv"))
        assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert "attachment" in response.headers["Content-Disposition"]
        rows = list(csv.reader(io.StringIO(response.content.decode())))
        assert rows[1] == ["2026-11-19", "11:41", "Housing officer, North team", "Your case"]
        evil = world.user(Role.HOUSING_OFFICER, name='=HYPERLINK("x")')
        see(story, evil, 61)
        lines = extract_of(list(Access.objects.filter(actor_id=evil.pk)), names=True)
        assert "\"'=HYPERLINK" in as_csv(lines)
        assert Access.objects.filter(what="workflow:case-looks-extract", count=1).exists()
