"""What can be promised on a case, in words: the clocks and what meets them.

Every duty with a moment is a clock; the queue, the next step, the stage gates and the
reports all read the same rows.  Pure data.  Source: domain 4.2, 2.10, section 9.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import TextChoices


class ClockKind(TextChoices):
    """The promises; the label is what is due."""

    TRIAGE = "TRIAGE", "Triage"
    ALLOCATE = "ALLOCATE", "Lead officer named"
    FIRST_CONTACT = "FIRST_CONTACT", "First contact"
    THIRD_PARTY_CONTACT = "THIRD_PARTY_CONTACT", "Contact with the third party"
    IDENTIFY_VICTIM = "IDENTIFY_VICTIM", "Finding out safely who was harmed"
    RISK = "RISK", "Risk assessment"
    SAFETY_TONIGHT = "SAFETY_TONIGHT", "Safety plan for tonight"
    DASH = "DASH", "DASH assessment"
    SAFEGUARDING = "SAFEGUARDING", "Safeguarding referral"
    CHILDREN = "CHILDREN", "Children's safety"
    POLICE = "POLICE", "Talk about the police"
    SUPPORT_OWN = "SUPPORT_OWN", "Our own support offered"
    SUPPORT_SPECIALIST = "SUPPORT_SPECIALIST", "Specialist support offered"
    SUPPORT_THIRD_PARTY = "SUPPORT_THIRD_PARTY", "Support for the third party"
    PERMISSION = "PERMISSION", "Permission asked"
    ACTION_PLAN = "ACTION_PLAN", "Action plan"
    GRAFFITI_PHOTO = "GRAFFITI_PHOTO", "Photograph of the graffiti"
    GRAFFITI_REMOVE = "GRAFFITI_REMOVE", "Graffiti removed"
    SECURE_HOME = "SECURE_HOME", "Home made safe"
    DUTY_MANAGER = "DUTY_MANAGER", "Duty manager told"
    WORKPLACE_PLAN = "WORKPLACE_PLAN", "Workplace safety plan"
    CARE_SUPPORT = "CARE_SUPPORT", "Care and Support: capacity, advocate, regulator"
    SAME_INCIDENT = "SAME_INCIDENT", "Same incident or another one"
    SETTLE_VIEW = "SETTLE_VIEW", "Ask again why it happened"
    REASSIGN = "REASSIGN", "New lead officer after a conflict of interest"
    MANAGER_REVIEW = "MANAGER_REVIEW", "Manager's first review"
    UPDATE = "UPDATE", "Next contact"
    RISK_REVIEW = "RISK_REVIEW", "Risk review"
    RISK_WORRY = "RISK_WORRY", "Manager looks at a worry above the level"
    MANAGER_TOLD = "MANAGER_TOLD", "Manager told of High risk"
    DIRECTOR_TOLD = "DIRECTOR_TOLD", "Director told of High risk"
    SAFEGUARDING_TOLD = "SAFEGUARDING_TOLD", "Safeguarding lead told"
    DA_TOLD = "DA_TOLD", "Domestic Abuse lead told"
    POLICE_DECISION = "POLICE_DECISION", "Police: permission, or the Director"
    SECURITY_VISIT = "SECURITY_VISIT", "Security visit"
    FIRE_SERVICE = "FIRE_SERVICE", "Fire service offered"
    AGENCIES_MEET = "AGENCIES_MEET", "Agencies meet"
    REPEAT_TOLD = "REPEAT_TOLD", "Manager told of the repeat"
    REPEAT_HISTORY = "REPEAT_HISTORY", "History of the respondent and the place"
    REPEAT_ASB_REVIEW = "REPEAT_ASB_REVIEW", "ASB case review looked at"
    REPEAT_APART = "REPEAT_APART", "Who must know of another incident"
    POLICE_APPROVAL = "POLICE_APPROVAL", "Director's decision about the police"
    EMERGENCY_REVIEW = "EMERGENCY_REVIEW", "Director's look back at a 999 call"
    PHONE_CONFIRM = "PHONE_CONFIRM", "Director confirms a word on the phone"
    SHARED_TOLD = "SHARED_TOLD", "They hear that the police were told"
    SHARED_SAFETY = "SHARED_SAFETY", "Safety looked at again after the police were told"
    SHARED_OUTCOME = "SHARED_OUTCOME", "What came of telling the police"


class MetBy(StrEnum):
    """What stops a clock."""

    INTERACTION = "a two-way contact in a safe way"
    SYSTEM = "the operation itself"
    HAND = "somebody recording that it was done, and how"


@dataclass(frozen=True)
class Duty:
    """What a clock asks of somebody.

    ``step`` is the next step in words ({name} is what to call the person), ``gate`` the
    stage that cannot be left while it runs, ``outcomes`` the answers when done by hand,
    ``after`` the clock that must not run any more when this is done.
    """

    step: str
    met_by: MetBy
    gate: str = ""
    outcomes: tuple[str, ...] = ()
    note: str = ""
    after: str = ""


DONE = ("Done",)
OFFER = ("Accepted", "Declined", "Considering it", "Not safe to ask yet")
TOLD = ("Told",)
NO_NAMES = "Give the reference only: no name, nothing of what happened."

DUTIES: dict[ClockKind, Duty] = {
    ClockKind.TRIAGE: Duty("Triage the report", MetBy.SYSTEM, "TRIAGE"),
    ClockKind.ALLOCATE: Duty("Name a lead officer", MetBy.SYSTEM),
    ClockKind.REASSIGN: Duty("Name another lead officer", MetBy.SYSTEM),
    ClockKind.FIRST_CONTACT: Duty(
        "Make first contact with {name}",
        MetBy.INTERACTION,
        "CONTACT",
        note="An attempt does not meet the clock.",
    ),
    ClockKind.THIRD_PARTY_CONTACT: Duty(
        "Speak to the third party",
        MetBy.INTERACTION,
        "INVESTIGATE",
        note="They may be a witness. They have their own safe contact.",
    ),
    ClockKind.IDENTIFY_VICTIM: Duty(
        "Find out safely who lives there",
        MetBy.HAND,
        "CONTACT",
        ("Identified", "Could not be identified"),
        "Not by knocking in uniform.",
    ),
    ClockKind.RISK: Duty(
        "Assess the risk", MetBy.SYSTEM, "ASSESS", note="Ask {name}. Never guess."
    ),
    ClockKind.SAFETY_TONIGHT: Duty("Plan for tonight with {name}", MetBy.HAND, "CONTACT", DONE),
    ClockKind.DASH: Duty(
        "Complete the DASH assessment",
        MetBy.HAND,
        "ASSESS",
        DONE,
        "Under the Domestic Abuse policy. Do not speak to the family.",
    ),
    ClockKind.SAFEGUARDING: Duty(
        "Send the Safeguarding referral",
        MetBy.SYSTEM,
        note="No permission is needed: it goes under the Safeguarding policy.",
    ),
    ClockKind.CHILDREN: Duty(
        "Ask how the children are",
        MetBy.HAND,
        "ASSESS",
        ("No more to do", "Safeguarding referral needed"),
    ),
    ClockKind.POLICE: Duty(
        "Talk with {name} about the police",
        MetBy.HAND,
        "ASSESS",
        (
            "Reported already",
            "Will report",
            "We will report with permission",
            "Not now",
            "Asked not to be asked again",
        ),
        "Encourage once. No is a full answer.",
    ),
    ClockKind.SUPPORT_OWN: Duty("Offer our own support to {name}", MetBy.HAND, "ASSESS", OFFER),
    ClockKind.SUPPORT_SPECIALIST: Duty(
        "Offer specialist support to {name}", MetBy.HAND, "ASSESS", OFFER
    ),
    ClockKind.SUPPORT_THIRD_PARTY: Duty(
        "Offer support to the third party",
        MetBy.HAND,
        "INVESTIGATE",
        OFFER,
        "Ask about their own risk too.",
    ),
    ClockKind.PERMISSION: Duty(
        "Ask {name} who we may tell",
        MetBy.HAND,
        "ASSESS",
        ("Asked and recorded", "Refused for everybody", "Not safe to ask yet"),
    ),
    ClockKind.ACTION_PLAN: Duty(
        "Agree the plan with {name}",
        MetBy.HAND,
        "PLAN",
        ("Agreed", "Agreed in part", "Declined", "Not safe to ask", "Victim not known"),
    ),
    ClockKind.GRAFFITI_PHOTO: Duty(
        "Photograph the graffiti before it is removed", MetBy.HAND, outcomes=DONE
    ),
    ClockKind.GRAFFITI_REMOVE: Duty(
        "Have the graffiti removed",
        MetBy.HAND,
        outcomes=DONE,
        note="Photograph it first: it is evidence.",
        after=ClockKind.GRAFFITI_PHOTO,
    ),
    ClockKind.SECURE_HOME: Duty("Make the home safe", MetBy.HAND, outcomes=DONE),
    ClockKind.DUTY_MANAGER: Duty("Ring the duty manager", MetBy.HAND, outcomes=("Told",)),
    ClockKind.WORKPLACE_PLAN: Duty(
        "Agree a workplace safety plan with {name}",
        MetBy.HAND,
        "PLAN",
        DONE,
        "HR is told only with permission.",
    ),
    ClockKind.CARE_SUPPORT: Duty(
        "Ask who decides with {name}, and tell the care service",
        MetBy.HAND,
        "ASSESS",
        ("No more to do", "Advocate arranged", "Service and regulator told", "Both"),
        "They live in Care and Support: capacity, an advocate, and what a regulated service "
        "must report.",
    ),
    ClockKind.SAME_INCIDENT: Duty("Decide if two accounts are of the same incident", MetBy.SYSTEM),
    ClockKind.SETTLE_VIEW: Duty(
        "Ask again whether hate was part of it",
        MetBy.SYSTEM,
        "CONTACT",
        note="Somebody is not sure. Until then it is treated as hate.",
    ),
    ClockKind.UPDATE: Duty(
        "Keep in touch with {name}",
        MetBy.INTERACTION,
        note="An attempt does not meet the clock.",
    ),
    ClockKind.MANAGER_REVIEW: Duty("Manager: review the new case", MetBy.HAND, outcomes=DONE),
    ClockKind.RISK_REVIEW: Duty(
        "Ask {name} about the risk again",
        MetBy.SYSTEM,
        note="The next assessment stands beside the last one. Ask, never guess.",
    ),
    ClockKind.RISK_WORRY: Duty(
        "Manager: {name} is more worried than the level shows",
        MetBy.HAND,
        outcomes=("The level stays", "The level was raised"),
        note="Say why.",
    ),
    ClockKind.MANAGER_TOLD: Duty(
        "Tell the line manager that the risk is High", MetBy.HAND, outcomes=TOLD, note=NO_NAMES
    ),
    ClockKind.DIRECTOR_TOLD: Duty(
        "Tell the Director that the risk is High", MetBy.HAND, outcomes=TOLD, note=NO_NAMES
    ),
    ClockKind.SAFEGUARDING_TOLD: Duty(
        "Tell the Safeguarding lead",
        MetBy.HAND,
        outcomes=TOLD,
        note="No permission is needed: it goes under the Safeguarding policy.",
    ),
    ClockKind.DA_TOLD: Duty("Tell the Domestic Abuse lead", MetBy.HAND, outcomes=TOLD),
    ClockKind.POLICE_DECISION: Duty(
        "Decide about the police: permission, or ask the Director",
        MetBy.HAND,
        outcomes=(
            "Reported already",
            "We may tell the police",
            "The Director is asked, without permission",
            "Not told: no serious harm is expected",
        ),
        note="Only the Director decides to tell the police without permission.",
    ),
    ClockKind.SECURITY_VISIT: Duty(
        "Visit {name}’s home and make it secure",
        MetBy.HAND,
        outcomes=("Done", "They do not want a visit", "Not safe to visit"),
    ),
    ClockKind.FIRE_SERVICE: Duty(
        "Offer {name} a visit by the fire service", MetBy.HAND, outcomes=OFFER
    ),
    ClockKind.AGENCIES_MEET: Duty(
        "Meet with the agencies about {name}’s safety",
        MetBy.HAND,
        outcomes=("Met", "Spoke in another way"),
        note="Share only what permission or the law allows.",
    ),
    ClockKind.REPEAT_TOLD: Duty(
        "Tell the case manager that this is not the first time",
        MetBy.HAND,
        outcomes=TOLD,
        note=NO_NAMES,
    ),
    ClockKind.REPEAT_HISTORY: Duty(
        "Look at the history of the respondent and the place",
        MetBy.HAND,
        outcomes=("Nothing more found", "More found, in the notes"),
    ),
    ClockKind.REPEAT_ASB_REVIEW: Duty(
        "Check if {name} can ask for an ASB case review",
        MetBy.HAND,
        outcomes=("They can, and were told", "They can, not safe to tell yet", "Not yet"),
        note="Whoever reported three times in six months can usually ask for one.",
    ),
    ClockKind.REPEAT_APART: Duty(
        "It happened again, on another case. Decide who there must know of this one",
        MetBy.HAND,
        outcomes=(
            "Its lead officer was told what they need",
            "Its lead officer may open this case now",
            "Nobody there needs to know",
        ),
        note="This case is restricted, so the other one says nothing of it: its risk and its "
        "plan take no account of it until somebody there knows.",
    ),
    ClockKind.POLICE_APPROVAL: Duty(
        "Director: decide about telling the police",
        MetBy.SYSTEM,
        note="Somebody in danger this minute? Ring 999. Nobody waits for this.",
    ),
    ClockKind.EMERGENCY_REVIEW: Duty("Director: look back at a 999 call", MetBy.SYSTEM),
    ClockKind.PHONE_CONFIRM: Duty("Director: confirm what was said on the phone", MetBy.SYSTEM),
    ClockKind.SHARED_TOLD: Duty("Tell {name} that the police were told", MetBy.SYSTEM),
    ClockKind.SHARED_SAFETY: Duty(
        "Look at {name}’s safety again, now that the police know",
        MetBy.HAND,
        outcomes=("The plan stands", "The plan was changed", "Risk is asked about again"),
    ),
    ClockKind.SHARED_OUTCOME: Duty("Find out what came of telling the police", MetBy.SYSTEM),
}
