"""The forms of a case: the same ritual for each, then what is particular to some."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.db import connections
from django.http import HttpResponse

from cases.access import Role
from cases.audit.models import Access as Seen
from cases.audit.models import Event
from cases.audit.verbs import Verb
from cases.casework import operations as do
from cases.casework.choices import Access
from cases.casework.models import Case, ContactEntry, Incident, Involvement, Note, Perception
from cases.people.models import Person
from cases.people.operations import add_person, declare_staff_link
from tests.casework.story import Story, declared, give, tell
from tests.workflow.case_forms import FORMS, LONG, WHEN, FormRow
from tests.workflow.test_case_page import text_of, url
from tests.world import World


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


# --- views ------------------------------------------------------------------------------


def test_a_view_is_of_somebody_and_keeps_how_each_strand_is_linked(led: Story) -> None:
    client = led.world.client(led.handler)
    answer = {
        "incident": led.incident.pk,
        "whose": f"part-{led.third.pk}",
        "holds": "YES",
        "strands": ["RACE", "RELIGION"],
        "basis_RACE": "ACTUAL",
    }
    assert send(client, url(led, "views/new/"), answer).status_code == 302
    view = Perception.objects.latest("pk")
    assert (view.person, view.kept_apart, view.capacity) == (
        led.third.person,
        True,
        "THIRD_PARTY",
    )
    assert list(view.strands.values_list("strand", "basis")) == [
        ("RACE", "ACTUAL"),
        ("RELIGION", "NOT_STATED"),
    ]


def test_somebody_else_is_described(led: Story) -> None:
    client = led.world.client(led.handler)
    answer = {"incident": led.incident.pk, "whose": "other", "holds": "YES"}
    page = send(client, url(led, "views/new/"), answer)
    assert "Say whose view this is." in page.content.decode()


@pytest.mark.parametrize("whose", ["me", "user"])
def test_a_colleagues_view_can_only_add(led: Story, whose: str) -> None:
    client = led.world.client(led.officer)
    whose = f"user-{led.handler.pk}" if whose == "user" else whose
    answer = {"incident": led.incident.pk, "whose": whose, "holds": "NO"}
    page = send(client, url(led, "views/new/"), answer)
    assert "A colleague’s view here can only add." in page.content.decode()
    assert send(client, url(led, "views/new/"), {**answer, "holds": "NOT_SURE"}).status_code == 302
    assert Perception.objects.latest("pk").capacity == "OFFICER"


def test_their_own_view_is_taken_back_by_a_colleague_alone(led: Story) -> None:
    mine = do.add_perception(
        by=led.by(led.handler),
        at=led.at(),
        incident=led.incident,
        holds="NOT_SURE",
        capacity="OFFICER",
        colleague=led.handler,
    )
    address = url(led, f"views/{mine.pk}/take-back/")
    answer = led.world.client(led.officer).get(address)
    assert answer.status_code == 403
    assert "Only the colleague whose view this is can take it back." in answer.content.decode()
    client = led.world.client(led.handler)
    assert "Colleague who heard" not in client.get(address).content.decode()
    assert send(client, address, {"words": "I am sure now."}).status_code == 302
    assert client.get(address).status_code == 403


@pytest.mark.parametrize(
    ("witness", "said"),
    [
        ("Nobody Such", "Nobody who signs in is called “Nobody Such”."),
        ("Dawn Mistry", "Name another colleague who heard them take it back."),
    ],
)
def test_a_witness_is_another_colleague(led: Story, witness: str, said: str) -> None:
    client = led.world.client(led.officer)
    answer = {"words": "I was wrong.", "witness": witness}
    page = send(client, url(led, f"views/{led.view.pk}/take-back/"), answer).content.decode()
    assert said in page
    assert "I was wrong." in page
    assert Perception.objects.standing().filter(pk=led.view.pk).exists()


def test_two_colleagues_of_one_name_are_told_apart(led: Story) -> None:
    for _ in range(2):
        led.world.user(Role.HOUSING_OFFICER, name="Sam Hale")
    client = led.world.client(led.officer)
    address = url(led, f"views/{led.view.pk}/take-back/")
    page = send(client, address, {"words": "I was wrong.", "witness": "Sam Hale"})
    assert "Enter their work email instead." in page.content.decode()


# --- clocks and stages ------------------------------------------------------------------


def test_a_duty_that_is_done_says_so(led: Story) -> None:
    client = led.world.client(led.officer)
    done = led.clock("TRIAGE")
    answer = client.get(url(led, f"duties/{done.pk}/"))
    assert answer.status_code == 403
    assert "This has been done already." in answer.content.decode()
    contact_clock = led.clock("FIRST_CONTACT")
    answer = client.get(url(led, f"duties/{contact_clock.pk}/"))
    assert "Only a two-way contact in a safe way meets this." in answer.content.decode()


def test_a_paused_clock_runs_again_by_a_press(led: Story) -> None:
    clock = led.clock("RISK")
    manager = led.world.client(led.manager)
    send(manager, url(led, f"clocks/{clock.pk}/pause/"), FORMS[3].answer(led))
    page = manager.get(url(led)).content.decode()
    assert "On hold, 22 hours left" in page
    assert f'action="{url(led, f"clocks/{clock.pk}/resume/")}"' in page
    assert manager.post(url(led, f"clocks/{clock.pk}/resume/")).url == url(led)
    assert led.clock("RISK").state == "RUNNING"


def test_a_refused_move_lists_what_is_missing_with_links(led: Story) -> None:
    client = led.world.client(led.officer)
    answer = send(client, url(led, "stage/"), {"to": "ASSESS"})
    html = answer.content.decode()
    assert "To leave Contact, still to do: First contact." in text_of(html)
    assert f"{url(led, 'contacts/new/')}?with={led.victim.pk}" in html
    do.meet_clocks(by=led.lead, at=led.at(), case=led.case, kinds=["FIRST_CONTACT"])
    assert send(client, url(led, "stage/"), {"to": "ASSESS"}).status_code == 302
    assert Case.objects.get().stage == "ASSESS"


def test_only_a_manager_is_offered_void(led: Story) -> None:
    for user, offered in ((led.officer, False), (led.manager, True)):
        html = led.world.client(user).get(url(led, "stage/")).content.decode()
        assert ('value="VOID"' in html) is offered


def test_an_exception_needs_somebody_who_does_not_lead(led: Story) -> None:
    do.allocate(by=led.boss, at=led.at(hours=1), case=led.case, lead=led.manager, reason=LONG)
    answer = led.world.client(led.manager).get(url(led, "exceptions/new/"))
    assert answer.status_code == 403
    assert "Somebody who does not lead this case" in answer.content.decode()


# --- the lead, who may open it, conflicts -----------------------------------------------


def test_workload_training_and_conflict_are_seen_before_naming(led: Story) -> None:
    relative = led.world.user(Role.HOUSING_OFFICER, team=led.world.team(), name="Ama Boateng")
    declare_staff_link(
        by=led.world.actor(relative), at=led.at(), user=relative, kind="SELF", person=led.amara
    )
    client = led.world.client(led.manager)
    page = text_of(client.get(url(led, "lead/")).content.decode())
    assert "Dawn Mistry, North 1 open case. No hate crime training recorded." in page
    assert "Ama Boateng, North 0 open cases." in page
    assert "Has a conflict of interest, so cannot lead this case." in page
    assert "Joanne Pike" not in page
    answer = send(client, url(led, "lead/"), {"lead": relative.pk, "reason": LONG})
    assert "Ama Boateng has a conflict of interest in this case." in answer.content.decode()


def test_officers_are_searched_for_by_name(led: Story) -> None:
    tom = led.world.user(Role.HOUSING_OFFICER, team=led.world.team("South"), name="Tom Ellery")
    client = led.world.client(led.manager)
    assert "Tom Ellery" not in client.get(url(led, "lead/")).content.decode()
    found = client.post(url(led, "lead/"), {"search": "ell", "do": "search"})
    assert "Tom Ellery, South" in found.content.decode()
    answer = {"search": "ell", "lead": tom.pk, "reason": LONG, "story": "Ring after ten."}
    assert send(client, url(led, "lead/"), answer).status_code == 302
    assert Case.objects.get().lead == tom
    assert Note.objects.get().text == "Ring after ten."


def test_training_out_of_date_asks_why(led: Story) -> None:
    client = led.world.client(led.manager)
    answer = send(client, url(led, "lead/"), {"lead": led.manager.pk, "story": "Ring after ten."})
    html = answer.content.decode()
    assert "training is out of date" in html
    assert "Ring after ten." in html


def test_a_manager_who_shuts_themselves_out_goes_to_their_work(led: Story) -> None:
    client = led.world.client(led.manager)
    answer = {"reason": "A colleague is named as the respondent.", "named": "Joanne Pike"}
    assert send(client, url(led, "restrict/"), answer).url == "/"
    assert client.get(url(led)).status_code == 404


def test_a_conflict_is_cleared_by_two_others(led: Story) -> None:
    world = led.world
    subject = world.user(Role.CASE_MANAGER, team=world.team(), name="Anna Weir")
    do.declare(by=world.actor(subject), at=led.at(), case=led.case, knows_somebody=True)
    conflict = led.case.conflicts.get()
    second = world.user(Role.CASE_MANAGER, team=world.team(), name="Priya Nair")
    declared(led, second)
    assert world.client(subject).get(url(led, "conflicts/")).status_code == 404
    first, other = world.client(led.manager), world.client(second)
    address = url(led, f"conflicts/{conflict.pk}/")
    assert "Propose to clear it" in first.get(url(led, "conflicts/")).content.decode()
    first.post(address, {"do": "propose"})
    page = first.get(url(led, "conflicts/")).content.decode()
    assert "A second person must agree." in page
    refused = first.post(address, {"do": "agree"}, follow=True)
    assert "A second person must agree." in refused.content.decode()
    assert world.client(subject).get(url(led)).status_code == 404
    assert "Agree: clear it" in other.get(url(led, "conflicts/")).content.decode()
    other.post(address, {"do": "agree"})
    assert world.client(subject).get(url(led)).status_code == 200
    page = text_of(first.get(url(led, "conflicts/")).content.decode())
    assert "Cleared today at 11:41am by Sunita Bhatt and Priya Nair." in page


def test_an_officer_does_not_clear_conflicts(led: Story) -> None:
    do.declare(by=led.by(led.handler), at=led.at(), case=led.case, knows_somebody=True)
    conflict = led.case.conflicts.get()
    client = led.world.client(led.officer)
    assert client.get(url(led, "conflicts/")).status_code == 403
    assert client.post(url(led, f"conflicts/{conflict.pk}/"), {"do": "propose"}).status_code == 403


# --- two people, two windows ------------------------------------------------------------


def test_somebody_else_saved_first_shows_both_texts(led: Story) -> None:
    client = led.world.client(led.officer)
    address = url(led, f"incidents/{led.incident.pk}/correct/")
    drawn = hidden(client.get(address).content.decode())
    do.correct_incident(
        by=led.boss,
        at=led.at(),
        incident=led.incident,
        reason="She rang.",
        place_words="By the bins",
    )
    row = next(row for row in FORMS if row.name == "correct")
    mine = {**row.answer(led), "place_words": "By the bus stop"}
    answer = client.post(address, {**drawn, **mine})
    page = text_of(answer.content.decode())
    assert answer.status_code == 409
    assert "By the bins" in page
    assert "By the bus stop" in page
    assert "Sunita Bhatt" in page
    assert Incident.objects.get().place_words == "By the bins"
    assert send(client, address, mine).status_code == 302


@pytest.mark.parametrize(
    ("page", "theirs", "mine"),
    [
        ("crime", "35/11111/26", "35/22222/26"),
        ("part", "The stairs at night", "The lift"),
        ("lead", "Sunita Bhatt", "Dawn Mistry"),
    ],
)
def test_the_loser_of_a_race_sees_what_won(led: Story, page: str, theirs: str, mine: str) -> None:
    client = led.world.client(led.manager if page == "lead" else led.officer)
    address = {
        "crime": url(led, f"incidents/{led.incident.pk}/crime/"),
        "part": url(led, f"people/{led.victim.pk}/"),
        "lead": url(led, "lead/"),
    }[page]
    drawn = hidden(client.get(address).content.decode())
    facts: dict[str, Any] = {"by": led.boss, "at": led.at(hours=1)}
    if page == "crime":
        do.correct_incident(incident=led.incident, reason="Rang.", crime_reference=theirs, **facts)
        row = next(row for row in FORMS if row.name == "crime")
        typed: dict[str, Any] = {**row.answer(led), "crime_reference": mine}
    elif page == "part":
        do.change_involvement(involvement=led.victim, fears=theirs, **facts)
        typed = {"fears": mine, "victim_role": "TENANT"}
    else:
        do.allocate(case=led.case, lead=led.manager, reason=LONG, **facts)
        typed = {"lead": led.officer.pk, "reason": LONG}
    answer = client.post(address, {**drawn, **typed})
    assert answer.status_code == 409
    said = text_of(answer.content.decode())
    assert theirs in said
    assert mine in said


def test_words_changed_after_going_back_are_not_lost(led: Story) -> None:
    """The same token with other words is another note, not the first one again."""
    client = led.world.client(led.officer)
    drawn = hidden(client.get(url(led, "notes/new/")).content.decode())
    for text in ("One.", "Another.", "One."):
        client.post(url(led, "notes/new/"), {**drawn, "kind": "CASE", "text": text})
    assert sorted(Note.objects.values_list("text", flat=True)) == ["Another.", "One."]


def test_ten_presses_at_once_are_one(own_world: World) -> None:
    story = tell(own_world)
    story.allocated()
    declared(story, story.officer)
    address = url(story, "notes/new/")
    drawn = hidden(own_world.client(story.officer).get(address).content.decode())
    answer = {**drawn, "kind": "CASE", "text": "Pressed ten times."}

    def press(client: Any) -> int:
        try:
            return int(client.post(address, answer).status_code)
        finally:
            connections.close_all()

    clients = [own_world.client(story.officer) for _ in range(10)]
    with ThreadPoolExecutor(10) as pool:
        assert list(pool.map(press, clients)) == [302] * 10
    assert Note.objects.count() == 1
    assert Event.objects.filter(verb=Verb.NOTE_ADDED).count() == 1


# --- history ----------------------------------------------------------------------------


def test_the_history_shows_each_field_before_and_after(led: Story) -> None:
    do.correct_incident(
        by=led.lead,
        at=led.at(),
        incident=led.incident,
        reason="She looked at her diary.",
        occurred_time="5pm",
        types=["VERBAL"],
    )
    page = text_of(led.world.client(led.officer).get(url(led, "history/")).content.decode())
    assert "Time of day 4pm 5pm" in page
    assert "Kinds Verbal abuse or insults, Spitting Verbal abuse or insults" in page
    assert "Changed by Dawn Mistry, today at 11:41am" in page
    assert "Lead None Dawn Mistry" in page
    assert "How it is safe to reach Amara Osei" in page
    assert "Post Not safe" in page


def test_the_history_hides_what_is_kept_apart(led: Story) -> None:
    do.change_involvement(by=led.lead, at=led.at(), involvement=led.third, fears="His dog")
    html = led.world.client(led.officer).get(url(led, "history/")).content.decode()
    assert "Novak" not in html
    assert "His dog" not in html
    assert "Kept apart from this page" in html


def test_a_reader_reads_the_history_too(led: Story) -> None:
    auditor = led.world.user(Role.AUDITOR)
    give(led, auditor, Access.SAMPLE)
    declared(led, auditor)
    assert led.world.client(auditor).get(url(led, "history/")).status_code == 200
