"""Telling another agency, page by page: from none, to exactly those bytes, or to why not."""

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
    PURPOSE,
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


# --- beginning ---


def test_the_list_begins_empty_and_says_so(told: Telling) -> None:
    said = page(told)
    assert "Nobody has been told anything about this case, and nothing waits." in said
    assert "Tell another agency" in said


def test_a_page_begins_with_whom_and_who(told: Telling) -> None:
    client = told.client()
    html = client.get(told.url(rest="new/")).content.decode()
    assert "Wellby Council, safer streets" in html
    assert "checked" not in re.findall(r"<input[^>]*>", html)
    assert " checked" not in "".join(re.findall(r"<input[^>]*>", html))
    query = {"about": told.story.victim.pk, "agency": told.council.pk}
    said = text_of(client.get(told.url(rest="new/"), query).content.decode())
    assert "Tell Wellby Council, safer streets" in said
    assert "Community safety team" in said
    assert "Checked 19 November 2026." in said
    assert "They said yes" in said
    assert "It names nobody" in said
    for never in ("Safeguarding policy", "Domestic Abuse policy", "999", "Director"):
        assert never not in said


def test_whom_and_who_must_be_chosen(told: Telling) -> None:
    answer = told.client().get(told.url(rest="new/"), {"about": "", "agency": "x"})
    html = answer.content.decode()
    assert re.search(r"<title>\s*Error: ", html)
    assert "Choose whom it is about" in html


def begun(told: Telling, **changes: Any) -> Any:
    client = told.client()
    address = f"{told.url(rest='new/')}?about={told.story.victim.pk}&agency={told.council.pk}"
    answer = {
        "contact": told.units[told.council.pk].pk,
        "door": "D1",
        "title": TITLE,
        "purpose": PURPOSE,
        **changes,
    }
    return send_form(client, address, {key: value for key, value in answer.items() if value})


def test_it_is_begun_with_nothing_on_it(told: Telling) -> None:
    answer = begun(told)
    pack = Pack.objects.get()
    assert answer.url == told.url(pack)
    assert (pack.door, pack.state, pack.title, pack.items.count()) == ("D1", "DRAFT", TITLE, 0)
    said = page(told, pack)
    assert "They would be told nothing." in said
    assert "Left out: What happened, where" in said
    assert "Put in the first thing" in said


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ("contact", "Choose the unit or person it goes to"),
        ("door", "Choose why they may be told"),
        ("title", "Say what the page is called"),
        ("purpose", "Say what they are to do with it"),
    ],
)
def test_what_is_missing_is_said_and_the_rest_kept(
    told: Telling, missing: str, sentence: str
) -> None:
    html = begun(told, **{missing: ""}).content.decode()
    assert sentence in html
    assert "There is a problem" in html
    for kept in {"title": TITLE, "purpose": PURPOSE, "door": 'value="D1" checked'}.items():
        if kept[0] != missing:
            assert kept[1] in html
    assert not Pack.objects.exists()


def test_what_the_law_requires_is_named(told: Telling) -> None:
    html = begun(told, door="D2").content.decode()
    assert "Say which law, order or proceedings it is for." in html
    assert begun(told, door="D2", citation="Order of Wellby County Court").status_code == 302


def test_about_nobody_there_is_one_door(told: Telling) -> None:
    query = {"about": "nobody", "agency": told.council.pk}
    html = told.client().get(told.url(rest="new/"), query).content.decode()
    assert re.findall(r'name="door"[^>]*value="(\w+)"', html) == ["D7"]


def test_a_unit_nobody_checked_lately_is_warned_of(told: Telling) -> None:
    with time_machine.travel(told.story.at(days=300), tick=False):
        query = {"about": told.story.victim.pk, "agency": told.council.pk}
        answer = told.client().get(told.url(rest="new/"), query)
        assert "ring and check before you rely on it" in answer.content.decode()


# --- what is on it ---


def test_one_thing_is_put_in_whose_and_why(told: Telling) -> None:
    pack = told.start()
    client, address = told.client(), told.url(pack, "put/IDENTITY/")
    html = client.get(address).content.decode()
    assert "Amara Osei" in html
    victim = told.story.victim.pk
    assert f'href="?use={victim}"' in html
    taken = client.get(f"{address}?use={victim}").content.decode()
    assert "Amara Osei</textarea>" in taken.replace("\n", "")
    answer = send_form(
        client, address, {"whose": victim, "text": "Amara Osei", "why": "To know whom to visit."}
    )
    assert answer.url == told.url(pack)
    item = pack.items.get()
    assert (item.field, item.text, item.whose) == ("IDENTITY", "Amara Osei", told.story.victim)
    said = page(told, pack)
    assert "A. Against whom Amara Osei" in said
    assert "Why: To know whom to visit." in said


def test_why_it_must_be_in_is_asked_and_what_was_typed_kept(told: Telling) -> None:
    pack = told.start()
    answer = send_form(told.client(), told.url(pack, "put/FACTS/"), {"text": HAPPENED})
    html = answer.content.decode()
    assert "Say why it must be in" in html
    assert HAPPENED in html
    assert not pack.items.exists()


def test_nothing_of_whoever_is_kept_apart_is_suggested(told: Telling) -> None:
    html = told.client().get(told.url(told.start(), "put/THIRD_PARTY/")).content.decode()
    assert "Novak" not in html
    assert "?use=" not in html


def test_a_field_is_changed_and_taken_out(told: Telling) -> None:
    pack = told.named()
    item = pack.items.get(field="FACTS")
    address = told.url(pack, f"items/{item.pk}/")
    changed = {"text": "Spitting, twice.", "why": "It is the least."}
    assert send_form(told.client(), address, changed).status_code == 302
    item.refresh_from_db()
    assert item.text == "Spitting, twice."
    assert send_form(told.client(), address, {"do": "out"}).status_code == 302
    item.refresh_from_db()
    assert item.taken_out
    assert "Spitting, twice." not in page(told, pack)


def test_two_who_change_one_field_lose_nothing(told: Telling) -> None:
    pack = told.named()
    item = pack.items.get(field="FACTS")
    address = told.url(pack, f"items/{item.pk}/")
    first, second = told.client(), told.client(told.story.manager)
    drawn = hidden(second.get(address).content.decode())
    send_form(first, address, {"text": "Spitting, twice.", "why": "The least."})
    answer = second.post(address, {**drawn, "text": "Shouting.", "why": "The least."})
    assert answer.status_code == 409
    both = text_of(answer.content.decode())
    assert "Spitting, twice." in both
    assert "Shouting." in both


def test_words_are_blacked_out_and_in_no_markup(told: Telling) -> None:
    pack = told.start()
    told.put(pack, "FACTS", "Shouting by the tall neighbour at the bin store.")
    address = told.url(pack, "black-out/")
    assert send_form(told.client(), address, {"words": "tall Neighbour\n\n"}).status_code == 302
    html = told.client().get(told.url(pack, "preview/")).content.decode()
    shown = html.partition('class="app-pack__lines"')[2].partition("</dl>")[0]
    assert "blacked out" in shown
    assert "neighbour" not in shown


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
