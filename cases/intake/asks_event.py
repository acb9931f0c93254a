"""Parts 4 and 5: what happened, and why."""

from __future__ import annotations

from collections.abc import Iterable

from cases.casework.choices import Basis, IncidentType, Location, Strand, When
from cases.casework.record_choices import KINDS_OF, PropertyHarm
from cases.intake.asks import (
    OTHER_DOORS,
    YES_NO_NOT_SURE,
    Ask,
    Choices,
    Kind,
    Part,
    Question,
)

MOST_PLACES = (
    Location.VICTIM_HOME,
    Location.ESTATE_STREET,
    Location.VICTIM_GARDEN_BALCONY,
    Location.ONLINE_PHONE,
    Location.COMMUNAL_INSIDE,
    Location.OTHER_PUBLIC,
    Location.COMMUNAL_OUTSIDE,
    Location.UNKNOWN,
)
PLACES: Choices = tuple((code.value, code.label) for code in MOST_PLACES)
OTHER_PLACES: Choices = tuple(
    (code.value, code.label) for code in Location if code not in MOST_PLACES
)
KINDS: Choices = tuple((code.value, code.label) for code in IncidentType)
SHOWN_KINDS = 8
_ORDER = (
    *(Strand.RACE, Strand.GENDER, Strand.RELIGION, Strand.AGE, Strand.DISABILITY),
    *(Strand.APPEARANCE, Strand.SEX_ORIENT, Strand.UNKNOWN_HATE, Strand.GENDER_ID),
)
STRANDS: Choices = tuple(
    (code.value, "Hate, not clear why" if code == Strand.UNKNOWN_HATE else code.label)
    for code in _ORDER
)
HARM: Choices = tuple((code.value, str(code.label)) for code in PropertyHarm)
HARMS_HOMES = frozenset(
    code.value
    for code in (
        *(IncidentType.DAMAGE, IncidentType.GRAFFITI, IncidentType.ARSON),
        *(IncidentType.ARSON_ATT, IncidentType.RUBBISH),
    )
)
"""The kinds that bring up what was done to the home (domain 2.4)."""
BASES: Choices = tuple((code.value, code.label) for code in Basis)
PRECISION: Choices = tuple((code.value, code.label) for code in When)


def incident_asks(number: int) -> tuple[Ask, ...]:
    """One block of part 4.  Keys begin ``incident-<number>.``"""
    at = f"incident-{number}"
    return (
        Ask(
            f"{at}.what",
            (
                Question(
                    f"{at}.lines", Kind.LINES, "Lines to use from the notepad", hide_legend=True
                ),
                Question(
                    f"{at}.words",
                    Kind.WORDS,
                    "Their words",
                    needed="triage" if number == 1 else "",
                    need="What happened" if number == 1 else "",
                ),
            ),
            say="“Tell me what happened, in your own way. Take your time.”",
            yes_no=(
                "“I will name some things. Say yes if it was that: shouting? A threat? "
                "Something broken? Somebody hurt?”"
            ),
        ),
        Ask(
            f"{at}.when",
            (
                Question(f"{at}.day", Kind.DATE, "Day"),
                Question(f"{at}.month", Kind.DATE, "Month"),
                Question(f"{at}.year", Kind.DATE, "Year"),
                Question(f"{at}.time", Kind.DATE, "Time"),
                Question(
                    f"{at}.when_known",
                    Kind.RADIOS,
                    "How exact",
                    PRECISION,
                    layout="across",
                    hide_legend=True,
                ),
                Question(
                    f"{at}.going_on",
                    Kind.CHECKBOXES,
                    "More than one time",
                    (("YES", "It goes on: more than one time"),),
                    hide_legend=True,
                ),
                Question(
                    f"{at}.when_words",
                    Kind.TEXT,
                    "Since when, and how often",
                    when=(f"{at}.going_on", frozenset({"YES"})),
                ),
            ),
            say="“When was this?”",
            yes_no="“Was it today? Yesterday? This week?”",
        ),
        Ask(
            f"{at}.where",
            (
                Question(
                    f"{at}.place",
                    Kind.RADIOS,
                    "Where",
                    PLACES,
                    OTHER_PLACES,
                    f"{len(OTHER_PLACES)} other places",
                    layout="two",
                    hide_legend=True,
                ),
                Question(f"{at}.place_words", Kind.TEXT, "Which place, in their words"),
            ),
            say="“Where were you?”",
            say_other="“Where was this?”",
            yes_no="“Was it at your home? Close to it?”",
            yes_no_other="“Was it at their home? Close to it?”",
        ),
        Ask(
            f"{at}.kind",
            (
                Question(
                    f"{at}.types",
                    Kind.CHECKBOXES,
                    "What kind",
                    KINDS[:SHOWN_KINDS],
                    KINDS[SHOWN_KINDS:],
                    f"{len(KINDS) - SHOWN_KINDS} other kinds",
                    layout="two",
                    hide_legend=True,
                ),
                Question(
                    f"{at}.other_type",
                    Kind.TEXT,
                    "What else it was",
                    when=(f"{at}.types", frozenset({IncidentType.OTHER.value})),
                ),
                Question(f"{at}.crime_reference", Kind.TEXT, "Police reference, if they have one"),
                Question(
                    f"{at}.property_harm",
                    Kind.RADIOS,
                    "What was done to the home",
                    HARM,
                    layout="two",
                    when=(f"{at}.types", HARMS_HOMES),
                ),
            ),
            officer="Tick what you heard. Do not read this out.",
        ),
    )


