"""Lists and lifecycles of what leaves the building (domain 2.14, 7.4, 7.5)."""

from __future__ import annotations

from django.db.models import TextChoices

from cases.lifecycle import Transitions

REASON_LENGTH = 50
"""Characters a reason needs (bar row 27)."""


class Door(TextChoices):
    """The lawful doors: without one nothing is sent (domain 2.14)."""

    PERMISSION = "D1", "Their permission"
    LEGAL_REQUIREMENT = "D2", "The law requires it"
    DIRECTOR = "D3", "The Director approved telling the police"
    SAFEGUARDING = "D4", "The Safeguarding policy"
    DA = "D5", "The Domestic Abuse policy"
    PROCEEDINGS = "D6", "Legal proceedings"
    ANONYMISED = "D7", "Nobody can be recognised"
    EMERGENCY = "D8", "Life at risk: 999 was rung"


class PackField(TextChoices):
    """What a pack may hold, each chosen on its own, none to begin with (bar row 30)."""

    FACTS = "FACTS", "What happened"
    PLACE = "PLACE", "Where"
    RESPONDENT = "RESPONDENT", "By whom, alleged"
    IDENTITY = "IDENTITY", "Against whom"
    ADDRESS = "ADDRESS", "Where they live"
    REACH = "REACH", "How to reach them"
    BORN = "BORN", "Date of birth"
    STRAND = "STRAND", "Motive, as they see it"
    RISK = "RISK", "Risk"
    SAFE = "SAFE", "How to act safely"
    HEALTH = "HEALTH", "Health and needs"
    HISTORY = "HISTORY", "Earlier reports"
    EVIDENCE = "EVIDENCE", "Evidence we hold"
    WANTS = "WANTS", "What they want"
    THIRD_PARTY = "THIRD_PARTY", "Who else saw or heard it"


class PackState(TextChoices):
    """From being written to having gone, or not."""

    DRAFT = "DRAFT", "Being written"
    READY = "READY", "Waiting to go"
    GONE = "GONE", "Gone"
    STOPPED = "STOPPED", "Stopped"


PACK_STATES: Transitions = {
    "DRAFT": frozenset({"READY", "STOPPED"}),
    "READY": frozenset({"DRAFT", "GONE", "STOPPED"}),
    "GONE": frozenset(),
    "STOPPED": frozenset(),
}


class Channel(TextChoices):
    """How a pack went, as the sender records it; the system itself mails nothing."""

    SECURE_MAIL = "SECURE_MAIL", "Secure email"
    PORTAL = "PORTAL", "Their portal"
    BY_HAND = "BY_HAND", "By hand"
    READ_OUT = "READ_OUT", "Read over the phone"
    MEETING = "MEETING", "Read at a meeting"
    NOT_SENT = "NOT_SENT", "It did not go"


class RequestState(TextChoices):
    """A request to tell the police without permission (domain 7.5)."""

    DRAFT = "DRAFT", "Being written"
    WAITING = "WAITING", "Waiting for a decision"
    APPROVED = "APPROVED", "Approved"
    REDUCED = "REDUCED", "Approved, with less"
    DECLINED = "DECLINED", "Declined"
    SENT = "SENT", "Sent"
    LAPSED = "LAPSED", "Lapsed, not sent in time"
    VOID = "VOID", "Void: the pack was changed"
    TAKEN_BACK = "TAKEN_BACK", "Taken back by whoever asked"


_APPROVED = frozenset({"SENT", "LAPSED", "VOID", "DECLINED"})
REQUEST_STATES: Transitions = {
    "DRAFT": frozenset({"WAITING", "TAKEN_BACK"}),
    "WAITING": frozenset({"APPROVED", "REDUCED", "DECLINED", "VOID", "TAKEN_BACK", "SENT"}),
    "APPROVED": _APPROVED,
    "REDUCED": _APPROVED,
    "DECLINED": frozenset(),
    "SENT": frozenset(),
    "LAPSED": frozenset(),
    "VOID": frozenset(),
    "TAKEN_BACK": frozenset(),
}
"""WAITING may go straight to SENT: by the Director's word on the phone, out of hours."""


class Verdict(TextChoices):
    """What may be decided; a question is not a decision (domain 7.5)."""

    APPROVE = "APPROVE", "Approve, as shown"
    APPROVE_REDUCED = "APPROVE_REDUCED", "Approve less"
    DECLINE = "DECLINE", "Decline"


class Capacity(TextChoices):
    """As what somebody decided."""

    DIRECTOR = "DIRECTOR", "Director of Customer Operations"
    DELEGATE = "DELEGATE", "acting for the Director"
    SPONSOR = "SPONSOR", "policy sponsor"


class WhyNoPermission(TextChoices):
    """Why there is no permission (domain 7.5)."""

    REFUSED = "REFUSED", "They refused"
    NOT_SAFE = "NOT_SAFE", "It was not safe to ask"
    NO_CAPACITY = "NO_CAPACITY", "They cannot decide this"
    UNREACHABLE = "UNREACHABLE", "They cannot be reached"


class Traced(TextChoices):
    """Whether the respondent could tell that it came from them."""

    YES = "YES", "Yes"
    MAYBE = "MAYBE", "He or she may guess"
    NO = "NO", "No"


class TellThem(TextChoices):
    """When the person is told that the police were."""

    BEFORE = "BEFORE", "Before it goes"
    AFTER = "AFTER", "After it went"
    NOT = "NOT", "Not told, for now"


class LegalBasis(TextChoices):
    """The rows of domain 7.2 that a disclosure to the police may rest on."""

    CRIME = "CRIME", "Preventing crime: UK GDPR 6(1)(ea), DPA 2018 Schedule 1 paragraph 10"
    SAFEGUARDING = (
        "SAFEGUARDING",
        "Safeguarding: UK GDPR 6(1)(ea), DPA 2018 Schedule 1 paragraph 18",
    )
    VITAL = "VITAL", "Saving a life: UK GDPR 6(1)(d)"


class PhoneState(TextChoices):
    """The Director's word on the phone, and what became of it in 12 hours."""

    WAITING = "WAITING", "To be confirmed"
    CONFIRMED = "CONFIRMED", "Confirmed"
    REPUDIATED = "REPUDIATED", "Not what was said"


PHONE_STATES: Transitions = {
    "WAITING": frozenset({"CONFIRMED", "REPUDIATED"}),
    "CONFIRMED": frozenset(),
    "REPUDIATED": frozenset(),
}


class AfterKind(TextChoices):
    """What was done after somebody was told without permission."""

    TOLD = "TOLD", "They were told"
    NOT_TOLD = "NOT_TOLD", "They were not told"
    OUTCOME = "OUTCOME", "What came of it"


class ReviewVerdict(TextChoices):
    """What the Director finds in looking at a 999 call afterwards."""

    RIGHT = "RIGHT", "It was right to ring"
    LEARN = "LEARN", "Something to learn from it"


class AlertKind(TextChoices):
    """Why somebody is alerted: by a line on their desk and an email that says nothing else."""

    ASKED = "ASKED", "A request waits for a decision"
    LATE = "LATE", "A decision is late"
    EMERGENCY = "EMERGENCY", "999 was rung, life at risk"
    REVIEW_LATE = "REVIEW_LATE", "A look back at a 999 call is late"
    UNCONFIRMED = "UNCONFIRMED", "A word on the phone was not confirmed in time"
    REPUDIATED = "REPUDIATED", "A word on the phone was not what was said"
