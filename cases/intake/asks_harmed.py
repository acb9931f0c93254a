"""Part 6: who is harmed, and how it has affected them and others nearby (HC-13, HC-15)."""

from __future__ import annotations

from cases.casework.choices import VictimRole
from cases.casework.record_choices import CommunityImpact, Impact
from cases.intake.asks import (
    OTHER_DOORS,
    VICTIM_DOOR,
    YES_NO_NOT_SURE,
    Ask,
    Choices,
    Kind,
    Part,
    Question,
)
from cases.intake.asks_first import person_questions

IMPACT: Choices = tuple((str(code.value), str(code.label)) for code in Impact)
COMMUNITY: Choices = tuple((str(code.value), str(code.label)) for code in CommunityImpact)
ROLES: Choices = tuple((code.value, code.label) for code in VictimRole)

WHO_IS_HARMED = Part(
    6,
    "who-is-harmed",
    "Who is harmed",
    (
        Ask(
            "harmed-person",
            (
                Question(
                    "harmed.described",
                    Kind.TEXT,
                    "Who they are, as far as the caller knows",
                    doors=OTHER_DOORS,
                ),
                Question("harmed.call_them", Kind.TEXT, "What to call them", doors=OTHER_DOORS),
                *person_questions("harmed", "them", OTHER_DOORS, "Who is harmed"),
            ),
            say="“Who did it happen to? What do you know about them?”",
            hint="A first name, a flat or a description is enough.",
            doors=OTHER_DOORS,
        ),
        Ask(
            "harmed-known",
            (
                Question(
                    "harmed.knows",
                    Kind.RADIOS,
                    "They know",
                    YES_NO_NOT_SURE,
                    layout="across",
                    doors=OTHER_DOORS,
                ),
            ),
            say="“Do they know you are ringing?”",
            doors=OTHER_DOORS,
        ),
        Ask(
            "harmed",
            (
                Question(
                    "harmed.people",
                    Kind.PEOPLE,
                    "People harmed",
                    (("CALLER", "{name}"), ("OTHER", "Somebody else")),
                    doors=VICTIM_DOOR,
                ),
                Question(
                    "harmed.others",
                    Kind.WORDS,
                    "Anybody else, one on each line: name, age, who they are",
                ),
            ),
            say="“Who was there? Who else has it affected?”",
        ),
        Ask(
            "role",
            (
                Question(
                    "harmed.role",
                    Kind.RADIOS,
                    "Who {harmed} is to us",
                    ROLES,
                    layout="two",
                ),
            ),
            officer="Tick what you heard. Nobody needs a tenancy to be helped.",
        ),
        Ask(
            "children",
            (
                Question(
                    "harmed.children",
                    Kind.RADIOS,
                    "Children",
                    (
                        ("SAW", "Saw or heard it"),
                        ("NOT_THERE", "Not there"),
                        ("NONE", "No children"),
                        ("NOT_KNOWN", "Not known"),
                    ),
                    layout="across",
                ),
                Question(
                    "harmed.at_risk",
                    Kind.CHECKBOXES,
                    "Worried about",
                    (
                        ("CHILD", "A child"),
                        ("ADULT", "An adult who needs care or support"),
                        ("NOBODY", "Nobody"),
                    ),
                    layout="across",
                    hint="A child or an adult who cannot protect themselves goes to Safeguarding.",
                ),
                Question("harmed.at_risk_words", Kind.TEXT, "Who, and why"),
            ),
            say="“How are the children? Did they see or hear it?”",
            say_other="“Are there children? Did they see or hear it?”",
        ),
        Ask(
            "impact",
            (
                Question(
                    "harmed.impact",
                    Kind.RADIOS,
                    "How it has affected them",
                    IMPACT,
                    layout="two",
                ),
                Question("harmed.impact_words", Kind.WORDS, "In their own words"),
            ),
            say="“How has this affected you?”",
            say_other="“How do you think it has affected them?”",
        ),
        Ask(
            "community",
            (
                Question(
                    "harmed.community",
                    Kind.RADIOS,
                    "Others nearby",
                    COMMUNITY,
                    layout="two",
                ),
            ),
            say="“Has it affected anybody else who lives near you?”",
            say_other="“Has it affected anybody else who lives near there?”",
            yes_no="“Has it frightened any of your neighbours? One home? More than one?”",
        ),
    ),
)
