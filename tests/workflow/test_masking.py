"""Auditors read cases without knowing who they are about, until they say why (domain 11, 7.1)."""

from __future__ import annotations

from typing import Any

import pytest

from cases.access import Actor, Role
from cases.audit.masking import HOME, KEPT_BACK, masking
from cases.audit.models import Access as Seen
from cases.audit.models import Event
from cases.audit.verbs import Verb
from cases.casework import operations as do
from cases.casework.choices import Access, NoteKind
from cases.staff.models import User
from tests.casework.story import Story, declared, give

PURPOSE = "Checking that the right person was rung back, finding 3."


@pytest.fixture
def auditor(story: Story) -> User:
    """An auditor to whom the case was given as a sample."""
    story.allocated()
    user = story.world.user(Role.AUDITOR, name="Peter Lund")
    give(story, user, Access.SAMPLE)
    declared(story, user, story.officer)
    note = "Rang Amara Osei at 14 Larkfield Court. Osei said 07700 900412 is safe."
    do.add_note(by=story.lead, at=story.at(hours=1), case=story.case, kind=NoteKind.CASE, text=note)
    return user


def page(story: Story, user: Any, rest: str = "", **posted: str) -> Any:
    client = story.world.client(user)
    address = f"/cases/{story.case.reference}/{rest}"
    return client.post(address, posted) if posted else client.get(address)


@pytest.mark.parametrize("rest", ["", "history/", "declare/"])
def test_no_page_of_a_sampled_case_says_who_it_is_about(
    story: Story, auditor: User, rest: str
) -> None:
    said = page(story, auditor, rest).content.decode()
    for secret in ("Amara", "Osei", "Larkfield", "900412"):
        assert secret not in said, secret
    if not rest:
        assert f"Person {story.amara.reference}" in said
        assert KEPT_BACK in said
        assert HOME in said


def test_the_officer_reads_names_as_ever(story: Story, auditor: User) -> None:
    said = page(story, story.officer).content.decode()
    assert "Rang Amara Osei at 14 Larkfield Court" in said
    assert KEPT_BACK not in said
    assert page(story, story.officer, "who-is-who/").status_code == 403


def test_the_queue_and_the_record_of_a_person_are_masked_too(story: Story, auditor: User) -> None:
    client = story.world.client(auditor)
    for address in ("/", f"/people/{story.amara.reference}/"):
        said = client.get(address, follow=True).content.decode()
        assert "Amara" not in said, address
        assert "Osei" not in said, address
    assert f"Case {story.case.reference}" in client.get("/").content.decode()


def test_who_is_who_is_shown_for_a_purpose_that_is_kept(story: Story, auditor: User) -> None:
    asked = page(story, auditor, "who-is-who/").content.decode()
    assert "What do you need it for?" in asked
    assert "Amara" not in asked
    shown = page(story, auditor, "who-is-who/", purpose=PURPOSE)
    assert "Amara Osei" in shown.content.decode()
    event = Event.objects.get(verb=Verb.IDENTITIES_OPENED)
    assert (event.actor_id, event.reason) == (auditor.pk, PURPOSE)
    assert Seen.objects.filter(actor_id=auditor.pk, purpose="who is who").exists()
    assert "Amara" not in page(story, auditor).content.decode()


@pytest.mark.parametrize("purpose", ["", "because"])
def test_without_a_purpose_nothing_is_shown(story: Story, auditor: User, purpose: str) -> None:
    answer = page(story, auditor, "who-is-who/", purpose=purpose, token="x")
    assert "<title>Error: " in answer.content.decode()
    assert "Amara" not in answer.content.decode()
    assert not Event.objects.filter(verb=Verb.IDENTITIES_OPENED).exists()


def test_who_is_kept_apart_is_offered_to_nobody_who_may_not_open_it(
    story: Story, auditor: User
) -> None:
    assert "Show it" in page(story, story.officer).content.decode()
    assert "Show it" not in page(story, auditor).content.decode()


def test_the_mask_ends_with_the_page() -> None:
    auditor = Actor(id=1, name="Peter Lund", roles=frozenset({Role.AUDITOR}))
    with masking(auditor) as mask:
        assert mask is not None
    with masking(Actor(id=2, name="Dawn")) as none:
        assert none is None
