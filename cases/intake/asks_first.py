"""Parts 1 to 3: safe now, safe contact, who is calling."""

from __future__ import annotations

from cases.intake.asks import (
    NEW,
    NO_NAME,
    OTHER_DOORS,
    VICTIM_DOOR,
    YES_NO_NOT_SURE,
    Ask,
    Choices,
    Kind,
    Part,
    Question,
)
from cases.intake.choices import Door, ReporterCapacity
from cases.people.choices import AdjustmentKind, Channel, Reach

TALK: Choices = (("FREELY", "Freely"), ("YES_NO", "Yes or no only"), ("NOT_NOW", "Not now"))
CUT_OFF: Choices = (
    ("RING", "Ring back"),
    ("TEXT", "Text first"),
    ("DO_NOT", "Do not: they will ring us"),
)
REACH: Choices = tuple((code.value, str(code.label)) for code in Reach)
FIRST: Choices = tuple((code.value, str(code.label)) for code in Channel)
ADJUSTMENTS: Choices = tuple(
    (code.value, str(code.label))
    for code in (
        AdjustmentKind.INTERPRETER,
        AdjustmentKind.HEARING,
        AdjustmentKind.ADVOCATE,
        AdjustmentKind.FORMAT,
        AdjustmentKind.NONE,
    )
)
WAYS = ("ring", "voicemail", "text", "email", "post", "visit")

SAFE_NOW = Part(
    1,
    "safe-now",
    "Safe now",
    (
        Ask(
            "safe",
            (
                Question(
                    "safe.now",
                    Kind.RADIOS,
                    "Safe where they are",
                    YES_NO_NOT_SURE,
                    layout="across",
                    needed="hangup",
                    need="Safe now",
                ),
            ),
            say="“Are you safe where you are right now?”",
        ),
        Ask(
            "harmed-safe",
            (
                Question(
                    "harmed.safe_now",
                    Kind.RADIOS,
                    "The person harmed, safe now",
                    (*YES_NO_NOT_SURE, ("NOT_KNOWN", "Not known")),
                    layout="across",
                    doors=OTHER_DOORS,
                ),
            ),
            say="“Do you know if they are safe right now?”",
            doors=OTHER_DOORS,
        ),
        Ask(
            "talk",
            (Question("safe.talk", Kind.RADIOS, "Able to talk", TALK, layout="across"),),
            say=(
                "“Can you talk freely? If somebody can hear, just say yes or no and I will "
                "ask it that way.”"
            ),
        ),
        Ask(
            "call-them",
            (Question("safe.call_them", Kind.TEXT, "What to call them", width="two-thirds"),),
            say="“What would you like me to call you?”",
        ),
        Ask(
            "cut-off",
            (Question("safe.cut_off", Kind.RADIOS, "If we are cut off", CUT_OFF, layout="across"),),
            say="“If we get cut off, may I ring you straight back?”",
        ),
    ),
)


def _reach(prefix: str, doors: frozenset[str]) -> tuple[Question, ...]:
    """The six ways of one safe-contact block: nothing is safe until somebody says so."""
    return tuple(
        Question(
            f"{prefix}.{way}",
            Kind.ROW,
            way.capitalize(),
            REACH,
            default=Reach.NOT_ASKED,
            doors=doors,
            needed="hangup" if (prefix, way) == ("contact", "ring") else "",
            need="Safe contact" if (prefix, way) == ("contact", "ring") else "",
        )
        for way in WAYS
    )


def _details(prefix: str, doors: frozenset[str]) -> tuple[Question, ...]:
    """Contact details: covered until safe contact has been asked."""
    return (
        Question(
            f"{prefix}.phone",
            Kind.TEXT,
            "Phone to use",
            mode="tel",
            width="pair",
            doors=doors,
            covered=prefix,
        ),
        Question(
            f"{prefix}.email_address",
            Kind.TEXT,
            "Email to use",
            mode="email",
            width="pair",
            doors=doors,
            covered=prefix,
        ),
        Question(
            f"{prefix}.address",
            Kind.TEXT,
            "Address, with postcode",
            hint="Only if it is not the one we hold.",
            doors=doors,
            covered=prefix,
        ),
    )


