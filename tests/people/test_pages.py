"""The people pages through the test client: who may see whom, what is covered, what is kept."""

from __future__ import annotations

import re
from datetime import date

import pytest

from cases.access import Role
from cases.audit.models import Access, Event, Outcome
from cases.casework import operations as casework
from cases.casework.models import Case, Conflict
from cases.casework.person_scope import hidden_people, people_on_cases
from cases.people import operations
from cases.people.form_parts import OperationForm
from cases.people.models import Person, Property, SafeContact, StaffLink, Tenancy
from tests.casework.story import Story, tell
from tests.people.folk import BORN, LONG

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


def test_an_auditor_on_a_case_sees_who_but_not_how_to_reach_them(story, world):
    auditor = world.user(Role.AUDITOR)
    give(story, auditor)
    client = world.client(auditor)
    page = client.get(address(story.amara)).content.decode()
    assert "Amara Osei" in page
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


# --- adding and changing by form ---


def test_adding_somebody_asks_about_those_near_and_keeps_what_was_typed(client, amara):
    typed = {"full_name": "Amarah Osay", "phone": "07700 900412", "known_as": "Ama"}
    first = client.post("/people/add/", typed)
    assert first.status_code == 200
    page = first.content.decode()
    assert "Already here?" in page
    assert "Name sounds the same. Phone number is the same." in page
    assert 'value="Ama"' in page
    assert Person.objects.count() == 1
    chosen = client.post("/people/add/", {**typed, "already": amara.reference})
    assert chosen.headers["Location"] == address(amara)
    assert Person.objects.count() == 1
    new = client.post("/people/add/", {**typed, "already": "new"})
    added = Person.objects.latest("pk")
    assert new.headers["Location"] == address(added)
    assert (added.full_name, added.known_as) == ("Amarah Osay", "Ama")


def test_a_near_address_is_asked_about_before_a_new_one_is_made(client, amara):
    typed = {"full_name": "Joan Whitlock", "address": "14 Larkfeild Court", "town": "Wellby"}
    page = client.post("/people/add/", typed).content.decode()
    assert "Is the address one of these?" in page
    assert not Person.objects.filter(full_name="Joan Whitlock").exists()
    client.post("/people/add/", {**typed, "home_choice": str(amara.home_id)})
    assert Person.objects.get(full_name="Joan Whitlock").home == amara.home
    client.post("/people/add/", {**typed, "full_name": "Tom Ellery", "home_choice": "new"})
    assert Person.objects.get(full_name="Tom Ellery").home.address == "14 Larkfeild Court"
    same = {"full_name": "Pawel Z", "address": "14 LARKFIELD court", "town": "Wellby"}
    client.post("/people/add/", {**same, "postcode": "NN994QT"})
    assert Person.objects.get(full_name="Pawel Z").home == amara.home


def test_nothing_typed_is_lost_on_an_error_and_nothing_is_half_saved(client, folk):
    typed = {
        "placeholder": "",
        "known_as": "Ama",
        "address": "1 Mill Row",
        "date_of_birth_day": "31",
        "date_of_birth_month": "2",
        "date_of_birth_year": "1985",
    }
    page = client.post("/people/add/", typed).content.decode()
    assert "<title>Error: " in page
    assert "Date of birth must be a real date" in page
    for text in ("Ama", "1 Mill Row", "31"):
        assert f'value="{text}"' in page
    late = {**typed, "full_name": "Ama", "date_of_birth_month": "3", "date_of_birth_year": "2999"}
    page = client.post("/people/add/", late).content.decode()
    assert "The date of birth must be in the past." in page
    assert not Property.objects.exists()


def test_new_contact_details_ask_whether_they_are_safe_and_who_told_us(client, amara, folk):
    operations.set_safe_contact(**folk.doing, person=amara, ring="SAFE", post="SAFE")
    page = address(amara, "contact-details/")
    refused = client.post(page, {"phone": "07700 900999"}).content.decode()
    assert "Answer “Is it safe for us to use?”" in refused
    assert "Answer “Who told us?”" in refused
    assert 'value="07700 900999"' in refused
    nothing = client.post(page, {"safe": "SAFE", "told_by": "OTHER"}).content.decode()
    assert "Enter something new, or say what they no longer have." in nothing
    done = client.post(
        page,
        {
            "phone": "07700 900999",
            "remove": ["email", "home"],
            "safe": "NOT_ASKED",
            "told_by": "OTHER",
        },
    )
    assert done.status_code == 302
    amara.refresh_from_db()
    assert (amara.phone, amara.email, amara.home) == ("07700 900999", "", None)
    row = SafeContact.objects.get(person=amara)
    assert (row.ring, row.post) == ("NOT_ASKED", "NOT_ASKED")


