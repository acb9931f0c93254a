"""S06 to S10 and S12 of domain section 9."""

from __future__ import annotations

from datetime import date

import pytest
from django.conf import settings

from cases.access import Refused, Role
from cases.casework.choices import (
    Access,
    ClockState,
    ConflictSource,
    Holds,
    Part,
    Stage,
    VictimRole,
)
from cases.casework.clocks import ClockKind
from cases.casework.models import Case, Incident, IncidentPair, Perception
from cases.casework.operations import allocate, do_duty, record_part
from cases.intake.choices import Door
from cases.intake.models import Report
from cases.intake.operations import accept_route, decide_pair
from cases.intake.report_page import result_of
from cases.people.choices import LinkKind, MemberRelation, Reach
from cases.people.models import SafeContact
from cases.people.operations import add_person, declare_staff_link
from tests.scenarios.story import (
    Story,
    clock,
    contact_due,
    hate_case,
    keys,
    kinds,
    london,
    routes,
    strands,
)
from tests.world import LONG_AGO

WHY = "Same door, same paint and the same evening."


def test_s06_domestic_abuse_with_homophobia(story: Story) -> None:
    """Domestic abuse leads, hate beside it; DASH asked for; no letters.  The red flag and the
    band come with the risk issue.
    """
    f = story.tenant("Freya Lunt", story.home("5 Weir Row"))
    story.with_them(f, "Gil Lunt", MemberRelation.SIBLING, date(1990, 2, 2))
    report = story.report(
        {
            **keys("safe", now="NOT_SURE"),
            **keys("contact", text="SAFE", post="NOT_SAFE", ring="NOT_SAFE"),
            **keys("contact", find_out="My brother opens my post."),
            **keys("who", person=f.reference),
            "incident-1.words": "He slapped me. He says he will make me normal.",
            **keys("incident-1", types=["ASSAULT", "THREAT"], place="VICTIM_HOME"),
            **keys("why", caller="YES", own="YES", strands=["SEX_ORIENT"]),
            **keys("respondent", described="My brother", relation="FAMILY", abuse="YES"),
            **keys("respondent", fears="The family finding out."),
        },
        received=london(2026, 3, 10, 20, 0),
    )
    case = hate_case(report)
    assert routes(report) == ["DA", "HATE"]
    assert strands(report) == {"SEX_ORIENT"}
    assert report.routes.get(is_primary=True).owner == story.da_lead
    assert case.domestic_abuse
    assert {ClockKind.DASH, ClockKind.RISK, ClockKind.SAFETY_TONIGHT} <= kinds(case)
    safe = SafeContact.objects.get(person=f)
    assert (safe.post, safe.ring, safe.visit) == (
        Reach.NOT_SAFE,
        Reach.NOT_SAFE,
        Reach.NOT_ASKED,
    )
    # Her brother lives there and is not a victim: nobody of the family is given a part to reach.
    parts = case.involvements.values_list("part", "person__full_name", "described_as")
    assert set(parts) == {
        (Part.VICTIM, "Freya Lunt", ""),
        (Part.RESPONDENT, None, "My brother"),
    }
    assert case.involvements.get(part=Part.VICTIM).fears == "The family finding out."
    assert contact_due(case) == london(2026, 3, 11, 20, 0)


def graffiti(story: Story) -> Report:
    """S07: Gita, her partner and her daughter; Easter Monday at 7:15am."""
    g = story.tenant("Gita Abrams", story.home("31 Fen House", "NN98 1AB"))
    story.with_them(g, "Rob Abrams", MemberRelation.PARTNER, date(1981, 4, 4))
    story.with_them(g, "Tali Abrams", MemberRelation.CHILD, date(2014, 7, 7))
    return story.report(
        {
            **keys("who", person=g.reference),
            "incident-1.words": "Symbols painted on our front door.",
            **keys("incident-1", types=["GRAFFITI"], place="VICTIM_HOME"),
            **keys("incident-1", property_harm="COSMETIC"),
            **keys("incident-1", day="6", month="4", year="2026", time="7:00", when_known="EXACT"),
            **keys("why", caller="YES", own="YES", strands=["RELIGION"]),
            "why.basis.RELIGION": "ACTUAL",
        },
        received=london(2026, 4, 6, 7, 15),
        after=10,
    )


