"""The gate as a table: door by door, what it refuses and with which words (domain 7.4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from cases.access import YES, Actor, Answer, Role
from cases.consent.choices import Scope, Standing
from cases.disclosures import leaks, pack_rules
from cases.disclosures.choices import Door
from cases.disclosures.leaks import Chosen, Known, Leak, What
from cases.disclosures.redacting import pieces, without
from cases.disclosures.rules import Approval, Code, GateFacts, Need, Offer, gate

COUNCIL = {"agency": "Wellby Council", "kind": "LOCAL_AUTHORITY", "service": "COMMUNITY_SAFETY"}
CARE = {"agency": "Wellby Council, adults", "kind": "LOCAL_AUTHORITY", "service": "ADULT_CARE"}


def facts(**said: object) -> GateFacts:
    """A pack the police may have: everything in order, nothing that needs permission."""
    good = GateFacts(
        state="READY",
        door="D1",
        citation="",
        agency="Northshire Police",
        kind="POLICE",
        service="",
        in_use=True,
        unit="Public Protection Unit",
        unit_of_agency=True,
        unit_checked=YES,
        conflicted=False,
        reviewed=True,
        unchanged=True,
        approval=Approval.LIVE,
        sent=False,
        high=False,
        holds_anything=True,
    )
    return replace(good, **said)  # type: ignore[arg-type]


def need(standing: str = "NOT_ASKED", scope: str = "IDENTITY", **said: object) -> Need:
    """Amara's answer about her name."""
    one = Need(Scope(scope), 7, "Amara", "her", Standing(standing))
    return replace(one, **said)  # type: ignore[arg-type]


LEAK = Leak("What happened", What.NAME, "Amara", frozenset({7}))

