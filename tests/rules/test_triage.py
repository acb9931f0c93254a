"""The triage rule: every scenario's route, and what must be true whatever is said."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.casework.choices import Capacity, Holds, IncidentType, MateCrime, Relationship
from cases.intake.choices import Route
from cases.intake.triage import (
    ASB,
    DA,
    HATE,
    NOT_ABUSE,
    SAFEGUARDING,
    SIGNPOST,
    Triage,
    TriageFacts,
    View,
    triage,
)
from cases.policy import clauses


def view(who: str, holds: str, capacity: str = "VICTIM") -> View:
    return View(who, holds, capacity)


NO_SIGN = view("Joanne", "NO", "OFFICER")
TENANT = ("The victim is our tenant.",)


def facts(*views: View, types: str = "VERBAL", **values: object) -> TriageFacts:
    chosen: dict[str, object] = {"links": TENANT, "types": frozenset(types.split()), **values}
    return TriageFacts(views=views, **chosen)  # type: ignore[arg-type]


def codes(result: Triage) -> list[str]:
    return [route.route for route in result.taken]


def rel(*names: str) -> frozenset[str]:
    return frozenset(names)


# Every scenario of domain section 9 that names a route: what was said, and the routes taken,
# the main one first.
SCENARIOS = {
    "S01 next door, children saw": (
        facts(
            view("Amara", "YES"),
            types="VERBAL SPITTING",
            relationships=rel("NEIGHBOUR_ADJ"),
            children=("Esi, 4", "Kofi, 1"),
        ),
        [HATE, SAFEGUARDING],
    ),
    "S02 noise, asked and no": (
        facts(view("B", "NO"), NO_SIGN, types="NOISE", relationships=rel("NEIGHBOUR_BLOCK")),
        [ASB],
    ),
    "S03 a third party alone": (
        facts(view("The third party", "YES", "THIRD_PARTY"), types="HARASS"),
        [HATE],
    ),
    "S04 mate crime only": (
        facts(
            view("E", "NO"),
            NO_SIGN,
            types="HARASS",
            relationships=rel("FRIEND_ACQ"),
            exploitation=frozenset({"FINANCIAL", "CUCKOOING"}),
        ),
        [SAFEGUARDING],
    ),
    "S05 mate crime with hate": (
        facts(
            view("E", "NO"),
            view("The support worker", "YES", "AGENCY"),
            relationships=rel("FRIEND_ACQ"),
            exploitation=frozenset({"FINANCIAL"}),
        ),
        [HATE, SAFEGUARDING],
    ),
    "S06 a brother, and hate": (
        facts(view("F", "YES"), types="ASSAULT THREAT", relationships=rel("FAMILY")),
        [DA, HATE],
    ),
    "S07 graffiti": (facts(view("G", "YES"), types="GRAFFITI"), [HATE]),
    "S08 the same graffiti, a witness": (
        facts(view("The third party", "YES", "WITNESS"), types="GRAFFITI"),
        [HATE],
    ),
    "S09 the anniversary": (facts(view("K", "YES"), types="DAMAGE VERBAL"), [HATE]),
    "S10 just outside the window": (facts(view("L", "YES"), types="THREAT"), [HATE]),
    "S12 a colleague": (
        facts(view("N", "YES"), types="THREAT", links=("N works for us.",)),
        [HATE],
    ),
    "S14 high risk": (facts(view("Q", "YES"), types="THREAT ARSON_ATT"), [HATE]),
    "S15 recorded only": (
        facts(view("R", "YES"), types="ASSAULT", relationships=rel("STRANGER")),
        [HATE],
    ),
    "S16 shared owners": (facts(view("S", "YES"), types="ONLINE"), [HATE]),
    "S18 anonymous": (facts(view("The caller", "YES", "THIRD_PARTY")), [HATE]),
    "S19 age only": (
        facts(view("V", "YES"), view("The third party", "YES", "THIRD_PARTY")),
        [HATE],
    ),
    "S21 the officer doubts it": (facts(view("X", "YES"), NO_SIGN, types="MALCOMP"), [HATE]),
    "S22 at first": (facts(view("Y", "NO"), NO_SIGN, types="NOISE"), [ASB]),
    "S22 later": (
        facts(view("Y", "NO"), NO_SIGN, view("Y", "YES"), types="NOISE"),
        [HATE],
    ),
    "S25 against the victim's wish": (
        facts(view("BB", "YES"), view("The third party", "YES", "WITNESS"), types="ASSAULT"),
        [HATE],
    ),
    "an officer alone (1.6 b)": (facts(view("P", "NO"), view("J", "YES", "OFFICER")), [HATE]),
    "a neighbour against the victim (1.6 c)": (
        facts(view("P", "NO"), NO_SIGN, view("The third party", "YES", "WITNESS")),
        [HATE],
    ),
    "a visitor without a tenancy (1.6 a)": (
        facts(view("P", "YES"), links=("It happened in a place we look after.",)),
        [HATE],
    ),
    "not known whether it is ours": (facts(view("P", "YES"), links=()), [HATE]),
    "nothing links it to us": (facts(view("P", "YES"), links=(), no_link=True), [SIGNPOST]),
    "nothing links it to us, a child saw": (
        facts(view("P", "YES"), links=(), no_link=True, children=("Esi, 4",)),
        [SIGNPOST, SAFEGUARDING],
    ),
    "a link outweighs nobody knowing one": (facts(view("P", "YES"), no_link=True), [HATE]),
    "a partner, and nobody thinks hate": (
        facts(view("P", "NO"), NO_SIGN, types="ASSAULT", relationships=rel("PARTNER_EX")),
        [DA],
    ),
    "a partner's noise": (
        facts(view("P", "NO"), NO_SIGN, types="NOISE", relationships=rel("PARTNER_EX")),
        [ASB],
    ),
    "a partner takes money": (
        facts(
            view("P", "NO"),
            NO_SIGN,
            types="NOISE",
            relationships=rel("PARTNER_EX"),
            exploitation=frozenset({"FINANCIAL"}),
        ),
        [DA],
    ),
    "somebody at home, and abuse": (
        facts(view("P", "NO"), NO_SIGN, relationships=rel("HOUSEHOLD_MEMBER"), abuse=True),
        [DA],
    ),
    "somebody at home": (
        facts(view("P", "NO"), NO_SIGN, relationships=rel("HOUSEHOLD_MEMBER")),
        [ASB],
    ),
    "a carer": (
        facts(view("P", "NO"), NO_SIGN, relationships=rel("CARER_SUPPORT")),
        [SAFEGUARDING],
    ),
    "our own service, no hate": (
        facts(view("P", "NO"), NO_SIGN, types="DISCRIM_SERVICE"),
        [SIGNPOST],
    ),
    "our own service, hate": (facts(view("P", "YES"), types="DISCRIM_SERVICE"), [HATE]),
    "an adult at risk, no hate": (
        facts(view("P", "NO"), NO_SIGN, types="NOISE", at_risk=("P",)),
        [ASB, SAFEGUARDING],
    ),
}


@pytest.mark.parametrize(("said", "routes"), SCENARIOS.values(), ids=SCENARIOS.keys())
def test_every_scenario_takes_its_routes(said: TriageFacts, routes: list[str]) -> None:
    result = triage(said)
    assert codes(result) == routes
    assert result.primary == routes[0]
    assert result.waiting_for == ()


def test_the_reasons_are_said_in_plain_words() -> None:
    result = triage(SCENARIOS["S01 next door, children saw"][0])
    assert result.route(HATE).reasons == (
        "Amara thinks hate was part of it.",
        "The victim is our tenant.",
    )
    assert result.route(SAFEGUARDING).reasons == ("Esi, 4, and Kofi, 1, saw or heard it.",)
    assert result.route(DA).reasons == ("Not a partner or family.",)
    assert result.mate_crime.reasons == ("Not a friend or acquaintance.",)
    assert result.route(ASB).reasons == ("Only when everybody asked says hate was not part of it.",)
    assert result.clause == clauses.DEFINITION


def test_antisocial_behaviour_names_everybody_who_was_asked() -> None:
    amara, joanne = (
        View("Amara", "NO", "VICTIM", "Amara Osei"),
        View("Joanne Pike", "NO", "OFFICER"),
    )
    result = triage(facts(amara, joanne))
    assert result.route(ASB).reasons == ("Everyone asked said no: Amara Osei, Joanne Pike.",)
    assert result.clause == clauses.NOT_HATE


def test_several_people_at_risk_read_as_a_sentence() -> None:
    result = triage(facts(view("P", "YES"), at_risk=("Bo", "Al", "Cy")))
    assert result.route(SAFEGUARDING).reasons == ("Al, Bo and Cy may be at risk.",)


@pytest.mark.parametrize(
    ("capacity", "clause"),
    [("VICTIM", clauses.DEFINITION), ("WITNESS", clauses.THIRD_PARTY),
     ("OFFICER", clauses.THIRD_PARTY), ("AGENCY", clauses.THIRD_PARTY)],
)  # fmt: skip
def test_the_clause_is_the_one_that_decides(capacity: str, clause: clauses.Clause) -> None:
    assert triage(facts(view("P", "YES", capacity))).clause == clause


def test_the_other_routes_carry_their_own_clause() -> None:
    assert triage(SCENARIOS["S04 mate crime only"][0]).clause == clauses.MATE_CRIME
    assert triage(SCENARIOS["S06 a brother, and hate"][0]).clause == clauses.DOMESTIC_ABUSE


def test_not_sure_is_hate_for_now_until_somebody_thinks_so() -> None:
    unsure = facts(view("P", "NO"), view("Joanne", "NOT_SURE", "OFFICER"))
    result = triage(unsure)
    assert (result.primary, result.provisional) == (HATE, True)
    assert result.route(HATE).reasons[0] == "Joanne is not sure."
    sure = replace(unsure, views=(*unsure.views, view("C", "YES", "WITNESS")))
    assert not triage(sure).provisional


@pytest.mark.parametrize(
    ("views", "missing"),
    [
        ((), ("caller", "officer")),
        ((view("P", "NO"),), ("officer",)),
        ((NO_SIGN,), ("caller",)),
    ],
)
def test_no_result_until_everybody_was_asked(
    views: tuple[View, ...], missing: tuple[str, ...]
) -> None:
    result = triage(facts(*views, types="NOISE"))
    assert result.primary == ""
    assert result.waiting_for == missing
    assert result.taken == ()
    assert result.clause is None


def test_a_child_does_not_wait_for_the_question() -> None:
    result = triage(facts(children=("Esi, 4",)))
    assert result.primary == ""
    assert codes(result) == [SAFEGUARDING]


def test_partner_without_abuse_and_unknown_respondent_say_why_not() -> None:
    partner = facts(view("P", "NO"), NO_SIGN, types="NOISE", relationships=rel("PARTNER_EX"))
    assert triage(partner).route(DA).reasons == ("A partner or family, and no abuse was told.",)
    told = triage(replace(partner, abuse=True)).route(DA)
    assert told.reasons == ("The respondent is a partner or former partner, and abuse was told.",)
    nobody = triage(facts(view("P", "YES"), relationships=rel("UNKNOWN")))
    assert nobody.route(DA).reasons == ("Not known to be a partner or family.",)
    assert nobody.mate_crime.reasons == ("Not known to be a friend or acquaintance.",)
    friend = triage(facts(view("P", "YES"), relationships=rel("FRIEND_ACQ")))
    assert friend.mate_crime.reasons == ("Not said to take advantage.",)
    family = triage(replace(partner, exploitation=frozenset({"FINANCIAL"})))
    assert family.mate_crime.reasons == ("By a partner or family: domestic abuse.",)


def test_the_codes_are_those_of_the_lists() -> None:
    assert set(Route.values) == {HATE, SAFEGUARDING, DA, ASB, SIGNPOST}
    assert set(IncidentType.values) >= NOT_ABUSE
    for capacity in Capacity.values:
        for holds in Holds.values:
            assert triage(facts(View("P", holds, capacity)))


# --- whatever is said -------------------------------------------------------------------

names = st.sampled_from(["A", "B", "The third party", "Joanne"])
views = st.builds(View, names, st.sampled_from(Holds.values), st.sampled_from(Capacity.values))
anything = st.builds(
    TriageFacts,
    views=st.lists(views, max_size=5).map(tuple),
    types=st.frozensets(st.sampled_from(IncidentType.values), max_size=4),
    relationships=st.frozensets(st.sampled_from(Relationship.values), max_size=3),
    exploitation=st.frozensets(st.sampled_from(MateCrime.values), max_size=3),
    abuse=st.booleans(),
    children=st.lists(st.sampled_from(["Esi, 4", "Kofi, 1"]), max_size=2).map(tuple),
    at_risk=st.lists(st.sampled_from(["A", "B"]), max_size=2).map(tuple),
    links=st.lists(st.sampled_from(["A is our tenant."]), max_size=1).map(tuple),
    no_link=st.booleans(),
)


def in_scope(said: TriageFacts) -> bool:
    return bool(said.links) or not said.no_link


def perceived(said: TriageFacts) -> bool:
    return any(one.holds != "NO" for one in said.views)


@given(anything)
def test_somebody_perceives_hate_if_and_only_if_it_is_hate(said: TriageFacts) -> None:
    assert triage(said).takes(HATE) == (perceived(said) and in_scope(said))


@given(anything, views)
def test_another_view_never_takes_hate_away(said: TriageFacts, another: View) -> None:
    before = triage(said)
    after = triage(replace(said, views=(*said.views, another)))
    assert after.takes(HATE) >= before.takes(HATE)
    assert not (before.takes(HATE) and not before.provisional and after.provisional)
    for route in (SAFEGUARDING, DA):
        assert after.takes(route) == before.takes(route)


@given(anything, st.randoms(use_true_random=False))
def test_order_never_matters(said: TriageFacts, chance: object) -> None:
    shuffled = {}
    for name in ("views", "children", "at_risk", "links"):
        values = list(getattr(said, name))
        chance.shuffle(values)  # type: ignore[attr-defined]
        shuffled[name] = tuple(values)
    assert triage(replace(said, **shuffled)) == triage(said)


@given(anything)
def test_exactly_one_main_route_unless_it_waits(said: TriageFacts) -> None:
    result = triage(said)
    main = [route.route for route in result.routes if route.is_primary]
    assert main == ([] if result.waiting_for else [result.primary])
    assert all(route.applies for route in result.routes if route.is_primary)
    assert bool(result.waiting_for) <= (not perceived(said))
    assert all(route.reasons for route in (*result.routes, result.mate_crime))


@given(anything)
def test_antisocial_behaviour_only_when_everybody_asked_says_no(said: TriageFacts) -> None:
    if triage(said).takes(ASB):
        asked = {one.capacity for one in said.views}
        assert "OFFICER" in asked
        assert asked - {"OFFICER"}
        assert not perceived(said)
