"""The people pages through the test client: who may see whom, what is covered, what is kept."""

from __future__ import annotations

import re

import pytest

from cases.access import Role
from cases.audit.models import Access, Event, Outcome
from cases.casework import operations as casework
from cases.casework.models import Case
from cases.casework.person_scope import hidden_people, people_on_cases
from cases.people import operations
from cases.people.models import Person
from tests.casework.story import Story, tell
from tests.people.folk import BORN

pytestmark = pytest.mark.django_db

PAGES = (
    "",
    "history/",
    "change/",
    "contact-details/",
    "safe-contact/",
    "adjustments/",
    "household/",
    "household/move-in/",
    "household/add/",
    "tenancy/add/",
)
CANARIES = ("900412", "larkfield", "1985", "@example.org")


@pytest.fixture
def amara(folk):
    home = folk.home()
    person = folk.person(
        phone="07700 900412", email="amara@example.org", date_of_birth=BORN, home=home
    )
    folk.lives(person, home)
    folk.tenant(person, home, "T-1")
    return person


@pytest.fixture
def client(folk):
    return folk.world.client(folk.user)


@pytest.fixture
def story(world) -> Story:
    return tell(world)


def address(person: Person, page: str = "") -> str:
    return f"/people/{person.reference}/{page}"


# --- what is covered ---


@pytest.mark.parametrize("page", PAGES)
def test_contact_details_are_in_no_page_until_somebody_asks(client, amara, page):
    text = client.get(address(amara, page)).content.decode().lower()
    assert "safe contact not asked" in text
    for canary in CANARIES:
        assert canary not in text


def test_show_is_a_post_and_is_recorded_on_the_ledger_and_as_a_read(client, amara, folk):
    shown = client.post(address(amara)).content.decode()
    assert "07700 900412" in shown
    assert "amara@example.org" in shown
    assert "14 Larkfield Court" in shown
    event = Event.objects.get(verb="person.details_shown")
    assert (event.actor_id, event.subject_id) == (folk.user.pk, amara.pk)
    read = Access.objects.get(purpose="contact details")
    assert read.subject_ids == [amara.pk]
    assert "900412" not in client.get(address(amara)).content.decode()


def test_the_history_shows_old_numbers_only_when_asked(client, amara, folk):
    operations.change_person(**folk.doing, person=amara, phone="07700 900999", safe="SAFE")
    page = address(amara, "history/")
    covered = client.get(page).content.decode()
    assert "900412" not in covered
    assert "900999" not in covered
    assert "Covered" in covered
    shown = client.post(page).content.decode()
    assert "07700 900412" in shown
    assert "07700 900999" in shown
    assert Event.objects.filter(verb="person.details_shown").count() == 1


def test_an_auditor_on_a_case_sees_neither_who_nor_how_to_reach_them(story, world):
    auditor = world.user(Role.AUDITOR)
    give(story, auditor)
    client = world.client(auditor)
    page = client.get(address(story.amara)).content.decode()
    assert "Amara Osei" not in page
    assert "Only people who speak with them see how to reach them." in page
    refused = client.post(address(story.amara))
    assert refused.status_code == 403
    assert "900412" not in refused.content.decode()
    assert client.get(address(story.amara, "change/")).status_code == 403


def give(story: Story, user) -> None:
    from cases.casework.choices import Access as Why
    from cases.casework.models import CaseMember

    CaseMember.objects.create(case=story.case, user=user, why=Why.SAMPLE, from_at=story.world.now)


# --- who may see whom ---


