"""The organisation and the people of its homes, as they were before the first report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cases.access import Role
from cases.calendar import london_date
from cases.people import operations as people
from cases.people.choices import LinkKind, MemberRelation, StockClass, Tenure
from cases.people.company_operations import add_company
from cases.people.models import Entity, Household, Person, Property
from cases.policy.operations import add_bank_holidays, seed_policy
from cases.staff import operations as staff
from cases.staff.models import Course
from hatecrime.demo import places
from hatecrime.demo.desk import COMMAND, DAYS, RECORDS, Desk

PASSWORD = "lantern-orchard-teacup"  # noqa: S105 (a demonstration on this machine, printed)
DOMAIN = "demo.example"

# Name, role, team.  The first of each role is the one printed; only the first 15 can sign in.
STAFF: tuple[tuple[str, Role, str], ...] = (
    ("Joanne Pike", Role.CALL_HANDLER, "North"),
    ("Dawn Mistry", Role.HOUSING_OFFICER, "North"),
    ("Sunita Bhatt", Role.CASE_MANAGER, "North"),
    ("Ruth Calloway", Role.DIRECTOR_CO, ""),
    ("Marcus Adeyemi", Role.SAFEGUARDING_LEAD, ""),
    ("Helen Brand", Role.DA_LEAD, ""),
    ("Peter Lund", Role.AUDITOR, ""),
    ("Farah Naqvi", Role.DPO, ""),
    ("Owen Price", Role.REPORT_VIEWER, ""),
    ("Grace Tully", Role.HR_LINK, ""),
    ("Iain Mackie", Role.SYSADMIN, ""),
    ("Harriet Lowe", Role.POLICY_SPONSOR, ""),
    ("Anna Weir", Role.CASE_MANAGER, "South"),
    ("Navdeep Gill", Role.HOUSING_OFFICER, "North"),
    ("Carol Nkemelu", Role.HOUSING_OFFICER, "South"),
    ("Liam Prosser", Role.CALL_HANDLER, "South"),
    ("Tom Ellery", Role.HOUSING_OFFICER, "North"),
    ("Priti Shah", Role.HOUSING_OFFICER, "North"),
    ("Ben Hartley", Role.HOUSING_OFFICER, "South"),
    ("Steph Oduya", Role.CASE_MANAGER, "Care and Support"),
    ("Mo Rahman", Role.HOUSING_OFFICER, "Care and Support"),
    ("Ellen Frost", Role.HOUSING_OFFICER, "Care and Support"),
)
UNTRAINED = "Ben Hartley"
SIGN_IN = 15

ENTITIES = (
    ("AMPLIUS", "Amplius Living"),
    ("LONGHURST", "Longhurst Group, before Amplius"),
    ("GRAND_UNION", "Grand Union Housing Group, before Amplius"),
)

Tick = Callable[[], object]


@dataclass(frozen=True)
class Resident:
    """Somebody the stories speak of by key."""

    key: str
    name: str
    address: str
    born: date
    known_as: str = ""
    lives_with: str = ""  # the key of whoever holds the tenancy
    relation: MemberRelation = MemberRelation.TENANT
    tenure: Tenure = Tenure.ASSURED
    colleague: bool = False


FAMILY = (
    ("amara", "SIBLING", "efua"),
    ("amara", "CHILD", "esi"),
    ("amara", "CHILD", "kofi"),
)
"""Who is whose family: what happened to Efua makes Amara's a repeat in the family (S01)."""

