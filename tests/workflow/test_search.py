"""Search: what is found, why, by whom, and what nothing anybody types can break."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.access import Actor, Role
from cases.audit.models import Access
from cases.casework import operations as ops
from cases.casework.choices import Part
from cases.casework.models import Case
from cases.people.operations import add_person, add_property, declare_staff_link
from cases.workflow import search_queries, search_ways
from cases.workflow.search_queries import search
from tests.workflow.making import make_case
from tests.world import World


@pytest.fixture
def staff(world: World) -> dict[str, Any]:
    world.policy()
    north, south = world.team("North"), world.team("South")
    return {
        "officer": world.user(Role.HOUSING_OFFICER, team=north, name="Dawn Mistry"),
        "manager": world.user(Role.CASE_MANAGER, team=north, name="Sunita Bhatt"),
        "director": world.user(Role.DIRECTOR_CO, name="Ruth Calloway"),
        "north": north,
        "south": south,
    }


@pytest.fixture
def manager(world: World, staff: dict[str, Any]) -> Actor:
    return world.actor(staff["manager"])


@pytest.fixture
def case(world: World, staff: dict[str, Any], manager: Actor) -> Case:
    at = world.now
    home = add_property(
        by=manager, at=at, address="14 Larkfield Court", town="Wellby", postcode="NN99 4QT"
    )
    victim = add_person(
        by=manager, at=at, full_name="Amara O'Séi-Boateng", phone="07700 900412", home=home
    )
    made = make_case(
        manager,
        at,
        victim=victim,
        home=home,
        team=staff["north"],
        words="Yesterday he spat at the pram and laughed about the colour of our skin.",
        crime_reference="22 000 481 516",
    )
    ops.add_note(by=manager, at=at, case=made, kind="CASE", text="The caretaker keeps a diary.")
    return made


def found(actor: Actor, text: str) -> dict[str, tuple[str, ...]]:
    return {hit.case.reference: hit.why for hit in search(actor, text).hits}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("laughs at colours", "Words of an account"),
        ("colour", "Words of an account"),
        ("caretaker diary", "Words of a note"),
        ("amara osei boateng", "Name"),
        ("Amara", "Name"),
        ("boateng", "Name"),
        ("larkfield", "Address"),
        ("14 Larkfield Court", "Address"),
        ("07700900412", "Phone"),
        ("+44 7700 900412", "Phone"),
        ("22000481516", "Police reference"),
        ("22 000481516", "Police reference"),
    ],
)
def test_each_way_of_finding_a_case(case: Case, manager: Actor, text: str, why: str) -> None:
    assert why in found(manager, text)[case.reference]


def test_a_reference_is_found_as_it_is_said(case: Case, manager: Actor) -> None:
    bare = case.reference.replace("-", " ").lower()
    assert found(manager, bare)[case.reference] == ("Reference",)
    person = case.victim.reference
    assert found(manager, person)[case.reference] == ("Reference",)


def test_the_number_of_a_house_is_that_number(case: Case, manager: Actor) -> None:
    assert case.reference in found(manager, "14 larkfeild court")
    assert found(manager, "4 Larkfield Court") == {}


def test_the_words_around_what_was_typed_are_shown(case: Case, manager: Actor) -> None:
    (hit,) = search(manager, "pram").hits
    assert [text for text, matched in hit.words if matched] == ["pram"]
    assert "spat at the" in "".join(text for text, _ in hit.words)


def test_only_what_the_actor_may_see_is_found_or_counted(
    world: World, staff: dict[str, Any], case: Case
) -> None:
    officer = world.actor(staff["officer"])
    nothing = search(officer, "pram")
    assert (nothing.total, nothing.hits, nothing.restricted) == (0, (), ())
    director = world.actor(staff["director"])
    assert search(director, "pram").total == 1


def test_a_conflict_hides_every_trace(
    world: World, staff: dict[str, Any], case: Case, manager: Actor
) -> None:
    at = world.now
    ops.restrict_case(by=manager, at=at, case=case, reason="A witness of it is at risk.", named=[])
    for who in ("officer", "director", "manager"):
        user = staff[who]
        declare_staff_link(
            by=world.actor(user), at=at, user=user, kind="RELATIVE", person=case.victim
        )
        ops.find_conflicts_of(by=world.actor(user), at=at, user=user)
        for text in ("pram", "amara", "larkfield", case.reference, "07700900412"):
            result = search(world.actor(user), text)
            assert (result.total, result.restricted) == (0, ()), (who, text)


def test_a_restricted_record_shows_only_as_a_place(
    world: World, staff: dict[str, Any], case: Case, manager: Actor
) -> None:
    officer = world.actor(staff["officer"])
    ops.restrict_case(
        by=manager,
        at=world.now,
        case=case,
        reason="A witness of it is at risk.",
        named=[staff["manager"]],
    )
    by_place = search(officer, "14 Larkfield Court")
    assert by_place.total == 0
    assert [record.place for record in by_place.restricted] == ["14 Larkfield Court"]
    page = world.client(staff["officer"]).post("/search/", {"text": "14 Larkfield Court"})
    text = page.content.decode()
    assert "A restricted record exists for 14 Larkfield Court." in text
    assert case.reference not in text
    assert "Amara" not in text
    for other in ("amara", "pram", case.reference, "22000481516"):
        assert search(officer, other).restricted == ()


def test_a_name_kept_apart_finds_nothing(
    world: World, staff: dict[str, Any], case: Case, manager: Actor
) -> None:
    third = add_person(by=manager, at=world.now, full_name="Trevor Holroyd", phone="07700 900777")
    ops.add_involvement(
        by=manager, at=world.now, case=case, part=Part.THIRD_PARTY, person=third, kept_apart=True
    )
    assert found(manager, "holroyd") == {}
    assert found(manager, "07700900777") == {}
    assert found(manager, third.reference) == {}


def test_what_was_typed_is_in_no_address_title_or_ledger(
    world: World, staff: dict[str, Any], case: Case
) -> None:
    client = world.client(staff["manager"])
    page = client.post("/search/", {"text": "spat at the pram"})
    assert page.status_code == 200
    body = page.content.decode()
    assert "<title>Search - Hate crime casework</title>" in body
    assert "pram" not in "".join(
        part for part in body.split('href="')[1:] for part in [part.split('"')[0]]
    )
    row = Access.objects.filter(what="workflow:search").latest("pk")
    assert row.count == 1
    assert row.subject_ids == [case.pk]
    assert row.purpose.startswith("search ")
    again = client.post("/search/", {"text": "  Spat at THE pram "})
    assert again.status_code == 200
    assert Access.objects.filter(what="workflow:search").latest("pk").purpose == row.purpose
    stored = " ".join(map(str, Access.objects.values_list()))
    assert "pram" not in stored


def test_pages_are_posts_with_right_totals(
    world: World, staff: dict[str, Any], manager: Actor
) -> None:
    for n in range(27):
        make_case(
            manager, world.now, name=f"Person {n}", team=staff["north"], words="a green bicycle"
        )
    client = world.client(staff["manager"])
    first = client.post("/search/", {"text": "bicycle"}).content.decode()
    assert "27 cases" in first
    assert "Showing 1 to 25 of 27 cases" in first
    second = client.post("/search/", {"text": "bicycle", "page": "2"}).content.decode()
    assert "Showing 26 to 27 of 27 cases" in second
    assert client.get("/search/?text=bicycle").content.decode().count("app-hit") == 0
    for odd in ("x", "-1", "0", "99999999999999999999", ""):
        page = client.post("/search/", {"text": "bicycle", "page": odd})
        assert page.status_code == 200


@pytest.fixture
def looks_at_two(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Only the two newest accounts and notes with a word are looked at first."""
    statements = search_ways.newest_matches._statement
    monkeypatch.setattr(search_ways, "NEWEST", 2)
    statements.cache_clear()
    yield
    statements.cache_clear()


