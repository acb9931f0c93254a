"""Every form of a case as a row: who may, what is sent, what is recorded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cases.audit.verbs import Verb
from cases.people.models import Entity
from tests.casework.story import Story

LATER = {"until_day": "26", "until_month": "11", "until_year": "2026"}
WHEN = {"at_day": "19", "at_month": "11", "at_year": "2026", "at_time": "11:30am"}
LONG = "The police asked us to wait for them."


@dataclass(frozen=True)
class FormRow:
    """A form: its page, who may (``role``), a good answer, and what it leaves behind."""

    name: str
    page: Callable[[Story], str]
    answer: Callable[[Story], dict[str, Any]]
    verb: Verb
    role: str = "officer"
    needed: str = ""

    def __str__(self) -> str:
        return self.name


def a_company() -> Entity:
    """A predecessor company, as the installation puts them in."""
    values = {"name": "Longhurst Group, before Amplius"}
    return Entity.objects.get_or_create(code="LONGHURST", defaults=values)[0]


def _incident(rest: str) -> Callable[[Story], str]:
    return lambda story: f"incidents/{story.incident.pk}/{rest}/"


FORMS = [
    FormRow(
        "contact",
        lambda story: "contacts/new/",
        lambda story: {
            "kind": "INTERACTION",
            "direction": "OUT",
            "channel": "ring",
            "summary": "She is safe tonight.",
            **WHEN,
        },
        Verb.CONTACT_LOGGED,
        needed="summary",
    ),
    FormRow(
        "note",
        lambda story: "notes/new/",
        lambda story: {"kind": "ADVICE", "text": "Cameras keep thirty days."},
        Verb.NOTE_ADDED,
        needed="text",
    ),
    FormRow(
        "duty",
        lambda story: f"duties/{story.clock('SUPPORT_OWN').pk}/",
        lambda story: {"outcome": "Accepted", "words": "She was glad of it."},
        Verb.CLOCK_MET,
        needed="words",
    ),
    FormRow(
        "pause",
        lambda story: f"clocks/{story.clock('RISK').pk}/pause/",
        lambda story: {
            "ground": "ASKED",
            "reason": "She asked us to wait until Thursday.",
            **LATER,
        },
        Verb.CLOCK_PAUSED,
        role="manager",
        needed="reason",
    ),
    FormRow(
        "exception",
        lambda story: "exceptions/new/",
        lambda story: {
            "clock": story.clock("POLICE").pk,
            "reason": "She asked us never to speak of the police.",
        },
        Verb.EXCEPTION_APPROVED,
        role="manager",
        needed="reason",
    ),
    FormRow(
        "hold",
        lambda story: "hold/",
        lambda story: {"reason": LONG, **LATER},
        Verb.CASE_HELD,
        needed="reason",
    ),
    FormRow(
        "incident",
        lambda story: "incidents/new/",
        lambda story: {
            "when_known": "EXACT",
            "occurred_on_day": "17",
            "occurred_on_month": "11",
            "occurred_on_year": "2026",
            "occurred_time": "8am",
            "location": "CAR_PARK",
            "types": ["DAMAGE", "OTHER"],
            "other_type": "Tyres let down",
            "whose": f"part-{story.victim.pk}",
            "words": "They let my tyres down.",
        },
        Verb.INCIDENT_ADDED,
        role="handler",
        needed="when_known",
    ),
    FormRow(
        "words",
        _incident("words"),
        lambda story: {"whose": f"part-{story.victim.pk}", "words": "He laughed as well."},
        Verb.ACCOUNT_ADDED,
        role="handler",
        needed="words",
    ),
    FormRow(
        "view",
        lambda story: "views/new/",
        lambda story: {
            "incident": story.incident.pk,
            "whose": "other",
            "described_as": "the postwoman",
            "holds": "YES",
            "words": "Everybody knows.",
            "strands": ["RACE"],
            "basis_RACE": "PERCEIVED",
        },
        Verb.VIEW_ADDED,
        role="handler",
        needed="holds",
    ),
    FormRow(
        "take back",
        lambda story: f"views/{story.view.pk}/take-back/",
        lambda story: {"words": "I have thought again.", "witness": "Sunita Bhatt"},
        Verb.VIEW_RETRACTED,
        needed="words",
    ),
    FormRow(
        "evidence",
        _incident("evidence"),
        lambda story: {"text": "I think it is only about smells."},
        Verb.ASSESSMENT_ADDED,
        needed="text",
    ),
    FormRow(
        "correct",
        _incident("correct"),
        lambda story: {
            "when_known": "ABOUT",
            "occurred_on_day": "18",
            "occurred_on_month": "November",
            "occurred_on_year": "2026",
            "occurred_time": "5pm",
            "location": "COMMUNAL_OUTSIDE",
            "types": ["VERBAL", "SPITTING"],
            "reason": "She looked at her diary.",
        },
        Verb.INCIDENT_CHANGED,
        needed="reason",
    ),
    FormRow(
        "crime",
        _incident("crime"),
        lambda story: {
            "status": "POLICE_CRIME",
            "decided_by": "PC Hale, Wellby police",
            "decided_on_day": "18",
            "decided_on_month": "11",
            "decided_on_year": "2026",
            "crime_reference": "35/12345/26",
        },
        Verb.CRIME_STATUS,
        needed="decided_by",
    ),
    FormRow(
        "impact",
        _incident("impact"),
        lambda story: {
            "impact": "3",
            "impact_words": "I do not sleep.",
            "community_impact": "2",
            "property_harm": "NONE",
        },
        Verb.IMPACT_RECORDED,
        needed="property_harm",
    ),
    FormRow(
        "statement",
        lambda story: f"people/{story.victim.pk}/record/",
        lambda story: {
            "kind": "STATEMENT",
            "on_day": "18",
            "on_month": "11",
            "on_year": "2026",
            "with_whom": "PC Hale",
        },
        Verb.PART_RECORDED,
        needed="with_whom",
    ),
    FormRow(
        "company",
        lambda story: "company/",
        lambda story: {"company": a_company().code, "reason": "The block was theirs."},
        Verb.CASE_PLACED,
        role="manager",
        needed="reason",
    ),
    FormRow(
        "person",
        lambda story: "people/new/",
        lambda story: {
            "who": "described",
            "described_as": "A man with a dog",
            "part": "WITNESS",
            "kept_apart": "on",
        },
        Verb.PART_ADDED,
        role="handler",
        needed="part",
    ),
    FormRow(
        "part",
        lambda story: f"people/{story.victim.pk}/",
        lambda story: {"victim_role": "HOUSEHOLD", "fears": "The stairs at night."},
        Verb.PART_CHANGED,
    ),
    FormRow(
        "lead",
        lambda story: "lead/",
        lambda story: {"lead": story.manager.pk, "reason": LONG, "story": "Ring after ten."},
        Verb.CASE_ALLOCATED,
        role="manager",
        needed="lead",
    ),
    FormRow(
        "restrict",
        lambda story: "restrict/",
        lambda story: {
            "reason": "A colleague is named as the respondent.",
            "named": "Sunita Bhatt\nuser1@amplius.example",
        },
        Verb.CASE_RESTRICTED,
        role="manager",
        needed="reason",
    ),
]
