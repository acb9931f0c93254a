"""Sending while the yes is taken back, the address changes or a word changes, all at once."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from cases.access import Refused
from cases.consent.operations import withdraw_permission
from cases.disclosures import gate, pack_operations
from cases.disclosures.choices import PackState
from cases.disclosures.models import Blocked, Pack, PackFile, Send
from cases.partners.models import AgencyContact
from cases.partners.unit_operations import change_unit
from tests.casework.test_races import at_once
from tests.disclosures.packs import Packs, packs
from tests.world import World

ROUNDS = 3


def meanwhile(desk: Packs, what: str, pack: Pack) -> Any:
    if what == "taken back":
        return withdraw_permission(
            by=desk.lead,
            at=desk.now,
            about=desk.story.victim,
            agency=pack.agency,
            scopes=["FACTS"],
            how="PHONE",
        )
    if what == "a word":
        return pack_operations.set_item(
            by=desk.story.boss, at=desk.now, pack=pack, field="FACTS", text="Something else."
        )
    unit = AgencyContact.objects.get(pk=desk.ppu.pk)
    return change_unit(
        by=desk.keeper,
        at=desk.now,
        contact=unit,
        unit=unit.unit,
        secure_email=f"v{pack.pk}@police.example",
    )


@pytest.mark.parametrize("what", ["taken back", "a word", "the address"])
def test_it_goes_as_it_was_or_not_at_all(own_world: World, what: str) -> None:
    desk = packs(own_world)
    for _ in range(ROUNDS):
        desk.asking.ask({"FACTS": "GIVEN"}, again="RAISED")
        desk.check(AgencyContact.objects.get(pk=desk.ppu.pk), desk.now)
        desk.ppu = AgencyContact.objects.select_related("agency").get(pk=desk.ppu.pk)
        pack = desk.ready()
        file = PackFile.objects.get(pack=pack)
        both = threading.Barrier(2)

        def send(pk: int = pack.pk, both: threading.Barrier = both) -> Any:
            row = Pack.objects.get(pk=pk)
            both.wait()
            return gate.send_pack(by=desk.lead, at=desk.now, pack=row)

        def change(pk: int = pack.pk, both: threading.Barrier = both) -> Any:
            row = Pack.objects.get(pk=pk)
            both.wait()
            return meanwhile(desk, what, row)

        sent, other = at_once([send, change])
        pack.refresh_from_db()
        found = Send.objects.filter(pack=pack).first()
        assert isinstance(sent, (Send, Blocked)), sent
        assert (found is not None) == isinstance(sent, Send) == (pack.state == PackState.GONE)
        if found is not None:
            assert found.file_id == file.pk
            assert found.seal == file.seal
            assert gate.bytes_of(found) == bytes(file.content)
        if what == "a word":
            assert isinstance(other, Refused) == (found is not None), other
        else:
            assert not isinstance(other, BaseException), other
