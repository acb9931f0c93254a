"""An entry never becomes somebody else while permissions and checks still stand for it."""

from __future__ import annotations

from typing import Any

import pytest

from cases.access import Actor, Refused
from cases.partners import operations, unit_operations
from cases.partners.models import Agency, AgencyContact
from tests.partners.test_operations import said
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("other", [{"name": "Northshire Gazette"}, {"kind": "CPS"}])
def test_another_name_or_kind_has_its_units_checked_again(
    world: World, by: Actor, police: Agency, unit: AgencyContact, other: dict[str, Any]
) -> None:
    unit_operations.verify_unit(by=by, at=world.now, contact=unit, how="Rang them.")
    operations.change_agency(by=by, at=world.now, agency=police, **said(police, note="Kind."))
    assert AgencyContact.objects.get(pk=unit.pk).verified_on
    operations.change_agency(by=by, at=world.now, agency=police, **said(police, **other))
    assert AgencyContact.objects.get(pk=unit.pk).verified_on is None


def test_nobody_becomes_a_team_of_ours(world: World, by: Actor, police: Agency) -> None:
    with pytest.raises(Refused, match="nobody else becomes one"):
        operations.change_agency(
            by=by, at=world.now, agency=police, **said(police, kind="ASB_TEAM")
        )
    ours = Agency.objects.get(kind="ASB_TEAM")
    with pytest.raises(Refused, match="stays one"):
        operations.change_agency(by=by, at=world.now, agency=ours, **said(ours, kind="POLICE"))


def test_nobody_adds_a_team_of_ours_on_the_page(world: World, manager: Any) -> None:
    client = world.client(manager)
    before = Agency.objects.count()
    answer = client.post("/partners/new/", {"name": "Friends", "kind": "ASB_TEAM"})
    assert answer.status_code == 200
    assert Agency.objects.count() == before


@pytest.mark.parametrize("kind", ["ASB_TEAM", "SAFEGUARDING_TEAM", "DA_TEAM", "HR"])
def test_nobody_adds_a_team_of_ours_at_all(world: World, by: Actor, kind: str) -> None:
    with pytest.raises(Refused, match="in the directory already"):
        operations.add_agency(by=by, at=world.now, name="Friends", kind=kind)