NAMED: tuple[Resident, ...] = (
    Resident("amara", "Amara Osei", "14 Larkfield Court", date(1991, 5, 3)),
    Resident(
        "esi", "Esi Osei", "", date(2022, 2, 11), lives_with="amara", relation=MemberRelation.CHILD
    ),
    Resident(
        "kofi",
        "Kofi Osei",
        "",
        date(2025, 6, 20),
        lives_with="amara",
        relation=MemberRelation.CHILD,
    ),
    Resident("efua", "Efua Osei", "31 Canal Terrace", date(1988, 9, 17)),
    Resident("amarah", "Amarah Osei-Mensah", "3 Larkfield Court", date(1979, 1, 30)),
    Resident("idris", "Idris Malik", "8 Foundry Lane", date(1984, 11, 2)),
    Resident(
        "kelvin",
        "Kelvin Shaw",
        "2 Willow Lodge",
        date(1996, 7, 8),
        tenure=Tenure.SUPPORTED_TENANCY,
    ),
    Resident("tess", "Tess Marlow", "5 Heron Close", date(1993, 3, 12), known_as="Tess"),
    Resident("joan", "Joan Whitlock", "11 Priory Gardens", date(1946, 12, 5)),
    Resident("pawel", "Pawel Zielinski", "27 Station Walk", date(1987, 4, 21)),
    Resident("miriam", "Miriam Adler", "6 Orchard Rise", date(1982, 8, 14)),
    Resident(
        "noa",
        "Noa Adler",
        "",
        date(2016, 10, 1),
        lives_with="miriam",
        relation=MemberRelation.CHILD,
    ),
    Resident(
        "ari",
        "Ari Stern",
        "",
        date(1980, 2, 27),
        lives_with="miriam",
        relation=MemberRelation.PARTNER,
    ),
    Resident("trevor", "Trevor Holroyd", "9 Orchard Rise", date(1969, 6, 6)),
    Resident("sian", "Siân Pryce", "18 Bakers Yard", date(1999, 1, 9)),
    Resident(
        "gareth",
        "Gareth Pryce",
        "",
        date(1995, 5, 25),
        lives_with="sian",
        relation=MemberRelation.SIBLING,
    ),
    Resident("deepak", "Deepak O'Neill", "4 Alder House", date(1975, 3, 3)),
    Resident("carla", "Carla Bramley", "10 Alder House", date(1964, 10, 10)),
    Resident("leah", "Leah Rosen", "40 Canal Terrace", date(1978, 12, 12)),
    Resident("ionut", "Ionuț Popescu", "21 Mill Row", date(1990, 9, 9)),
    Resident("mei", "Mei Chen", "33 Station Walk", date(1981, 7, 1), tenure=Tenure.SHARED_OWNER),
    Resident(
        "lian",
        "Lian Chen",
        "",
        date(2012, 5, 5),
        lives_with="mei",
        relation=MemberRelation.CHILD,
    ),
    Resident("vera", "Vera Tanner", "1 Priory Gardens", date(1943, 4, 4)),
    Resident("saima", "Saima Qureshi", "15 Heron Close", date(1992, 2, 2)),
    Resident("daniel", "Daniel Lowe", "7 Bakers Yard", date(1985, 11, 19)),
    Resident("restricted", "Rivka Feldman", "22 Alder House", date(1998, 6, 30)),
    Resident("cousin", "Nadia Mirza", "12 Foundry Lane", date(1986, 8, 8)),
    Resident("orla", "Orla Brennan", "17 Mill Row", date(1971, 9, 21)),
    Resident("hana", "Hana Suleiman", "16 Alder House", date(1994, 2, 18)),
    Resident("navdeep", "Navdeep Gill", "", date(1989, 1, 15), colleague=True),
)


def began(desk: Desk) -> datetime:
    """Before the first report: when users and homes were put in."""
    return desk.end - timedelta(days=DAYS + 40)


def make_organisation(desk: Desk) -> None:
    """The policy, teams, users with one role each, and their training."""
    at = began(desk)
    seed_policy(by=COMMAND, at=at)
    add_bank_holidays(by=COMMAND, at=at, years=range(at.year, desk.end.year + 3))
    for team, *_ in places.AREAS:
        desk.teams[team] = desk.do(staff.add_team, by=COMMAND, at=at, name=team)
    for number, (name, role, team) in enumerate(STAFF):
        user = desk.do(
            staff.add_user,
            by=COMMAND,
            at=at,
            full_name=name,
            email=f"{name.split()[0].lower()}@{DOMAIN}",
            team=desk.teams.get(team),
            password=PASSWORD if number < SIGN_IN else None,
        )
        desk.do(staff.grant_role, by=COMMAND, at=at, user=user, role=role)
        desk.users[name] = user
    for name, role, _ in STAFF:
        if role in (Role.HOUSING_OFFICER, Role.CASE_MANAGER, Role.CALL_HANDLER):
            _trained(desk, name, at)


def _trained(desk: Desk, name: str, at: datetime) -> None:
    """Everybody's training is in date but one's, whom a manager may still name with a reason."""
    done = london_date(at) - timedelta(days=300 if name == UNTRAINED else 60)
    desk.do(
        staff.record_training,
        by=desk.actor("Iain Mackie", at),
        at=at,
        user=desk.users[name],
        course=Course.HATE_CRIME,
        completed_on=done,
        expires_on=done + timedelta(days=365 if name == UNTRAINED else 730),
    )


