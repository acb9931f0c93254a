"""The stories people test and teach with (domain 9), told as on the day."""

from __future__ import annotations

from cases.casework.choices import Stage
from cases.intake.choices import Channel, Door
from hatecrime.demo.happenings import OWN, SEEN, Happening
from hatecrime.demo.scenario_happenings import (
    BOTTLES,
    BROTHER,
    CAPTIONS,
    COOKING,
    FRIENDS,
    KILL,
    LIFT,
    LIFT_SEEN,
    LOUD,
    PAINT,
    PUNCH,
    SISTER,
    SPAT,
    STAIRS,
    STICK,
    THREATS,
    TURBAN,
)
from hatecrime.demo.sheets import ANONYMOUS
from hatecrime.demo.stories import Story, Turn

THREAT_TO_KILL = "RF1"

SCENARIOS: tuple[Story, ...] = (
    # S01, and the sister's earlier report that makes it a repeat in the family.
    Story("efua", SISTER, ago=261, hour=11, teller="efua", upto=Stage.MONITOR, risk="Medium"),
    Story(
        "amara",
        SPAT,
        hours_ago=2.5,
        days_before=1,
        teller="amara",
        reach="text",
        adjustment=("NONE", ""),
        lead="Dawn Mistry",
        upto=Stage.CONTACT,
        turn=Turn.FORGOTTEN,
        answers={
            "contact.find_out": "He takes post off the shelf",
            "harmed.people": ["CALLER"],
            "harmed.others": "Esi, 4\nKofi, 1",
            "before.any": "YES",
            "before.words": "Her sister Efua had the same in March",
        },
    ),
    # S02: noise with no hate.
    Story("deepak", LOUD, ago=12, teller="deepak", thinks="NO", officer_thinks="NO"),
    # S03: a third party, and the victim does not know.
    Story(
        "carla",
        SEEN[0],
        ago=1,
        hour=18,
        minute=20,
        door=Door.THIRD_PARTY,
        teller="carla",
        lead="Dawn Mistry",
        upto=Stage.CONTACT,
        turn=Turn.FORGOTTEN,
        answers={"who.knows_as": "WITNESS", "end.witness": "YES"},
    ),
    # S04: mate crime only.
    Story(
        "kelvin",
        FRIENDS,
        ago=2,
        hour=14,
        teller="kelvin",
        thinks="NO",
        officer_thinks="NO",
        reach="visit",
        adjustment=("FORMAT", "Easy read letters"),
        turn=Turn.OFFERED,
        answers={
            "incident-1.other_type": "His money and his home are being used",
            "respondent.advantage": "YES",
            "respondent.mate": ["FINANCIAL", "CUCKOOING"],
            "harmed.at_risk": ["ADULT"],
        },
    ),
    # S06: domestic abuse with homophobia.
    Story(
        "sian",
        BROTHER,
        ago=3,
        hour=13,
        teller="sian",
        risk="High",
        upto=Stage.PLAN,
        answers={"respondent.abuse": "YES", "safe.talk": "YES_NO"},
    ),
    Story(
        "sian again",
        Happening(
            "DISABILITY",
            ("THREAT", "RIDICULE"),
            "VICTIM_HOME",
            "My ex came to the door again. He laughs at my hearing aids and says nobody will hear.",
            "He does it because I am deaf.",
            "PARTNER_EX",
            "A former partner",
        ),
        ago=5,
        hour=16,
        teller="amarah",
        lead="Dawn Mistry",
        risk="Medium",
        upto=Stage.ASSESS,
        turn=Turn.DECLINED,
        answers={"respondent.abuse": "YES"},
    ),
    # S07 and S08: graffiti on a door, and a neighbour who rings about the same paint.
    Story(
        "miriam", PAINT, ago=33, hour=7, minute=15, days_before=0, teller="miriam", risk="Medium"
    ),
    Story(
        "trevor",
        SEEN[2],
        ago=32,
        hour=10,
        days_before=1,
        door=Door.THIRD_PARTY,
        teller="trevor",
        harmed="miriam",
        turn=Turn.SAME,
        answers={"end.witness": "YES", "who.knows_as": "WITNESS"},
    ),
    # S09: repeat, reported within a year of the first.
    Story("leah 1", BOTTLES, ago=398, hour=12, teller="leah", risk="Standard"),
    Story("leah 2", BOTTLES, ago=34, hour=20, teller="leah", risk="Medium"),
    # S10: one day outside the window.
    Story("ionut 1", THREATS, ago=420, hour=12, teller="ionut", risk="Standard"),
    Story("ionut 2", THREATS, ago=54, hour=12, teller="ionut", risk="Medium"),
    # A repeat whose twelve months are over.
    Story("orla 1", THREATS, ago=423, hour=11, teller="orla", risk="Medium"),
    Story("orla 2", THREATS, ago=388, hour=14, teller="orla", risk="Medium"),
    # Two accounts that may be of one incident: nobody has decided yet.
    Story(
        "hana",
        LIFT,
        ago=1,
        hour=11,
        days_before=1,
        teller="hana",
        upto=Stage.CONTACT,
        turn=Turn.FORGOTTEN,
    ),
    Story(
        "hana seen",
        LIFT_SEEN,
        hours_ago=5,
        days_before=2,
        door=Door.THIRD_PARTY,
        teller="deepak",
        harmed="hana",
        upto=Stage.CONTACT,
        turn=Turn.FORGOTTEN,
        answers={"who.knows_as": "WITNESS", "end.witness": "YES"},
    ),
    # S12: a colleague is the victim.
    Story(
        "navdeep",
        TURBAN,
        ago=9,
        hour=15,
        door=Door.VICTIM,
        channel=Channel.COLLEAGUE_OBSERVED,
        teller="navdeep",
        answers={"harmed.role": "COLLEAGUE"},
        lead="Anna Weir",
        upto=Stage.ASSESS,
    ),
    # S13: the lead turns out to know somebody.
    Story("cousin", OWN[3], ago=1, hour=9, teller="cousin", lead="Priti Shah", turn=Turn.CONFLICT),
    # S15: recorded at the victim's wish.
    Story(
        "daniel 0",
        PUNCH,
        ago=75,
        teller="tess",
        risk="High",
        answers={"permission.support": "NO", "permission.police_self": "NO"},
    ),
    # S16: shared owners online.
    Story("mei", CAPTIONS, ago=41, teller="mei", reach="email"),
    # S18: anonymous, two corner flats.
    Story(
        "corner flat",
        SEEN[1],
        hours_ago=21,
        door=Door.THIRD_PARTY,
        teller=ANONYMOUS,
        lead="Dawn Mistry",
        upto=Stage.CONTACT,
        turn=Turn.FORGOTTEN,
        answers={"harmed.described": "A household in Mill Row"},
    ),
    # S19: age only.
    Story("vera", OWN[12], ago=58, teller="vera", reach="ring", times="mornings"),
    # S21: the officer doubts it.  The view stands; the doubt is an evidence assessment.
    Story("saima", COOKING, ago=16, teller="saima", officer_thinks="NO", lead="Dawn Mistry"),
    # S22: becomes hate later.
    Story(
        "daniel",
        LOUD,
        ago=47,
        teller="daniel",
        thinks="NO",
        officer_thinks="NO",
        turn=Turn.HATE_LATER,
    ),
    # The queue as it is drawn.
    Story(
        "idris",
        OWN[0],
        hours_ago=28.6,
        teller="idris",
        lead="Dawn Mistry",
        times="after midday",
        adjustment=("INTERPRETER", "Interpreter: Urdu"),
        upto=Stage.CONTACT,
        turn=Turn.NOT_REACHED,
    ),
    # S14: High risk, and no permission to tell the police; two more that the Director decided.
    Story(
        "carla",
        STICK,
        ago=7,
        teller="carla",
        lead="Tom Ellery",
        upto=Stage.PLAN,
        risk="High",
        flag=THREAT_TO_KILL,
    ),
    Story(
        "daniel 2",
        STAIRS,
        ago=6,
        teller="daniel",
        lead="Dawn Mistry",
        risk="High",
        flag=THREAT_TO_KILL,
    ),
    Story(
        "tess",
        KILL,
        ago=4,
        teller="tess",
        reach="ring",
        times="7pm to 8pm",
        say="Sam",
        adjustment=("FORMAT", "Large print"),
        lead="Dawn Mistry",
        upto=Stage.PLAN,
        risk="High",
        flag=THREAT_TO_KILL,
    ),
    Story(
        "joan",
        OWN[12],
        ago=150,
        teller="joan",
        reach="ring",
        times="mornings",
        adjustment=("HEARING", "Hearing loop. Speak slowly"),
        lead="Dawn Mistry",
        risk="Standard",
    ),
    Story(
        "pawel",
        OWN[2],
        ago=22,
        teller="pawel",
        reach="email",
        lead="Dawn Mistry",
        risk="Medium",
        turn=Turn.HELD,
    ),
    Story(
        "restricted",
        OWN[9],
        ago=19,
        teller="restricted",
        lead="Sunita Bhatt",
        turn=Turn.RESTRICTED,
        risk="High",
    ),
    Story(
        "no why yet",
        OWN[7],
        hours_ago=3.2,
        teller="amarah",
        thinks="",
        officer_thinks="",
        turn=Turn.WAITING,
    ),
)

# Call sheets that nobody has finished: who took the call, how it stands.
UNFINISHED: tuple[tuple[Story, str, str], ...] = (
    (Story("unfinished 1", OWN[5], hours_ago=1.2, teller="carla"), "Dawn Mistry", "CUT_OFF"),
    (Story("unfinished 2", OWN[1], hours_ago=0.6, teller="cousin"), "Joanne Pike", "OPEN"),
    (Story("unfinished 3", OWN[8], hours_ago=26, teller="vera"), "Joanne Pike", "PARKED"),
    (Story("unfinished 4", OWN[18], hours_ago=4, teller="kelvin"), "Anna Weir", "PARKED"),
)
