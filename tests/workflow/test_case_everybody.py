"""Every page of a case, for every role: what is offered works, and nothing says "not hate"."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.urls import URLPattern

from cases.access import Role
from cases.audit.models import Event
from cases.casework import operations as do
from cases.casework.choices import Access, Holds
from cases.casework.models import Case, Incident, Perception, PerceptionStrand
from cases.workflow.case_urls import urlpatterns
from tests.casework.story import Story, declared, give, tell
from tests.world import World

OPENS = [
    *(Role.CALL_HANDLER, Role.HOUSING_OFFICER, Role.CASE_MANAGER, Role.DIRECTOR_CO),
    *(Role.SAFEGUARDING_LEAD, Role.DA_LEAD, Role.AUDITOR),
]

# What a control that negates somebody's view could say.
# The ASB case review is the law's name for what somebody may ask for; it takes nothing away. Nor
# does telling an agency or a team of that name something of the case, which stays what it is.
NEGATES = re.compile(
    r"\bnot (a )?hate\b|\bno hate\b|\bisn.t hate\b|\bnon-hate\b|\bunfounded\b|\boverrule\b|"
    r"\bdismiss\b|\breject\b|\bdowngrade\b|\bdelete\b|\bremove\b|\bundo\b|\bdisagree\b|"
    r"\bnot (really |actually )?(motivated|hate)\b|"
    r"\bantisocial\b(?! behaviour team)|\bASB\b(?! case review| help)",
    re.IGNORECASE,
)


@pytest.fixture
def story(world: World) -> Iterator[Story]:
    """A provisional case with views of everybody, an hour after it was opened."""
    story = tell(world, provisional=True)
    Case.objects.update(provisional=True)
    with time_machine.travel(story.at(hours=1), tick=False):
        story.allocated()
        facts: dict[str, Any] = {"by": story.lead, "at": story.at(), "incident": story.incident}
        do.add_perception(holds="NO", capacity="WITNESS", described_as="A postman", **facts)
        do.add_perception(holds="NOT_SURE", capacity="OFFICER", colleague=story.handler, **facts)
        do.assess_evidence(text="I think it is only about smells.", **facts)
        yield story


def member(story: Story, role: Role) -> Any:
    """Somebody of this role who may see the case and knows nobody in it."""
    user = story.world.user(role, team=story.world.team(), name=f"A {role.label}")
    give(story, user)
    declared(story, user)
    return user


def address(story: Story, pattern: URLPattern) -> str:
    """The address of one of the case's pages, about a row of this case."""
    rows = {
        "duties": story.clock("SUPPORT_OWN").pk,
        "clocks": story.clock("RISK").pk,
        "incidents": story.incident.pk,
        "views": story.view.pk,
        "people": story.third.pk,
        "conflicts": 0,
    }
    route = str(pattern.pattern).replace("<str:reference>", story.case.reference)
    kind = route.split("/")[2]
    return "/" + route.replace("<int:pk>", str(rows.get(kind, 0)))


def pages(story: Story, client: Any) -> dict[str, str]:
    """Every page of the case this person can open, by address."""
    shown = {}
    for pattern in urlpatterns:
        where = address(story, pattern)
        answer = client.get(where)
        if answer.status_code == 405:
            answer = client.post(where)
        assert answer.status_code in (200, 204, 302, 403, 404), where
        shown[where] = answer.content.decode()
    return shown


CONTROLS = (
    r"<(a|button|label|summary|option|legend)\b[^>]*>(.*?)</\1>",
    r'<input\b[^>]*\b()(?:value|aria-label|title)="([^"]*)"',
)


def controls(page: str) -> list[str]:
    """The words of everything that can be pressed, followed or chosen."""
    main = page.partition("<main")[2].partition("</main>")[0]
    found = [words for form in CONTROLS for _, words in re.findall(form, main, re.S)]
    plain = [html.unescape(re.sub(r"<[^>]+>", " ", words)) for words in found]
    return [re.sub(r"\s+", " ", words).strip() for words in plain]


def test_the_search_for_such_a_control_would_find_one() -> None:
    page = "<main><button>This is <b>not hate</b></button><label>Remove this view</label></main>"
    assert [bool(NEGATES.search(words)) for words in controls(page)] == [True, True]


@pytest.mark.parametrize("role", OPENS)
def test_no_page_has_a_control_that_says_not_hate(story: Story, role: Role) -> None:
    """S21, HC-23, HC-33: whatever the role, on every page of the case."""
    client = story.world.client(member(story, role))
    for where, page in pages(story, client).items():
        for words in controls(page):
            assert not NEGATES.search(words), f"{where}: {words}"


@pytest.mark.parametrize("role", OPENS)
def test_nothing_anybody_sends_takes_a_view_away(story: Story, role: Role) -> None:
    """Every page is sent every value a view could be negated with."""
    client = story.world.client(member(story, role))
    before = list(Perception.objects.order_by("pk").values())
    strands = PerceptionStrand.objects.count()
    case = Case.objects.values("priority", "received_at", "opened_at").get()
    hostile = {
        "holds": Holds.NO,
        "retracted_at": "2026-11-19",
        "retraction_words": "no",
        "provisional": "",
        "is_hate": "0",
        "delete": "1",
        "priority": "ROUTINE",
        "do": "delete",
        "words": "No.",
        "witness": "",
    }
    for pattern in urlpatterns:
        client.post(address(story, pattern), hostile)
        client.delete(address(story, pattern))
    kept = list(Perception.objects.filter(pk__in=[row["id"] for row in before]).values())
    assert sorted(kept, key=lambda row: row["id"]) == before
    assert PerceptionStrand.objects.count() >= strands
    assert Case.objects.values("priority", "received_at", "opened_at").get() == case
    assert Incident.objects.hate().count() == 1


