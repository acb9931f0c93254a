"""Each door tried by the operations: the second person's yes, the recipient, the moment."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest

from cases.access import Refused, Role
from cases.audit.models import Event
from cases.casework.models import Conflict
from cases.disclosures import gate, pack_operations, pack_queries
from cases.disclosures.models import Blocked, Decision, Pack, PackApproval, PackFile, Request, Send
from cases.partners.models import Agency
from cases.partners.operations import end_agency
from cases.partners.unit_operations import change_unit, end_unit
from tests.casework.test_races import at_once
from tests.disclosures.deciding import desk_of
from tests.disclosures.packs import FACTS, Packs, blocked, packs, sent
from tests.world import World, by_hand


@pytest.fixture
def desk(world: World) -> Packs:
    """Amara's case, and whom it may be told."""
    return packs(world)


def approve(desk: Packs, pack: Pack, *roles: Role, **more: Any) -> PackApproval:
    """Somebody else with the role says yes to the file as it stands."""
    by = more.pop("by", None) or desk.story.by(desk.story.world.user(*roles))
    file = pack.files.get(version=pack.version)
    return pack_operations.approve_pack(
        by=by, at=desk.now, file=file, words=more.pop("words", "It is needed."), **more
    )


def test_what_the_law_requires_needs_a_manager(desk: Packs) -> None:
    pack = desk.ready(desk.safety, door="D2", citation="Children Act 1989, section 47")
    assert blocked(desk.send(pack)) == ["NOT_APPROVED"]
    with pytest.raises(Refused, match="Only a case manager"):
        approve(desk, pack, Role.HOUSING_OFFICER)
    with pytest.raises(Refused, match="Say why"):
        approve(desk, pack, Role.CASE_MANAGER, words=" ")
    approve(desk, pack, Role.CASE_MANAGER)
    assert sent(desk.send(pack)).door == "D2"


def test_nobody_approves_their_own(desk: Packs) -> None:
    pack = desk.start(desk.safety, door="D2", citation="An order", by=desk.story.boss)
    desk.tell(pack, "FACTS", FACTS)
    desk.make(pack)
    with pytest.raises(Refused, match="You wrote this"):
        approve(desk, pack, by=desk.story.boss)


def test_an_approved_pack_that_changes_is_approved_no_more(desk: Packs) -> None:
    pack = desk.ready(desk.safety, door="D6", citation="Claim K01")
    approve(desk, pack, Role.CASE_MANAGER)
    desk.tell(pack, "FACTS", FACTS + ".")
    desk.make(pack)
    assert blocked(desk.send(pack)) == ["CHANGED"]
    approve(desk, pack, Role.CASE_MANAGER)
    sent(desk.send(pack))


def test_a_lead_finds_what_waits_for_their_yes(desk: Packs) -> None:
    team = desk.unit(desk.asking.police, unit="Child protection")
    pack = desk.ready(team, door="D4")
    world = desk.story.world
    lead = desk.story.by(world.user(Role.SAFEGUARDING_LEAD))
    other = desk.story.by(world.user(Role.DA_LEAD))
    assert pack_queries.to_approve(lead) == [pack]
    assert pack_queries.to_approve(other) == pack_queries.to_approve(desk.lead) == []
    approve(desk, pack, by=lead)
    assert pack_queries.to_approve(lead) == []
    assert sent(desk.send(pack)).door == "D4"


def test_an_address_changed_after_it_was_made_ready_stops_it(desk: Packs) -> None:
    desk.asking.ask({"FACTS": "GIVEN"})
    pack = desk.ready()
    said = {"unit": desk.ppu.unit, "person": "", "secure_email": "other@police.example"}
    change_unit(by=desk.keeper, at=desk.now, contact=desk.ppu, **said)
    assert blocked(desk.send(pack)) == ["NOT_CHECKED", "CHANGED"]
    desk.check(desk.ppu, desk.now)
    assert blocked(desk.send(pack)) == ["CHANGED"]
    assert not Send.objects.exists()


def test_checking_the_same_address_again_changes_nothing(desk: Packs) -> None:
    desk.asking.ask({"FACTS": "GIVEN"})
    pack = desk.ready()
    desk.check(desk.ppu, desk.now)
    assert sent(desk.send(pack)) == Send.objects.get()


@pytest.mark.parametrize("what", ["unit", "agency"])
def test_nothing_goes_to_what_was_ended(desk: Packs, what: str) -> None:
    desk.asking.ask({"FACTS": "GIVEN"})
    pack = desk.ready()
    said: dict[str, Any] = {"by": desk.keeper, "at": desk.now, "why": "It closed."}
    if what == "unit":
        end_unit(contact=desk.ppu, **said)
    else:
        end_agency(agency=desk.asking.police, **said)
    assert "NOT_CHECKED" in blocked(desk.send(pack))


def test_nothing_goes_to_a_unit_nobody_checked_lately(desk: Packs) -> None:
    new = desk.unit(desk.asking.police, unit="New desk", checked=False)
    pack = desk.ready(new, door="D7", about=None)
    assert blocked(desk.send(pack)) == ["NOT_CHECKED"]
    old = desk.ready(door="D7", about=None)
    assert blocked(desk.send(old, at=desk.story.at(days=200))) == ["NOT_CHECKED"]


