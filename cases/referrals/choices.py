"""Lists and lifecycles of referrals and meetings (domain 2.13, HC-11)."""

from __future__ import annotations

from django.db.models import TextChoices

from cases.lifecycle import Transitions


class ReferralState(TextChoices):
    """From being written to its end."""

    DRAFT = "DRAFT", "Being written"
    QUEUED = "QUEUED", "Waiting to go"
    SENT = "SENT", "Sent"
    ACCEPTED = "ACCEPTED", "Accepted"
    DECLINED = "DECLINED", "Declined"
    ENDED = "ENDED", "Ended"
    REVOKED = "REVOKED", "Stopped before it went"


REFERRAL_STATES: Transitions = {
    "DRAFT": frozenset({"QUEUED", "REVOKED"}),
    "QUEUED": frozenset({"DRAFT", "SENT", "REVOKED"}),
    "SENT": frozenset({"ACCEPTED", "DECLINED", "ENDED"}),
    "ACCEPTED": frozenset({"ENDED"}),
    "DECLINED": frozenset(),
    "ENDED": frozenset(),
    "REVOKED": frozenset(),
}


class Forum(TextChoices):
    """Meetings of several agencies (domain 2.13)."""

    ASB_REVIEW = "ASB_REVIEW", "ASB case review"
    MARAC = "MARAC", "MARAC: domestic abuse"
    HATE_PANEL = "HATE_PANEL", "Hate crime panel"
    RISK_PANEL = "RISK_PANEL", "Multi-agency risk panel"
    ADULT_SAFEGUARDING = "ADULT_SAFEGUARDING", "Safeguarding adults"
    CHILD_SAFEGUARDING = "CHILD_SAFEGUARDING", "Safeguarding children, MASH"
    PREVENT = "PREVENT", "Prevent, Channel"
    TENSION = "TENSION", "Community tension group"
    MAPPA = "MAPPA", "MAPPA: we only receive"
    CASE_MEETING = "CASE_MEETING", "Meeting about this case"


RECEIVE_ONLY = frozenset({Forum.MAPPA})


class Direction(TextChoices):
    """Who told whom."""

    OUT = "OUT", "We told them"
    IN = "IN", "They told us"


class ActionState(TextChoices):
    """What became of an action agreed at a meeting."""

    OPEN = "OPEN", "To do"
    DONE = "DONE", "Done"
    DROPPED = "DROPPED", "Not done"


ACTION_STATES: Transitions = {
    "OPEN": frozenset({"DONE", "DROPPED"}),
    "DONE": frozenset(),
    "DROPPED": frozenset(),
}
