"""The forms of a case: the same ritual for each, then what is particular to some."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse

from cases.access import Role
from cases.audit.models import Access as Seen
from cases.audit.models import Event
from cases.casework import operations as do
from cases.casework.models import Case, ContactEntry, Involvement
from cases.people.models import Person
from cases.people.operations import add_person, declare_staff_link
from tests.casework.story import Story, declared, give, tell
from tests.workflow.case_forms import FORMS, WHEN, FormRow
from tests.workflow.test_case_page import text_of, url


@pytest.fixture
def now(story: Story) -> Iterator[datetime]:
    """An hour after the case was opened, and standing still."""
    with time_machine.travel(story.at(hours=1), tick=False):
        yield story.at(hours=1)


@pytest.fixture
def led(story: Story, now: datetime) -> Story:
    """The case with Dawn as its lead; everybody has said they know nobody.

    Joanne, who took the report, still covers, to add what she hears.
    """
    story.allocated()
    give(story, story.handler)
    declared(story, story.officer, story.manager, story.handler)
    return story


def open_form(story: Story, row: FormRow, user: Any = None) -> Any:
    client = story.world.client(user or getattr(story, row.role))
    return client, url(story, row.page(story))


def hidden(html: str) -> dict[str, str]:
    """What the form carries: its token and the version it was drawn from."""
    found = re.findall(r'<input type="hidden" name="(token|seen)" value="([^"]*)"', html)
    return dict(found)


def send(client: Any, address: str, answer: dict[str, Any]) -> HttpResponse:
    """Open the form and send it, as a browser does."""
    html = client.get(address).content.decode()
    return client.post(address, {**hidden(html), **answer})


every_form = pytest.mark.parametrize("row", FORMS, ids=str)


@every_form
def test_it_works_and_says_so_on_the_case(led: Story, row: FormRow) -> None:
    client, address = open_form(led, row)
    before = Event.objects.filter(verb=row.verb).count()
    answer = send(client, address, row.answer(led))
    assert answer.status_code == 302, text_of(answer.content.decode())
    assert answer.url == url(led)
    assert Event.objects.filter(verb=row.verb).count() == before + 1
    page = client.get(answer.url).content.decode()
    assert 'class="app-notice"' in page


@every_form
def test_its_title_carries_the_reference_and_no_name(led: Story, row: FormRow) -> None:
    client, address = open_form(led, row)
    title = re.search(r"<title>(.*?)</title>", client.get(address).content.decode(), re.S)
    assert title
    assert title[1].startswith(led.case.reference)
    assert title[1].endswith(" - Hate crime casework")
    for name in ("Amara", "Osei", "number 16", "Novak"):
        assert name not in title[1]


@every_form
def test_an_outsider_finds_nothing(led: Story, row: FormRow) -> None:
    stranger = led.world.user(Role.CASE_MANAGER, team=led.world.team("South"))
    client, address = open_form(led, row, stranger)
    assert client.get(address).status_code == 404
    assert client.post(address, row.answer(led)).status_code == 404


@every_form
def test_an_insider_without_the_right_reads_why(led: Story, row: FormRow) -> None:
    director = led.world.user(Role.DIRECTOR_CO)
    declared(led, director)
    client, address = open_form(led, row, director)
    before = Event.objects.count()
    for answer in (client.get(address), client.post(address, row.answer(led))):
        assert answer.status_code == 403
        assert "Only " in text_of(answer.content.decode())
    assert Event.objects.count() == before
    assert Seen.objects.filter(outcome="DENIED", actor_id=director.pk).count() == 2


@every_form
def test_other_verbs_are_refused(led: Story, row: FormRow) -> None:
    client, address = open_form(led, row)
    assert client.delete(address).status_code == 405
    assert client.put(address).status_code == 405


@every_form
def test_what_was_typed_is_kept_beside_the_problem(led: Story, row: FormRow) -> None:
    if not row.needed:
        return
    client, address = open_form(led, row)
    typed = {key: value for key, value in row.answer(led).items() if key != row.needed}
    answer = send(client, address, typed)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert re.search(r"<title>\s*Error: ", html)
    assert "There is a problem" in html
    summary = html.partition("govuk-error-summary__body")[2].partition("</div>")[0]
    for target in re.findall(r'href="#([^"]+)"', summary):
        assert f'id="{target}"' in html
    for value in typed.values():
        if isinstance(value, str):
            assert value.splitlines()[0] in html
    assert not Event.objects.filter(verb=row.verb, at=led.at(hours=1)).exists()


@every_form
def test_sent_twice_it_is_done_once(led: Story, row: FormRow) -> None:
    client, address = open_form(led, row)
    html = client.get(address).content.decode()
    answer = {**hidden(html), **row.answer(led)}
    before = Event.objects.filter(verb=row.verb).count()
    assert client.post(address, answer).status_code == 302
    assert client.post(address, answer).url == url(led)
    assert Event.objects.filter(verb=row.verb).count() == before + 1


@every_form
def test_before_the_first_question_nothing_is_shown_or_done(
    story: Story, row: FormRow, now: Any
) -> None:
    story.allocated()
    give(story, story.handler)
    client, address = open_form(story, row)
    assert "Do you know anyone" in client.get(address).content.decode()
    before = Event.objects.count()
    assert client.post(address, row.answer(story)).url == url(story)
    assert Event.objects.count() == before


CHILDREN = [
    ("duties/{clock}/", "officer"),
    ("clocks/{clock}/pause/", "manager"),
    ("clocks/{clock}/resume/", "officer"),
    ("incidents/{incident}/words/", "officer"),
    ("incidents/{incident}/correct/", "officer"),
    ("incidents/{incident}/evidence/", "officer"),
    ("incidents/{incident}/crime/", "officer"),
    ("views/{view}/take-back/", "officer"),
    ("people/{part}/", "officer"),
    ("people/{part}/show/", "officer"),
    ("conflicts/{conflict}/", "manager"),
    ("contacts/new/?with={part}", "officer"),
]


@pytest.mark.parametrize(("page", "who"), CHILDREN)
def test_another_cases_child_is_not_there(led: Story, page: str, who: str) -> None:
    """The same body as for a child that does not exist, and nothing of the other case."""
    other = tell(led.world)
    do.declare(by=other.by(other.officer), at=other.at(), case=other.case, knows_somebody=True)
    theirs = {
        "clock": other.clock("RISK").pk,
        "incident": other.incident.pk,
        "view": other.view.pk,
        "part": other.third.pk,
        "conflict": other.case.conflicts.get().pk,
    }
    client = led.world.client(getattr(led, who))
    for send_ in (client.get, client.post):
        answer = send_(url(led, page.format(**theirs)))
        nothing = send_(url(led, page.format(**dict.fromkeys(theirs, 999_999_999))))
        assert answer.status_code == nothing.status_code
        assert answer.status_code in (404, 405)
        assert text_of(answer.content.decode()) == text_of(nothing.content.decode())


ODD = ["\x00", "9" * 40, "-1", "🙂 é ß 北", "' OR 1=1 --", "%_\\", "a" * 20_000, "[]", " "]

FINE = {200, 302, 403, 404, 409}


@every_form
def test_odd_values_are_answered_and_change_nothing_else(led: Story, row: FormRow) -> None:
    """Whatever is typed or sent instead: a page and never a fault."""
    client, address = open_form(led, row)
    good = row.answer(led)
    names = [*good, "search", "seen", "do"]
    for odd in ODD:
        everything = dict.fromkeys(names, odd)
        assert client.post(address, everything).status_code in FINE, odd
        assert client.post(address, {**everything, "do": "search"}).status_code in FINE, odd
    for name in names:
        for odd in ODD[:2]:
            assert client.post(address, {**good, name: odd}).status_code in FINE, (name, odd)


# --- contacts ---------------------------------------------------------------------------


def contact(**values: Any) -> dict[str, Any]:
    facts = {"kind": "INTERACTION", "direction": "OUT", "channel": "ring", "summary": "Safe."}
    return {**facts, **WHEN, **values}


def test_what_is_safe_stands_beside_each_way(led: Story) -> None:
    client = led.world.client(led.officer)
    page = text_of(client.get(url(led, "contacts/new/")).content.decode())
    assert "Ring Safe Text Safe Email Not asked, so no Post Not safe Visit Not asked, so no" in page
    assert "Amara Osei . Safe contact: Text first. No post. No voicemail. Say “Sam”." in page


def test_a_way_that_is_not_safe_is_warned_of_and_can_still_be_kept(led: Story) -> None:
    client = led.world.client(led.officer)
    address = url(led, "contacts/new/")
    answer = send(client, address, contact(channel="post"))
    page = text_of(answer.content.decode())
    assert "Do not write to Amara Osei: it is not safe." in page
    assert not ContactEntry.objects.exists()
    kept = client.post(
        address, {**hidden(answer.content.decode()), **contact(channel="post"), "anyway": "on"}
    )
    assert kept.status_code == 302
    assert ContactEntry.objects.get().channel == "post"
    assert led.clock("FIRST_CONTACT").state == "RUNNING"


def test_when_they_write_to_us_nobody_is_warned(led: Story) -> None:
    client = led.world.client(led.officer)
    assert (
        send(
            client, url(led, "contacts/new/"), contact(channel="email", direction="IN")
        ).status_code
        == 302
    )
    assert led.clock("FIRST_CONTACT").state == "MET"


def test_a_contact_is_never_in_the_future_nor_before_the_report(led: Story) -> None:
    client = led.world.client(led.officer)
    page = send(client, url(led, "contacts/new/"), contact(at_time="11:42am"))
    assert "The contact cannot be in the future." in page.content.decode()
    page = send(client, url(led, "contacts/new/"), contact(at_time="10:25am"))
    assert "The contact cannot be before the report was received." in page.content.decode()
    assert not ContactEntry.objects.exists()


def test_a_contact_with_a_third_party_never_names_them(led: Story) -> None:
    client = led.world.client(led.officer)
    address = f"{url(led, 'contacts/new/')}?with={led.third.pk}"
    assert "Novak" not in client.get(address).content.decode()
    assert send(client, address, contact()).status_code == 302
    assert led.clock("THIRD_PARTY_CONTACT").state == "MET"
    page = client.get(url(led)).content.decode()
    assert "Ring: in touch with A third party" in page
    assert "Novak" not in page


# --- people -----------------------------------------------------------------------------


def test_people_are_found_and_nobody_is_found_that_may_not_be_seen(led: Story) -> None:
    secret = tell(led.world)
    Case.objects.filter(pk=secret.case.pk).update(restricted=True)
    Person.objects.filter(pk=secret.amara.pk).update(full_name="Osei Amarantha")
    add_person(by=led.lead, at=led.at(), full_name="Osei Kwame")
    client = led.world.client(led.officer)
    answer = client.post(url(led, "people/new/"), {"search": "Osei", "do": "search"})
    page = text_of(answer.content.decode())
    assert answer.status_code == 200
    assert "There is a problem" not in page
    assert "Osei Kwame" in page
    assert "Amarantha" not in page
    assert "There is 1 more record that you may not see." in page


def test_somebody_found_is_added_and_conflicts_are_looked_for(led: Story) -> None:
    person = add_person(by=led.lead, at=led.at(), full_name="Kwame Boateng")
    other = led.world.user(Role.HOUSING_OFFICER, name="Efua Boateng")
    give(led, other)
    declare_staff_link(
        by=led.world.actor(other), at=led.at(), user=other, kind="RELATIVE", person=person
    )
    client = led.world.client(led.officer)
    answer = {"search": "Kwame Boateng", "who": f"person-{person.pk}", "part": "RESPONDENT"}
    assert send(client, url(led, "people/new/"), answer).status_code == 302
    assert Involvement.objects.get(person=person).part == "RESPONDENT"
    assert not Case.objects.visible_to(led.world.actor(other)).exists()


def test_nobody_is_chosen_who_was_not_found(led: Story) -> None:
    person = add_person(by=led.lead, at=led.at(), full_name="Kwame Boateng")
    client = led.world.client(led.officer)
    answer = {"search": "Nobody", "who": f"person-{person.pk}", "part": "RESPONDENT"}
    assert send(client, url(led, "people/new/"), answer).status_code == 200
    assert not Involvement.objects.filter(person=person).exists()


def test_a_described_respondent_is_found_in_our_records(led: Story) -> None:
    person = add_person(by=led.lead, at=led.at(), full_name="Colin Harte")
    client = led.world.client(led.officer)
    address = url(led, f"people/{led.respondent.pk}/")
    found = client.post(address, {"search": "Colin", "do": "search"})
    assert "Colin Harte" in found.content.decode()
    answer = {
        "search": "Colin",
        "who": f"person-{person.pk}",
        "described_as": "The man at number 16",
        "relationship": "NEIGHBOUR_ADJ",
    }
    assert send(client, address, answer).status_code == 302
    assert "Colin Harte" in client.get(url(led)).content.decode()


def test_the_same_person_is_not_harmed_and_respondent(led: Story) -> None:
    client = led.world.client(led.officer)
    answer = {"search": "Amara Osei", "who": f"person-{led.amara.pk}", "part": "RESPONDENT"}
    page = send(client, url(led, "people/new/"), answer)
    assert "The same person cannot be harmed and respondent here." in page.content.decode()
