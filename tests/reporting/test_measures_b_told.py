"""What single stories come to: doors and decisions, age alone, reviews told, a worked ratio."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from cases.casework import operations as casework
from cases.casework.choices import Part
from cases.disclosures.emergency_operations import record_emergency
from cases.disclosures.watching import watch
from cases.referrals.review_operations import tell_review
from cases.reporting.catalogue import BY_CODE
from cases.reporting.input_operations import count_residents
from cases.reporting.measure import MONTH, Asked, Line
from cases.reporting.measures.equality import gaps
from cases.reporting.periods import month_of
from cases.reporting.values import Absent, Count, Days, Middle, Rate, Ratio, Share, Value
from tests.casework.story import tell
from tests.disclosures.deciding import desk_of
from tests.disclosures.packs import sent
from tests.repeats.telling import Telling, moment
from tests.reporting.behind import same_as_behind
from tests.reporting.beside_hand import compare
from tests.scenarios.story import Story, keys, london
from tests.world import World

NOVEMBER = month_of(date(2026, 11, 1))
LATER = datetime(2026, 12, 20, 9, 0, tzinfo=moment("2026-12-20").tzinfo)


def november(code: str, entity: str = "") -> dict[str, Value]:
    """The figures of a measure for November 2026, held to the rows behind them."""
    asked = Asked.of_month(NOVEMBER, LATER, entity)
    same_as_behind(BY_CODE[code], asked)
    compare(asked, [code])
    return {line.key: line.values[MONTH] for line in BY_CODE[code].lines(asked)}


def test_doors_decisions_and_their_time(world: World) -> None:
    desk = desk_of(world)
    sent(desk.packs.send(desk.packs.ready(desk.packs.safety, door="D7")))
    first = desk.asked()
    desk.decide(first, verdict="DECLINE", at=desk.now + timedelta(hours=3))
    second = desk.asked(at=desk.now + timedelta(hours=4))
    desk.decide(second, at=desk.now + timedelta(hours=5))
    sent(desk.send(second, at=desk.now + timedelta(hours=6)))
    third = desk.asked(at=desk.now + timedelta(hours=7))
    desk.decide(third, at=desk.now + timedelta(hours=7, minutes=30))
    watch(desk.now + timedelta(days=4))
    desk.asked(at=desk.now + timedelta(days=5))
    rung = desk.now + timedelta(hours=1)
    record_emergency(
        by=desk.lead,
        at=rung + timedelta(hours=1),
        case=desk.case,
        rung_at=rung,
        rung_by="Dawn",
        why="He stood at the door with petrol.",
        said="The address.",
    )
    found = november("M18")
    numbers = {
        key: value.number
        for key, value in found.items()
        if isinstance(value, Count) and value.number
    }
    assert numbers == {
        "asked": 4,
        "approved": 2,
        "declined": 1,
        "lapsed": 1,
        "called": 1,
        "door-D3": 1,
        "door-D7": 1,
        "door-D8": 1,
    }
    assert found["time"] == Middle(pytest.approx(1.0), 3)  # 3 hours, 1 hour, half an hour


def test_age_alone_stands_in_the_strands(world: World) -> None:
    """S19: a full policy case, on the line of age and on no other."""
    story = Story(world)
    v = story.tenant("Vera Plum", story.home("1 Chapel Lane"))
    story.report(
        {
            **keys("who", person=v.reference),
            "incident-1.words": "Youths outside call me a burden.",
            **keys("incident-1", types=["VERBAL", "THREAT"], place="COMMUNAL_OUTSIDE"),
            **keys("why", caller="YES", strands=["AGE"], own="YES"),
            "why.basis.AGE": "ACTUAL",
        },
        received=london(2026, 11, 17, 16, 0),
    )
    found = november("M30")
    assert found["AGE"] == Share(1, 1)
    counting = {key for key, value in found.items() if isinstance(value, Share) and value.number}
    assert counting == {"AGE", "one"}
    kinds = november("M31")
    counted = {key for key, value in kinds.items() if value == Count(1)}
    assert counted == {
        "type-THREAT",
        "location-COMMUNAL_OUTSIDE",
        "tenure-ASSURED",
        "entity-UNKNOWN",
        "area-UNKNOWN",
        "channel-PHONE_INBOUND",
    }


def test_reports_of_an_age_for_each_thousand_residents(world: World) -> None:
    story = Story(world)
    home = story.home("1 Chapel Lane")
    old = story.with_them(story.tenant("Vera Plum", home), "Otto Plum", "SPOUSE", date(1940, 5, 1))
    for day in (17, 18):
        story.report(
            {
                **keys("who", person=old.reference),
                "incident-1.words": "They call me names.",
                **keys("incident-1", types=["VERBAL"], place="COMMUNAL_OUTSIDE"),
                **keys("why", caller="YES", strands=["AGE"], own="YES"),
            },
            received=london(2026, 11, day, 16, 0),
        )
    assert isinstance(november("M34")["FROM_65"], Absent)
    enter(world, FROM_65=4000, UNDER_25=9000)
    found = november("M34")
    assert found["FROM_65"] == Rate(2, 4000)
    assert found["UNDER_25"] == Rate(0, 9000)
    assert isinstance(found["FROM_25"], Absent)


def test_case_reviews_told_of_those_found_eligible(world: World) -> None:
    told = tell(world).allocated()
    for day in (10, 12):
        told.add_incident(occurred_on=date(2026, 11, day))
    facts = {"by": told.lead, "case": told.case, "about": told.victim}
    tell_review(**facts, at=told.at(days=1), told=False, words="Not safe to ring yet.")
    assert november("M29") == {"told": Share(0, 1)}
    tell_review(**facts, at=told.at(days=2), told=True, words="")
    assert november("M29") == {"told": Share(1, 1)}


def enter(world: World, **groups: int) -> None:
    """So many residents of each age, an older count first, and one of after the month."""
    by = world.actor(world.user("CASE_MANAGER"))  # type: ignore[arg-type]
    for on, times in ((date(2025, 1, 1), 2), (date(2026, 11, 30), 1), (date(2026, 12, 1), 3)):
        for group, number in groups.items():
            count_residents(
                by=by,
                at=LATER,
                entity=None,
                characteristic="AGE",
                group=group,
                residents=times * number,
                counted_on=on,
                source="The housing system.",
            )


def harm(telling: Telling, number: int, born: date | None) -> None:
    for each in range(number):
        person = telling.person(f"Person {born} {each}", date_of_birth=born)
        telling.incident(person, "2026-11-10")


def test_a_ratio_worked_by_hand(world: World) -> None:
    """6 of 1,000 young residents and 5 of 9,000 others were harmed.

    6 / 1,000 = 0.006, 5 / 9,000 = 0.000556: 10.8 times as likely.  The spread is
    1.96 x sqrt(1/6 - 1/1000 + 1/5 - 1/9000) = 1.96 x sqrt(0.365556) = 1.185032, so the range is
    10.8 / 3.270792 = 3.30 to 10.8 x 3.270792 = 35.32.
    """
    telling = Telling(world)
    harm(telling, 6, date(2001, 12, 1))  # 24 on the last day of November
    harm(telling, 5, date(2001, 11, 30))  # 25 on that very day
    harm(telling, 4, None)
    enter(world, UNDER_25=1000, FROM_25=5000, FROM_45=4000)
    found = november("M32")
    assert found["UNDER_25"] == Ratio(6, 1000, 5, 9000)
    ratio = found["UNDER_25"]
    assert isinstance(ratio, Ratio)
    assert ratio.ratio == pytest.approx(10.8)
    assert ratio.interval == pytest.approx((3.302, 35.325), abs=0.001)
    assert found["known"] == Share(11, 15)
    assert isinstance(found["FROM_45"], Absent)


def test_no_ratio_where_few_ages_are_known_or_nobody_counted(world: World) -> None:
    telling = Telling(world)
    harm(telling, 5, date(2001, 12, 1))
    harm(telling, 5, date(1990, 1, 1))
    assert isinstance(november("M32")["UNDER_25"], Absent)
    enter(world, UNDER_25=1000, FROM_25=5000)
    assert isinstance(november("M32")["UNDER_25"], Ratio)
    harm(telling, 7, None)  # now 10 of 17
    assert isinstance(november("M32")["UNDER_25"], Absent)


def test_somebody_harmed_twice_is_one_person_and_a_joined_record_too(world: World) -> None:
    telling = Telling(world)
    one = telling.person("Amara Osei", date_of_birth=date(2001, 12, 1))
    telling.incident(one, "2026-11-10")
    telling.incident(one, "2026-11-12")
    found = november("M32")
    assert found["known"] == Share(1, 1)
    again = november("M20")
    assert (again["repeat"], again["people"]) == (Share(1, 2), Count(1))


def test_a_gap_in_service_between_ages() -> None:
    lines = [
        Line("contact-UNDER_25", "", {MONTH: Share(6, 10)}),
        Line("contact-FROM_25", "", {MONTH: Share(9, 10)}),
        Line("contact-FROM_45", "", {MONTH: Share(1, 2)}),
        Line("contact-UNKNOWN", "", {MONTH: Share(0, 90)}),
    ]
    found = gaps(lines, MONTH)
    young = found["contact-UNDER_25"]
    assert young is not None
    assert (young.points, young.flagged) == (Decimal("-23.3"), True)
    assert found["contact-FROM_45"] is None


def test_patterns_are_numbers_alone(world: World) -> None:
    """One respondent against two people, one place three times; and no list of whom."""
    telling = Telling(world)
    alleged, home = telling.person("Alleged One"), telling.home()
    for day, name in (("2026-11-03", "Ann"), ("2026-11-05", "Bea"), ("2025-10-05", "Cy")):
        incident = telling.incident(telling.person(name), day, place=home)
        assert incident.case is not None
        casework.add_involvement(
            **telling.doing(incident.recorded_at),
            case=incident.case,
            part=Part.RESPONDENT,
            person=alleged,
        )
    assert BY_CODE["M25"].behind is None
    found = november("M25")
    assert found == {
        "either": Count(1),
        "incidents": Count(1),
        "victims": Count(1),
        "places": Count(0),  # the third was more than 12 months before
    }
    telling.incident(telling.person("Dee"), "2025-12-01", place=home)
    assert november("M25")["places"] == Count(1)


def test_two_described_respondents_are_never_taken_for_one(world: World) -> None:
    telling = Telling(world)
    for day in ("2026-11-03", "2026-11-05"):
        incident = telling.incident(telling.person(f"Ann {day}"), day)
        assert incident.case is not None
        casework.add_involvement(
            **telling.doing(incident.recorded_at),
            case=incident.case,
            part=Part.RESPONDENT,
            described_as="The man at number 16",
        )
    assert november("M25")["either"] == Count(0)


@pytest.mark.parametrize(
    ("received", "lines"),
    [
        ("2026-08-31", (1, 0)),  # 91 days before the last day of November
        ("2026-09-01", (0, 0)),  # 90 days: not more
        ("2026-06-02", (1, 1)),  # 181 days
        ("2026-06-03", (1, 0)),
    ],
)
def test_open_more_than_ninety_days(world: World, received: str, lines: tuple[int, int]) -> None:
    telling = Telling(world)
    telling.incident(telling.person("Ann"), received)
    found = november("M26")
    assert (found["over-90"], found["over-180"]) == tuple(map(Count, lines))


def test_the_policy_is_late_for_its_review(world: World) -> None:
    version = world.policy()
    left = (version.review_on - date(2026, 11, 30)).days
    found = november("M40")
    assert (found["to"], found["after"]) == (Days(max(left, 0)), Days(max(-left, 0)))
    assert left < 0
