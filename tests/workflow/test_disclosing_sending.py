"""Sending a page: read through, approved, exactly those bytes once, or why not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine

from cases.access import Role
from cases.audit.models import Access as Seen
from cases.audit.models import Event
from cases.audit.verbs import Verb
from cases.consent.operations import withdraw_permission
from cases.disclosures import gate, pack_operations
from cases.disclosures.models import Blocked, Pack, Send
from tests.casework.story import Story, declared, tell
from tests.workflow.disclosing_case import (
    HAPPENED,
    TITLE,
    Telling,
    hidden,
    send_form,
    telling,
)
from tests.workflow.test_case_page import text_of


@pytest.fixture
def now(story: Story) -> Iterator[datetime]:
    """Two hours after the case was opened, and standing still."""
    with time_machine.travel(story.at(hours=2), tick=False):
        yield story.at(hours=2)


@pytest.fixture
def told(story: Story, now: datetime) -> Telling:
    return telling(story)


def page(told: Telling, pack: Pack | None = None, rest: str = "", user: Any = None) -> str:
    answer = told.client(user).get(told.url(pack, rest))
    assert answer.status_code == 200, answer.status_code
    return text_of(answer.content.decode())


# --- reading it through, and its bytes ---


def test_both_ticks_are_needed_and_neither_is_given(told: Telling) -> None:
    pack = told.named()
    client, address = told.client(), told.url(pack, "preview/")
    html = client.get(address).content.decode()
    assert " checked" not in "".join(re.findall(r"<input[^>]*>", html))
    answer = send_form(client, address, {"reviewed": "on"})
    assert "then tick that it is right" in answer.content.decode()
    assert not pack.files.exists()
    assert send_form(client, address, {"reviewed": "on", "redactions": "on"}).status_code == 302
    pack.refresh_from_db()
    assert pack.state == "READY"
    assert "Exactly what would be sent" in page(told, pack)


def test_previewed_and_sent_are_the_same_bytes(told: Telling) -> None:
    pack = told.nameless()
    told.ready(pack)
    client = told.client()
    before = client.get(told.url(pack, "file/"))
    assert before["Content-Type"] == "application/pdf"
    gone = send_form(client, told.url(pack, "send/"), {"right": "on"})
    after = client.get(told.url(pack, "file/"))
    assert before.content == gone.content == after.content
    assert gone.content.startswith(b"%PDF")
    assert told.case.reference not in gone["Content-Disposition"]
    looks = Seen.objects.filter(subject_kind="disclosures.packfile", what="workflow:pack-file")
    assert looks.count() == 2


def test_it_is_read_again_if_it_was_changed_meanwhile(told: Telling) -> None:
    pack = told.named()
    client, address = told.client(), told.url(pack, "preview/")
    drawn = hidden(client.get(address).content.decode())
    told.put(pack, "PLACE", "The bin store.")
    answer = client.post(address, {**drawn, "reviewed": "on", "redactions": "on"})
    assert "The page was changed while you had it open." in answer.content.decode()
    pack.refresh_from_db()
    assert pack.state == "DRAFT"


# --- sending ---


def test_the_recipient_is_said_and_ticked_before_it_goes(told: Telling) -> None:
    pack = told.nameless()
    told.ready(pack)
    client, address = told.client(), told.url(pack, "send/")
    html = client.get(address).content.decode()
    assert "This goes to Wellby Council, safer streets, Community safety team" in html
    assert "Secure email" in html
    answer = send_form(client, address, {})
    assert "then tick it" in answer.content.decode()
    assert not Send.objects.exists()


def test_a_double_press_sends_once_and_gives_the_same_bytes(told: Telling) -> None:
    pack = told.nameless()
    told.ready(pack)
    client, address = told.client(), told.url(pack, "send/")
    form = {**hidden(client.get(address).content.decode()), "right": "on"}
    first, second = client.post(address, form), client.post(address, form)
    assert first.content == second.content
    assert second["Content-Type"] == "application/pdf"
    assert Send.objects.count() == 1
    assert Event.objects.filter(verb=Verb.PACK_SENT).count() == 1
    assert not Blocked.objects.exists()


def test_any_later_download_is_refused_with_the_way_on(told: Telling) -> None:
    pack = told.nameless()
    told.ready(pack)
    client, address = told.client(), told.url(pack, "send/")
    form = {**hidden(client.get(address).content.decode()), "right": "on"}
    client.post(address, form)
    for answer in (
        client.get(address),
        client.post(address, {**form, "token": "another"}),
        told.client(told.story.manager).post(address, form),
    ):
        said = text_of(answer.content.decode())
        assert "It goes once, so it is not given out again." in said
        assert "See exactly what went" in said
    with time_machine.travel(told.story.at(hours=3), tick=False):
        late = told.client().post(address, form)
        assert late.status_code == 409
    assert Send.objects.count() == 1


def test_changed_in_another_tab_nothing_is_sent(told: Telling) -> None:
    pack = told.nameless()
    told.ready(pack)
    client, address = told.client(), told.url(pack, "send/")
    form = {**hidden(client.get(address).content.decode()), "right": "on"}
    told.put(pack, "PLACE", "Outside.")
    told.ready(Pack.objects.get(pk=pack.pk))
    answer = client.post(address, form)
    assert "The page was changed while you had it open." in answer.content.decode()
    assert not Send.objects.exists()


def test_it_is_asked_who_they_are_before_it_goes(told: Telling) -> None:
    pack = told.nameless()
    told.ready(pack)
    client = told.client(ago=1200)
    answer = client.post(told.url(pack, "send/"), {"right": "on"})
    assert answer.status_code == 302
    assert answer.url.startswith("/account/")  # they sign in again first
    assert not Send.objects.exists()


def test_s24_her_name_to_the_council_is_not_sent_and_says_what_can_be_done(told: Telling) -> None:
    told.says_yes(told.police, "FACTS", "IDENTITY")
    pack = told.named()
    told.ready(pack)
    client = told.client()
    answer = send_form(client, told.url(pack, "send/"), {"right": "on"})
    attempt = Blocked.objects.get()
    assert answer.url == told.url(pack, f"not-sent/{attempt.pk}/")
    html = client.get(answer.url).content.decode()
    said = text_of(html)
    assert "Nothing has gone to Wellby Council, safer streets." in said
    assert "Amara has not said that Wellby Council, safer streets may have" in said
    assert "Send facts that name nobody" in said
    assert Event.objects.filter(verb=Verb.PACK_BLOCKED).count() == 1
    assert "Tried, and not sent" in page(told)
    nameless = told.url(pack, "nameless/")
    assert f'href="{nameless}"' in html
    assert "Against whom" in page(told, pack, "nameless/")
    assert send_form(client, nameless, {}).url == told.url(pack)
    pack.refresh_from_db()
    assert (pack.door, pack.state) == ("D7", "DRAFT")
    told.ready(pack)
    assert "It may go" in page(told, pack)
    gone = send_form(client, told.url(pack, "send/"), {"right": "on"})
    assert gone["Content-Type"] == "application/pdf"


def test_a_withdrawal_stops_what_waits(told: Telling) -> None:
    told.says_yes(told.council, "FACTS", "IDENTITY")
    pack = told.named()
    told.ready(pack)
    assert "It may go" in page(told, pack)
    withdraw_permission(
        by=told.lead,
        at=told.at(),
        about=told.story.victim,
        agency=told.council,
        scopes=["IDENTITY"],
        how="PHONE",
    )
    assert "Stopped. Nothing went." in page(told, pack)
    answer = told.client().get(told.url(pack, "send/"))
    assert answer.status_code == 403


def test_how_it_went_is_kept_and_shown(told: Telling) -> None:
    pack = told.nameless()
    told.sent(pack)
    address = told.url(pack, "went/")
    when = {"went_at_day": "19", "went_at_month": "11", "went_at_year": "2026"}
    typed = {
        "channel": "SECURE_MAIL",
        "their_reference": "CS/17",
        **when,
        "went_at_time": "12:40pm",
    }
    answer = send_form(told.client(), address, typed)
    assert "Say who took it there." in answer.content.decode()
    asked = text_of(answer.content.decode())
    assert "Who took it there? A name, a desk or a mailbox. Leave it empty if it did not" in asked
    assert "Their reference (optional)" in asked
    assert "CS/17" in answer.content.decode()
    answer = send_form(told.client(), address, {**typed, "to_whom": "The duty desk"})
    assert answer.url == told.url(pack)
    said = page(told, pack)
    assert "Secure email , to The duty desk" in said
    assert "Their reference: CS/17" in said
    assert "Secure email, to The duty desk. Their reference: CS/17." in page(told)


def test_it_is_stopped_with_a_reason(told: Telling) -> None:
    pack = told.named()
    assert "Say why" in send_form(told.client(), told.url(pack, "stop/"), {}).content.decode()
    answer = send_form(told.client(), told.url(pack, "stop/"), {"words": "The cameras are in."})
    assert answer.url == told.url()
    assert "The cameras are in." in page(told)


# --- the second person ---


def test_a_manager_approves_what_the_law_requires(told: Telling) -> None:
    pack = told.start(door="D2", citation="Order of Wellby County Court")
    told.put(pack, "FACTS", HAPPENED)
    told.ready(pack)
    said = page(told, pack)
    assert "A case manager has not approved this." in said
    assert told.client().get(f"/approvals/{pack.pk}/").status_code == 403
    boss = told.client(told.story.manager)
    assert TITLE in text_of(boss.get("/approvals/").content.decode())
    assert boss.get(f"/approvals/{pack.pk}/file/")["Content-Type"] == "application/pdf"
    answer = send_form(boss, f"/approvals/{pack.pk}/", {"words": "The order says so."})
    assert answer.url == told.url(pack)
    assert "It may go" in page(told, pack)
    assert "Nothing waits for you" in text_of(boss.get("/approvals/").content.decode())


def test_an_approval_is_of_what_was_seen(told: Telling) -> None:
    pack = told.start(door="D2", citation="Order of Wellby County Court")
    told.put(pack, "FACTS", HAPPENED)
    told.ready(pack)
    boss, address = told.client(told.story.manager), f"/approvals/{pack.pk}/"
    drawn = hidden(boss.get(address).content.decode())
    told.put(pack, "PLACE", "Outside.")
    told.ready(Pack.objects.get(pk=pack.pk))
    answer = boss.post(address, {**drawn, "words": "The order says so."})
    assert "The page was changed while you had it open." in answer.content.decode()
    assert not Event.objects.filter(verb=Verb.PACK_APPROVED).exists()


def test_the_safeguarding_lead_sees_the_page_alone(told: Telling) -> None:
    pack = told.start(told.police, door="D4")
    told.put(pack, "FACTS", HAPPENED)
    told.ready(pack)
    lead = told.client(told.story.world.user(Role.SAFEGUARDING_LEAD))
    assert HAPPENED in text_of(lead.get(f"/approvals/{pack.pk}/").content.decode())
    assert lead.get(told.url(pack)).status_code == 404
    answer = send_form(lead, f"/approvals/{pack.pk}/", {"words": "She is at risk."})
    assert answer.url == "/approvals/"
    assert gate.judge(Pack.objects.get(pk=pack.pk), told.lead, told.at()) == []


# --- who, and whose ---

PAGES = ("", "change/", "put/FACTS/", "black-out/", "nameless/", "preview/", "stop/", "send/")


@pytest.mark.parametrize("rest", [*PAGES, "file/", "went/"])
def test_another_cases_page_is_not_there(told: Telling, rest: str) -> None:
    other = telling_of_another(told)
    theirs = other.named()
    other.ready(theirs)
    client = told.client()
    for address in (told.url(theirs, rest), told.url(rest=f"999999/{rest}")):
        answer = client.get(address)
        assert answer.status_code == 404
        assert "Amara" not in answer.content.decode()


def telling_of_another(told: Telling) -> Telling:
    """Another case, led by somebody else, with the agencies there are."""
    other = tell(told.story.world, team="South").allocated()
    declared(other, other.officer)
    return Telling(other, told.police, told.council, told.units)


@pytest.mark.parametrize("rest", [each for each in PAGES if each])
def test_a_reader_of_the_case_changes_nothing(told: Telling, rest: str) -> None:
    pack = told.named()
    told.ready(pack)
    handler = told.client(told.story.handler)
    assert handler.get(told.url(pack)).status_code == 200
    before = Event.objects.count()
    answer = handler.post(told.url(pack, rest), {"right": "on", "words": "No."})
    assert answer.status_code == 403
    assert Event.objects.count() == before


def test_an_auditor_reads_no_names_and_no_file(told: Telling) -> None:
    pack = told.named()
    told.ready(pack)
    auditor = told.story.world.user(Role.AUDITOR)
    from tests.casework.story import give

    give(told.story, auditor)
    declared(told.story, auditor)
    said = page(told, pack, user=auditor)
    assert "Osei" not in said
    assert told.client(auditor).get(told.url(pack, "file/")).status_code == 403


ODD = ["\x00", "9" * 40, "-1", "🙂 é ß 北", "' OR 1=1 --", "a" * 20_000, "[]", " "]


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: repr(odd)[:12])
def test_whatever_is_posted_nothing_breaks(told: Telling, odd: str) -> None:
    pack = told.named()
    item = pack.items.first()
    told.ready(pack)
    sent = told.nameless()
    told.sent(sent)
    names = ["contact", "door", "title", "purpose", "citation", "text", "why", "whose", "words"]
    names += ["seen", "token", "right", "reviewed", "redactions", "channel", "to_whom", "do"]
    names += ["went_at_day", "went_at_month", "went_at_year", "went_at_time", "their_reference"]
    typed = dict.fromkeys(names, odd)
    client = told.client()
    pages = [*(told.url(pack, rest) for rest in (*PAGES[1:], f"items/{item.pk}/"))]
    pages += [told.url(sent, "went/"), told.url(sent, "send/"), told.url(rest="new/")]
    for address in pages:
        assert client.post(address, typed).status_code in {200, 302, 403, 404, 409}, address
        assert client.get(address, typed).status_code in {200, 302, 403, 404}, address


def test_so_many_pages_cost_no_more_to_list(
    told: Telling, django_assert_max_num_queries: Any
) -> None:
    told.sent(told.nameless())
    told.tried(told.named())
    for _ in range(4):
        told.named()
    client = told.client()
    client.get(told.url())
    with django_assert_max_num_queries(22):
        client.get(told.url())


def test_one_page_costs_a_fixed_number_of_looks(
    told: Telling, django_assert_max_num_queries: Any
) -> None:
    pack = told.named()
    pack_operations.set_redactions(by=told.lead, at=told.at(), pack=pack, redactions=["bin"])
    client = told.client()
    client.get(told.url(pack))
    with django_assert_max_num_queries(45):
        client.get(told.url(pack))
