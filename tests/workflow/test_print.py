"""What is printed carries who and when, and printing a case goes to the ledger (domain 7.1)."""

from __future__ import annotations

import re

from cases.access import Role
from cases.audit.anchors import stamp
from cases.audit.models import Event
from cases.audit.verbs import Verb
from tests.casework.story import Story, declared
from tests.world import World


def printed(story: Story) -> list[tuple[str, str]]:
    return list(
        Event.objects.filter(verb=Verb.CASE_PRINTED).values_list("actor_name", "case_reference")
    )


def test_every_page_carries_who_opened_it_and_when(story: Story) -> None:
    said = story.world.client(story.officer).get("/").content.decode()
    mark = said.partition('class="app-print-mark"')[2].partition("</p>")[0]
    assert story.officer.full_name in mark
    assert "Printed by " + story.officer.full_name in said


def test_a_case_on_paper_says_where_the_ledger_ended(story: Story) -> None:
    """A paper anchor (bar section 3): whoever alters the ledger later has not altered this."""
    story.allocated()
    declared(story, story.officer)
    client = story.world.client(story.officer)
    said = client.get(f"/cases/{story.case.reference}/").content.decode()
    line = said.partition('class="app-print-line"')[2].partition("</p>")[0]
    assert re.search(r"\. Ledger (\d+-[0-9a-f]{12})\.$", line)
    assert f" Ledger {stamp()}." in line
    assert "Ledger" not in client.get("/").content.decode().partition("app-print-line")[2]


def test_printing_a_case_is_recorded_and_shows_nothing(story: Story) -> None:
    story.allocated()
    declared(story, story.officer)
    client = story.world.client(story.officer)
    address = f"/cases/{story.case.reference}/printed/"
    for page in ("", "notes/new/"):
        said = client.get(f"/cases/{story.case.reference}/{page}").content.decode()
        assert f'data-printed="{address}"' in said
        assert f"{story.case.reference}. Printed by {story.officer.full_name}" in said
    assert printed(story) == []
    told = client.post(address)
    assert (told.status_code, told.content) == (204, b"")
    assert printed(story) == [(story.officer.full_name, story.case.reference)]


def test_nobody_records_printing_a_case_they_may_not_see(story: Story, world: World) -> None:
    stranger = world.client(world.user(Role.HOUSING_OFFICER, name="Tom Ellery"))
    assert stranger.post(f"/cases/{story.case.reference}/printed/").status_code == 404
    assert printed(story) == []
