"""Which earlier accounts are set beside a new one, and that looking for them stays cheap."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q, QuerySet
from django.test.utils import CaptureQueriesContext

from cases.audit.ledger import operation, unchanged
from cases.casework.models import Incident, IncidentPair
from cases.intake.choices import Door
from cases.intake.operations import find_pairs, find_pairs_of
from cases.people.choices import MemberRelation
from cases.people.models import Household, Person
from tests.scenarios.story import Story, keys, london
from tests.world import World

RECEIVED = london(2026, 3, 2, 9, 10)
LATER = RECEIVED + timedelta(hours=3)


def told(**more: Any) -> dict[str, Any]:
    return {
        **keys("who", person="new", full_name="Ada Poole"),
        **keys("incident-1", words="He shouted.", types=["VERBAL"], place="COMMUNAL_INSIDE"),
        **keys("why", caller="YES", own="YES"),
        **more,
    }


@pytest.fixture
def story(world: World) -> Story:
    return Story(world)


@pytest.fixture
def gita(story: Story) -> Person:
    return story.tenant("Gita Abrams", story.home("31 Fen House", "NN98 1AB"))


def pairs() -> list[tuple[int, int]]:
    return list(IncidentPair.objects.order_by("pk").values_list("first_id", "second_id"))


def by_them(person: Person, **more: Any) -> dict[str, Any]:
    return told(**{**keys("who", person=person.reference), **more})


def test_a_stranger_is_beside_nobody(story: Story, gita: Person) -> None:
    story.report(by_them(gita), received=RECEIVED)
    story.report(told(), received=LATER)
    assert pairs() == []


def test_somebody_of_the_same_household(story: Story, gita: Person) -> None:
    brother = story.with_them(gita, "Ravi Abrams", MemberRelation.OTHER_OCCUPANT, date(1990, 1, 1))
    assert Household.objects.filter(memberships__person=brother).exists()
    story.report(by_them(gita), received=RECEIVED)
    story.report(by_them(brother), received=LATER)
    assert len(pairs()) == 1


def test_another_victim_of_the_same_case(story: Story, gita: Person) -> None:
    brother = story.with_them(gita, "Ravi Abrams", MemberRelation.OTHER_OCCUPANT, date(1990, 1, 1))
    story.report(
        by_them(gita, **keys("incident-1", types=["DAMAGE", "VERBAL"], place="VICTIM_HOME")),
        received=RECEIVED,
    )
    story.report(
        {
            **told(**keys("incident-1", types=["DAMAGE"])),
            **keys("harmed", person=brother.reference),
        },
        received=LATER,
        door=Door.THIRD_PARTY,
    )
    assert len(pairs()) == 1


@pytest.mark.parametrize(("day", "found"), [(1, 1), (2, 0)])
def test_a_day_apart_and_no_more(story: Story, gita: Person, day: int, found: int) -> None:
    dated = {"when_known": "EXACT", "day": "1", "month": "3", "year": "2026"}
    story.report(by_them(gita, **keys("incident-1", **dated)), received=RECEIVED)
    story.report(by_them(gita), received=london(2026, 3, 1 + day, 12, 0))
    assert len(pairs()) == found


def test_looking_again_finds_nothing_new(story: Story, gita: Person) -> None:
    story.report(by_them(gita), received=RECEIVED)
    again = story.report(by_them(gita), received=LATER)
    by = story.actor(story.handler)
    assert len(pairs()) == 1
    assert find_pairs(by=by, at=LATER, report=again) == []
    both = Incident.objects.values_list("pk", flat=True)
    assert find_pairs_of(by=by, at=LATER, incidents=list(both)) == []


def test_two_records_of_one_person_joined_later(story: Story, gita: Person) -> None:
    """Reported under two records a few hours apart: nothing joins them until the records are."""
    story.report(by_them(gita), received=RECEIVED)
    other = story.report(told(), received=LATER)
    assert pairs() == []
    by = story.actor(story.handler)
    assert other.victim is not None
    Person.objects.filter(pk=other.victim.pk).update(merged_into=gita)
    incident = Incident.objects.latest("pk")
    found = find_pairs_of(by=by, at=LATER, incidents=[incident.pk])
    assert [pair.second for pair in found] == [incident]
    assert len(pairs()) == 1
    third = story.report(by_them(gita), received=LATER + timedelta(hours=1))
    assert IncidentPair.objects.filter(second__report_links__report=third).count() == 2


def test_nothing_is_read_whole_to_find_them(story: Story, gita: Person) -> None:
    """An OR across tables once read every incident: 70 ms at ten thousand cases."""
    story.report(by_them(gita), received=RECEIVED)
    second = story.report(by_them(gita), received=LATER)

    @operation
    def look(*, by: Any, at: Any) -> None:
        unchanged()
        find_pairs(by=by, at=at, report=second)

    with CaptureQueriesContext(
        connection,
    ) as asked:
        look(by=story.actor(story.handler), at=LATER)
    reads = [row["sql"] for row in asked.captured_queries if row["sql"].startswith("SELECT")]
    looked_for = [sql.rpartition(" ORDER BY ")[0] or sql for sql in reads if "UNION" in sql]
    assert looked_for
    for sql in looked_for:  # in no order, which a handful of rows are read whole for
        assert not read_whole(sql), sql


def read_whole(sql: str) -> list[str]:
    """The tables a query would read from end to end, when it need not."""
    with connection.cursor() as cursor:
        # Few rows are read whole in any case, by an index too; told not to, only what no index
        # answers still is: a bitmap is always made of a condition.
        for way in ("seqscan", "indexscan", "indexonlyscan", "hashjoin", "mergejoin"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}")
        ((plan,),) = cursor.fetchall()
    found, nodes = [], [plan[0]["Plan"]]
    while nodes:
        node = nodes.pop()
        nodes += node.get("Plans", [])
        kind = node["Node Type"]
        looks = kind == "Bitmap Heap Scan" or "Index Cond" in node
        if "Relation Name" in node and not looks:
            found.append(f"{kind} of {node['Relation Name']}")
    return found


def test_an_or_across_tables_would_be_noticed(story: Story, gita: Person) -> None:
    either = Q(case__victim=gita) | Q(place=gita.home) | Q(report_links__report__victim=gita)
    assert read_whole(inlined(Incident.objects.filter(either))) != []


def inlined(rows: QuerySet[Any]) -> str:
    with CaptureQueriesContext(connection) as asked:
        list(rows)
    return asked.captured_queries[-1]["sql"]
