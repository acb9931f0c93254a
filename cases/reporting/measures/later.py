"""Measures of what is not recorded here yet: listed with what they wait for, never invented."""

from __future__ import annotations

from cases.reporting.measure import Chapter, Measure

CLOSING = "Once a case can be closed here."
ACTIONS = "Once actions and legal tools are recorded here."


def _waits(
    code: str, name: str, chapter: Chapter, definition: str, parts: tuple[str, str, str], why: str
) -> Measure:
    """A measure without figures; ``parts`` are numerator, denominator and cohort."""
    numerator, denominator, cohort = parts
    return Measure(
        code=code,
        name=name,
        chapter=chapter,
        definition=definition,
        numerator=numerator,
        denominator=denominator,
        cohort=cohort,
        exclusions="Cases joined to another and cases made void.",
        source=f"Domain 5.3 {code}",
        waits_for=why,
    )


MEASURES = (
    _waits(
        "M21",
        "Harmed again after closing",
        Chapter.RISK,
        "Cases closed a year ago whose person, family or household was harmed again since.",
        (
            "Those with a new hate incident within 12 months of closing.",
            "Cases closed in the month 12 months ago.",
            "By the month the case was closed.",
        ),
        CLOSING,
    ),
    _waits(
        "M24",
        "Action taken",
        Chapter.ACTION,
        "What was done about hate, by kind of action, legal tool and the respondent’s tenure.",
        ("Actions of each kind.", "None: numbers.", "By the moment of the action."),
        ACTIONS,
    ),
    _waits(
        "M27",
        "Aftercare",
        Chapter.SUPPORT,
        "Whether people were asked how they are after their case was closed.",
        (
            "Aftercare done within 28 days.",
            "Aftercare due in the period.",
            "By the moment it was due.",
        ),
        f"{CLOSING} Aftercare follows closing.",
    ),
    _waits(
        "M28",
        "How content people are",
        Chapter.SUPPORT,
        "What people say of how we dealt with it, whether they feel safer and would report again.",
        (
            "Answers “very” and “fairly” satisfied; “I feel safer”; “I would report again”.",
            "Answers to each question; for the response rate, surveys sent.",
            "By the moment of the answer.",
        ),
        "Once people are asked by a survey.",
    ),
    _waits(
        "M35",
        "Is action taken alike?",
        Chapter.EQUALITY,
        "Legal action against respondents, by group, with the floors of the other comparisons.",
        (
            "Respondents of a group against whom legal action was taken.",
            "Respondents of the group.",
            "By the moment of the action.",
        ),
        ACTIONS,
    ),
    _waits(
        "M36",
        "Audits",
        Chapter.AUDIT,
        "Cases that were audited, how the work was found to be, and what is overdue of it.",
        (
            "Audits done; answers that comply; actions past their day.",
            "Audits that were to be done; answers, those that do not apply left out.",
            "By the moment of the audit.",
        ),
        "Once audits and one-to-ones are done here.",
    ),
)
