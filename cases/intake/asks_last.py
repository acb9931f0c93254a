"""Parts 7 to 10: who did it, anything before, permission, before you hang up."""

from __future__ import annotations

from cases.casework.choices import MateCrime, Relationship
from cases.casework.record_choices import Known, Willing
from cases.intake.asks import (
    OTHER_DOORS,
    YES_NO_NOT_SURE,
    Ask,
    Choices,
    Kind,
    Part,
    Question,
)

KNOWN: Choices = tuple((code.value, str(code.label)) for code in Known)
WITNESS: Choices = tuple((code.value, str(code.label)) for code in Willing)
CLOSE_TO_THEM = frozenset(
    {
        Relationship.FRIEND_ACQ.value,
        Relationship.CARER_SUPPORT.value,
        Relationship.PARTNER_EX.value,
        Relationship.FAMILY.value,
        Relationship.HOUSEHOLD_MEMBER.value,
    }
)
FAMILY_OR_PARTNER = frozenset(
    {
        Relationship.PARTNER_EX.value,
        Relationship.FAMILY.value,
        Relationship.HOUSEHOLD_MEMBER.value,
    }
)
MOST_RELATIONS = (
    Relationship.NEIGHBOUR_ADJ,
    Relationship.PARTNER_EX,
    Relationship.NEIGHBOUR_BLOCK,
    Relationship.FAMILY,
    Relationship.NEIGHBOUR_AREA,
    Relationship.CARER_SUPPORT,
    Relationship.STRANGER,
    Relationship.LANDLORD_COLLEAGUE,
    Relationship.FRIEND_ACQ,
    Relationship.UNKNOWN,
)
RELATIONS: Choices = tuple((code.value, code.label) for code in MOST_RELATIONS)
OTHER_RELATIONS: Choices = tuple(
    (code.value, code.label) for code in Relationship if code not in MOST_RELATIONS
)
_close = ("respondent.relation", CLOSE_TO_THEM)

WHO_DID_IT = Part(
    7,
    "who-did-it",
    "Who did it",
    (
        Ask(
            "respondent",
            (
                Question("respondent.described", Kind.TEXT, "As {name} describes them"),
                Question(
                    "respondent.relation",
                    Kind.RADIOS,
                    "Who they are to {harmed}",
                    RELATIONS,
                    OTHER_RELATIONS,
                    f"{len(OTHER_RELATIONS)} others",
                    layout="two",
                    hint="Friend, partner, family or carer opens a few more questions.",
                    needed="later",
                    need="Who did it",
                ),
                Question(
                    "respondent.customer",
                    Kind.RADIOS,
                    "They live in one of our homes",
                    KNOWN,
                    layout="across",
                ),
                Question(
                    "respondent.under_18", Kind.RADIOS, "They are under 18", KNOWN, layout="across"
                ),
            ),
            say="“Do you know who did it?”",
            yes_no="“Is it somebody you know? A neighbour? Somebody who is with you now?”",
            hint="We write “respondent”. Nothing is proved yet.",
        ),
        Ask(
            "advantage",
            (
                Question(
                    "respondent.advantage",
                    Kind.RADIOS,
                    "Takes advantage of them",
                    YES_NO_NOT_SURE,
                    layout="across",
                    when=_close,
                ),
                Question(
                    "respondent.mate",
                    Kind.CHECKBOXES,
                    "In which way",
                    tuple((code.value, code.label) for code in MateCrime),
                    when=_close,
                ),
            ),
            say=(
                "“Do they ever take your money or things, or get you to do what you do not "
                "want to?”"
            ),
            say_other=(
                "“Do they ever take their money or things, or get them to do what they do not "
                "want to?”"
            ),
            hint="A friend, family or carer who takes advantage: this also goes to Safeguarding.",
        ),
        Ask(
            "abuse",
            (
                Question(
                    "respondent.abuse",
                    Kind.RADIOS,
                    "Hurts, threatens or controls them",
                    YES_NO_NOT_SURE,
                    layout="across",
                    when=("respondent.relation", FAMILY_OR_PARTNER),
                ),
            ),
            say="“Has this person hurt you, frightened you or controlled what you do?”",
            say_other="“Has this person hurt or frightened them, or controlled what they do?”",
            hint="If so, the Domestic Abuse Policy comes first, and hate stays beside it.",
        ),
        Ask(
            "fears",
            (Question("respondent.fears", Kind.WORDS, "What {harmed} fears"),),
            say="“What do you think would happen if they knew you had told us?”",
            yes_no="“Would it be worse for you if they knew you had told us? Yes or no?”",
        ),
    ),
)

