"""Writing a pack, making it ready, sending it: against PostgreSQL, by the operations."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

import pytest

from cases.access import Refused, Role
from cases.audit.models import Event
from cases.disclosures import gate, pack_operations, pack_queries
from cases.disclosures.models import Blocked, Pack, PackFile, PackItem, Send
from tests.disclosures.packs import FACTS, Packs, blocked, packs, read, sent
from tests.world import World


@pytest.fixture
def desk(world: World) -> Packs:
    """Amara's case, and whom it may be told."""
    return packs(world)


def test_what_she_allowed_goes_once_as_one_file(desk: Packs) -> None:
    desk.asking.ask({"FACTS": "GIVEN"})
    pack = desk.ready()
    file = PackFile.objects.get()
    previewed = gate.preview_of(file)
    send = sent(desk.send(pack))
    assert sha256(previewed).hexdigest() == file.sha256 == sha256(gate.bytes_of(send)).hexdigest()
    assert (send.seal, send.file_id, send.door) == (file.seal, file.pk, "D1")
    assert pack.state == "GONE"
    words = read(previewed)
    assert "A. What happened" in words
    assert FACTS in words
    assert "Amara" not in words
    assert blocked(desk.send(pack)) == ["ALREADY_SENT"]
    assert Send.objects.count() == 1
    verbs = list(Event.objects.filter(verb__startswith="pack.").values_list("verb", flat=True))
    assert verbs == [
        *("pack.started", "pack.changed", "pack.ready", "pack.sent", "pack.blocked"),
    ]


def test_permission_for_one_agency_is_none_for_another(desk: Packs) -> None:
    """S24: her name and facts may go to the police, not to the council."""
    desk.asking.ask({"FACTS": "GIVEN", "IDENTITY": "GIVEN"})
    pack = desk.start(desk.safety)
    desk.tell(pack, "FACTS", FACTS)
    desk.tell(pack, "IDENTITY", "Amara Osei", desk.story.victim)
    desk.make(pack)
    sentences = [no.sentence for no in gate.judge(pack, desk.lead, desk.now)]
    agency = desk.asking.council.name
    assert sentences == [
        f"Amara has not said that {agency} may be told what happened.",
        f"Amara has not said that {agency} may have Amara’s name.",
    ]
    offers = gate.judge(pack, desk.lead, desk.now)[0].offers
    assert [str(offer) for offer in offers] == [
        "Ask for permission",
        "Change what is sent",
        "Send facts that name nobody",
    ]
    assert blocked(desk.send(pack)) == ["NO_PERMISSION"]
    assert Send.objects.count() == 0
    row = Blocked.objects.get()
    assert (row.agency, row.door, row.by_id) == (desk.asking.council, "D1", desk.story.officer.pk)
    assert Event.objects.filter(verb="pack.blocked").get().changes["reasons"] == ["NO_PERMISSION"]


def test_the_same_facts_that_name_nobody_may_go(desk: Packs) -> None:
    pack = desk.ready(desk.safety, door="D7", about=None)
    assert sent(desk.send(pack)).door == "D7"
    words = read(gate.bytes_of(Send.objects.get()))
    assert desk.case.reference not in words
    assert "This page names nobody." in words


@pytest.mark.parametrize(
    "words",
    [
        *("Amara was hurt.", "the OSEI family", "amara’s pram", "A.M.A.R.A", "Bela saw it"),
        *("She lives at 14 Larkfield Court.", "14, larkfield court", "14 Larkfield"),
        *("Ring 07700 900412", "+44 7700 900 412", "07700-900412"),
    ],
)
def test_what_names_somebody_is_not_anonymous(desk: Packs, words: str) -> None:
    pack = desk.start(desk.safety, door="D7", about=None)
    desk.tell(pack, "FACTS", words)
    desk.make(pack)
    assert blocked(desk.send(pack)) == ["RECOGNISABLE"], words


