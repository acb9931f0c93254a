"""Attacks on joined records and on imports: races, unsafe addresses, rows made to deceive."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, transaction
from django.http import HttpResponse
from django.test import RequestFactory
from psycopg.errors import DeadlockDetected

from cases.access import Grant, Role, job
from cases.audit.pages import again_if_undone, page
from cases.casework.choices import Holds
from cases.people import operations
from cases.people.importing import import_files
from cases.people.models import Merge, NotSame, Person, SourceKey, UnsafeDetail
from tests.people.folk import Folk
from tests.people.source_files import HEADERS, write
from tests.repeats.telling import Telling
from tests.security.test_two_at_once import at_once
from tests.world import World


def row(kind: str, **values: str) -> list[str]:
    return [values.get(name, "") for name in HEADERS[kind]]


def bring_in(folder: Path, kind: str, *rows: list[str]) -> Any:
    file = write(folder / f"{kind}.csv", kind, rows)
    [run] = import_files([file], by=job("import_people"), system="orchard")
    return run


def amara(folder: Path, **more: str) -> Any:
    return bring_in(
        folder, "PERSON", row("PERSON", person_key="P1", full_name="Amara Osei", **more)
    )


@pytest.fixture
def folk(world: World) -> Folk:
    return Folk(world)


def of(kind: str, key: str) -> int:
    return SourceKey.objects.get(kind=kind, key=key).subject_id


# -------------------------------------------------------------------------------- imports


def test_what_a_joined_record_called_unsafe_does_not_come_back(tmp_path: Path, folk: Folk) -> None:
    amara(tmp_path)
    stays, goes = Person.objects.get(pk=of("PERSON", "P1")), folk.person("Amara Osei")
    UnsafeDetail.objects.create(
        person=goes, kind="phone", value="07700 900111", since=folk.world.now
    )
    operations.merge_people(**folk.doing, survivor=stays, loser=goes)
    run = amara(tmp_path, phone="07700 900111")
    stays.refresh_from_db()
    assert stays.phone == ""
    assert run.held == 1


def test_no_row_moves_somebody_back_to_where_it_is_not_safe(tmp_path: Path, folk: Folk) -> None:
    """Neither as a tenant nor as one of the household: somebody asks them first (domain 7.8)."""
    home = row("PROPERTY", property_key="H1", address="14 Larkfield Court", town="Wellby")
    bring_in(tmp_path, "PROPERTY", home)
    amara(tmp_path)
    person = Person.objects.get(pk=of("PERSON", "P1"))
    UnsafeDetail.objects.create(
        person=person, kind="home", home_id=of("PROPERTY", "H1"), since=folk.world.now
    )
    where = {"property_key": "H1", "person_key": "P1"}
    tenancy = {**where, "tenancy_key": "T1", "tenure": "ASSURED", "starts": "2026-03-01"}
    member = {
        **where,
        "member_key": "M1",
        "household_key": "T1",
        "relation": "OTHER_OCCUPANT",
        "moved_in": "2026-03-01",
    }
    for kind, said, ends in (("TENANCY", tenancy, "ends"), ("MEMBER", member, "moved_out")):
        run = bring_in(tmp_path, kind, row(kind, **said))
        assert (run.added, run.refused) == (0, 1), kind
        assert run.notes.get().column == "property_key"
        assert "not safe" in run.notes.get().reason
        # What is over moves nobody.
        run = bring_in(tmp_path, kind, row(kind, **{**said, ends: "2026-04-01"}))
        assert (run.added, run.refused) == (1, 0), kind


def test_the_rest_of_an_endless_line_is_no_row(tmp_path: Path, folk: Folk) -> None:
    """Ten million letters and then a person, on what is one line of the file."""
    head = ",".join(HEADERS["PERSON"])
    extra = "," * (len(HEADERS["PERSON"]) - 2)
    hidden = f"P9,Nobody Real{extra}"
    line = "P1," + "x" * (100_000 * 100 - 3) + hidden
    file = tmp_path / "people.csv"
    file.write_text(f"{head}\n{line}\nP2,Kofi Osei{extra}\n", encoding="utf-8")
    [run] = import_files([file], by=job("import_people"), system="orchard")
    assert list(Person.objects.values_list("full_name", flat=True)) == ["Kofi Osei"]
    assert (run.added, run.refused) == (1, 1)
    assert run.notes.get().line == 2


@pytest.mark.parametrize(
    "said",
    [
        'P1,"' * 400_000,
        "P1,=HYPERLINK(1)\0" + "," * 7,
        "P1,\ud800".encode("utf-16", "surrogatepass").decode("utf-16-le", "replace"),
        "=cmd|' /C calc'!A0,Amara Osei" + "," * 7,
        ('"' + "\n") * 5000,
    ],
)
def test_no_file_breaks_the_import(tmp_path: Path, folk: Folk, said: str) -> None:
    file = tmp_path / "people.csv"
    file.write_text(",".join(HEADERS["PERSON"]) + "\n" + said, encoding="utf-8", newline="")
    [run] = import_files([file], by=job("import_people"), system="orchard")
    client = folk.world.client(folk.world.user(Role.SYSADMIN))
    for rest in ("", "rows.csv"):
        page = client.get(f"/people/imports/{run.pk}/{rest}")
        assert page.status_code == 200
        for line in page.content.decode().splitlines() if rest else ():
            assert not any(part.startswith(("=", "+", "@")) for part in line.split(","))
    assert folk.world.client(folk.user).get(f"/people/imports/{run.pk}/").status_code == 403


# ---------------------------------------------------------------------------------- races


def managers(world: World) -> list[Any]:
    return [world.client(world.user(Role.CASE_MANAGER, team=world.team())) for _ in range(2)]


def joining(client: Any, survivor: Person, loser: Person) -> Callable[[], int]:
    address = f"/people/{survivor.reference}/join/{loser.reference}/"
    return lambda: client.post(address, {"do": "join", "sure": "yes"}).status_code


def test_of_two_who_join_each_into_the_other_one_is_told(own_world: World) -> None:
    folk, clients = Folk(own_world), managers(own_world)
    for number in range(5):
        one, other = (folk.person(f"Amara Osei {number}") for _ in range(2))
        answers = at_once(joining(clients[0], one, other), joining(clients[1], other, one))
        assert set(answers) <= {302, 200}, answers
        assert Merge.objects.filter(survivor__in=[one, other]).count() == 1
        pointing = Person.objects.filter(pk__in=[one.pk, other.pk], merged_into__isnull=False)
        assert pointing.count() == 1


def test_joining_in_a_ring_is_answered_in_words(own_world: World) -> None:
    """Records that each are joined to the next at once, one with an older record behind it."""
    folk = Folk(own_world)
    clients = [*managers(own_world), *managers(own_world)]
    for number in range(8):
        crowd = [folk.person(f"Ring {number} {name}") for name in ("a", "b", "c", "d")]
        operations.merge_people(**folk.doing, survivor=crowd[3], loser=crowd[0])
        pairs = zip(clients, ((1, 3), (3, 2), (1, 2), (2, 3)), strict=True)
        work = [joining(client, crowd[one], crowd[other]) for client, (one, other) in pairs]
        answers = at_once(*work)
        assert set(answers) <= {302, 200}, answers
        people = Person.objects.filter(pk__in=[person.pk for person in crowd])
        assert not people.filter(merged_into__merged_into__isnull=False).exists()


def test_two_who_find_them_not_the_same_at_once_are_both_thanked(own_world: World) -> None:
    folk, clients = Folk(own_world), managers(own_world)
    for number in range(5):
        one, other = (folk.person(f"Not Same {number}") for _ in range(2))
        address = f"/people/{one.reference}/join/{other.reference}/not-the-same/"
        answers = at_once(*[partial(pressed, client, address) for client in clients])
        assert answers == [302, 302]
        assert NotSame.objects.filter(one=one).count() == 1


def pressed(client: Any, address: str) -> int:
    return int(client.post(address).status_code)


def test_a_view_told_while_its_people_are_joined_or_changed_is_kept(own_world: World) -> None:
    """Whoever holds somebody's record waits for nobody who only points at it; of two who wait
    for each other one is undone and done again, as a page does it.
    """
    telling = Telling(own_world)
    for number in range(8):
        one, other = (telling.person(f"Amara Osei {number}") for _ in range(2))
        telling.incident(one, "2026-03-03")
        telling.incident(other, "2026-04-03")
        later = telling.incident(one, "2026-11-18", holds=Holds.NOT_SURE)
        doing = telling.doing("2026-11-19")
        join = partial(operations.merge_people, **doing, survivor=one, loser=other)
        rename = partial(operations.change_person, **doing, person=one, full_name="Amara Ossei")
        done = at_once(
            partial(again_if_undone, partial(telling.view, later, one)),
            partial(again_if_undone, join),
            partial(again_if_undone, rename),
        )
        assert all(done), done


def test_of_two_forms_that_wait_for_each_other_both_are_done(own_world: World) -> None:
    """PostgreSQL undoes one of the two; it is done again instead of sent back as an outage."""
    people = Folk(own_world)
    user = own_world.user(Role.CALL_HANDLER)
    rows = [people.person(f"Deadlock {name}") for name in "ab"]
    met, tries = threading.Barrier(2), []

    @page(Grant.TAKE_REPORT, methods=("POST",))
    def lock_both(request: Any, order: tuple[int, int]) -> HttpResponse:
        tries.append(order)
        with transaction.atomic():
            Person.objects.select_for_update().get(pk=rows[order[0]].pk)
            if len(tries) <= 2:
                met.wait(timeout=20)
            Person.objects.select_for_update().get(pk=rows[order[1]].pk)
        return HttpResponse("done")

    def post(order: tuple[int, int]) -> int:
        request: Any = RequestFactory().post("/")
        request.actor, request.resolver_match = own_world.actor(user), None
        return lock_both(request, order).status_code

    assert at_once(partial(post, (0, 1)), partial(post, (1, 0))) == [200, 200]
    assert len(tries) > 2  # so one was undone, and done again


def test_a_form_half_kept_is_not_done_again(own_world: World) -> None:
    """What its first operation kept would be kept twice."""
    user = own_world.user(Role.CALL_HANDLER)

    @page(Grant.TAKE_REPORT, methods=("POST",))
    def add_then_fall(request: Any) -> HttpResponse:
        operations.add_person(by=request.actor, at=own_world.now, full_name="Once Only")
        raise OperationalError from DeadlockDetected()

    request: Any = RequestFactory().post("/")
    request.actor, request.resolver_match = own_world.actor(user), None
    with pytest.raises(OperationalError):
        add_then_fall(request)
    assert Person.objects.filter(full_name="Once Only").count() == 1
