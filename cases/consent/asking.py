"""What is said when permission is asked: why, and each question.  Pure; version 1 of the words.

A conversation keeps the version of what somebody was told before they answered; words that
change their meaning are a new version (domain 7.3).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from cases.casework.choices import Strand
from cases.consent.choices import Scope
from cases.partners.choices import OWN_KINDS, AgencyKind, CouncilService

VERSION = "asking 1"
SHEET_VERSION = "call sheet 1"
"""What the call sheet says: “We ask you before we tell anyone.”"""

ONE_BY_ONE = (
    "May I tell you what they would need, one thing at a time? Say no to any of it. We will help "
    "you just the same."
)


@dataclass(frozen=True)
class Why:
    """What an agency would do with it, as the matrix says it, and one sentence to say aloud.

    ``purpose`` may hold {name}: whom it is for.
    """

    purpose: str
    can: str


HELP = "for help for {name}"

_KINDS: dict[AgencyKind, Why] = {
    AgencyKind.POLICE: Why(
        "to look into it", "The police can look into it, and know what has happened if you ring."
    ),
    AgencyKind.LOCAL_AUTHORITY: Why(
        "for what the council can do", "The council can help in ways that we cannot."
    ),
    AgencyKind.CPS: Why(
        "to decide about court", "The Crown Prosecution Service decides if it goes to court."
    ),
    AgencyKind.PROBATION: Why(
        "to keep watch on somebody they know", "Probation can act if it is somebody they know."
    ),
    AgencyKind.FIRE: Why(
        "for fire safety at home", "The fire service can visit and make your home safer from fire."
    ),
    AgencyKind.HEALTH: Why("for health", "The health service can help with how this affects you."),
    AgencyKind.SCHOOL: Why(
        "for safety at school", "The school can look out for a child, and for what happens there."
    ),
    AgencyKind.OTHER_LANDLORD: Why(
        "to act on their tenancy", "Their landlord can act if it is a tenant of theirs."
    ),
    AgencyKind.VICTIM_SUPPORT: Why(
        HELP, "They listen and help in practical ways, whether or not the police know."
    ),
    AgencyKind.HATE_SPECIALIST: Why(
        HELP, "They know this kind of hate, and help people through it."
    ),
    AgencyKind.DA_SERVICE: Why(HELP, "They help people to be safe from a partner or family."),
    AgencyKind.DISABILITY: Why(HELP, "They help disabled people to be safe and to be heard."),
    AgencyKind.LGBT: Why(HELP, "They support LGBT+ people who have been hurt."),
    AgencyKind.FAITH: Why(HELP, "They support people of your faith."),
    AgencyKind.RACE: Why(HELP, "They support people who have met racism."),
    AgencyKind.MIGRANT_LEGAL: Why(
        "for advice", "They advise on your rights, and it costs nothing."
    ),
    AgencyKind.MENTAL_HEALTH: Why(HELP, "They help with how this makes you feel."),
    AgencyKind.ADVOCACY: Why("to speak up for {name}", "They can speak up for you."),
    AgencyKind.THIRD_PARTY_CENTRE: Why(
        "to pass on what is known", "They pass on what you know, without your name if you like."
    ),
    AgencyKind.REPRESENTATIVE: Why(
        "to take it up", "An MP or councillor can take it up. They need your yes in writing."
    ),
    AgencyKind.SOLICITOR: Why("for legal advice", "A solicitor can say what the law can do."),
    AgencyKind.CONTRACTOR: Why(
        "for work on the home", "They do the work on your home. They need little to do it."
    ),
}

_COUNCIL: dict[CouncilService, Why] = {
    CouncilService.COMMUNITY_SAFETY: Why(
        "for lighting and cameras", "The council can put in lighting and cameras."
    ),
    CouncilService.ASB: Why(
        "to act on the behaviour", "The council can act on antisocial behaviour too."
    ),
    CouncilService.HOUSING_OPTIONS: Why(
        "for another home", "The council can help to find somewhere else to live."
    ),
    CouncilService.ADULT_CARE: Why(
        "for care and support", "The council can arrange care and support."
    ),
    CouncilService.CHILD_CARE: Why(
        "for help for the children", "The council can help with the children."
    ),
    CouncilService.ENVIRONMENT: Why(
        "for noise, waste or damage", "The council can act on noise, waste and damage."
    ),
}

ASKED_ABOUT = frozenset(AgencyKind) - OWN_KINDS
"""Our own teams are told on need to know, under their policies: that is not asked here."""


def why(kind: str, service: str = "") -> Why:
    """Why that agency would be told."""
    if kind == AgencyKind.LOCAL_AUTHORITY and service:
        return _COUNCIL[CouncilService(service)]
    return _KINDS[AgencyKind(kind)]


def purpose(kind: str, service: str, name: str) -> str:
    """What the agency would do with it: "for help for Amara"."""
    return why(kind, service).purpose.format(name=name)


def opening(kind: str, service: str) -> str:
    """What to say first, in quotation marks."""
    return f"“{why(kind, service).can} {ONE_BY_ONE}”"


def question(scope: str, strands: Collection[str]) -> str:
    """One question, in quotation marks; the strand is named where one alone is known."""
    known = sorted(set(strands) - {Strand.UNKNOWN_HATE})
    about = "what it was about"
    if len(known) == 1:
        about = f"it was about {Strand(known[0]).label.lower()}"
    return {
        Scope.FACTS: "“May I tell them what happened?”",
        Scope.IDENTITY: "“May I tell them your name?”",
        Scope.ADDRESS: "“May I tell them where you live?”",
        Scope.HEALTH: "“May I tell them about your health?”",
        Scope.STRAND: f"“May I tell them {about}?”",
        Scope.EVIDENCE: "“May I give them your photographs?”",
    }[Scope(scope)]