def test_the_unit_is_the_agencys_own(desk: Packs) -> None:
    with pytest.raises(Refused, match="does not belong"):
        desk.start(desk.ppu, agency=desk.asking.council)


def test_whoever_has_a_conflict_sends_nothing(desk: Packs) -> None:
    desk.asking.ask({"FACTS": "GIVEN"})
    pack = desk.ready()
    with by_hand(desk.now):
        Conflict.objects.create(
            case=desk.case, user=desk.story.officer, source="DECLARED", found_at=desk.now
        )
    assert blocked(desk.send(pack)) == ["CONFLICT"]
    sent(desk.send(pack, by=desk.story.boss))


def test_our_own_antisocial_behaviour_team_needs_no_door(desk: Packs) -> None:
    team = Agency.objects.filter(kind="ASB_TEAM").first()
    assert team is not None
    unit = team.contacts.first() or desk.unit(team)
    desk.check(unit, desk.story.at())
    assert sent(desk.send(desk.ready(unit, door=""))).door == ""
    pack = desk.ready(door="")
    assert blocked(desk.send(pack)) == ["NO_DOOR"]


def test_after_the_case_is_closed_the_rules_still_judge(desk: Packs) -> None:
    """Permission until the case closes ran out with it; what names nobody may still go."""
    desk.asking.ask({"FACTS": "GIVEN"}, until="CLOSE")
    named, nobody = desk.ready(), desk.ready(door="D7", about=None)
    way = ("ASSESS", "PLAN", "INVESTIGATE", "MONITOR", "CLOSE_PROPOSED", "CLOSED")
    for stage in way:
        with by_hand(desk.now):
            desk.case.stage = stage
            desk.case.save()
    assert blocked(desk.send(Pack.objects.get(pk=named.pk))) == ["RAN_OUT"]
    sent(desk.send(Pack.objects.get(pk=nobody.pk)))
    with pytest.raises(Refused):
        desk.tell(named, "FACTS", "More.")


def test_999_is_never_a_pack(desk: Packs) -> None:
    assert blocked(desk.send(desk.ready(door="D8"))) == ["WRONG_DOOR"]


def test_two_senders_at_once_send_once(own_world: World) -> None:
    desk = packs(own_world)
    desk.asking.ask({"FACTS": "GIVEN"})
    pack = desk.ready()
    ready = threading.Barrier(2)

    def go(who: Any) -> Any:
        row = Pack.objects.get(pk=pack.pk)
        ready.wait()
        return gate.send_pack(by=who, at=desk.now, pack=row)

    found = at_once([lambda: go(desk.lead), lambda: go(desk.story.boss)])
    assert sorted(type(one).__name__ for one in found) == ["Blocked", "Send"]
    assert Send.objects.count() == 1
    assert Blocked.objects.get().reasons == ["ALREADY_SENT"]


def test_the_directors_yes_is_for_these_bytes_for_72_hours_once(world: World) -> None:
    """D3: previewed, approved and sent are one hash; any change voids it; lapsed is too late."""
    desk = desk_of(world)
    request = desk.asked()
    file = request.file
    assert file is not None
    assert blocked(desk.packs.send(request.pack)) == ["NOT_APPROVED"]
    desk.decide(request)
    decision = Decision.objects.get()
    late = desk.now + timedelta(hours=72, minutes=21)
    assert desk.packs.codes(Pack.objects.get(), at=late) == ["TOO_LATE"]
    send = sent(desk.packs.send(Pack.objects.get()))
    assert send.seal == decision.seal == file.seal
    assert gate.bytes_of(send) == gate.preview_of(PackFile.objects.get(pk=file.pk))
    assert Request.objects.get().state == "SENT"
    assert blocked(desk.packs.send(Pack.objects.get())) == ["ALREADY_SENT"]


def test_a_word_changed_after_the_directors_yes_voids_it(world: World) -> None:
    desk = desk_of(world)
    request = desk.asked()
    desk.decide(request)
    pack = Pack.objects.get()
    desk.packs.tell(pack, "FACTS", FACTS + "!")
    assert Request.objects.get().state == "VOID"
    assert Event.objects.filter(verb="disclosure.void").count() == 1
    desk.packs.make(pack)
    assert blocked(desk.packs.send(pack)) == ["CHANGED"]
    assert not Send.objects.exists()


def test_the_register_is_the_directors_and_the_dpos(world: World) -> None:
    desk = packs(world)
    desk.asking.ask({"FACTS": "GIVEN"})
    send = sent(desk.send(desk.ready()))
    director = desk.story.by(world.user(Role.DIRECTOR_CO))
    dpo = desk.story.by(world.user(Role.DPO))
    for who in (director, dpo):
        assert list(pack_queries.register(who)) == [send]
    assert list(pack_queries.register(dpo, doors=["D3"])) == []
    assert list(pack_queries.register(dpo, doors=["D1"], since=desk.now)) == [send]
    assert list(pack_queries.register(dpo, until=desk.now)) == []
    with pytest.raises(Refused):
        pack_queries.register(desk.story.boss)


def test_packs_are_seen_by_whoever_sees_the_case(desk: Packs) -> None:
    pack = desk.ready(door="D7", about=None)
    desk.send(pack)
    stranger = desk.story.by(desk.story.world.user(Role.HOUSING_OFFICER))
    for model in (Pack, Send):
        assert model.objects.visible_to(desk.lead).count() == 1
        assert model.objects.visible_to(stranger).count() == 0