def test_s07_graffiti_on_a_bank_holiday(story: Story) -> None:
    report = graffiti(story)
    case = hate_case(report)
    assert strands(report) == {"RELIGION"}
    photo, remove = clock(case, ClockKind.GRAFFITI_PHOTO), clock(case, ClockKind.GRAFFITI_REMOVE)
    assert remove.due_at == london(2026, 4, 7, 7, 15)
    order = list(ClockKind.values)
    assert order.index(photo.kind) < order.index(remove.kind)
    assert clock(case, ClockKind.DUTY_MANAGER).due_at == london(2026, 4, 6, 8, 25)
    at = london(2026, 4, 6, 7, 30)
    page = story.world.client(story.handler).get(f"/reports/{report.reference}/")
    assert result_of(report, story.actor(story.handler, at), at).rings_duty_manager
    assert f"Ring the duty manager on <strong>{settings.DUTY_MANAGER_PHONE}" in (
        page.content.decode()
    )
    # The photograph first: its removal cannot be recorded before.
    duty = {"by": story.actor(story.manager), "at": at, "case": case}
    done = {"outcome": "Done", "words": "By the caretaker."}
    with pytest.raises(Refused, match="Do this first: photograph"):
        do_duty(clock=remove, **done, **duty)  # type: ignore[arg-type]
    do_duty(clock=photo, **done, **duty)  # type: ignore[arg-type]
    assert not do_duty(clock=remove, **done, **duty).was_late  # type: ignore[arg-type]
    assert case.incidents.get().property_harm == "COSMETIC"
    assert case.incidents.count() == 1
    harmed = case.involvements.filter(part=Part.VICTIM)
    assert {part.name for part in harmed} == {"Gita Abrams", "Rob Abrams", "Tali Abrams"}
    assert contact_due(case) == london(2026, 4, 7, 7, 15)


def neighbour(story: Story, first: Report, **more: str) -> Report:
    """S08: Jo rings the next day about the same door and would be a witness."""
    victim = first.victim
    assert victim is not None
    return story.report(
        {
            **keys("who", person="new", full_name="Jo Tennant", knows_as="NEIGHBOUR"),
            **keys("contact", ring="SAFE", phone="07700 900555"),
            **keys("harmed", person=victim.reference, knows="NOT_SURE"),
            "incident-1.words": "A grey car drove away at half past three in the night.",
            **keys("incident-1", types=["GRAFFITI"], place="VICTIM_HOME"),
            **keys("incident-1", day="6", month="4", year="2026", when_known="ABOUT"),
            **keys("why", caller="YES", own="YES", strands=["RELIGION"]),
            **keys("end", again="YES", witness="YES"),
            **more,
        },
        received=london(2026, 4, 7, 9, 0),
        door=Door.THIRD_PARTY,
    )


def test_s08_duplicate_of_the_same_incident(story: Story) -> None:
    """Suggested on save, decided SAME: one incident, two reports, one living case, the
    neighbour on it and kept apart.  REPEAT comes with its own issue; countable is one.
    """
    first = graffiti(story)
    second = neighbour(story, first)
    surviving, doubled = hate_case(first), hate_case(second)
    pair = IncidentPair.objects.get()
    assert set(pair.matches) == {"location", "type"}
    assert clock(doubled, ClockKind.SAME_INCIDENT).due_at == london(2026, 4, 8, 17, 0)

    at = london(2026, 4, 7, 11, 0)
    with pytest.raises(Refused, match="Say why"):
        decide_pair(by=story.actor(story.manager), at=at, pair=pair, same=True, reason="yes")
    decide_pair(by=story.actor(story.manager), at=at, pair=pair, same=True, reason=WHY)
    decide_pair(by=story.actor(story.manager), at=at, pair=pair, same=True, reason=WHY)

    surviving.refresh_from_db()
    doubled.refresh_from_db()
    assert (doubled.stage, doubled.merged_into) == (Stage.MERGED, surviving)
    assert surviving.stage == Stage.CONTACT
    kept = Incident.objects.get(same_as__isnull=True)
    assert kept.case == surviving
    assert set(kept.report_links.values_list("report", flat=True)) == {first.pk, second.pk}
    assert set(surviving.reports.all()) == {first, second}
    jo = surviving.involvements.filter(part__in=[Part.THIRD_PARTY, Part.WITNESS])
    assert {(part.part, part.name, part.kept_apart) for part in jo} == {
        (Part.THIRD_PARTY, "Jo Tennant", True),
        (Part.WITNESS, "Jo Tennant", True),
    }
    # Jo is still owed a call, by the time first promised.
    assert clock(surviving, ClockKind.THIRD_PARTY_CONTACT).due_at == london(2026, 4, 8, 9, 0)
    assert not doubled.clocks.filter(state=ClockState.RUNNING).exists()
    # Nothing was lost: both accounts and both views are there.
    assert Perception.objects.standing().perceiving().filter(capacity="THIRD_PARTY").exists()
    assert Incident.objects.get(same_as=kept).accounts.get().kept_apart