TABLE: list[tuple[str, dict[str, object], str]] = [
    # To whom.
    ("conflict", {"conflicted": True}, "CONFLICT"),
    ("receive only", {"receive_only": True}, "RECEIVE_ONLY"),
    ("agency ended", {"in_use": False}, "NOT_CHECKED"),
    ("no unit", {"unit": ""}, "NOT_CHECKED"),
    ("another agency’s unit", {"unit_of_agency": False}, "NOT_CHECKED"),
    ("stale", {"unit_checked": Answer("Checked 8 months ago.")}, "NOT_CHECKED"),
    # Once.
    ("sent", {"sent": True}, "ALREADY_SENT"),
    ("gone", {"state": "GONE"}, "ALREADY_SENT"),
    ("stopped", {"state": "STOPPED"}, "STOPPED"),
    # What is in it.
    ("nothing in it", {"holds_anything": False}, "NOT_REVIEWED"),
    ("nobody looked", {"reviewed": False, "state": "DRAFT"}, "NOT_REVIEWED"),
    ("changed since", {"unchanged": False}, "CHANGED"),
    ("names somebody", {"leaks": (LEAK,)}, "NAMED"),
    # No door, and doors there are none of.
    ("no door", {"door": ""}, "NO_DOOR"),
    ("no door, council", {"door": "", **COUNCIL}, "NO_DOOR"),
    ("no door, our Safeguarding", {"door": "", "kind": "SAFEGUARDING_TEAM"}, "NO_DOOR"),
    ("no door, our HR", {"door": "", "kind": "HR"}, "NO_DOOR"),
    ("no such door", {"door": "D9"}, "NO_DOOR"),
    # D1
    ("not asked", {"needs": (need(),)}, "NO_PERMISSION"),
    ("refused", {"needs": (need("REFUSED"),)}, "NO_PERMISSION"),
    ("lacks capacity", {"needs": (need("LACKS_CAPACITY"),)}, "NO_PERMISSION"),
    ("taken back", {"needs": (need("WITHDRAWN"),)}, "WITHDRAWN"),
    ("ran out", {"needs": (need("RAN_OUT"),)}, "RAN_OUT"),
    ("about nobody", {"needs": (need("GIVEN", whose=None),)}, "NO_PERMISSION"),
    (
        "MP, by phone",
        {"kind": "REPRESENTATIVE", "needs": (need("GIVEN", written=False),)},
        "NO_PERMISSION",
    ),
    # D2 and D6
    ("no law cited", {"door": "D2"}, "NO_CITATION"),
    ("blank law", {"door": "D6", "citation": "  "}, "NO_CITATION"),
    ("ours, by law", {"door": "D2", "citation": "s1", "kind": "ASB_TEAM"}, "WRONG_DOOR"),
    *(
        (f"{door} unapproved", {"door": door, "citation": "s1", "approval": Approval.NONE}, code)
        for door in ("D2", "D6")
        for code in ("NOT_APPROVED",)
    ),
    ("D2 other file", {"door": "D2", "citation": "s1", "approval": Approval.OTHER}, "CHANGED"),
    # D3
    ("D3, no decision", {"door": "D3", "approval": Approval.NONE}, "NOT_APPROVED"),
    ("D3, other bytes", {"door": "D3", "approval": Approval.OTHER}, "CHANGED"),
    ("D3, lapsed", {"door": "D3", "approval": Approval.LATE}, "TOO_LATE"),
    ("D3, council", {"door": "D3", **COUNCIL}, "NOT_POLICE"),
    ("D3, our own", {"door": "D3", "kind": "SAFEGUARDING_TEAM"}, "NOT_POLICE"),
    # D4 and D5
    ("D4, community safety", {"door": "D4", **COUNCIL}, "WRONG_DOOR"),
    ("D4, school", {"door": "D4", "kind": "SCHOOL"}, "WRONG_DOOR"),
    ("D4, DA service", {"door": "D4", "kind": "DA_SERVICE"}, "WRONG_DOOR"),
    ("D4 unapproved", {"door": "D4", "approval": Approval.NONE}, "NOT_APPROVED"),
    ("D5, our Safeguarding", {"door": "D5", "kind": "SAFEGUARDING_TEAM"}, "WRONG_DOOR"),
    ("D5 unapproved", {"door": "D5", "approval": Approval.NONE}, "NOT_APPROVED"),
    # D7 and D8
    ("D7, her health", {"door": "D7", "personal": ("Health and needs",)}, "RECOGNISABLE"),
    ("D7, her name", {"door": "D7", "leaks": (LEAK,)}, "RECOGNISABLE"),
    ("D7, reference", {"door": "D7", "leaks": (Leak("x", What.REFERENCE, ""),)}, "RECOGNISABLE"),
    ("D8 sends nothing", {"door": "D8"}, "WRONG_DOOR"),
]


@pytest.mark.parametrize(("called", "said", "code"), TABLE, ids=[row[0] for row in TABLE])
def test_it_refuses(called: str, said: dict[str, object], code: str) -> None:
    """Each with exactly one reason, a whole sentence, and no empty offer."""
    found = gate(facts(**said))
    assert [str(no.code) for no in found] == [code], called
    assert found[0].sentence.endswith(".")
    assert all(found[0].offers)


def test_the_table_holds_every_code() -> None:
    assert {code for _, _, code in TABLE} == set(Code)


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"needs": (need("GIVEN"),)},
        {"needs": (need("GIVEN", written=True),), "kind": "REPRESENTATIVE"},
        {"door": "", "kind": "ASB_TEAM"},
        {"door": "D2", "citation": "Children Act 1989, section 47"},
        {"door": "D3"},
        {"door": "D4", "kind": "SAFEGUARDING_TEAM"},
        {"door": "D4", **CARE},
        {"door": "D4", "kind": "HEALTH"},
        {"door": "D4"},
        {"door": "D5", "kind": "DA_TEAM"},
        {"door": "D5", "kind": "DA_SERVICE"},
        {"door": "D5", **CARE},
        {"door": "D6", "citation": "Claim K01", "kind": "SOLICITOR"},
        {"door": "D7", **COUNCIL},
    ],
)
def test_it_lets_go(said: dict[str, object]) -> None:
    assert gate(facts(**said)) == []