def test_the_cases_reference_is_not_anonymous(desk: Packs) -> None:
    pack = desk.start(desk.safety, door="D7", about=None)
    desk.tell(pack, "FACTS", f"See {desk.case.reference.lower().replace('-', ' ')}.")
    desk.make(pack)
    assert blocked(desk.send(pack)) == ["RECOGNISABLE"]


def test_nothing_personal_is_anonymous(desk: Packs) -> None:
    pack = desk.start(desk.safety, door="D7", about=None)
    desk.tell(pack, "STRAND", "Hostility because of race.", desk.story.victim)
    desk.make(pack)
    assert desk.codes(pack) == ["RECOGNISABLE"]


def test_a_name_goes_only_if_it_was_chosen(desk: Packs) -> None:
    desk.asking.ask({"FACTS": "GIVEN", "IDENTITY": "GIVEN"})
    pack = desk.start()
    desk.tell(pack, "FACTS", "He spat at Amara, and Bela Novak saw it.")
    desk.make(pack)
    assert desk.codes(pack) == ["NAMED", "NAMED"]
    desk.tell(pack, "IDENTITY", "Amara Osei", desk.story.victim)
    desk.make(pack)
    nos = gate.judge(pack, desk.lead, desk.now)
    assert [no.sentence for no in nos] == [
        "“What happened” gives the name of the third party, which was not chosen to be told."
    ]


def test_blacking_out_takes_the_words_out_of_the_file(desk: Packs) -> None:
    desk.asking.ask({"FACTS": "GIVEN"})
    pack = desk.start()
    desk.tell(pack, "FACTS", "He spat at Amara Osei and shouted.")
    desk.make(pack)
    assert desk.codes(pack) == ["NAMED"]
    pack_operations.set_redactions(
        by=desk.lead, at=desk.now, pack=pack, redactions=["amara  OSEI", ""]
    )
    file = desk.make(pack)
    words = read(gate.preview_of(file))
    assert "He spat at blacked out and shouted." in words
    sent(desk.send(pack))


def test_a_change_takes_the_readiness_away(desk: Packs) -> None:
    desk.asking.ask({"FACTS": "GIVEN"})
    pack = desk.ready()
    first = PackFile.objects.get()
    desk.tell(pack, "FACTS", FACTS + " And again.")
    assert (pack.state, pack.version) == ("DRAFT", first.version + 1)
    assert blocked(desk.send(pack)) == ["NOT_REVIEWED"]
    desk.make(pack)
    assert PackFile.objects.count() == 2
    assert sent(desk.send(pack)).file.version == pack.version


def test_pressing_twice_makes_one_file(desk: Packs) -> None:
    desk.asking.ask({"FACTS": "GIVEN"})
    pack = desk.ready()
    assert desk.make(pack) == PackFile.objects.get()


@pytest.mark.parametrize(
    ("reviewed", "confirmed", "sentence"),
    [
        (False, True, "Look at the page as it will go, and tick that you have."),
        (True, False, "Look at what is blacked out, and tick that it is right."),
    ],
)
def test_nobody_sends_what_nobody_looked_at(
    desk: Packs, reviewed: bool, confirmed: bool, sentence: str
) -> None:
    pack = desk.start()
    desk.tell(pack, "FACTS", FACTS)
    with pytest.raises(Refused, match=sentence):
        pack_operations.make_ready(
            by=desk.lead,
            at=desk.now,
            pack=pack,
            reviewed=reviewed,
            redactions_confirmed=confirmed,
        )
    assert desk.codes(pack) == ["NO_PERMISSION", "NOT_REVIEWED"]


def test_an_empty_pack_is_nothing_to_send(desk: Packs) -> None:
    pack = desk.start()
    with pytest.raises(Refused, match="Choose at least one thing"):
        desk.make(pack)
    assert desk.codes(pack) == ["NOT_REVIEWED"]


def test_what_is_taken_out_is_kept_and_can_come_back(desk: Packs) -> None:
    pack = desk.start()
    item = desk.tell(pack, "FACTS", FACTS)
    pack_operations.take_out(by=desk.lead, at=desk.now, pack=pack, item=item)
    assert PackItem.objects.get().taken_out
    desk.tell(pack, "FACTS", FACTS)
    assert not PackItem.objects.get().taken_out