def test_a_referral_follows_its_report_to_the_other_case(story: Story) -> None:
    """The second caller alone said a child saw it: Safeguarding still reads and answers it."""
    first = graffiti(story)
    second = neighbour(story, first, **{"harmed.children": "SAW"})
    at = london(2026, 4, 7, 11, 0)
    decide_pair(
        by=story.actor(story.manager), at=at, pair=IncidentPair.objects.get(), same=True, reason=WHY
    )
    surviving = hate_case(first)
    lena = story.actor(story.safeguarding)
    assert Case.objects.visible_to(lena).filter(pk=surviving.pk).exists()
    assert Report.objects.visible_to(lena).filter(pk=second.pk).exists()
    assert clock(surviving, ClockKind.SAFEGUARDING).state == ClockState.RUNNING
    referral = second.routes.get(route="SAFEGUARDING")
    accept_route(by=lena, at=at, route=referral)
    assert clock(surviving, ClockKind.SAFEGUARDING).state == ClockState.MET


def test_an_antisocial_record_of_the_same_incident_joins_the_case(story: Story) -> None:
    """Somebody else thought it was hate: the record then stands behind that case."""
    first = graffiti(story)
    asb = neighbour(story, first, **{"why.caller": "NO", "why.own": "NO"})
    assert routes(asb) == ["ASB"]
    pair = IncidentPair.objects.get()
    decide_pair(
        by=story.actor(story.manager),
        at=london(2026, 4, 7, 11, 0),
        pair=pair,
        same=True,
        reason=WHY,
    )
    asb.refresh_from_db()
    assert asb.case == hate_case(first)
    assert routes(asb) == []
    assert Case.objects.count() == 1
    jo = hate_case(first).involvements.filter(person__full_name="Jo Tennant")
    assert {(part.part, part.kept_apart) for part in jo} == {
        (Part.THIRD_PARTY, True),
        (Part.WITNESS, True),
    }


def test_two_accounts_found_to_be_of_different_incidents(story: Story) -> None:
    first = graffiti(story)
    second = neighbour(story, first)
    pair = IncidentPair.objects.get()
    at = london(2026, 4, 7, 11, 0)
    decide_pair(
        by=story.actor(story.manager),
        at=at,
        pair=pair,
        same=False,
        reason="Two doors on two floors, an hour apart.",
    )
    assert hate_case(second).stage == Stage.CONTACT
    assert clock(hate_case(second), ClockKind.SAME_INCIDENT).met_at == at
    assert not Incident.objects.filter(same_as__isnull=False).exists()
    with pytest.raises(Refused, match="already been decided"):
        decide_pair(by=story.actor(story.manager), at=at, pair=pair, same=True, reason=WHY)


def test_two_incidents_of_one_report_are_not_suggested(story: Story) -> None:
    """Somebody who tells of two incidents has told them apart."""
    g = story.tenant("Gita Abrams", story.home("31 Fen House", "NN98 1AB"))
    report = story.report(
        {
            **keys("who", person=g.reference),
            "incidents": "2",
            **keys("incident-1", words="One thing.", types=["VERBAL"], place="COMMUNAL_INSIDE"),
            **keys("incident-2", words="Another.", types=["VERBAL"], place="COMMUNAL_INSIDE"),
            **keys("why", caller="YES", own="YES"),
        },
        received=london(2026, 4, 8, 9, 0),
    )
    assert hate_case(report).incidents.count() == 2
    assert strands(report) == {"UNKNOWN_HATE"}
    assert not IncidentPair.objects.exists()