@pytest.mark.parametrize("door", [door for door in Door if door not in ("D1", "D7", "D8")])
def test_permission_is_asked_only_at_its_own_door(door: str) -> None:
    """What the law or the Director asks for needs no permission."""
    assert "NO_PERMISSION" not in {no.code for no in gate(facts(door=door, needs=(need(),)))}


def test_it_says_all_reasons_at_once() -> None:
    found = gate(facts(needs=(need(), need("WITHDRAWN", "FACTS")), conflicted=True, leaks=(LEAK,)))
    assert [no.code for no in found] == ["CONFLICT", "NO_PERMISSION", "WITHDRAWN", "NAMED"]


@pytest.mark.parametrize(
    ("standing", "scope", "sentence"),
    [
        ("NOT_ASKED", "IDENTITY", "Amara has not said that Wellby Council may have her name."),
        ("NOT_ASKED", "FACTS", "Amara has not said that Wellby Council may be told what happened."),
        ("REFUSED", "ADDRESS", "Amara said no: Wellby Council may not have her address."),
        (
            "WITHDRAWN",
            "HEALTH",
            "Amara took back that Wellby Council may be told about her health.",
        ),
        (
            "RAN_OUT",
            "EVIDENCE",
            "Amara once said that Wellby Council may have the evidence. That has run out.",
        ),
        (
            "LACKS_CAPACITY",
            "STRAND",
            "Amara could not decide whether Wellby Council may be told what it was about.",
        ),
    ],
)
def test_it_says_what_is_missing(standing: str, scope: str, sentence: str) -> None:
    no = gate(facts(needs=(need(standing, scope),), **COUNCIL))[0]
    assert (no.sentence, no.whose) == (sentence, 7)


@pytest.mark.parametrize(
    ("standing", "high", "kind", "offers"),
    [
        ("NOT_ASKED", False, "POLICE", {Offer.ASK_PERMISSION}),
        ("NOT_ASKED", True, "SCHOOL", {Offer.ASK_PERMISSION}),
        ("REFUSED", True, "POLICE", {Offer.ASK_DIRECTOR}),
        ("REFUSED", False, "POLICE", set()),
        ("WITHDRAWN", False, "POLICE", set()),
    ],
)
def test_it_offers_what_is_possible(
    standing: str, high: bool, kind: str, offers: set[Offer]
) -> None:
    """Always to leave it out, or to name nobody; the Director only about the police and at High;
    and nobody who said no is asked again.
    """
    always = {Offer.CHANGE_PACK, Offer.FACTS_ONLY}
    found = gate(facts(needs=(need(standing),), high=high, kind=kind))[0].offers
    assert set(found) == always | offers


# --- who is given away ---

