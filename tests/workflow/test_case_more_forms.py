"""More forms of the case: views, duties, stages, lead officers, conflicts, and two who save."""

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
from cases.audit.models import Event
from cases.audit.verbs import Verb
from cases.casework import operations as do
from cases.casework.choices import Access
from cases.casework.models import Case, Incident, Note, Perception
from cases.people.operations import declare_staff_link
from tests.casework.story import Story, declared, give, tell
from tests.workflow.case_forms import FORMS, LONG
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


def hidden(html: str) -> dict[str, str]:
    """What the form carries: its token and the version it was drawn from."""
    found = re.findall(r'<input type="hidden" name="(token|seen)" value="([^"]*)"', html)
    return dict(found)


def send(client: Any, address: str, answer: dict[str, Any]) -> HttpResponse:
    """Open the form and send it, as a browser does."""
    html = client.get(address).content.decode()
    return client.post(address, {**hidden(html), **answer})


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
    assert "Changed by Dawn Mistry, today at 10:41am" in page
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