CONTACT_NOTE = "Contact details show once safe contact has been asked."

SAFE_CONTACT = Part(
    2,
    "safe-contact",
    "Safe contact",
    (
        Ask(
            "reach",
            _reach("contact", OTHER_DOORS | VICTIM_DOOR),
            say="“How is it safe for us to reach you?”",
            yes_no="“I will name some ways. Say yes to each one that is safe for us to use.”",
            hint="Post and voicemail stay off until somebody says they are safe.",
        ),
        Ask(
            "first",
            (Question("contact.first", Kind.RADIOS, "Which to try first", FIRST, layout="across"),),
            say="“Which would you like us to try first?”",
        ),
        Ask(
            "find-out",
            (Question("contact.find_out", Kind.TEXT, "Who could find out"),),
            say="“Could anybody else see a letter, or pick up your phone?”",
        ),
        Ask(
            "times",
            (
                Question("contact.times", Kind.TEXT, "Safe times", width="pair"),
                Question("contact.say_we_are", Kind.TEXT, "Say we are", width="pair"),
            ),
            say="“When is a good time? If somebody else answers, who should we say we are?”",
            yes_no="“Is the morning safe? The afternoon? The evening?”",
        ),
        Ask(
            "adjustments",
            (
                Question(
                    "contact.adjustment_kinds",
                    Kind.CHECKBOXES,
                    "Adjustments",
                    ADJUSTMENTS,
                    layout="two",
                    needed="hangup",
                    need="Adjustments",
                ),
                Question("contact.adjustments", Kind.TEXT, "What exactly", width="pair"),
                Question("contact.language", Kind.TEXT, "Language, if not English", width="pair"),
            ),
            say=(
                "“Is there anything that would make this easier? An interpreter, or somebody "
                "with you?”"
            ),
        ),
        Ask("details", _details("contact", OTHER_DOORS | VICTIM_DOOR), hint=CONTACT_NOTE),
        Ask(
            "harmed-reach",
            _reach("harmed", OTHER_DOORS),
            say="“Do you know how it is safe for us to reach the person it happened to?”",
            hint="For the person harmed. Until somebody says so, no way of reaching them is safe.",
            doors=OTHER_DOORS,
        ),
        Ask(
            "harmed-times",
            (
                Question(
                    "harmed.times",
                    Kind.TEXT,
                    "Safe times for them",
                    width="pair",
                    doors=OTHER_DOORS,
                ),
                Question(
                    "harmed.say_we_are",
                    Kind.TEXT,
                    "Say we are, to them",
                    width="pair",
                    doors=OTHER_DOORS,
                ),
                Question(
                    "harmed.find_out",
                    Kind.TEXT,
                    "Who could find out that we reached them",
                    doors=OTHER_DOORS,
                ),
            ),
            say="“When is it safe for them, and who else could find out?”",
            doors=OTHER_DOORS,
        ),
        Ask(
            "harmed-details", _details("harmed", OTHER_DOORS), hint=CONTACT_NOTE, doors=OTHER_DOORS
        ),
    ),
)


def person_questions(prefix: str, who: str, doors: frozenset[str], needed: str) -> list[Question]:
    """Find somebody, or add them: the same block for the caller and the person harmed."""
    new = (f"{prefix}.person", frozenset({NEW}))
    born = ("day", "Day"), ("month", "Month"), ("year", "Year")
    return [
        Question(
            f"{prefix}.search",
            Kind.SEARCH,
            f"Find {who} in our records",
            hint=(
                "Any of: name, date of birth, postcode, phone, tenancy reference. Spelling "
                "does not matter."
            ),
            doors=doors,
        ),
        Question(
            f"{prefix}.person",
            Kind.PERSON,
            "Who it is",
            ((NEW, "None of these: add a new person"), (NO_NAME, "They do not want to give a name"))
            if prefix == "who"
            else ((NEW, "None of these: add a new person"), (NO_NAME, "We do not know their name")),
            doors=doors,
            needed="hangup",
            need=needed,
        ),
        Question(f"{prefix}.full_name", Kind.TEXT, "Full name", doors=doors, when=new),
        *(
            Question(f"{prefix}.born_{part}", Kind.DATE, label, doors=doors, when=new)
            for part, label in born
        ),
        Question(f"{prefix}.postcode", Kind.TEXT, "Postcode", doors=doors, when=new, width="pair"),
    ]


