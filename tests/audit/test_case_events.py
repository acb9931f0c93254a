"""A case's history in sentences: every event, filtered, paged, and leading to its record."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from cases.access import Role
from cases.audit.models import Access, Event, Outcome
from cases.audit.verbs import Verb
from cases.casework import operations
from tests.audit.pages import wrong_verbs
from tests.casework.story import Story, declared, tell
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(world: World) -> Story:
    return tell(world).allocated()


class TestHistory:
    @pytest.fixture
    def address(self, story: Story) -> str:
        declared(story, story.manager, story.officer)
        return f"/cases/{story.case.reference}/events/"

    def sentences(self, client: Client, address: str, **query: Any) -> list[str]:
        return [entry.sentence for entry in client.get(address, query).context["entries"]]

    def test_everything_done_to_the_case_in_the_order_it_was_written(
        self, story: Story, world: World, address: str
    ) -> None:
        said = self.sentences(world.client(story.manager), address)
        kept = Event.objects.filter(case_reference=story.case.reference).order_by("-pk")
        assert said == [Verb(event.verb).label for event in kept]
        assert "opened the case" in said
        assert "named the lead officer" in said

    def test_the_reason_and_the_record_stand_beside_it(
        self, story: Story, world: World, address: str
    ) -> None:
        client = world.client(story.manager)
        entries = client.get(address).context["entries"]
        named = next(entry for entry in entries if entry.sentence == "named the lead officer")
        assert named.who == "Sunita Bhatt"
        assert named.reason == "Nobody else is trained yet this week."
        history = f"/cases/{story.case.reference}/history/"
        assert named.href == f"{history}#case"
        page = client.get(history).content.decode()
        for entry in entries:
            if entry.href:
                assert f'id="{entry.href.split("#")[1]}"' in page, entry

    def test_it_is_filtered_by_thing_person_and_day(
        self, story: Story, world: World, address: str
    ) -> None:
        client = world.client(story.manager)
        assert set(self.sentences(client, address, thing="incidents")) == {
            "added an incident",
            "added somebody's words",
            "recorded somebody's view",
        }
        by = self.sentences(client, address, by=story.manager.pk)
        assert "named the lead officer" in by
        assert "opened the case" not in by
        assert self.sentences(client, address, to_on="2020-01-01") == []
        response = client.get(address, {"thing": "people", "by": story.handler.pk})
        assert {tag["text"] for tag in response.context["on"]} == {
            "People and their part",
            "Colleague: Joanne Pike",
        }
        for junk in ({"thing": "?"}, {"by": "x"}, {"before": "x"}, {"from_on": "x"}):
            assert client.get(address, junk).status_code == 200

    def test_who_is_kept_apart_has_not_even_a_reference(
        self, story: Story, world: World, address: str
    ) -> None:
        page = world.client(story.manager).get(address).content.decode()
        assert story.third.person is not None
        assert story.third.person.reference not in page
        assert story.amara.reference in page

    def test_it_is_shown_to_whoever_may_open_the_case_and_recorded(
        self, story: Story, world: World, address: str
    ) -> None:
        stranger = world.user(Role.HOUSING_OFFICER, team=world.team("South"))
        assert world.client(stranger).get(address).status_code == 404
        wrong_verbs(world, story.manager, address, "get")
        seen = Access.objects.filter(what="workflow:case-events", actor_id=story.manager.pk)
        before = seen.filter(outcome=Outcome.SHOWN, subject_kind="audit.event").count()
        world.client(story.manager).get(address)
        assert seen.filter(subject_kind="audit.event").count() == before + 1

    def test_an_auditor_reads_it_masked(self, story: Story, world: World, address: str) -> None:
        auditor = world.user(Role.AUDITOR, name="Peter Lund")
        operations.give_access(
            by=story.boss, at=story.at(), case=story.case, user=auditor, why="SAMPLE"
        )
        declared(story, auditor)
        operations.restrict_case(
            by=story.boss,
            at=story.at(hours=1),
            case=story.case,
            reason="Amara Osei asked us to keep it to few.",
            named=[story.manager, auditor],
        )
        page = world.client(auditor).get(address).content.decode()
        assert "Amara" not in page
        assert "[kept back]" in page

    def test_its_pages_keep_their_filters(self, story: Story, world: World, address: str) -> None:
        for number in range(60):
            operations.add_note(
                by=story.lead,
                at=timezone.now(),
                case=story.case,
                kind="CASE",
                text=f"Note number {number}.",
            )
        client = world.client(story.manager)
        first = client.get(address, {"thing": "notes"})
        assert len(first.context["entries"]) == 50
        rest = client.get(address + first.context["further"].older)
        assert len(rest.context["entries"]) == 10
        assert {entry.sentence for entry in rest.context["entries"]} == {"added a note"}