def make_residents(desk: Desk, tick: Tick) -> None:
    """Homes on every street, those the stories name among them, and who lives there."""
    entities = [
        desk.do(add_company, by=COMMAND, at=began(desk), code=code, name=name)
        for code, name in ENTITIES
    ]
    for resident in NAMED:
        _named(desk, resident, entities)
        tick()
    for one, kind, relative in FAMILY:
        desk.do(
            people.add_family_link,
            by=RECORDS,
            at=began(desk),
            person=desk.people[one],
            relative=desk.people[relative],
            kind=kind,
        )
    taken = {resident.address for resident in NAMED}
    for team, area, authority, postcode, streets in places.AREAS:
        for street in streets:
            for number in range(2, 44, 6):
                address = f"{number} {street}"
                if address in taken:
                    continue
                home = _home(desk, address, team, area, authority, postcode, entities)
                _household(desk, home)
                tick()
    desk.do(
        people.declare_staff_link,
        by=desk.actor("Navdeep Gill", began(desk)),
        at=began(desk),
        user=desk.users["Navdeep Gill"],
        kind=LinkKind.SELF,
        person=desk.people["navdeep"],
    )


def _home(
    desk: Desk,
    address: str,
    team: str,
    area: str,
    authority: str,
    postcode: str,
    entities: list[Entity],
) -> Property:
    letters = "ABDEFGHJLNPQRSTUWXYZ"
    number = sum(map(ord, address))
    home = desk.do(
        people.add_property,
        by=RECORDS,
        at=began(desk),
        address=address,
        town=area,
        postcode=f"{postcode}{letters[number % 20]}{letters[number // 20 % 20]}",
        uprn=f"9{len(desk.homes):011}",
        area=area,
        local_authority=authority,
        stock_class=StockClass.LCRA,
        entity=entities[number % len(entities)],
        team=desk.teams[team],
    )
    desk.homes[address] = home
    return home


def _named(desk: Desk, resident: Resident, entities: list[Entity]) -> None:
    if resident.lives_with:
        holder = desk.people[resident.lives_with]
        household = Household.objects.get(memberships__person=holder)
        _person(desk, resident, holder.home, household)
        return
    if not resident.address:
        _person(desk, resident, None, None)
        return
    street = resident.address.split(" ", 1)[1]
    team, area, authority, postcode, _ = next(row for row in places.AREAS if street in row[4])
    home = _home(desk, resident.address, team, area, authority, postcode, entities)
    household = desk.do(people.add_household, by=RECORDS, at=began(desk), home=home)
    _person(desk, resident, home, household)


def _person(
    desk: Desk, resident: Resident, home: Property | None, household: Household | None
) -> Person:
    adult = resident.born.year < desk.end.year - 18
    person = desk.do(
        people.add_person,
        by=RECORDS,
        at=began(desk),
        full_name=resident.name,
        known_as=resident.known_as,
        date_of_birth=resident.born,
        phone=places.phone(len(desk.people) * 7 + 412) if adult else "",
        email=places.email(resident.name) if adult and len(desk.people) % 3 == 0 else "",
        home=home,
        is_colleague=resident.colleague,
    )
    desk.people[resident.key] = person
    if household is None or home is None:
        return person
    moved = max(
        london_date(began(desk)) - timedelta(days=desk.random.randint(90, 4000)), resident.born
    )
    desk.do(
        people.add_household_member,
        by=RECORDS,
        at=began(desk),
        household=household,
        person=person,
        moved_in=moved,
        relation=resident.relation,
    )
    if resident.relation == MemberRelation.TENANT:
        desk.do(
            people.add_tenancy,
            by=RECORDS,
            at=began(desk),
            reference=f"T{len(desk.people):06}",
            home=home,
            holder=person,
            tenure=resident.tenure,
            starts=moved,
        )
    return person


def _household(desk: Desk, home: Property) -> None:
    """A tenant, and perhaps a partner and children of the same family name."""
    chance = desk.random
    firsts, lasts = chance.choice(places.NAMES)
    names = chance.sample(firsts, 3)
    family = chance.choice(lasts)
    household = desk.do(people.add_household, by=RECORDS, at=began(desk), home=home)
    key = f"resident {len(desk.people)}"
    grown = desk.end.year - chance.randint(22, 84)
    tenure = chance.choice([Tenure.ASSURED] * 5 + [Tenure.STARTER, Tenure.SHARED_OWNER])
    tenant = Resident(key, f"{names[0]} {family}", "", _born(desk, grown), tenure=tenure)
    _person(desk, tenant, home, household)
    if chance.random() < 0.45:
        partner = Resident(
            f"{key} partner",
            f"{names[1]} {family}",
            "",
            _born(desk, grown + chance.randint(-4, 4)),
            relation=MemberRelation.PARTNER,
        )
        _person(desk, partner, home, household)
    if grown > desk.end.year - 50 and chance.random() < 0.5:
        child = Resident(
            f"{key} child",
            f"{names[2]} {family}",
            "",
            _born(desk, desk.end.year - chance.randint(3, 15)),
            relation=MemberRelation.CHILD,
        )
        _person(desk, child, home, household)


def _born(desk: Desk, year: int) -> date:
    return date(year, desk.random.randint(1, 12), desk.random.randint(1, 28))