@pytest.mark.parametrize(("day", "next_day"), [(10, 10), (10, 11)], ids=["S09", "S10"])
def test_s09_and_s10_a_year_apart(story: Story, day: int, next_day: int) -> None:
    """A new hate case each time, with the earlier one there to be read.  Whether it is REPEAT
    (S09) or PATTERN (S10), the band and telling the manager come with their own issues; what
    they will read, when each was reported and happened, is asserted here.
    """
    k = story.tenant("Kim Solaris", story.home("2 Elm Rise"))

    def told(words: str, when: tuple[int, int, int]) -> Report:
        year, month, on = when
        return story.report(
            {
                **keys("who", person=k.reference),
                "incident-1.words": words,
                **keys("incident-1", types=["DAMAGE", "VERBAL"], place="VICTIM_HOME"),
                **keys("incident-1", day=str(on), month=str(month), year=str(year)),
                "incident-1.when_known": "EXACT",
                **keys("why", caller="YES", own="YES", strands=["RELIGION"]),
            },
            received=london(2025, 4, day, 9, 0) if year == 2025 else london(2026, 4, on, 9, 0),
        )

    first = told("Bottles at my window.", (2025, 4, 8))
    second = told("It has started again.", (2026, 4, next_day))
    assert hate_case(first) != hate_case(second)
    assert not IncidentPair.objects.exists()
    facts = [
        (report.received_at.date(), report.incident_links.get().incident.occurred_on)
        for report in (first, second)
    ]
    assert facts == [
        (date(2025, 4, 10), date(2025, 4, 8)),
        (date(2026, 4, next_day), date(2026, 4, next_day)),
    ]
    assert ClockKind.MANAGER_REVIEW in kinds(hate_case(second))


def test_s12_colleague_as_victim(story: Story) -> None:
    """Restricted from their own team and line; a manager outside it leads.  What HR may be told
    and tools by tenure come with permission and actions.
    """
    world = story.world
    west = world.team("West")
    outside = world.user(Role.CASE_MANAGER, team=west, name="Wren Adair")
    outside_officer = world.user(Role.HOUSING_OFFICER, team=west, name="Ola Finch")
    n_user = world.user(Role.HOUSING_OFFICER, team=story.team, name="Navin Brar")
    n = add_person(
        by=story.actor(story.handler), at=LONG_AGO, full_name="Navin Brar", is_colleague=True
    )
    declare_staff_link(
        by=story.actor(n_user), at=LONG_AGO, user=n_user, kind=LinkKind.SELF, person=n
    )
    report = story.report(
        {
            **keys("who", person=n.reference),
            "incident-1.words": "He shouted about my turban and raised his fist.",
            **keys("incident-1", types=["THREAT"], place="COLLEAGUE_SITE_VISIT"),
            **keys("why", caller="YES", own="YES", strands=["RELIGION", "RACE"]),
            **keys("harmed", role="COLLEAGUE"),
            **keys("respondent", described="The tenant of 8", customer="YES"),
        },
        received=london(2026, 3, 12, 14, 0),
    )
    case = hate_case(report)
    assert routes(report) == ["HATE"]
    assert strands(report) == {"RELIGION", "RACE"}
    assert case.restricted
    assert case.team == west
    assert ClockKind.WORKPLACE_PLAN in kinds(case)
    assert case.involvements.get(part=Part.VICTIM).victim_role == VictimRole.COLLEAGUE

    def sees(user: object) -> bool:
        return Case.objects.visible_to(story.actor(user)).filter(pk=case.pk).exists()  # type: ignore[arg-type]

    assert not sees(story.manager)
    assert not sees(story.officer)
    assert not sees(n_user)
    assert sees(outside)
    assert sees(story.director)
    assert case.conflicts.get(user=n_user).source == ConflictSource.SELF
    assert not Report.objects.visible_to(story.actor(story.manager)).exists()
    by, at = story.actor(outside), london(2026, 3, 12, 15, 0)
    # HR is told only if he agrees, and then the day alone is kept.
    part = case.involvements.get(part=Part.VICTIM)
    told = {"involvement": part, "kind": "HR_TOLD", "on": date(2026, 3, 12)}
    with pytest.raises(Refused, match="only with their permission"):
        record_part(by=by, at=at, **told)  # type: ignore[arg-type]
    assert record_part(by=by, at=at, agreed=True, words="He is upset.", **told).words == ""  # type: ignore[arg-type]
    # What tools there are goes by the respondent's own tenure, which is asked and kept.
    respondent = case.involvements.get(part=Part.RESPONDENT)
    assert (respondent.described_as, respondent.tenure) == ("The tenant of 8", "")
    late = "No course was run this spring."
    with pytest.raises(Refused, match="same team as a colleague"):
        allocate(by=by, at=at, case=case, lead=story.officer, reason=late)
    allocate(by=by, at=at, case=case, lead=outside_officer, reason=late)
    assert case.members.filter(why=Access.LEAD, user=outside_officer).exists()
    assert Holds.YES in case.incidents.get().perceptions.values_list("holds", flat=True)