def same(response, reference: str) -> str:
    """The page without what differs in every answer."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())
    return text.replace(reference, "")


@pytest.mark.parametrize("page", PAGES)
def test_somebody_who_is_not_there_and_somebody_hidden_read_the_same(
    client, amara, folk, world, page
):
    operations.declare_staff_link(**folk.doing, user=folk.user, person=amara, kind="RELATIVE")
    hidden = client.get(address(amara, page))
    missing = client.get(f"/people/P-222222/{page}")
    assert (hidden.status_code, missing.status_code) == (404, 404)
    assert same(hidden, amara.reference) == same(missing, "P-222222")
    assert Access.objects.filter(outcome=Outcome.NOT_FOUND).count() == 2


@pytest.mark.parametrize("role", [Role.DPO, Role.REPORT_VIEWER, Role.HR_LINK, Role.SYSADMIN])
def test_roles_that_neither_search_nor_open_cases_are_told_so(world, amara, role):
    response = world.client(world.user(role)).get(address(amara))
    assert response.status_code == 403
    assert "Amara" not in response.content.decode()


def test_a_lead_who_does_not_search_sees_only_people_of_their_own_cases(story, world, folk):
    lead = world.user(Role.SAFEGUARDING_LEAD)
    client = world.client(lead)
    assert client.get(address(story.amara)).status_code == 404
    give(story, lead)
    assert client.get(address(story.amara)).status_code == 200
    assert client.get(address(folk.person("Joan Whitlock"))).status_code == 404
    assert set(people_on_cases(world.actor(lead))) >= {story.amara}


def test_a_restricted_victim_is_hidden_everywhere_and_counted_in_search(story, world):
    casework.restrict_case(
        by=story.boss,
        at=story.at(hours=1),
        case=story.case,
        reason="A colleague is a neighbour of the victim.",
        named=[story.manager],
    )
    officer = world.user(Role.HOUSING_OFFICER, team=world.team("North"))
    client = world.client(officer)
    assert set(hidden_people(world.actor(officer))) == {story.amara, story.third.person}
    assert client.get(address(story.amara)).status_code == 404
    found = client.post("/people/", {"text": "amara osei"}).content.decode()
    assert "Amara Osei</a>" not in found
    assert "There is 1 more record that you may not see." in found
    assert "speak to Sunita Bhatt." in found
    added = client.post("/people/add/", {"full_name": "Amara Osei"}).content.decode()
    assert "There is 1 more record that you may not see." in added
    assert Person.objects.filter(full_name="Amara Osei").count() == 1
    client.post("/people/add/", {"full_name": "Amara Osei", "already": "new"})
    assert Person.objects.filter(full_name="Amara Osei").count() == 2
    manager = world.client(story.manager)
    assert manager.get(address(story.amara)).status_code == 200
    assert not set(hidden_people(story.boss)) & {story.amara}


def test_a_person_with_an_ordinary_case_too_is_not_hidden(story, world):
    actor = world.actor(world.user(Role.HOUSING_OFFICER))
    assert not hidden_people(actor).exists()
    Case.objects.filter(pk=story.case.pk).update(restricted=True)
    assert story.amara in hidden_people(actor)
    casework.open_case(
        by=story.by(story.handler),
        at=story.world.now,
        received_at=story.received,
        victim=story.amara,
        policy_version=story.case.policy_version,
    )
    assert story.amara not in hidden_people(actor)


def test_cases_are_named_only_to_those_who_see_them(story, world):
    stranger = world.client(world.user(Role.HOUSING_OFFICER))
    assert story.case.reference not in stranger.get(address(story.amara)).content.decode()
    manager = world.client(story.manager)
    assert story.case.reference in manager.get(address(story.amara)).content.decode()
    apart = manager.get(address(story.third.person)).content.decode()
    assert story.case.reference not in apart


def test_a_hidden_member_of_a_household_is_not_listed(client, amara, folk):
    kofi = folk.person("Kofi Mensah")
    folk.lives(kofi, amara.home, amara.memberships.get().household)
    assert "Kofi Mensah" in client.get(address(amara)).content.decode()
    operations.declare_staff_link(**folk.doing, user=folk.user, person=kofi, kind="RELATIVE")
    assert "Kofi Mensah" not in client.get(address(amara)).content.decode()
    assert "Kofi Mensah" not in client.get(address(amara, "household/")).content.decode()


# --- searching ---


def test_what_is_searched_stands_in_no_address_and_is_recorded_as_ids(client, amara):
    response = client.post("/people/", {"text": "amara osei"})
    assert b"Name is the same." in response.content
    read = Access.objects.get(purpose="search")
    assert (read.subject_ids, read.count) == ([amara.pk], 1)
    assert "amara" not in str(list(Access.objects.values())).lower()
    assert client.get("/people/?text=amara").content.count(b"Amara Osei") == 0


@pytest.mark.parametrize("text", ["", "   ", "\x00", "%", "x" * 100_000, "'\"\\()&_/😀"])
def test_no_text_is_an_error(client, amara, text):
    assert client.post("/people/", {"text": text}).status_code == 200
