"""No pack holds a word beyond what was chosen: in its text, metadata, structure or streams.

Every free text column of a whole case is filled with a canary; then packs are made, and every
object of each file is searched (bar rows 30 and 54).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from cases.casework import operations as casework
from cases.casework.choices import Part
from cases.disclosures import gate, pack_operations
from cases.disclosures.fields import FIELDS, suggestion
from cases.disclosures.models import PackFile
from cases.people.operations import add_person
from hatecrime.owner import as_owner
from tests.disclosures.packs import Packs, everything, packs, read
from tests.security import canary
from tests.world import World

TICKED = frozenset(
    {
        *("people.Person.full_name", "people.Property.address", "people.Property.town"),
        "people.Property.postcode",
    }
)
"""The only columns a suggestion is made of: names and addresses as they stand on their rows."""


def marks(text: str) -> set[int]:
    """The numbers of the canaries in a text, however it is broken into lines."""
    bare = "".join(text.split())
    return {int(found[2:-1]) for found in canary.MARK.findall(bare)}


def fill() -> dict[int, str]:
    """A canary in every free text that has a row here, by its number."""
    placed = {}
    with as_owner():
        for number, (model, field) in enumerate(canary.free_texts(), 1):
            with canary.unguarded(model._meta.db_table):
                if canary._put(model, field, number):
                    placed[number] = f"{canary.label(model)}.{field.name}"
    return placed


@pytest.fixture
def desk(own_world: World) -> Packs:
    """A case with packs, permission, notes, evidence and a respondent who is known."""
    desk = packs(own_world)
    story = desk.story
    desk.asking.ask(dict.fromkeys(("FACTS", "IDENTITY"), "GIVEN"), words="Yes, tell them.")
    man = add_person(by=desk.lead, at=story.at(), full_name="Daniel Crake", home=story.home)
    casework.add_involvement(
        by=desk.lead, at=story.at(), case=desk.case, part=Part.RESPONDENT, person=man
    )
    desk.send(desk.ready())
    pack = desk.start()
    desk.tell(pack, "HEALTH", "Asthma.", story.victim, why="So that they know.")
    pack_operations.set_redactions(by=desk.lead, at=desk.now, pack=pack, redactions=["Asthma"])
    return desk


def test_no_canary_is_in_a_pack_beyond_what_was_chosen(desk: Packs, tmp_path: Path) -> None:
    pack = desk.start(title="A report", purpose="To look into it.")
    placed = fill()
    assert len(placed) > 60, "the case is too small to prove anything"
    said = ("Account.words", "Perception.words", "Person.full_name", "PackItem.why", "Talk.words")
    for column in said:
        assert any(name.endswith(column) for name in placed.values()), column
    made = {"title": "A report", "purpose": "To look into it.", "redactions": [], "citation": ""}
    with as_owner(), canary.unguarded("disclosures_pack"):
        type(pack).objects.filter(pk=pack.pk).update(**made)
    pack = type(pack).objects.get(pk=pack.pk)
    desk.tell(pack, "FACTS", "Threats on the stairs, zq900001q.")
    desk.tell(pack, "RISK", "High, zq900002q.")
    item = desk.tell(pack, "WANTS", "Left out, zq900003q.", why="zq900004q")
    pack_operations.take_out(by=desk.lead, at=desk.now, pack=pack, item=item)
    desk.tell(pack, "SAFE", "Hidden zq900005q here.")
    pack_operations.set_redactions(by=desk.lead, at=desk.now, pack=pack, redactions=["zq900005q"])
    content = gate.preview_of(desk.make(pack))
    (tmp_path / "pack.pdf").write_bytes(content)
    chosen = {900001, 900002}
    on_the_page = columns(
        placed,
        ("partners.Agency.name", "partners.AgencyContact.unit", "partners.AgencyContact.person"),
        ("staff.User.full_name", "staff.User.email"),
    )
    assert chosen <= marks(read(content)), "the search finds what is there"
    beyond = marks(everything(content)) | marks(content.decode("latin-1"))
    assert {placed.get(number, number) for number in beyond - chosen - on_the_page} == set()
    assert PackFile.objects.get(pack=pack).fields == ["FACTS", "RISK", "SAFE"]


def columns(placed: dict[int, str], *names: Iterable[str]) -> set[int]:
    """The numbers of the canaries in these columns."""
    wanted = {name for some in names for name in some}
    return {number for number, column in placed.items() if column in wanted}


def test_a_suggestion_holds_nobodys_words(desk: Packs) -> None:
    placed = fill()
    parts = [None, *desk.case.involvements.all()]
    for field in FIELDS:
        for part in parts:
            found = {
                placed[number] for number in marks(suggestion(desk.case, field, part, by=desk.lead))
            }
            assert found <= TICKED, f"{field}: {found - TICKED}"


def test_nothing_of_somebody_kept_apart_is_suggested(desk: Packs) -> None:
    assert desk.story.third.kept_apart
    assert not any(suggestion(desk.case, field, desk.story.third, by=desk.lead) for field in FIELDS)
