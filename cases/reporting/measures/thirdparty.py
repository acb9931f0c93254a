"""Third parties spoken to as well as the person harmed (M14)."""

from __future__ import annotations

from django.db.models import Case as Choose
from django.db.models import CharField, Exists, F, OuterRef, Q, Value, When

from cases.audit.models import Event
from cases.audit.verbs import Verb
from cases.casework.choices import ClockState, ContactKind, Part
from cases.casework.clocks import ClockKind
from cases.casework.models import Clock, ContactEntry
from cases.reporting.measure import Asked, Chapter, Line, Measure, Rows
from cases.reporting.measures.base import hate_cases, of_entity
from cases.reporting.measures.timeliness import replaced
from cases.reporting.tally import counts, shares

APART = {
    "exception": "A manager agreed to an exception",
    "none": "The third party left no name and no number",
    "paused": "On hold",
}


def _third_parties(asked: Asked) -> Rows:
    """Promises to speak with the third party, by when they were due.

    ``excepted``: a manager agreed that this promise, or first contact with the person harmed,
    does not apply; that is on the ledger, unlike what never applied.
    """
    agreed = Event.objects.filter(
        verb=Verb.EXCEPTION_APPROVED,
        subject_kind=Clock._meta.label_lower,
        subject_id=OuterRef("pk"),
    )
    aside = Clock.objects.filter(
        kind__in=[ClockKind.FIRST_CONTACT, ClockKind.THIRD_PARTY_CONTACT],
        state=ClockState.NOT_APPLICABLE,
    )
    due = Clock.objects.filter(
        of_entity(asked, "case__entity"),
        kind=ClockKind.THIRD_PARTY_CONTACT,
        due_at__lte=asked.at,
        case__in=hate_cases(asked),
    ).exclude(Q(state=ClockState.NOT_APPLICABLE) & replaced(ClockKind.THIRD_PARTY_CONTACT))
    found: Rows = due.annotate(
        case_ref=F("case_id"),
        at=F("due_at"),
        excepted=Exists(aside.filter(Exists(agreed), case=OuterRef("case"))),
    )
    return found


def _met(kind: ClockKind) -> Exists:
    met = Clock.objects.filter(case=OuterRef("case"), kind=kind, state=ClockState.MET)
    return Exists(met)


def both_spoken_to(asked: Asked) -> Rows:
    """Third parties' cases; ``counts`` if both were spoken to in a safe way by now.

    With the person harmed it must be a conversation of their own: where nobody knows who they
    are, one with the third party ends the promise of first contact and is not enough here.
    """
    own = ContactEntry.objects.filter(
        case=OuterRef("case"), kind=ContactKind.INTERACTION, involvement__part=Part.VICTIM
    )
    lines = Choose(
        When(excepted=True, then=Value("exception")),
        When(state=ClockState.NOT_APPLICABLE, then=Value("none")),
        When(state=ClockState.PAUSED, then=Value("paused")),
        default=Value(""),
        output_field=CharField(),
    )
    both = Q(state=ClockState.MET) & _met(ClockKind.FIRST_CONTACT) & Exists(own)
    found: Rows = _third_parties(asked).annotate(line=lines).annotate(counts=~Q(line="") | both)
    return found


def _both(asked: Asked) -> list[Line]:
    owed = both_spoken_to(asked).filter(line="")
    apart = both_spoken_to(asked).exclude(line="")
    return [*shares(asked, owed, {"": "Both spoken to"}), *counts(asked, apart, APART)]


MEASURES = (
    Measure(
        code="M14",
        name="Third party and person harmed both spoken to",
        chapter=Chapter.POLICE,
        definition="When somebody else tells us, we speak with them and, in a safe way, with the "
        "person harmed.",
        numerator="Cases in which both were spoken to by now, in a way they said is safe.",
        denominator="Cases whose contact with a third party fell due in the period.",
        cohort="By the moment the contact with the third party was due, in London.",
        exclusions="Exceptions a manager approved, third parties without a name and a number, "
        "and what is on hold: each has a line of its own. Cases joined to another or void.",
        source="Policy line 166; HC-40; domain 5.3 M14",
        count=_both,
        behind=both_spoken_to,
        headline="",
        unit="cases",
    ),
)