ANYTHING_BEFORE = Part(
    8,
    "anything-before",
    "Anything before",
    (
        Ask(
            "before",
            (
                Question(
                    "before.any",
                    Kind.RADIOS,
                    "Before",
                    YES_NO_NOT_SURE,
                    layout="across",
                    needed="later",
                    need="Anything before",
                ),
                Question("before.words", Kind.WORDS, "Who and when"),
            ),
            say="“Has anything like this happened before, to you or to your family?”",
            say_other="“Has anything like this happened before, to them or to their family?”",
            hint="Who, and roughly when. Repeats are worked out for you.",
        ),
    ),
)


def _permission(who: str, label: str) -> Question:
    return Question(
        f"permission.{who}",
        Kind.ROW,
        label,
        (("YES", "Yes"), ("NO", "No"), ("NOT_ASKED", "Not asked")),
        default="NOT_ASKED",
        needed="hangup" if who == "police" else "",
        need="Permission" if who == "police" else "",
    )


PERMISSION = Part(
    9,
    "permission",
    "Permission",
    (
        Ask(
            "permission",
            (
                _permission("police", "Police"),
                _permission("council", "Council"),
                _permission("support", "Support service"),
            ),
            say=(
                "“We ask you before we tell anyone. Say no to any of these and we will help you "
                "just the same.”"
            ),
            hint="Not asked counts as no.",
        ),
        Ask(
            "police",
            (
                Question(
                    "permission.police_self",
                    Kind.RADIOS,
                    "Reporting to the police themselves",
                    (
                        ("ALREADY", "Already has"),
                        ("NOT_NOW", "Not now"),
                        ("WANTS", "Wants to"),
                        ("NO", "No: do not ask again"),
                    ),
                    layout="two",
                ),
            ),
            say="“Would you like to report it to the police yourself? It is your choice.”",
        ),
    ),
)

BEFORE_YOU_HANG_UP = Part(
    10,
    "before-you-hang-up",
    "Before you hang up",
    (
        Ask(
            "tonight",
            (Question("end.tonight", Kind.WORDS, "What would help tonight"),),
            say="“What would help you feel safer tonight?”",
            say_other="“What would help them feel safer tonight?”",
            yes_no="“Do you need somewhere else to be tonight? Shall somebody check on you?”",
            yes_no_other="“Do they need somewhere else tonight? Shall somebody check on them?”",
        ),
        Ask(
            "witness",
            (
                Question(
                    "end.again",
                    Kind.RADIOS,
                    "Would speak to us again",
                    YES_NO_NOT_SURE,
                    layout="across",
                    doors=OTHER_DOORS,
                ),
                Question(
                    "end.witness",
                    Kind.RADIOS,
                    "Would be a witness",
                    WITNESS,
                    layout="two",
                    doors=OTHER_DOORS,
                ),
            ),
            say="“Would you speak to us again? Would you be a witness?”",
            doors=OTHER_DOORS,
        ),
        Ask(
            "read-back",
            (
                Question(
                    "end.read_back",
                    Kind.RADIOS,
                    "Read back",
                    (
                        ("AGREED", "{name} agreed it"),
                        ("CHANGED", "Something was changed"),
                        ("NOT_POSSIBLE", "Not possible"),
                    ),
                    layout="across",
                    needed="hangup",
                    need="Read back",
                ),
            ),
            say="“May I read back what I have? Stop me if anything is wrong.”",
        ),
    ),
)