AMARA = Known(
    called="Amara",
    parts=frozenset({7}),
    names=("Amara Osei", "Amara"),
    addresses=("Flat 11, 14 Larkfield Court",),
    postcodes=("NN99 7LD",),
    phones=("07700 900412",),
    emails=("amara@post.example",),
    born=date(1990, 3, 2),
)
WILL = Known(called="Will", parts=frozenset({8}), names=("Will May",))
OBRIEN = Known(called="Siân", parts=frozenset({9}), names=("Siân O’Brien-Łukasz",))
CRAKE = Known("the respondent", frozenset({3}), True, ("Daniel Crake",), ("4 Ferrand House",))
KOFI = Known(called="somebody of the household or family", names=("Kofi Osei",))


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Amara Osei", "name"),
        ("AMARA", "name"),
        ("Ms Osei said", "name"),
        ("the Oseis", "name"),
        ("amara's pram", "name"),
        ("AmaraOsei", "name"),
        ("A.m.a.r.a", "name"),
        ("a m a r a", "name"),
        ("Ama\u00adra", "name"),
        ("Am\u200bara", "name"),
        ("Ámara", "name"),
        ("osei,amara", "name"),
        ("Flat 11", "address"),
        ("FLAT 11 14 LARKFIELD COURT", "address"),
        ("at 14 Larkfield", "address"),
        ("nn997ld", "address"),
        ("NN99  7LD.", "address"),
        ("07700900412", "phone number"),
        ("+44 (0)7700 900-412", "phone number"),
        ("0 7 7 0 0 9 0 0 4 1 2", "phone number"),
        ("AMARA@post.example", "email address"),
        ("2 March 1990", "date of birth"),
        ("02/03/1990", "date of birth"),
        ("2nd of March", ""),
        ("1990-03-02", "date of birth"),
        ("Larkfield Court", ""),
        ("amaranth", ""),
        ("Flat 111", ""),
        ("114 Larkfield", ""),
        ("07700 900413", ""),
    ],
)
def test_it_finds_whoever_is_given_away(text: str, what: str) -> None:
    found = {str(leak.what) for leak in leaks.find([("What happened", text)], [AMARA], [])}
    assert (what in found) if what else not found, found


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("he will come in may", False),
        ("Will said so", True),
        ("WILL", True),
        ("on 3 May", True),
        ("Sian OBrien", True),
        ("O Brien Lukasz", True),
    ],
)
def test_names_that_are_words_count_with_a_capital(text: str, named: bool) -> None:
    assert bool(leaks.find([("x", text)], [WILL, OBRIEN], [])) is named


def names(text: str, *chosen: Chosen) -> list[str]:
    found = leaks.find([("What happened", text)], [AMARA, CRAKE, KOFI], chosen)
    return [leak.called for leak in found]


def test_what_was_chosen_may_stand() -> None:
    text = "Daniel Crake of 4 Ferrand House spat at Amara Osei."
    assert names(text) == ["Amara", *["the respondent"] * 2, KOFI.called]
    identity, respondent = Chosen("IDENTITY", 7), Chosen("RESPONDENT")
    assert names(text, identity, respondent) == []
    assert names(text, identity) == ["the respondent"] * 2
    assert names(text, respondent, Chosen("IDENTITY", 8)) == ["Amara", KOFI.called]
    assert names("Kofi saw it", identity) == [KOFI.called]


def test_each_thing_is_chosen_by_itself() -> None:
    text = "Amara, Flat 11, 07700 900412, amara@post.example, 2 March 1990"
    fields = ("IDENTITY", "ADDRESS", "REACH", "BORN")
    for left_out in fields:
        chosen = [Chosen(field, 7) for field in fields if field != left_out]
        assert names(text, *chosen), left_out
    assert names(text, *(Chosen(field, 7) for field in fields)) == []


# --- blacking out, and who may ---


def test_blacked_out_words_are_gone_in_any_case_and_spacing() -> None:
    text = "AMARA\n osei and Amara Osei."
    assert [piece.blacked for piece in pieces(text, ["amara osei"])] == [True, False, True, False]
    assert "sei" not in without(text, ["amara osei"])
    assert pieces("a.b", ["."]) == [("a", False), ("", True), ("b", False)]
    assert pieces("", ["x"]) == []


@pytest.mark.parametrize(
    ("role", "door", "may"),
    [
        (Role.CASE_MANAGER, "D2", True),
        (Role.CASE_MANAGER, "D6", True),
        (Role.CASE_MANAGER, "D4", False),
        (Role.SAFEGUARDING_LEAD, "D4", True),
        (Role.SAFEGUARDING_LEAD, "D5", False),
        (Role.DA_LEAD, "D5", True),
        (Role.DA_LEAD, "D2", False),
        (Role.DIRECTOR_CO, "D2", False),
        (Role.CASE_MANAGER, "D1", False),
        (Role.DIRECTOR_CO, "D3", False),
    ],
)
def test_who_gives_the_second_yes(role: Role, door: str, may: bool) -> None:
    actor = Actor(id=5, name="x", roles=frozenset({role}))
    assert bool(pack_rules.may_approve(actor, door=door, made_by={1})) is may
    assert not pack_rules.may_approve(actor, door=door, made_by={1, 5})