def test_an_officers_doubt_is_kept_and_changes_nothing(story: Story) -> None:
    """S21: it saves only in the evidence assessment; route, priority and counts stay."""
    client = story.world.client(story.officer)
    declared(story, story.officer)
    before = Case.objects.values().get()
    clocks = list(story.case.clocks.order_by("pk").values())
    where = f"/cases/{story.case.reference}/incidents/{story.incident.pk}/evidence/"
    client.post(where, {"text": "I think it is only about smells."})
    assert story.incident.assessments.count() == 2
    assert Case.objects.values().get() == before
    assert list(story.case.clocks.order_by("pk").values()) == clocks
    assert Incident.objects.hate().count() == 1


def offered(page: str) -> set[str]:
    """The addresses of ours that a page's main part links to."""
    main = page.partition("<main")[2].partition("</main>")[0]
    found = {html.unescape(href).partition("#")[0] for href in re.findall(r'href="([^"]+)"', main)}
    return {href for href in found if href.startswith("/")}


@pytest.mark.parametrize("role", OPENS)
def test_whatever_a_page_offers_opens(story: Story, role: Role) -> None:
    """From the overview by every link, however deep: none is refused or broken."""
    client = story.world.client(member(story, role))
    waiting, seen = {f"/cases/{story.case.reference}/"}, set()
    while waiting:
        where = waiting.pop()
        seen.add(where)
        answer = client.get(where)
        assert answer.status_code == 200, f"{role} is offered {where}: {answer.status_code}"
        if where.startswith("/cases/"):  # beyond the case, one step is enough
            waiting |= offered(answer.content.decode()) - seen
    least = {Role.HOUSING_OFFICER: 18, Role.CASE_MANAGER: 22, Role.CALL_HANDLER: 8}
    assert len(seen) >= least.get(role, 3)


@pytest.mark.parametrize("role", [Role.CALL_HANDLER, Role.HOUSING_OFFICER, Role.CASE_MANAGER])
@pytest.mark.parametrize("stage", ["ON_HOLD", "VOID"])
def test_whatever_the_overview_offers_opens_at_other_stages(
    story: Story, role: Role, stage: str
) -> None:
    """What a stage does not allow is not offered there either."""
    client = story.world.client(member(story, role))
    facts: dict[str, Any] = {"by": story.boss, "at": story.at(hours=1), "case": story.case}
    if stage == "ON_HOLD":
        do.hold(reason="The police asked us to wait.", review_on=date(2026, 11, 26), **facts)
    else:
        do.move_stage(to=stage, reason="Entered twice in error.", **facts)
    page = client.get(f"/cases/{story.case.reference}/").content.decode()
    assert not [where for where in offered(page) if where.endswith("/hold/")]
    for where in offered(page):
        assert client.get(where).status_code == 200, f"{role} is offered {where} at {stage}"


def test_who_takes_reports_is_offered_what_they_may_add_and_not_told_they_may_not(
    story: Story,
) -> None:
    """Words, views, people, safe contact and risk are theirs too; the work is not."""
    reference = story.case.reference
    client = story.world.client(member(story, Role.CALL_HANDLER))
    page = client.get(f"/cases/{reference}/").content.decode()
    found = offered(page)
    for mine in ("incidents/new/", "views/new/", "people/new/"):
        assert f"/cases/{reference}/{mine}" in found
    assert f"/people/{story.amara.reference}/safe-contact/" in found
    assert any("/risk/" in where for where in found)
    for theirs in ("contacts/new/", "notes/new/", "stage/", "hold/", "lead/", "exceptions/new/"):
        assert f"/cases/{reference}/{theirs}" not in found
    assert "Only the people who work a case can change it." not in page


@pytest.mark.parametrize("role", OPENS)
def test_opening_pages_changes_nothing(story: Story, role: Role) -> None:
    client = story.world.client(member(story, role))
    before = Event.objects.count()
    for pattern in urlpatterns:
        client.get(address(story, pattern))
    assert Event.objects.count() == before


OF_THE_LOG = ("case-looks", "case-looks-extract")
"""Pages about who read a case, which the data protection officer opens and nothing else of it."""


@pytest.mark.parametrize("role", [role for role in Role if role not in OPENS])
def test_roles_that_open_no_cases_read_why(story: Story, role: Role) -> None:
    user = story.world.user(role, team=story.world.team())
    give(story, user, Access.SAMPLE)
    client = story.world.client(user)
    for pattern in urlpatterns:
        answer = client.get(address(story, pattern))
        if role is Role.DPO and pattern.name in OF_THE_LOG:
            assert answer.status_code == 200
            continue
        assert answer.status_code in (403, 405), address(story, pattern)
        assert "Amara" not in answer.content.decode()


def test_age_alone_is_a_hate_crime_case_and_not_one_the_regulator_counts(story: Story) -> None:
    """S19: the policy's strands are more than the five the regulator counts."""
    for person in ("Vera, 82", "Her neighbour"):
        do.add_perception(
            by=story.lead,
            at=story.at(),
            incident=story.add_incident(),
            holds="YES",
            capacity="VICTIM",
            described_as=person,
            words="Because she is old.",
            strands={"AGE": "ACTUAL"},
        )
    declared(story, story.officer)
    page = story.world.client(story.officer).get(f"/cases/{story.case.reference}/")
    assert page.content.decode().count('<strong class="app-tag">Age</strong>') == 2
    rows = PerceptionStrand.objects.filter(strand="AGE")
    assert [row.tsm_countable for row in rows] == [False, False]
    assert Incident.objects.hate().filter(perceptions__strands__strand="AGE").count() == 2
