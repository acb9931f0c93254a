"""Adding people, changing what is known of them, and people I know: pages."""

from __future__ import annotations

import re
from datetime import date

import pytest

from cases.access import Role
from cases.casework.models import Case, Conflict
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


def same(response, reference: str) -> str:
    """The page without what differs in every answer."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())
    return text.replace(reference, "")


# --- adding and changing by form ---


def test_adding_somebody_asks_about_those_near_and_keeps_what_was_typed(client, amara):
    typed = {"full_name": "Amarah Osay", "phone": "07700 900412", "known_as": "Ama"}
    first = client.post("/people/add/", typed)
    assert first.status_code == 200
    page = first.content.decode()
    assert "Already here?" in page
    assert "<title>Error:" in page
    assert "Choose who it is, or “add a new person”" in page
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
