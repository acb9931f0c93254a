"""Raw SQL as the running application: no send but of what was approved (bar row 26)."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection

from cases.disclosures.models import Pack, PackFile, Send
from cases.partners.models import Agency
from cases.partners.unit_operations import change_unit
from tests.disclosures.deciding import desk_of
from tests.disclosures.packs import Packs, packs
from tests.world import World, by_hand

SEND = """
    INSERT INTO disclosures_send
        (pack_id, file_id, case_id, agency_id, door, seal, sent_by_id, sent_at)
    VALUES (%(pack)s, %(file)s, %(case)s, %(agency)s, %(door)s, %(seal)s, %(by)s, %(at)s)
"""
APPROVED = "second person has not approved"
AS_IT_STANDS = "the pack as it stands"


def by_sql(desk: Packs, sql: str, said: dict[str, Any] | None = None) -> None:
    """The statement as the running application, every deferred check made."""
    with by_hand(desk.now), connection.cursor() as cursor:
        cursor.execute(sql, said or None)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def refused(desk: Packs, sentence: str, sql: str = SEND, **said: Any) -> None:
    """The database refuses the statement in these words, and keeps nothing of it."""
    with pytest.raises(DatabaseError, match=sentence):
        by_sql(desk, sql, said)
    assert not Send.objects.exists()


def row(desk: Packs, pack: Pack, **other: Any) -> dict[str, Any]:
    """The row of an honest send of the pack, with something else in it."""
    file = PackFile.objects.get(pack=pack, version=pack.version)
    return {
        "pack": pack.pk,
        "file": file.pk,
        "case": desk.case.pk,
        "agency": pack.agency_id,
        "door": pack.door,
        "seal": file.seal,
        "by": desk.story.officer.pk,
        "at": desk.now,
        **other,
    }


def test_only_the_pack_as_it_stands_is_sent(world: World) -> None:
    desk = packs(world)
    pack, other = desk.ready(door="D7", about=None), desk.ready(door="D7", about=None)
    council = desk.asking.council.pk
    for lie in (
        {"seal": "0" * 64},
        {"agency": council},
        {"door": "D1"},
        {"file": PackFile.objects.get(pack=other).pk},
    ):
        refused(desk, AS_IT_STANDS, **row(desk, pack, **lie))
    desk.tell(pack, "FACTS", "Something else.")
    refused(desk, AS_IT_STANDS, **(row(desk, other) | {"pack": pack.pk}))
    by_sql(desk, SEND, row(desk, other))  # an honest one goes
    assert Send.objects.count() == 1


@pytest.mark.parametrize("door", ["D2", "D4", "D5", "D6"])
def test_nothing_goes_without_the_second_yes(world: World, door: str) -> None:
    desk = packs(world)
    pack = desk.ready(door=door, citation="An order")
    refused(desk, APPROVED, **row(desk, pack))


def test_nothing_goes_by_999_or_by_no_door(world: World) -> None:
    desk = packs(world)
    for door in ("D8", ""):
        refused(desk, "Nothing lets them be told", **row(desk, desk.ready(door=door)))


def test_nothing_goes_to_another_address(world: World) -> None:
    desk = packs(world)
    pack = desk.ready(door="D7", about=None)
    change_unit(
        by=desk.keeper,
        at=desk.now,
        contact=desk.ppu,
        unit=desk.ppu.unit,
        secure_email="other@police.example",
    )
    refused(desk, "Whom it goes to was changed", **row(desk, pack))
    desk.check(desk.ppu, desk.now)
    refused(desk, "Whom it goes to was changed", **row(desk, pack))


def test_the_police_are_told_only_what_the_director_approved(world: World) -> None:
    desk = desk_of(world)
    request = desk.asked()
    pack, told = request.pack, desk.packs
    refused(told, "The Director has not approved", **row(told, pack))
    desk.decide(request)
    late = {"at": told.story.at(days=9)}
    refused(told, "The Director has not approved", **row(told, Pack.objects.get(), **late))
    told.tell(Pack.objects.get(), "FACTS", "Another word.")
    again = Pack.objects.get()
    told.make(again)
    refused(told, "The Director has not approved", **row(told, again))


def test_nobody_but_the_police_is_told_so(world: World) -> None:
    desk = packs(world)
    pack = desk.ready(desk.safety, door="D3")
    refused(desk, "The Director has not approved", **row(desk, pack))
    assert Agency.objects.get(pk=pack.agency_id).kind != "POLICE"


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE disclosures_packfile SET content = content || '\\x20'::bytea",
        "UPDATE disclosures_packfile SET sha256 = repeat('0', 64)",
        "UPDATE disclosures_packfile SET recipient = '{}'::jsonb",
        "DELETE FROM disclosures_packfile",
        "TRUNCATE disclosures_packfile CASCADE",
        "DELETE FROM disclosures_pack",
        "DELETE FROM disclosures_packitem",
        "UPDATE disclosures_pack SET case_id = case_id + 1",
        "UPDATE disclosures_pack SET made_by_id = NULL",
        "UPDATE disclosures_pack SET state = 'READY' WHERE state = 'STOPPED'",
        "DELETE FROM disclosures_blocked",
        "UPDATE disclosures_blocked SET reasons = '{}'",
    ],
)
def test_what_was_made_and_refused_stays(world: World, sql: str) -> None:
    desk = packs(world)
    waits, stopped = desk.ready(), desk.ready()
    desk.send(waits)
    with by_hand(desk.now):
        Pack.objects.filter(pk=stopped.pk).update(state="STOPPED", stopped_why="x")
    refused(desk, "pgtrigger|never removed|null value|permission denied", sql)


def test_one_pack_goes_once(world: World) -> None:
    desk = packs(world)
    pack = desk.ready(door="D7", about=None)
    honest = row(desk, pack)
    desk.send(pack)
    for sql in (SEND, "UPDATE disclosures_send SET seal = repeat('0', 64)"):
        with pytest.raises(DatabaseError):
            by_sql(desk, sql, honest if sql == SEND else None)
    assert Send.objects.count() == 1
