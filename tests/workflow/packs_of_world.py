"""One page that waits for a manager's yes and one that went, for every address about a page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from cases.access import Role
from cases.casework.models import Case
from cases.disclosures import gate, pack_operations
from cases.disclosures.models import Pack, Send
from cases.partners.models import Agency, AgencyContact
from cases.partners.unit_operations import verify_unit
from tests.world import World

HAPPENED = "Shouting and spitting, twice in a month."
OF_WAITING = (
    *("pack", "pack-change", "pack-put", "pack-item", "pack-black", "pack-nameless"),
    *("pack-preview", "pack-file", "pack-stop", "pack-send", "pack-blocked"),
    *("approval", "approval-file"),
)


def keep_packs(world: World, case: Case, agency: Agency, unit: int) -> dict[str, int]:
    """The rows of the case's pages by the name of each address, and of what hangs on them."""
    at = world.now + timedelta(hours=1)
    by = world.actor(world.user(Role.HOUSING_OFFICER, name="Other Officer"))
    boss = world.actor(world.user(Role.CASE_MANAGER, name="Another Manager"))
    contact = AgencyContact.objects.get(pk=unit)
    verify_unit(by=boss, at=at, contact=contact, how="Rang them.")

    def page(door: str, **more: Any) -> Pack:
        made = pack_operations.start_pack(
            by=by,
            at=at,
            case=case,
            agency=agency,
            contact=contact,
            door=door,
            title="Report of shouting",
            purpose="To look into it.",
            **more,
        )
        pack_operations.set_item(
            by=by, at=at, pack=made, field="FACTS", text=HAPPENED, why="It is the least."
        )
        pack_operations.set_redactions(by=by, at=at, pack=made, redactions=["twice"])
        pack_operations.make_ready(
            by=by, at=at, pack=made, reviewed=True, redactions_confirmed=True
        )
        return made

    waits = page("D2", citation="Order of Wellby County Court", about=case.involvements.first())
    tried = gate.send_pack(by=by, at=at, pack=waits)
    approved = page("D6", citation="Case 3 of 2026", about=case.involvements.first())
    pack_operations.approve_pack(
        by=boss, at=at, file=approved.files.get(), words="The court asked for it."
    )
    pack_operations.stop_pack(by=by, at=at, pack=approved, why="The hearing was put off.")
    gone = page("D7")
    sent = gate.send_pack(by=by, at=at, pack=gone)
    assert isinstance(sent, Send)
    gate.record_outcome(
        by=by,
        at=at,
        send=sent,
        channel="SECURE_MAIL",
        to_whom="The duty desk",
        their_reference="PP/1",
        words="They rang back.",
        went_at=at,
    )
    return {
        **{f"workflow:{name}": waits.pk for name in OF_WAITING},
        "workflow:pack-went": gone.pk,
        "workflow:pack-item child": waits.items.get().pk,
        "workflow:pack-blocked child": tried.pk,
    }