def spat(world: World, staff: dict[str, Any], manager: Actor) -> list[str]:
    return [
        make_case(
            manager, world.now, name=f"Wei {n}", words="He spat.", team=staff["north"]
        ).reference
        for n in range(3)
    ]


def test_all_are_looked_at_where_the_newest_are_not_enough(
    world: World, staff: dict[str, Any], case: Case, manager: Actor, looks_at_two: None
) -> None:
    everybody = {case.reference, *spat(world, staff, manager)}
    assert set(found(world.actor(staff["director"]), "spat")) == everybody
    assert set(found(manager, "spat")) == everybody
    assert set(found(world.actor(staff["director"]), "caretaker")) == {case.reference}


def test_of_too_many_the_newest_are_shown(
    world: World,
    staff: dict[str, Any],
    manager: Actor,
    looks_at_two: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    newest = spat(world, staff, manager)[-1]
    director = world.actor(staff["director"])
    monkeypatch.setattr(search_queries, "MOST", 1)
    with CaptureQueriesContext(connection) as asked:
        said = search(director, "spat")
    assert said.more
    assert [hit.case.reference for hit in said.hits] == [newest]
    assert len(asked) == 3  # the matches, once; the cases; the words


def test_the_number_of_queries_does_not_grow(
    world: World, staff: dict[str, Any], manager: Actor
) -> None:
    client = world.client(staff["manager"])

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.post("/search/", {"text": "bicycle"})
        transaction = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
        return len([q for q in captured if not q["sql"].startswith(transaction)])

    make_case(manager, world.now, team=staff["north"], words="a green bicycle")
    client.get("/search/")
    one = queries()
    for n in range(30):
        make_case(
            manager, world.now, name=f"Person {n}", team=staff["north"], words="a red bicycle"
        )
    assert queries() == one
    assert one <= 12


@pytest.mark.parametrize("text", ["", "  ", "ab", "%%%", "---", "\0\0\0\0"])
def test_too_little_is_said_at_the_box(world: World, staff: dict[str, Any], text: str) -> None:
    page = world.client(staff["manager"]).post("/search/", {"text": text})
    body = page.content.decode()
    assert page.status_code == 200
    assert "<title>Error: Search" in body
    assert 'href="#id_text"' in body


ODD = [
    *(
        "- " * 90 + "abc",
        "or " * 60,
        '"' * 150 + "abc",
        "-" * 190 + "a b c",
        '"a b" -' * 25,
        "!&|:*" * 30 + "x y z",
    ),
    *(
        "a/b/c",
        "O'Neill's",
        '"quoted words"',
        "fish & chips",
        "100% sure",
        "snake_case",
        "back\\slash",
    ),
    *(
        "(brackets",
        "a:* | b & !c",
        "x <-> y",
        "😀😀😀 smile",
        "ﬁne ﬂour",
        "<script>alert(1)</script>",
    ),
    *(
        "NUL\0inside",
        "' OR 1=1 --",
        "ا ل ع ر ب ي ة",
        "a" * 200,
        "-" * 50 + "abc",
        "http://a.example/b?c=d",
    ),
]


@pytest.mark.parametrize("text", ODD)
def test_nothing_anybody_types_breaks_it(
    world: World, staff: dict[str, Any], case: Case, text: str
) -> None:
    page = world.client(staff["manager"]).post("/search/", {"text": text})
    assert page.status_code == 200
    assert b"<script>alert" not in page.content


def test_what_is_odd_is_found_as_it_was_said(
    world: World, staff: dict[str, Any], manager: Actor
) -> None:
    said = "He wrote 50%_off\\ (really) \"go home\" & 'leave' 😀 on /our/ door."
    case = make_case(manager, world.now, team=staff["north"], words=said)
    for text in ("50%_off", "(really)", '"go home"', "'leave'", "/our/ door", "go & home"):
        assert case.reference in found(manager, text), text


def test_a_megabyte_is_refused_kindly(world: World, staff: dict[str, Any]) -> None:
    page = world.client(staff["manager"]).post("/search/", {"text": "word " * 250_000})
    assert page.status_code in (200, 413)
    assert b"Traceback" not in page.content


def test_a_very_long_account_can_be_kept_and_found(
    world: World, staff: dict[str, Any], manager: Actor
) -> None:
    """A search document holds a megabyte at most: a longer account is kept all the same."""
    words = " ".join(f"word{n}é" for n in range(120_000))
    case = make_case(manager, world.now, team=staff["north"], words="unmistakable " + words)
    assert case.reference in found(manager, "unmistakable")


@settings(
    max_examples=60,
    deadline=timedelta(seconds=5),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(text=st.text(min_size=3, max_size=60).filter(lambda text: "\0" not in text))
def test_any_text_at_all_is_an_answer(
    world: World, staff: dict[str, Any], manager: Actor, text: str
) -> None:
    result = search(manager, text.encode("utf-8", "ignore").decode())
    assert result.total >= 0


def test_it_is_for_those_who_search(world: World, staff: dict[str, Any]) -> None:
    auditor = world.user(Role.AUDITOR)
    assert world.client(auditor).get("/search/").status_code == 403
    assert world.client(auditor).post("/search/", {"text": "pram"}).status_code == 403
    assert world.client().get("/search/").status_code == 302