def test_a_field_is_chosen_with_whose_it_is(desk: Packs) -> None:
    pack = desk.start()
    for field, whose in (
        ("IDENTITY", None),
        ("IDENTITY", desk.story.respondent),
        ("RESPONDENT", desk.story.victim),
        ("NONSENSE", None),
    ):
        with pytest.raises(Refused):
            desk.tell(pack, field, "x", whose)


def test_who_works_no_cases_sends_nothing(desk: Packs) -> None:
    desk.asking.ask({"FACTS": "GIVEN"})
    pack = desk.ready()
    dpo = desk.story.by(desk.story.world.user(Role.DPO))
    with pytest.raises(Refused):
        desk.send(pack, by=dpo)


def test_a_withdrawal_stops_what_waits_in_the_same_moment(desk: Packs) -> None:
    desk.asking.ask({"FACTS": "GIVEN"})
    gone = desk.ready()
    sent(desk.send(gone))
    waits = desk.ready()
    other = desk.ready(door="D7", about=None)
    writing = desk.start()
    assert pack_queries.waiting_for(desk.story.victim, desk.asking.police) == [waits]
    desk.asking.withdraw("FACTS", at=desk.now)
    states = {pack.pk: pack.state for pack in Pack.objects.all()}
    assert states == {
        gone.pk: "GONE",
        waits.pk: "STOPPED",
        other.pk: "READY",
        writing.pk: "DRAFT",
    }
    waits.refresh_from_db()
    assert waits.stopped_why == "Permission was taken back, or no longer holds."
    assert Event.objects.filter(verb="pack.stopped", subject_id=waits.pk).exists()
    told = pack_queries.already_gone(desk.story.victim, desk.asking.police)
    assert [send.pack_id for send in told] == [gone.pk]
    assert blocked(desk.send(waits)) == ["STOPPED"]


def test_a_part_withdrawn_stops_only_what_needs_it(desk: Packs) -> None:
    desk.asking.ask({"FACTS": "GIVEN", "IDENTITY": "GIVEN"})
    facts, named = desk.ready(), desk.start()
    desk.tell(named, "IDENTITY", "Amara Osei", desk.story.victim)
    desk.make(named)
    desk.asking.withdraw("IDENTITY", at=desk.now)
    facts.refresh_from_db()
    named.refresh_from_db()
    assert (facts.state, named.state) == ("READY", "STOPPED")


def test_permission_runs_out(desk: Packs) -> None:
    desk.asking.ask({"FACTS": "GIVEN"})
    pack = desk.ready()
    later = desk.story.at(days=200)
    desk.check(desk.ppu, later)
    pack = Pack.objects.get()
    assert desk.codes(pack, at=later) == ["RAN_OUT"]


def test_how_it_went_is_kept_and_corrected_by_another_row(desk: Packs) -> None:
    desk.asking.ask({"FACTS": "GIVEN"})
    send = sent(desk.send(desk.ready()))
    said = {"by": desk.lead, "at": desk.now + timedelta(hours=1), "send": send}
    went = desk.now + timedelta(minutes=5)
    for wrong in (
        {"channel": "SECURE_MAIL", "went_at": went},
        {"channel": "PIGEON", "went_at": went, "to_whom": "PC Ade"},
        {"channel": "BY_HAND", "went_at": desk.now + timedelta(days=1), "to_whom": "PC Ade"},
        {"channel": "BY_HAND", "went_at": desk.now - timedelta(days=1), "to_whom": "PC Ade"},
    ):
        with pytest.raises(Refused):
            gate.record_outcome(**said, **wrong)  # type: ignore[arg-type]
    for channel in ("SECURE_MAIL", "NOT_SENT"):
        gate.record_outcome(**said, channel=channel, to_whom="PC Ade", went_at=went)  # type: ignore[arg-type]
    found = pack_queries.sends_of(desk.case)[0]
    assert [row.channel for row in found.outcomes.all()] == ["SECURE_MAIL", "NOT_SENT"]