def test_safe_contact_is_set_way_by_way(client, amara):
    ways = dict.fromkeys(SafeContact.CHANNELS, "NOT_ASKED")
    wrong = client.post(address(amara, "safe-contact/"), {**ways, "first_choice": "text"})
    assert "What they like best must be one that is safe." in wrong.content.decode()
    typed = {**ways, "text": "SAFE", "first_choice": "text", "say_we_are": "Sam"}
    assert client.post(address(amara, "safe-contact/"), typed).status_code == 302
    page = client.get(address(amara)).content.decode()
    assert "Text" in page
    assert "Say you are “Sam”" in page
    assert "Ringing, email, post" not in page
    assert "not asked, so no." in page


def test_saving_over_somebody_elses_change_shows_both(client, amara, world):
    seen = amara.history.latest("history_id").history_id
    other = world.client(world.user(Role.HOUSING_OFFICER, name="Tom Ellery"))
    typed = {"full_name": "Amara Osei", "known_as": "Ama", "seen": seen}
    assert other.post(address(amara, "change/"), typed).status_code == 302
    stale = client.post(
        address(amara, "change/"), {"full_name": "Amara Osei", "known_as": "Mara", "seen": seen}
    )
    assert stale.status_code == 409
    page = stale.content.decode()
    assert "Tom Ellery" in page
    assert "Ama" in page
    assert "Mara" in page
    amara.refresh_from_db()
    assert amara.known_as == "Ama"


def test_an_empty_date_of_birth_is_left_as_it_is(client, amara):
    client.post(address(amara, "change/"), {"full_name": "Amara Mensah"})
    amara.refresh_from_db()
    assert (amara.full_name, amara.date_of_birth) == ("Amara Mensah", BORN)


def test_adjustments_by_form(client, amara, folk):
    page = address(amara, "adjustments/")
    assert "Say what they need." in client.post(page, {"kind": "HEARING"}).content.decode()
    client.post(page, {"kind": "HEARING", "need": "Hearing loop"})
    client.post(page, {"kind": "NONE"})
    row = amara.adjustments.get(kind="HEARING")
    other = folk.person("Joan Whitlock")
    assert client.post(address(other, f"adjustments/{row.pk}/end/")).status_code == 404
    assert client.post(address(amara, f"adjustments/{row.pk}/end/")).status_code == 302
    row.refresh_from_db()
    assert row.ended_at is not None


def when(name: str, day: date) -> dict[str, str]:
    return {
        f"{name}_day": str(day.day),
        f"{name}_month": str(day.month),
        f"{name}_year": str(day.year),
    }


def test_somebody_they_live_with_is_added_found_or_refused_in_words(client, amara, folk):
    page = address(amara, "household/add/")
    typed = {"full_name": "Kofi Osei", "relation": "CHILD", **when("moved_in", LONG)}
    assert "Is it one of these people?" in client.post(page, typed).content.decode()
    assert client.post(page, {**typed, "already": "new"}).status_code == 302
    kofi = Person.objects.get(full_name="Kofi Osei")
    assert kofi.home == amara.home
    again = client.post(page, {**typed, "already": kofi.reference}).content.decode()
    assert "They already live in a household at that time." in again
    assert "<title>Error: " in again
    household = client.get(address(amara, "household/")).content.decode()
    assert "Kofi Osei" in household
    before = client.get(address(amara, "household/"), when("on", date(2019, 1, 1)))
    assert "We do not know of a household on that day." in before.content.decode()
    row = kofi.memberships.get()
    out = address(amara, f"household/{row.pk}/moved-out/")
    wrong = client.post(out, when("moved_out", date(2018, 1, 1))).content.decode()
    assert "The last day must come after the first." in wrong
    assert client.post(out, when("moved_out", date(2024, 1, 1))).status_code == 302
    assert "Kofi" not in client.get(address(amara, "household/")).content.decode()
    other = folk.person("Joan Whitlock")
    assert client.get(address(other, f"household/{row.pk}/moved-out/")).status_code == 404
    assert client.get(address(other, "household/add/")).status_code == 302


def test_where_somebody_lives_and_their_tenancy_by_form(client, folk):
    joan = folk.person("Joan Whitlock")
    page = address(joan, "household/move-in/")
    typed = {"relation": "TENANT", **when("moved_in", LONG)}
    missing = client.post(page, typed).content.decode()
    assert "Enter the address they moved in to." in missing
    assert client.post(page, {**typed, "address": "1 Mill Row"}).status_code == 302
    assert joan.memberships.get().household.home.address == "1 Mill Row"
    page = address(joan, "tenancy/add/")
    typed = {"reference": "T-9", "tenure": "SECURE", **when("starts", LONG)}
    assert "Enter the address of the tenancy." in client.post(page, typed).content.decode()
    typed |= {"address": "1 Mill Row"}
    assert client.post(page, typed).status_code == 302
    assert Tenancy.objects.get().home.address == "1 Mill Row"
    assert Property.objects.count() == 1
    again = client.post(page, typed).content.decode()
    assert "<title>Error: " in again
    assert Tenancy.objects.count() == 1


