"""Every component, and the four main screens as still pictures. In DEBUG only; all of it made up.

The markup is the markup the real templates use: it is where a screen's look is worked out and
where a reader finds how a component is called.
"""

from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cases.policy.defaults import OUTSIDE, SILENT_999
from hatecrime import gallery_content
from hatecrime.gallery_content import AMARA, Item

MENU = ("Your work", "Take a report", "Search", "Repeat victims", "Monitoring")


@login_not_required
def show(request: HttpRequest) -> HttpResponse:
    """The gallery, or one screen of it: ``?screen=queue|case|triage|sheet``."""
    screen = request.GET.get("screen", "")
    content = SCREENS.get(screen, gallery_content.components)
    name = screen if screen in SCREENS else "gallery"
    template = "components/gallery.html" if name == "gallery" else f"components/gallery_{name}.html"
    active = {"triage": "Take a report", "gallery": ""}.get(name, "Your work")
    menu = [{"text": text, "href": "#", "active": text == active} for text in MENU]
    person = {"id": 1, "name": "Dawn Mistry"}
    return render(
        request,
        template,
        {"navigation": menu, "actor": person, "role_words": "housing officer", **content()},
    )


def choices(*texts: str) -> list[Item]:
    """Items for radios or checkboxes; a text that begins with * is the one chosen."""
    return [
        {"value": text.strip("*").lower(), "text": text.strip("*"), "checked": text.startswith("*")}
        for text in texts
    ]


NEEDED = {
    "total": 5,
    "later": 2,
    "groups": [
        {
            "name": "Before triage",
            "items": [
                {"text": "Why it happened", "href": "#ask-thinks_so"},
                {"text": "Your own view", "href": "#ask-own_view"},
            ],
        },
        {
            "name": "Before you hang up",
            "items": [
                {"text": "Adjustments", "href": "#ask-adjustments"},
                {"text": "Permission", "href": "#ask-permission"},
                {"text": "Read back", "href": "#ask-read_back"},
            ],
        },
    ],
}
# number, name, state, how many are still needed
PARTS = (
    ("Safe now", "Done", 0),
    ("Safe contact", "", 1),
    ("Who is calling", "Done", 0),
    ("What happened", "2 incidents", 0),
    ("Why it happened", "", 2),
    ("Who is harmed", "Done", 0),
    ("Who did it", "Started", 0),
    ("Anything before", "Not started", 0),
    ("Permission", "", 1),
    ("Before you hang up", "", 1),
)


