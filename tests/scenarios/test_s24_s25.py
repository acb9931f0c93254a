"""S24 and S25 of domain section 9: permission is per agency, and each person's is their own.

Of S25, what telling goes by; that action may be taken on the third party's evidence, against the
victim's wish, belongs to the actions of a case.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from cases.access import Role
from cases.audit.models import Event
from cases.audit.verbs import Verb
from cases.casework.choices import Part
from cases.casework.models import Case, Involvement
from cases.consent.choices import Reply, Scope, Standing
from cases.consent.operations import ask_permission
from cases.consent.queries import live_scopes
from cases.disclosures import gate, pack_operations
from cases.disclosures.choices import Door
from cases.disclosures.models import Blocked, Pack, Send
from cases.disclosures.refusals import Code, Offer, Refusal
from cases.intake.choices import Door as ReportDoor
from cases.partners.models import AgencyContact
from cases.partners.operations import add_agency
from cases.partners.unit_operations import add_unit, verify_unit
from tests.disclosures.packs import read, sent
from tests.scenarios.story import Story, hate_case, keys, london
from tests.scenarios.test_risk import told

RECEIVED = london(2026, 3, 4, 18, 0)
LATER = RECEIVED + timedelta(hours=3)
LIGHTS = "A neighbour is shouted at on the unlit path behind the flats; lights and CCTV would help."
FILMED = "A man was seen pushing somebody to the ground outside the block, and it was filmed."


@dataclass
class Telling:
    """A case, and what its officer asks and tells of it."""

    story: Story
    case: Case
    at: datetime = LATER

    @property
    def officer(self) -> Any:
        return self.story.actor(self.story.officer, self.at)

    def part(self, part: Part) -> Involvement:
        return self.case.involvements.get(part=part)

    def unit(self, name: str, kind: str, **more: Any) -> AgencyContact:
        """A checked unit of a new agency."""
        by, at = self.story.world.user(Role.DPO).actor(self.at), self.at
        agency = add_agency(by=by, at=at, name=name, kind=kind, **more)
        unit = add_unit(by=by, at=at, agency=agency, unit="Duty desk", phone="01632 960101")
        verify_unit(by=by, at=at, contact=unit, how="Rang the switchboard.")
        unit.refresh_from_db()
        return unit

    def asked(self, about: Involvement, unit: AgencyContact, words: str, **replies: str) -> None:
        """They were asked about that agency, and answered so."""
        ask_permission(
            by=self.officer,
            at=self.at,
            about=about,
            agency=unit.agency,
            purpose="To look into what happened.",
            replies=replies,
            how="PHONE",
            informed_by="1",
            words=words,
        )

    def pack(
        self, unit: AgencyContact, about: Involvement, door: Door, *items: tuple[str, str, Any]
    ) -> Pack:
        """A page made ready that holds these things: field, words and whose."""
        made = pack_operations.start_pack(
            by=self.officer,
            at=self.at,
            case=self.case,
            agency=unit.agency,
            contact=unit,
            about=about,
            door=door,
            title="What happened",
            purpose="To help.",
        )
        for field, text, whose in items:
            pack_operations.set_item(
                by=self.officer, at=self.at, pack=made, field=field, text=text, whose=whose
            )
        pack_operations.make_ready(
            by=self.officer, at=self.at, pack=made, reviewed=True, redactions_confirmed=True
        )
        return made

    def no(self, pack: Pack) -> list[Refusal]:
        """Why it may not go; sending it is tried, and does nothing but be written down."""
        refusals = gate.judge(pack, self.officer, self.at)
        tried = gate.send_pack(by=self.officer, at=self.at, pack=pack)
        assert isinstance(tried, Blocked)
        assert set(tried.reasons) == {no.code for no in refusals}
        assert not Send.objects.filter(pack=pack).exists()
        event = Event.objects.filter(verb=Verb.PACK_BLOCKED).latest("pk")
        assert event.case_reference == self.case.reference
        assert (tried.by_id, tried.agency_id) == (self.story.officer.pk, pack.agency_id)
        return refusals

    def goes(self, pack: Pack) -> str:
        """It goes; the words of the page that went."""
        send = sent(gate.send_pack(by=self.officer, at=self.at, pack=pack))
        return read(gate.bytes_of(send))


# --- S24 ---


@dataclass
class Lights(Telling):
    """AA agreed that her name and facts may go to the police, not to the council."""

    police: AgencyContact = None  # type: ignore[assignment]
    council: AgencyContact = None  # type: ignore[assignment]


@pytest.fixture
def aa(story: Story) -> Lights:
    person = story.tenant("Asha Adeyemi", story.home())
    case = told(story, person, RECEIVED, words="They shout at me on the path behind the flats.")
    telling = Lights(story, case)
    telling.police = telling.unit("Northam Police", "POLICE")
    telling.council = telling.unit(
        "Northam Council safety", "LOCAL_AUTHORITY", service="COMMUNITY_SAFETY"
    )
    telling.asked(
        telling.part(Part.VICTIM),
        telling.police,
        "The police can have my name. Nobody else.",
        FACTS=Reply.GIVEN,
        IDENTITY=Reply.GIVEN,
    )
    return telling


def named(telling: Telling, unit: AgencyContact) -> Pack:
    victim = telling.part(Part.VICTIM)
    return telling.pack(
        unit,
        victim,
        Door.PERMISSION,
        ("FACTS", LIGHTS, None),
        ("IDENTITY", "Asha Adeyemi", victim),
    )


def test_s24_what_the_police_may_have_the_council_may_not(aa: Lights) -> None:
    victim = aa.part(Part.VICTIM).pk
    assert live_scopes([victim], aa.police.agency_id, aa.at)[victim] == {
        Scope.FACTS,
        Scope.IDENTITY,
    }
    assert not live_scopes([victim], aa.council.agency_id, aa.at)[victim]
    refusals = aa.no(named(aa, aa.council))
    assert [no.code for no in refusals] == [Code.NO_PERMISSION, Code.NO_PERMISSION]
    told, called = (no.sentence for no in refusals)
    assert told == "Asha has not said that Northam Council safety may be told what happened."
    assert called.startswith("Asha has not said that Northam Council safety may have ")
    assert called.endswith(" name.")
    for no in refusals:
        assert no.whose == victim
        assert {Offer.ASK_PERMISSION, Offer.FACTS_ONLY} <= set(no.offers)
        assert Offer.ASK_DIRECTOR not in no.offers, "the Director is asked about the police only"
    assert "Asha Adeyemi" in aa.goes(named(aa, aa.police))


def test_s24_facts_that_name_nobody_may_go_to_the_council(aa: Lights) -> None:
    victim = aa.part(Part.VICTIM)
    still_named = aa.pack(
        aa.council, victim, Door.ANONYMISED, ("FACTS", f"Asha A. says: {LIGHTS}", None)
    )
    assert {no.code for no in aa.no(still_named)} == {Code.RECOGNISABLE}
    bare = aa.pack(aa.council, victim, Door.ANONYMISED, ("FACTS", LIGHTS, None))
    page = aa.goes(bare)
    assert "CCTV would help" in page
    for given_away in ("Asha", "Adeyemi", "Larkfield", aa.case.reference):
        assert given_away not in page


def test_s24_asking_her_about_the_council_opens_that_door(aa: Lights) -> None:
    pack = named(aa, aa.council)
    aa.no(pack)
    aa.asked(
        aa.part(Part.VICTIM),
        aa.council,
        "If it gets us lights, yes. But not my name.",
        FACTS=Reply.GIVEN,
        IDENTITY=Reply.REFUSED,
    )
    pack.refresh_from_db()
    assert [no.code for no in aa.no(pack)] == [Code.STOPPED], "the page with her name goes never"
    assert aa.goes(
        aa.pack(aa.council, aa.part(Part.VICTIM), Door.PERMISSION, ("FACTS", LIGHTS, None))
    )


# --- S25 ---


@dataclass
class Filmed(Telling):
    """BB wants no action and said no; CC filmed it, and will be a witness."""

    police: AgencyContact = None  # type: ignore[assignment]

    @property
    def bb(self) -> Involvement:
        return self.part(Part.VICTIM)

    @property
    def cc(self) -> Involvement:
        return self.part(Part.THIRD_PARTY)


@pytest.fixture
def film(story: Story) -> Filmed:
    bb = story.tenant("Bram Ansari", story.home())
    report = story.report(
        {
            **keys("who", person="new", full_name="Cora Whitlow", knows_as="WITNESS"),
            **keys("contact", ring="SAFE", phone="07700 900123"),
            **keys("harmed", person=bb.reference, knows="YES"),
            "incident-1.words": "He pushed him over and swore about his faith. I filmed it.",
            **keys("incident-1", types=["ASSAULT"], place="COMMUNAL_OUTSIDE"),
            **keys("why", caller="YES", own="YES", strands=["RELIGION"]),
            "why.basis.RELIGION": "ACTUAL",
            **keys("end", again="YES", witness="YES"),
        },
        received=RECEIVED,
        door=ReportDoor.THIRD_PARTY,
    )
    filmed = Filmed(story, hate_case(report))
    filmed.police = filmed.unit("Northam Police", "POLICE")
    yes, no = Reply.GIVEN, Reply.REFUSED
    words = "I do not want anything done. I do not want to be named in court."
    filmed.asked(filmed.bb, filmed.police, words, FACTS=no, IDENTITY=no)
    words = "I will give them the film and stand as a witness."
    filmed.asked(filmed.cc, filmed.police, words, FACTS=yes, IDENTITY=yes, EVIDENCE=yes)
    return filmed


def evidence(film: Filmed, facts: str, *more: tuple[str, str, Any]) -> Pack:
    """CC's evidence with CC's name."""
    return film.pack(
        film.police,
        film.cc,
        Door.PERMISSION,
        ("FACTS", facts, None),
        ("THIRD_PARTY", "Cora Whitlow", film.cc),
        ("EVIDENCE", "A film of 40 seconds, kept by the witness.", None),
        *more,
    )


def test_s25_each_says_so_for_themselves(film: Filmed) -> None:
    assert film.cc.would_witness == "YES"
    assert film.bb.talks.get().words.startswith("I do not want anything done.")
    scopes = live_scopes([film.bb.pk, film.cc.pk], film.police.agency_id, film.at)
    assert scopes[film.cc.pk] == {Scope.FACTS, Scope.IDENTITY, Scope.EVIDENCE}
    assert not scopes[film.bb.pk]


def test_s25_the_evidence_and_the_name_of_who_filmed_it_go(film: Filmed) -> None:
    page = film.goes(evidence(film, FILMED))
    assert "Cora Whitlow" in page
    assert "A film of 40 seconds" in page
    assert "Bram" not in page
    assert "Ansari" not in page


def test_s25_who_was_harmed_is_not_named_by_the_permission_of_another(film: Filmed) -> None:
    pack = evidence(film, FILMED, ("IDENTITY", "Bram Ansari", film.bb))
    refusals = film.no(pack)
    assert [(no.code, no.whose) for no in refusals] == [(Code.NO_PERMISSION, film.bb.pk)]
    assert refusals[0].sentence.startswith("Bram said no: Northam Police may not have ")
    assert Offer.ASK_PERMISSION not in refusals[0].offers, "who said no is left in peace"
    assert Standing.REFUSED in set(film.bb.talks.get().said.values_list("reply", flat=True))


def test_s25_nor_within_the_words_of_who_saw_it(film: Filmed) -> None:
    for words in ("Mr Ansari was pushed over, and it was filmed.", f"{FILMED} Bram fell."):
        refusals = film.no(evidence(film, words))
        assert [(no.code, no.whose) for no in refusals] == [(Code.NAMED, film.bb.pk)], words
        assert "the name of Bram, which was not chosen" in refusals[0].sentence


def test_s25_without_a_yes_only_the_director_opens_the_door(film: Filmed) -> None:
    pack = film.pack(
        film.police,
        film.bb,
        Door.DIRECTOR,
        ("FACTS", FILMED, None),
        ("IDENTITY", "Bram Ansari", film.bb),
    )
    refusals = film.no(pack)
    assert [no.code for no in refusals] == [Code.NOT_APPROVED]
    assert refusals[0].sentence == "The Director has not approved this."
