"""Sending a sheet to triage: once, whole, and by the person who took it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from cases.access import Refused, Role
from cases.audit.models import Event
from cases.audit.verbs import Verb
from cases.casework.choices import Part
from cases.casework.clocks import ClockKind
from cases.casework.models import Case, Incident, Perception
from cases.intake.choices import Door, ReporterCapacity, SheetState
from cases.intake.models import CallSheet, Report
from cases.intake.operations import submit
from cases.people.choices import MemberRelation, Reach
from cases.people.models import Adjustment, Person, Property, SafeContact
from tests.scenarios.story import Story, clock, contact_due, hate_case, keys, london, routes
from tests.world import World

RECEIVED = london(2026, 3, 2, 9, 10)
SAID: dict[str, Any] = {
    **keys("who", person="new", full_name="Ada Poole"),
    **keys("incident-1", words="He shouted.", types=["VERBAL"]),
    **keys("why", caller="YES", own="YES"),
}


@pytest.fixture
def story(world: World) -> Story:
    return Story(world)


def test_sent_twice_is_sent_once(story: Story) -> None:
    sheet = story.sheet(SAID, received=RECEIVED)
    by = story.actor(story.handler)
    first = submit(by=by, at=RECEIVED + timedelta(minutes=10), sheet=sheet)
    again = submit(by=by, at=RECEIVED + timedelta(minutes=11), sheet=sheet)
    assert first == again
    assert (Report.objects.count(), Case.objects.count()) == (1, 1)
    sheet.refresh_from_db()
    assert sheet.state == SheetState.SENT
    assert Event.objects.filter(verb=Verb.REPORT_SUBMITTED).count() == 1


def test_ten_at_once_make_one_report(own_world: World) -> None:
    """Domain to issue 2: double click, reload, ten parallel posts make one."""
    story = Story(own_world)
    sheet = story.sheet(SAID, received=RECEIVED)
    by = story.actor(story.handler)

    def send(_: int) -> int:
        try:
            return submit(by=by, at=RECEIVED + timedelta(minutes=10), sheet=sheet).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        made = set(pool.map(send, range(10)))
    assert len(made) == 1
    assert Report.objects.count() == 1
    assert Case.objects.count() == 1
    assert Person.objects.count() == 1
    assert Incident.objects.count() == 1


def test_only_whoever_took_it_sends_it(story: Story) -> None:
    sheet = story.sheet(SAID, received=RECEIVED)
    with pytest.raises(Refused, match="Only the person who took the call"):
        submit(by=story.actor(story.officer), at=RECEIVED, sheet=sheet)
    viewer = story.world.user(Role.REPORT_VIEWER)
    with pytest.raises(Refused, match="take reports"):
        submit(by=story.actor(viewer), at=RECEIVED, sheet=sheet)


def test_nothing_said_is_not_sent(story: Story) -> None:
    sheet = story.sheet({**keys("why", caller="YES")}, received=RECEIVED)
    with pytest.raises(Refused, match="Say what happened"):
        submit(by=story.actor(story.handler), at=RECEIVED, sheet=sheet)
    assert not Report.objects.exists()
    assert not Person.objects.exists()


def test_a_case_counts_from_when_it_was_received_not_typed(story: Story) -> None:
    """A letter delivered on Friday and typed on Monday (domain 4.3)."""
    report = story.report(SAID, received=london(2026, 3, 6, 10, 0), at=london(2026, 3, 9, 11, 0))
    case = hate_case(report)
    assert contact_due(case) == london(2026, 3, 7, 10, 0)
    assert clock(case, ClockKind.TRIAGE).was_late


def test_new_people_and_how_to_reach_them(story: Story) -> None:
    report = story.report(
        {
            **SAID,
            **keys("safe", call_them="Addie", cut_off="DO_NOT"),
            **keys("who", born_day="3", born_month="4", born_year="1980"),
            **keys("contact", ring="SAFE", text="NOT_SAFE", first="ring", times="mornings"),
            **keys("contact", phone="07700 900001", email_address="a@example.test"),
            **keys("contact", address="4 Reed Way, Northam NN97 2BB", language="Twi"),
            **keys("contact", adjustment_kinds=["INTERPRETER"], adjustments="Twi, a woman"),
        },
        received=RECEIVED,
    )
    ada = report.victim
    assert ada is not None
    assert (ada.full_name, ada.known_as, ada.date_of_birth) == (
        "Ada Poole",
        "Addie",
        date(1980, 4, 3),
    )
    assert (ada.phone, ada.language) == ("07700 900001", "Twi")
    assert ada.home is not None
    assert (ada.home.address, ada.home.postcode) == ("4 Reed Way, Northam", "NN97 2BB")
    safe = SafeContact.objects.get(person=ada)
    assert (safe.ring, safe.text, safe.post, safe.first_choice) == (
        Reach.SAFE,
        Reach.NOT_SAFE,
        Reach.NOT_ASKED,
        "ring",
    )
    assert safe.if_cut_off == "Do not: they will ring us"
    assert Adjustment.objects.get(person=ada).need == "Twi, a woman"


def test_an_address_we_hold_is_found_not_added(story: Story) -> None:
    home = story.home("14 Larkfield Court", "NN99 4QT")
    report = story.report(
        {**SAID, "contact.ring": "SAFE", "contact.address": "14, Larkfield Court nn994qt"},
        received=RECEIVED,
    )
    assert report.victim is not None
    assert report.victim.home == home
    assert Property.objects.count() == 1
    assert hate_case(report).team == story.team


def test_an_earlier_first_choice_that_is_no_longer_safe_falls_away(story: Story) -> None:
    amara = story.tenant("Amara Osei", story.home())
    found = {**SAID, "who.person": amara.reference}
    story.report({**found, **keys("contact", text="SAFE", first="text")}, received=RECEIVED)
    story.report(
        {**found, **keys("contact", text="NOT_SAFE", ring="SAFE")},
        received=RECEIVED + timedelta(days=9),
    )
    safe = SafeContact.objects.get(person=amara)
    assert (safe.text, safe.ring, safe.first_choice) == (Reach.NOT_SAFE, Reach.SAFE, "")


def test_what_cannot_be_a_date_is_kept_in_words(story: Story) -> None:
    report = story.report(
        {**SAID, **keys("incident-1", day="31", month="2", year="2026", when_known="EXACT")},
        received=RECEIVED,
    )
    incident = hate_case(report).incidents.get()
    assert (incident.occurred_on, incident.when_known) == (None, "UNKNOWN")
    assert incident.when_words == "31 2 2026"
    future = story.report(
        {**SAID, **keys("incident-1", day="3", month="3", year="2026", when_known="EXACT")},
        received=RECEIVED,
    )
    assert hate_case(future).incidents.get().occurred_on is None


def test_a_parent_rings_for_a_child(story: Story) -> None:
    """The child is who it happened to; the parent is who told us, and not kept apart."""
    amara = story.tenant("Amara Osei", story.home())
    esi = story.with_them(amara, "Esi Osei", MemberRelation.CHILD, date(2015, 6, 1))
    report = story.report(
        {
            **SAID,
            **keys("who", person=amara.reference, capacity="PARENT_GUARDIAN"),
            **keys("harmed", people=[esi.reference]),
        },
        received=RECEIVED,
    )
    case = hate_case(report)
    assert (report.victim, report.reporter, case.victim) == (esi, amara, esi)
    assert report.capacity == ReporterCapacity.PARENT_GUARDIAN
    told = case.involvements.get(part=Part.THIRD_PARTY)
    assert (told.person, told.kept_apart) == (amara, False)
    views = Perception.objects.filter(incident__case=case)
    assert {view.who for view in views} == {"Amara Osei", "Joanne Pike"}


def test_people_written_on_lines(story: Story) -> None:
    """Known by their first name, or kept as described until identified."""
    amara = story.tenant("Amara Osei", story.home())
    kofi = story.with_them(amara, "Kofi Osei", MemberRelation.CHILD, date(2025, 1, 9))
    report = story.report(
        {
            **SAID,
            **keys("who", person=amara.reference),
            **keys("harmed", children="SAW", others="Kofi, 1, my son\nLeon, 7, my nephew"),
        },
        received=RECEIVED,
    )
    harmed = hate_case(report).involvements.filter(part=Part.VICTIM)
    assert kofi.pk in harmed.values_list("person_id", flat=True)
    assert "Leon, 7, my nephew" in [part.name for part in harmed]
    referral = report.routes.get(route="SAFEGUARDING")
    assert referral.reasons == ["Kofi, 1, and Leon, 7, saw or heard it."]


def test_somebody_who_gives_no_name_about_themselves(story: Story) -> None:
    report = story.report(
        {
            **keys("incident-1", words="He shouted.", types=["VERBAL"]),
            **keys("why", caller="YES", own="YES"),
        },
        received=RECEIVED,
        no_name=True,
    )
    case = hate_case(report)
    assert report.capacity == ReporterCapacity.ANONYMOUS
    assert report.reporter is None
    assert case.victim.name == "The caller, who gave no name"
    assert (
        report.routes.get().reasons[0] == "The caller, who gave no name thinks hate was part of it."
    )


def test_an_agency_tells_us(story: Story) -> None:
    report = story.report(
        {
            **keys("who", person="new", full_name="Pat Reed", agency="Northam Police"),
            **keys("harmed", person="new", full_name="Lou Marsh", role="NONE"),
            **keys("incident-1", words="They reported a threat.", types=["THREAT"]),
            **keys("incident-1", crime_reference="43/1234/26", place="SHOP"),
            **keys("why", caller="YES", own="NO"),
            **keys("respondent", customer="YES"),
        },
        received=RECEIVED,
        door=Door.AGENCY,
    )
    case = hate_case(report)
    assert report.reporter_agency == "Northam Police"
    assert case.incidents.get().crime_reference == "43/1234/26"
    reasons = report.routes.get(route="HATE").reasons
    assert reasons == [
        "Northam Police thinks hate was part of it.",
        "The respondent is said to live in one of our homes.",
    ]


def test_nothing_links_it_to_us(story: Story) -> None:
    """Recorded and signposted (domain 10, rule 7); no case opens."""
    report = story.report(
        {
            **SAID,
            **keys("harmed", role="NONE"),
            **keys("incident-1", place="TRANSPORT"),
        },
        received=RECEIVED,
    )
    assert routes(report) == ["SIGNPOST"]
    assert report.case is None
    assert Incident.objects.hate().count() == 1


def test_a_sheet_that_cannot_be_recorded_stays_open(story: Story) -> None:
    """All or nothing: with an answer no list holds, nothing of the report is left behind."""
    sheet = story.sheet({**SAID, "incident-1.types": ["MADE_UP"]}, received=RECEIVED)
    with pytest.raises(ValidationError):
        submit(by=story.actor(story.handler), at=RECEIVED, sheet=sheet)
    assert CallSheet.objects.get(pk=sheet.pk).state == SheetState.OPEN
    assert not Report.objects.exists()
    assert not Case.objects.exists()
    assert not Person.objects.exists()