def sheet() -> Item:
    """The call sheet, half way through a call."""
    parts: list[Item] = [
        {
            "number": number,
            "name": name,
            "slug": name.lower().replace(" ", "-"),
            "state": state,
            "needed": needed,
            "done": state in ("Done", "2 incidents"),
            "started": state == "Started",
        }
        for number, (name, state, needed) in enumerate(PARTS, start=1)
    ]
    matches = [
        (
            "Amara Osei",
            ", tenant, 14 Larkfield Court",
            "Name sounds the same. Postcode is the same.",
        ),
        ("Amarah Osei-Mensah", ", lives at 3 Larkfield Court", "Name is close. Same street."),
        ("Ama Osei", ", former tenant, moved out in 2023", "Name is close."),
    ]
    return {
        "sheet": {
            "heading_before": "Call with",
            "name": "Amara",
            "received": "10:41am",
            "line": AMARA,
            "saved_state": "saved",
            "saved_at": "10:47am",
            "danger": {
                "places": ["14 Larkfield Court", "Wellby, NN99 4QT"],
                "facts": [
                    "Amara, with two children, 4 and 1.",
                    "Danger from: the man next door, number 16.",
                    "Ringing from 07700 900412.",
                ],
                "silent": OUTSIDE[SILENT_999].words.replace("{name}", "Amara"),
                "silent_checked": "Last checked Sunday 22 November 2026.",
                "rang": choices("I did", "A colleague did", "Amara is doing it", "Nobody yet"),
            },
        },
        "parts": parts,
        "part": {part["slug"].replace("-", "_"): part for part in parts},
        "needed": NEEDED,
        "lines": [
            {"at": at, "text": text}
            for at, text in (
                ("10:42", "crying. give her time"),
                ("10:42", "next door, no 16, since the summer"),
                ("10:43", "“shouts about my skin every time I go out”"),
                ("10:44", "yesterday abt 4 he spat at the pram. Kofi in it"),
                ("10:45", "hides his face when camera is on"),
                ("10:45", "doesnt want letters, he takes post off the shelf"),
                ("10:46", "sister had the same in March?"),
            )
        ],
        "yes_no_maybe": choices("*Yes", "No", "Not sure"),
        "talk": choices("*Freely", "Yes or no only", "Not now"),
        "cut_off": choices("Ring back", "*Text first", "Do not: they will ring us"),
        "channels": [
            {"name": f"safe_{name.lower()}", "legend": name, "items": channel_answers(answer)}
            for name, answer in (
                *(("Ring", 0), ("Voicemail", 1), ("Text", 0)),
                *(("Email", 2), ("Post", 1), ("Visit", 2)),
            )
        ],
        "nothing_needed": choices("Nothing needed"),
        "doors": choices(
            "*It happened to the caller or their household",
            "The caller saw it or knows about it",
            "A colleague or contractor is telling us",
            "Another agency is telling us",
        ),
        "matches": [
            {"value": n, "strong": name, "text": rest, "hint": why, "checked": n == 0}
            for n, (name, rest, why) in enumerate(matches)
        ],
        "nobody": choices("None of these: add a new person", "They do not want to give a name"),
        "precision": choices("Exact", "*About", "Not known"),
        "places": choices(
            *("In the home", "Street or estate", "Garden or balcony", "Online or phone"),
            *("Inside the block", "Somewhere else", "*Outside the block", "Not known"),
        ),
        "kinds": choices(
            *("*Verbal abuse or insults", "Harassment", "*Spitting", "Damage to property"),
            *("Threats", "Offensive graffiti", "Physical assault", "Online abuse"),
        ),
        "other_kinds": choices("Mate crime", "Fire setting", "Dog used to frighten"),
        "thinks_so": choices("Yes", "No", "Not sure"),
        "strands": choices(
            *("Race", "Gender", "Religion", "Age", "Disability", "Appearance"),
            *("Sexual orientation", "Hate, not clear why", "Gender identity"),
        ),
        "own_view": choices("Yes, I think so", "Not sure", "I saw no sign of it"),
        "harmed": choices(
            "*Amara Osei, the caller", "*Kofi Osei, 1", "*Esi Osei, 4", "Somebody else"
        ),
        "children": choices("*Saw or heard it", "Not there", "Not known"),
        "relation": choices(
            *("*Next door", "Partner or ex-partner", "Same block", "Family", "Local"),
            *(
                "Carer or support",
                "Stranger",
                "Works for us",
                "Friend or acquaintance",
                "Not known",
            ),
        ),
        "agencies": [
            {
                "name": f"permission_{name.lower().replace(' ', '_')}",
                "legend": name,
                "items": choices("Yes", "No", "*Not asked"),
            }
            for name in ("Police", "Council", "Support service")
        ],
        "police": choices("Already has", "Not now", "Wants to", "No: do not ask again"),
        "read_back": choices("Amara agreed it", "Something was changed", "Not possible"),
    }


def channel_answers(chosen: int) -> list[Item]:
    answers = ("Safe", "Not safe", "Not asked")
    return choices(*(f"*{a}" if n == chosen else a for n, a in enumerate(answers)))


SCREENS: dict[str, Callable[[], Item]] = {
    "sheet": sheet,
    "case": gallery_content.case,
    "triage": gallery_content.triage,
    "queue": gallery_content.queue,
}
