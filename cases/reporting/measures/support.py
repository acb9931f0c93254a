"""Support offered, our own and a specialist's, and taken up (M16)."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q

from cases.casework.choices import ClockState
from cases.casework.choices import Part as PartIn
from cases.casework.clocks import ClockKind
from cases.casework.models import Clock
from cases.disclosures.choices import Door
from cases.referrals.models import Referral
from cases.referrals.rules import SUPPORT
from cases.reporting.measure import Asked, Chapter, Line, Measure, Rows, Together
from cases.reporting.measures.base import cases_opened
from cases.reporting.measures.flags import Part, Which, behind, parts
from cases.reporting.measures.timeliness import ended

TAKEN = "Accepted"
OFFERED = (TAKEN, "Declined", "Considering it")
"""Outcomes of the duty to offer support; "Not safe to ask yet" is no offer."""
KINDS = {
    "own": ClockKind.SUPPORT_OWN,
    "specialist": ClockKind.SUPPORT_SPECIALIST,
    "third": ClockKind.SUPPORT_THIRD_PARTY,
}
SENT_FOR = {
    "specialist": (PartIn.VICTIM,),
    "third": (PartIn.THIRD_PARTY, PartIn.WITNESS),
}
"""Whom a referral to a support service is about; it stands for an offer that was accepted."""
OWED = Which(("third_owed",))
LINES = {
    "own": Part("Our own support offered", Which(("own_offered",))),
    "own_taken": Part("Our own support taken up", Which(("own_taken",)), Which(("own_offered",))),
    "specialist": Part("Specialist support offered", Which(("specialist_offered",))),
    "specialist_taken": Part(
        "Specialist support taken up", Which(("specialist_taken",)), Which(("specialist_offered",))
    ),
    "third": Part("Support offered to the third party", Which(("third_offered",)), OWED),
    "third_taken": Part(
        "Support taken up by the third party",
        Which(("third_taken",)),
        Which(("third_owed", "third_offered")),
    ),
}
FLAGS = (*(f"{key}_{what}" for key in KINDS for what in ("offered", "taken")), "third_owed")


def _ended(asked: Asked, key: str, *outcomes: str) -> Q:
    """Whether the duty to offer this support ended in one of these ways by now."""
    said = Q()
    for outcome in outcomes:
        said |= ended(outcome)
    met: Any = Clock.objects.filter(
        said,
        case=OuterRef("pk"),
        kind=KINDS[key],
        state=ClockState.MET,
        met_at__lte=asked.at,
    )
    return Q(Exists(met))


def _referred(asked: Asked, key: str) -> Q:
    """Whether somebody was referred to a support service by name, and it went."""
    if key not in SENT_FOR:
        return Q(pk__in=[])
    sent = Referral.objects.filter(
        sent_at__lte=asked.at, agency__kind__in=sorted(SUPPORT), about__part__in=SENT_FOR[key]
    )
    return Q(Exists(sent.exclude(pack__door=Door.ANONYMISED).filter(case=OuterRef("pk"))))


def _cases(asked: Asked) -> Rows:
    """Cases opened, with what was offered and taken up by now."""
    owed = Clock.objects.filter(case=OuterRef("pk"), kind=ClockKind.SUPPORT_THIRD_PARTY)
    flags: dict[str, Any] = {"third_owed": Exists(owed.exclude(state=ClockState.NOT_APPLICABLE))}
    for key in KINDS:
        referred = _referred(asked, key)
        flags[f"{key}_offered"] = _ended(asked, key, *OFFERED) | referred
        flags[f"{key}_taken"] = _ended(asked, key, TAKEN) | referred
    found: Rows = cases_opened(asked).annotate(**flags)
    return found


def supported(asked: Asked) -> Together:
    """Cases opened, once for each line; ``counts`` if that is so of the case."""
    return behind(_cases(asked), LINES)


def _support(asked: Asked) -> list[Line]:
    return parts(asked, _cases(asked), FLAGS, LINES)


MEASURES = (
    Measure(
        code="M16",
        name="Support offered, and taken up",
        chapter=Chapter.SUPPORT,
        definition="Our own support and that of specialists is offered to everybody harmed, and "
        "support to third parties too. Whether it was, and whether they took it up.",
        numerator="Offered: they were asked, whatever they said, or were referred by name to a "
        "support service. Taken up: they accepted, or were referred.",
        denominator="Offered: cases opened in the period; for third parties, those with one to "
        "offer it to. Taken up: cases in which it was offered.",
        cohort="By the day the case opened, in London; what was offered and taken up, by now.",
        exclusions='"Not safe to ask yet" is no offer. A third party who left no name and no '
        "number cannot be offered anything. Cases joined to another or void.",
        source="Policy lines 82 and 163; HC-37; domain 5.3 M16",
        count=_support,
        behind=supported,
        headline="specialist",
        unit="cases",
    ),
)
