"""The settings' keys, meanings and default values (domain 4.2, 4.4).

A value in ``policy.Setting`` overrides the default from the moment it begins.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

DEFAULTS: dict[str, tuple[Any, str]] = {
    "SLA_TRIAGE_HOURS": (4, "Hours to triage a report"),
    "SLA_FIRST_CONTACT_HOURS": (24, "Hours to first contact, every hour counted"),
    "SLA_THIRD_PARTY_CONTACT_HOURS": (24, "Hours to speak to the third party"),
    "SLA_RISK_HOURS": (24, "Hours to the first risk assessment"),
    "SLA_ALLOCATE_HOURS": (4, "Working hours to name a lead officer"),
    "SLA_ACTION_PLAN_DAYS": (5, "Working days to agree the action plan"),
    "SLA_GRAFFITI_HOURS": (24, "Hours to photograph and remove offensive graffiti"),
    "SLA_SECURE_HOME_HOURS": (24, "Hours to make a home safe"),
    "SLA_DUPLICATE_CHECK_DAYS": (1, "Working days to decide if two accounts are one incident"),
    "SLA_DUTY_MANAGER_HOURS": (1, "Hours to tell the duty manager of a report out of hours"),
    "SLA_MANAGER_REVIEW_DAYS": (1, "Working days to a manager's first review"),
    "SLA_UPDATE_HIGH_DAYS": (7, "Days between contacts at High risk, or before risk is assessed"),
    "SLA_UPDATE_MEDIUM_DAYS": (14, "Days between contacts at Medium risk"),
    "SLA_UPDATE_STANDARD_DAYS": (28, "Days between contacts at Standard risk"),
    "RISK_MEDIUM_FROM_SCORE": (14, "Score at which risk is Medium"),
    "RISK_HIGH_FROM_SCORE": (22, "Score at which risk is High"),
    "RISK_PROVISIONAL_OVER_ANSWERS": (4, "Answers not known above which a level is provisional"),
    "SLA_RISK_REVIEW_HIGH_DAYS": (7, "Days to the next risk assessment at High"),
    "SLA_RISK_REVIEW_MEDIUM_DAYS": (14, "Days to the next risk assessment at Medium"),
    "SLA_RISK_REVIEW_STANDARD_DAYS": (28, "Days to the next risk assessment at Standard"),
    "SLA_RISK_REDO_DAYS": (2, "Working days to ask again when a level is provisional"),
    "SLA_RISK_TRIGGER_DAYS": (1, "Working days to ask about risk again after a change"),
    "SLA_RISK_WORRY_DAYS": (1, "Working days for a manager to look at a worry above the level"),
    "SLA_RISK_TELL_HOURS": (1, "Hours to tell the line manager that risk is High"),
    "SLA_SECURITY_VISIT_HOURS": (24, "Hours to a security visit at High"),
    "SLA_AGENCIES_MEET_DAYS": (3, "Working days to a meeting of agencies at High"),
    "PERMISSION_MONTHS": (6, "Months a permission counts, unless another end is agreed"),
    "PARTNER_VERIFIED_MONTHS": (6, "Months after which a partner's details are checked again"),
    "REFERRAL_CHASE_DAYS": (5, "Working days until a referral without an answer is asked after"),
    "DISCLOSURE_DECIDE_HOURS": (4, "Hours for the Director to decide about telling the police"),
    "DISCLOSURE_URGENT_HOURS": (1, "Hours for the Director to decide when it is urgent"),
    "DISCLOSURE_VALID_HOURS": (72, "Hours an approval to tell the police counts"),
    "DISCLOSURE_PHONE_HOURS": (12, "Hours for the Director to confirm a word on the phone"),
    "DISCLOSURE_999_REVIEW_HOURS": (24, "Hours for the Director to look back at a 999 call"),
    "DELEGATION_DAYS": (28, "Days somebody may act for the Director at most"),
    "READING_VIEWERS_PEOPLE": (
        10,
        "People not on a case who open it in a day: unusual from so many",
    ),
    "READING_HOUR_CASES": (30, "Cases one person opens in an hour: unusual from so many"),
    "READING_REFUSED_TIMES": (3, "Refusals of restricted cases in a day: unusual from so many"),
    "READING_FROM_OCLOCK": (7, "Hour of a working day from which printing is usual"),
    "READING_UNTIL_OCLOCK": (20, "Hour of a working day until which printing is usual"),
    "REPORT_AFTER_DAYS": (3, "Working days of a month until the last month’s report is made"),
    "REPORT_HIDE_UNDER_CASES": (5, "Number under which a count is hidden in a version to share"),
    "REPORT_ROUND_TO_CASES": (5, "Totals beside something hidden are rounded to the nearest"),
    "AIM_MOTIVATION_ASKED_PERCENT": (
        100,
        "Of a hundred, how many to ask why it happened before triage (M08); 0: no aim is set",
    ),
    "AIM_TRIAGE_PERCENT": (0, "Of a hundred, how many to triage on time (M09); 0: no aim is set"),
    "AIM_FIRST_CONTACT_PERCENT": (
        0,
        "Of a hundred, how many first contacts on time (M10); 0: no aim is set",
    ),
    "AIM_RISK_PERCENT": (
        0,
        "Of a hundred, how many risk assessments on time (M12); 0: no aim is set",
    ),
    "AIM_PLAN_PERCENT": (
        0,
        "Of a hundred, how many action plans on time (M13); 0: no aim is set",
    ),
    "TRAINING_MONTHS": (24, "Months training counts"),
    "CONFLICT_REASSIGN_HOURS": (4, "Working hours to reassign after a conflict of interest"),
}


@dataclass(frozen=True)
class Outside:
    """Words about the world outside: what they are, where from, when last checked there."""

    title: str
    words: str
    source: str
    checked_on: date


SILENT_999 = "SILENT_999"
OUTSIDE: dict[str, Outside] = {
    SILENT_999: Outside(
        title="What to do when a caller to 999 cannot speak",
        words=(
            "If {name} cannot speak: from a mobile, ring 999, cough or tap, and press 55 when "
            "asked. From a landline, stay on the line."
        ),
        source="The Silent Solution of the police, as police forces and councils publish it",
        checked_on=date(2026, 11, 22),
    ),
}
"""Begun with; a newer row of ``policy.CheckedWords`` counts before it."""

STALE_MONTHS = 6
"""Words about the world outside are checked this often, or a warning stands beside them."""