def test_an_address_is_added_once(client, folk):
    typed = {"address": "1 Mill Row", "postcode": "nn1 2ab", "stock_class": "LCRA"}
    assert client.post("/homes/add/", typed).status_code == 302
    assert "This address is already here." in client.post("/homes/add/", typed).content.decode()
    assert Property.objects.count() == 1


@pytest.mark.parametrize("page", ["/people/add/", "/homes/add/"])
def test_adding_is_for_those_who_record_people(world, page):
    assert world.client(world.user(Role.DIRECTOR_CO)).get(page).status_code == 403


def test_a_row_the_database_refuses_is_a_sentence_on_the_form_and_nothing_is_saved(folk):
    form = OperationForm({})
    assert form.is_valid()

    def work() -> Property:
        Property(address="1 Mill Row", uprn="7").save()
        row = Property(address="2 Mill Row", uprn="7")
        row.save()
        return row

    assert form.run(work) is None
    assert form.non_field_errors() == [
        "Somebody else saved the same just now. Look, and try again."
    ]
    assert not Property.objects.exists()


# --- people I know ---


def test_declaring_a_relative_hides_their_record_and_case_from_the_next_request(story, world):
    story.allocated()
    operations.change_person(by=story.lead, at=story.at(), person=story.amara, date_of_birth=BORN)
    client = world.client(story.officer)
    assert client.get(address(story.amara)).status_code == 200
    wrong = client.post(
        "/people/i-know/",
        {
            "which": "person",
            "person-kind": "RELATIVE",
            "person-full_name": "Amara Osei",
            **{f"person-{k}": v for k, v in when("date_of_birth", date(1990, 1, 1)).items()},
        },
    )
    assert "Nobody here has that name and date of birth." in wrong.content.decode()
    done = client.post(
        "/people/i-know/",
        {
            "which": "person",
            "person-kind": "RELATIVE",
            "person-full_name": "Amarah Osay",
            **{f"person-{k}": v for k, v in when("date_of_birth", BORN).items()},
        },
    )
    assert done.status_code == 302
    assert Conflict.objects.get().user == story.officer
    assert not Case.objects.visible_to(story.lead).exists()
    assert client.get(address(story.amara)).status_code == 404
    story.case.refresh_from_db()
    assert story.case.lead is None
    assert "A relative or close friend" in client.get("/people/i-know/").content.decode()


def test_an_address_of_mine_hides_who_lives_there(story, world):
    officer = story.officer
    client = world.client(officer)
    typed = {"which": "home", "home-address": "14 Larkfield Court", "home-town": "Wellby"}
    assert client.post("/people/i-know/", {**typed, "home-address": "9 Nowhere"}).status_code == 200
    assert client.post("/people/i-know/", typed).status_code == 302
    assert StaffLink.objects.get().home == story.home
    assert client.get(address(story.amara)).status_code == 404


def test_nobody_declares_for_somebody_else_by_posting_an_id(client, folk, amara, world):
    other = world.user(Role.HOUSING_OFFICER)
    client.post(
        "/people/i-know/",
        {
            "which": "person",
            "user": other.pk,
            "person-user": other.pk,
            "person-kind": "SELF",
            "person-full_name": "Amara Osei",
            **{f"person-{k}": v for k, v in when("date_of_birth", BORN).items()},
        },
    )
    assert StaffLink.objects.get().user == folk.user


def test_fields_nobody_asked_about_change_nothing(client, amara):
    before = Person.objects.values().get(pk=amara.pk)
    fields = {field.name: "X" for field in Person._meta.get_fields() if field.concrete}
    fields |= {"full_name": "Amara Osei", "placeholder": "", "is_colleague": ""}
    fields |= {name: before[name] for name in ("known_as", "pronouns", "language")}
    del fields["date_of_birth"]
    assert client.post(address(amara, "change/"), fields).status_code == 302
    assert Person.objects.values().get(pk=amara.pk) == before


@pytest.mark.parametrize("text", ["/'\"&%_\\()", "😀" * 100, "a\x00b", "Ä" * 5000, "<b>x</b>"])
def test_no_form_breaks_on_what_is_typed(client, amara, text):
    for page in PAGES[2:]:
        names = ("full_name", "phone", "email", "address", "town", "postcode", "need", "reference")
        typed = dict.fromkeys((*names, "safe_times", "say_we_are", "known_as", "kind"), text)
        response = client.post(address(amara, page), typed)
        assert response.status_code < 500, page
    for page in ("/people/add/", "/homes/add/"):
        assert client.post(page, {"full_name": text, "address": text}).status_code < 500
    known = {"which": "person", "person-full_name": text}
    assert client.post("/people/i-know/", known).status_code < 500
