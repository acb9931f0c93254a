"""The agencies of the made-up county: some checked lately, one long ago, one unit never."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from cases.calendar import add_months, london_date
from cases.partners import agreement_operations, operations, unit_operations
from cases.partners.models import Agency, AgencyContact
from cases.partners.rules import Terms
from hatecrime.demo.desk import Desk

KEEPER = "Sunita Bhatt"
LATELY, LONG_AGO = 24, 8
"""Days since most were checked; months since one was."""
RANG = "Rang the number on their website and went through each line with them."


@dataclass(frozen=True)
class Unit:
    """A unit, or the whole of a small agency.  ``checked``: lately, long ago, or never."""

    name: str
    email: str
    phone: str
    checked: str = "lately"
    hours: str = "Monday to Friday, 9am to 5pm"


@dataclass(frozen=True)
class Entry:
    """An agency and its units."""

    name: str
    kind: str
    helps_with: str
    units: tuple[Unit, ...]
    areas: tuple[str, ...] = ()
    service: str = ""
    strands: tuple[str, ...] = ()
    phone: str = ""


WELLBY, HOLME, FENMOOR = "Wellby Borough", "South Holme District", "Fenmoor District"
COUNCIL = "Wellby Borough Council"

ENTRIES = (
    Entry(
        "Northshire Police",
        "POLICE",
        "Reporting a crime, and keeping somebody safe.",
        (
            Unit(
                "Public Protection Unit",
                "ppu@northshire-police.example",
                "01632 960 101",
                hours="Every day, 7am to 11pm",
            ),
            Unit(
                "Hate crime team", "hate.crime@northshire-police.example", "01632 960 102", "never"
            ),
        ),
        areas=(WELLBY, HOLME, FENMOOR),
        phone="101",
    ),
    Entry(
        f"{COUNCIL}: community safety",
        "LOCAL_AUTHORITY",
        "Joint action where several households are hurt, and the hate crime panel.",
        (Unit("Community safety team", "safety@wellby.example", "01632 960 201"),),
        areas=(WELLBY,),
        service="COMMUNITY_SAFETY",
        phone="01632 960 200",
    ),
    Entry(
        f"{COUNCIL}: adult social care",
        "LOCAL_AUTHORITY",
        "An adult with care and support needs who may be at risk.",
        (Unit("Adult safeguarding desk", "adults@wellby.example", "01632 960 202"),),
        areas=(WELLBY,),
        service="ADULT_CARE",
        phone="01632 960 200",
    ),
    Entry(
        f"{COUNCIL}: environmental health",
        "LOCAL_AUTHORITY",
        "Noise, rubbish and graffiti on land that is not ours.",
        (Unit("Environmental health team", "environment@wellby.example", "01632 960 203"),),
        areas=(WELLBY,),
        service="ENVIRONMENT",
        phone="01632 960 200",
    ),
    Entry(
        "Northshire Race Equality Service",
        "RACE",
        "Support for anybody hurt by racism: somebody to talk to, and to go with them.",
        (Unit("Casework", "casework@northshire-race.example", "01632 960 301", "long ago"),),
        areas=(WELLBY, HOLME, FENMOOR),
        strands=("RACE", "RELIGION"),
        phone="01632 960 300",
    ),
)

OURS = (
    ("safeguarding-team", Unit("Safeguarding desk", "safeguarding@demo.example", "01632 960 401")),
    ("domestic-abuse-team", Unit("Domestic abuse desk", "da@demo.example", "01632 960 402")),
    ("antisocial-behaviour-team", Unit("ASB desk", "asb@demo.example", "01632 960 403")),
    ("human-resources", Unit("HR link", "hr@demo.example", "01632 960 404")),
)

TERMS = (
    (WELLBY, Terms(3, 1, 1, 6), "On the council’s website, or by post to the town hall."),
    (HOLME, Terms(3, None, 1, 6), "By phone: 01632 960 500."),
)


def make_directory(desk: Desk, begun: datetime) -> None:
    """Put the county's agencies beside those the directory begins with, and check most."""
    for entry in ENTRIES:
        agency = desk.do(
            operations.add_agency,
            by=desk.actor(KEEPER, begun),
            at=begun,
            name=entry.name,
            kind=entry.kind,
            service=entry.service,
            strands=entry.strands,
            areas=entry.areas,
            helps_with=entry.helps_with,
            public_phone=entry.phone,
        )
        _check_agency(desk, agency, entry.units[0].checked)
        for unit in entry.units:
            _unit(desk, agency, unit, begun)
    for slug, unit in OURS:
        _unit(desk, Agency.objects.get(slug=slug), unit, begun)
    _agreements(desk, begun)
    at = _checked_at(desk, "lately")
    for council, terms, how in TERMS:
        desk.do(
            agreement_operations.set_review_terms,
            by=desk.actor(KEEPER, at),
            at=at,
            local_authority=council,
            terms=terms,
            how_to_apply=how,
            how="The page of the council about the ASB case review.",
        )


def _unit(desk: Desk, agency: Agency, unit: Unit, begun: datetime) -> AgencyContact:
    contact = desk.do(
        unit_operations.add_unit,
        by=desk.actor(KEEPER, begun),
        at=begun,
        agency=agency,
        unit=unit.name,
        secure_email=unit.email,
        phone=unit.phone,
        hours=unit.hours,
    )
    if unit.checked != "never":
        at = _checked_at(desk, unit.checked)
        by = desk.actor(KEEPER, at)
        desk.do(unit_operations.verify_unit, by=by, at=at, contact=contact, how=RANG)
    return contact


def _check_agency(desk: Desk, agency: Agency, when: str) -> None:
    at = _checked_at(desk, when)
    by = desk.actor(KEEPER, at)
    desk.do(operations.verify_agency, by=by, at=at, agency=agency, how=RANG)


def _checked_at(desk: Desk, when: str) -> datetime:
    """A morning lately, or so many months ago that nobody should rely on it."""
    if when == "lately":
        return desk.day(LATELY, 11, 20)
    today = london_date(desk.end)
    return desk.day((today - add_months(today, -LONG_AGO)).days, 11, 20)


def _agreements(desk: Desk, begun: datetime) -> None:
    """One that counts and runs out in some months, one that ran out."""
    today = london_date(desk.end)
    for name, title, purposes, last_day in (
        (
            "Northshire Police",
            "Sharing about hate crime in Northshire",
            "Preventing and detecting crime, and keeping people safe. Each request says what it "
            "needs and why.",
            add_months(today, 5),
        ),
        (
            f"{COUNCIL}: community safety",
            "Wellby community safety partnership",
            "Joint action about antisocial behaviour and hate in the borough.",
            today - timedelta(days=70),
        ),
    ):
        desk.do(
            agreement_operations.add_agreement,
            by=desk.actor(KEEPER, begun),
            at=begun,
            agency=Agency.objects.get(name=name),
            title=title,
            purposes=purposes,
            begins_on=london_date(begun) - timedelta(days=200),
            last_day=last_day,
            kept_where="With the data protection officer",
        )