WHAT_HAPPENED = Part(4, "what-happened", "What happened", incident_asks(1), repeats=True)


def _about(strand: Strand) -> Iterable[Question]:
    """How a strand is linked and, for three of them, what within it; each once it is ticked."""
    named = ("why.strands", frozenset({strand.value}))
    yield Question(
        f"why.basis.{strand.value}",
        Kind.RADIOS,
        f"{strand.label}: how is it linked?",
        BASES,
        layout="two",
        when=named,
    )
    if strand in KINDS_OF:
        yield Question(
            f"why.kinds.{strand.value}",
            Kind.CHECKBOXES,
            f"{strand.label}: what it was about",
            tuple((kind.value, str(kind.label)) for kind in KINDS_OF[strand]),
            layout="two",
            when=named,
        )


_linked = tuple(
    asked for strand in _ORDER if strand != Strand.UNKNOWN_HATE for asked in _about(strand)
)

WHY = Part(
    5,
    "why-it-happened",
    "Why it happened",
    (
        Ask(
            "why",
            (
                Question(
                    "why.caller",
                    Kind.RADIOS,
                    "{name} thinks so",
                    YES_NO_NOT_SURE,
                    layout="across",
                    needed="triage",
                    need="Why it happened",
                ),
                Question("why.caller_words", Kind.WORDS, "In their words"),
            ),
            say="“Do you think it happened because of who you are, or who they think you are?”",
            say_other=(
                "“Do you think it happened because of who they are, or who somebody thinks "
                "they are?”"
            ),
            yes_no=(
                "“Do you think it was because of who you are, or who they think you are? Yes, "
                "no, or not sure?”"
            ),
            yes_no_other=(
                "“Do you think it was because of who they are, or who somebody thinks they are? "
                "Yes, no, or not sure?”"
            ),
            hint="Ask openly. Never ask for proof.",
        ),
        Ask(
            "why-harmed",
            (
                Question(
                    "why.harmed",
                    Kind.RADIOS,
                    "{harmed} thinks so",
                    (*YES_NO_NOT_SURE, ("NOT_KNOWN", "Not known")),
                    layout="across",
                    doors=OTHER_DOORS,
                ),
                Question("why.harmed_words", Kind.TEXT, "What they said", doors=OTHER_DOORS),
            ),
            say="“Has the person it happened to said why they think it happened?”",
            doors=OTHER_DOORS,
        ),
        Ask(
            "about",
            (
                Question(
                    "why.strands", Kind.CHECKBOXES, "What it was about", STRANDS, layout="two"
                ),
                *_linked,
            ),
            say="“What do you think it was about?”",
            yes_no=(
                "“I will read a list. Say yes when I get to it: was it about race, religion, "
                "disability, who people love, gender, age, how somebody looks?”"
            ),
            hint="Never ask “are you gay?” or “are you disabled?”.",
        ),
        Ask(
            "others",
            (
                Question(
                    "why.others",
                    Kind.RADIOS,
                    "Somebody else thinks so",
                    YES_NO_NOT_SURE,
                    layout="across",
                ),
                Question("why.others_who", Kind.TEXT, "Who else"),
                Question("why.others_words", Kind.TEXT, "What they said"),
            ),
            say="“Has anybody else said they think so too?”",
        ),
        Ask(
            "own",
            (
                Question(
                    "why.own",
                    Kind.RADIOS,
                    "Your own view",
                    (
                        ("YES", "Yes, I think so"),
                        ("NOT_SURE", "Not sure"),
                        ("NO", "I saw no sign of it"),
                    ),
                    needed="triage",
                    need="Your own view",
                ),
                Question("why.own_words", Kind.TEXT, "Why you think so"),
            ),
            officer="For you. Not to read out.",
            hint="Your view can only add. It never changes what {name} said.",
        ),
    ),
    intro=(
        "Asked on every report. If anybody thinks hate was part of it, we treat it as hate. "
        "Nobody can take that away."
    ),
)