CAPACITY_VICTIM: Choices = tuple(
    (code.value, str(code.label))
    for code in (
        ReporterCapacity.VICTIM,
        ReporterCapacity.PARENT_GUARDIAN,
        ReporterCapacity.HOUSEHOLD_MEMBER,
    )
)
CAPACITY_OTHER: Choices = tuple(
    (code.value, str(code.label))
    for code in (
        ReporterCapacity.WITNESS,
        ReporterCapacity.NEIGHBOUR,
        ReporterCapacity.FRIEND_FAMILY,
        ReporterCapacity.SUPPORT_WORKER,
        ReporterCapacity.COLLEAGUE,
        ReporterCapacity.OTHER,
    )
)
AGENCY_DOOR: frozenset[str] = frozenset({Door.AGENCY})

WHO_IS_CALLING = Part(
    3,
    "who-is-calling",
    "Who is calling",
    (
        Ask(
            "door",
            (
                Question(
                    "door",
                    Kind.RADIOS,
                    "Whose story it is",
                    tuple((code.value, str(code.label)) for code in Door),
                ),
            ),
            say="“Did this happen to you, or are you telling us about somebody else?”",
        ),
        Ask(
            "capacity",
            (
                Question(
                    "who.capacity",
                    Kind.RADIOS,
                    "Who the caller is",
                    CAPACITY_VICTIM,
                    doors=VICTIM_DOOR,
                    layout="two",
                ),
            ),
            say="“Did it happen to you yourself, or to somebody you live with?”",
            doors=VICTIM_DOOR,
        ),
        Ask(
            "capacity-other",
            (
                Question(
                    "who.knows_as",
                    Kind.RADIOS,
                    "How the caller knows",
                    CAPACITY_OTHER,
                    doors=OTHER_DOORS - AGENCY_DOOR,
                    layout="two",
                    hint="If it happened to them, choose the first answer above.",
                ),
            ),
            say="“How do you know about it? Did you see it yourself?”",
            doors=OTHER_DOORS - AGENCY_DOOR,
        ),
        Ask(
            "agency",
            (
                Question("who.agency", Kind.TEXT, "Which agency", doors=AGENCY_DOOR),
                Question(
                    "who.agency_words",
                    Kind.RADIOS,
                    "Whose words they are",
                    (
                        ("PERSON", "The person harmed said it to them"),
                        ("AGENCY", "The agency’s own"),
                        ("NOT_KNOWN", "Not known"),
                    ),
                    doors=AGENCY_DOOR,
                ),
            ),
            say="“Which agency are you from? Are these the person’s own words, or yours?”",
            doors=AGENCY_DOOR,
        ),
        Ask(
            "person",
            tuple(person_questions("who", "{name}", OTHER_DOORS | VICTIM_DOOR, "Who is calling")),
            say=(
                "“May I check I have the right person? What is your full name, and your "
                "postcode or date of birth?”"
            ),
            say_other="“May I take your own name, and your postcode or date of birth?”",
            hint="Let them tell you. Do not read out what we hold.",
        ),
        Ask(
            "keep-apart",
            (
                Question(
                    "who.keep_apart",
                    Kind.RADIOS,
                    "Keep their name apart",
                    (("YES", "Yes, tell nobody"), ("NO", "No, it may be known")),
                    layout="across",
                    doors=OTHER_DOORS,
                    hint="Kept apart until somebody says it may be known.",
                ),
            ),
            say="“Shall we keep your name to ourselves?”",
            doors=OTHER_DOORS,
        ),
    ),
)
