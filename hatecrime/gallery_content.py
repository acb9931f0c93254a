"""Made-up content of the gallery's case, queue and triage screens (screens.md tells the story)."""

from typing import Any

from django import forms

from cases.fields import Checkboxes, DateField, MomentField, Radios

Item = dict[str, Any]


def safe(*parts: str) -> Item:
    """A safe-contact line; a part that begins with * is strong (not safe)."""
    return {"parts": [{"text": p.strip("*"), "strong": p.startswith("*")} for p in parts]}


def promise(state: str, words: str, what: str, due: str, used: float | None = None) -> Item:
    """A promise as ``components/time_left.html`` takes it."""
    fraction = "" if used is None else f"{used:.3f}"
    return {"state": state, "words": words, "what": what, "due_words": due, "fraction": fraction}


def links(*texts: str) -> list[Item]:
    """Links that go nowhere."""
    return [{"text": text, "href": "#main-content"} for text in texts]


AMARA = safe("Text first.", "*No post.", "*No voicemail.", "Say “Sam”.")


class Filters(forms.Form):
    """A filter form as short as a real one."""

    mark_optional = False
    risk = forms.MultipleChoiceField(
        choices=[("high", "High"), ("medium", "Medium"), ("standard", "Standard")],
        widget=Checkboxes,
    )
    stage = forms.MultipleChoiceField(
        choices=[("contact", "Contact"), ("assess", "Assess"), ("plan", "Plan")], widget=Checkboxes
    )


class Example(forms.Form):
    """One field of each kind, shown with what is wrong."""

    reason = forms.CharField(label="Why you did this", help_text="Two sentences are enough")
    happened = DateField(label="When it happened", subject="The day it happened")
    rung = MomentField(label="When you rang", required=False)
    how = forms.ChoiceField(
        label="How you reached them",
        choices=[("ring", "Rang"), ("text", "Sent a text")],
        widget=Radios(hints={"ring": "Only at a safe time"}),
    )
    risk = forms.MultipleChoiceField(
        label="What you saw", choices=[("fear", "Fear"), ("harm", "Harm")], widget=Checkboxes
    )
    notes = forms.CharField(label="Notes", required=False, widget=forms.Textarea({"rows": 3}))
    sure = forms.BooleanField(label="I have read this back", required=False)
    team = forms.ChoiceField(label="Team", choices=[("", ""), ("north", "North")])


def components() -> Item:
    """What the page of components shows beside what it writes itself."""
    shown = {**case(), **queue()}
    shown["page_of"] = {
        "number": 2,
        "pages": 9,
        "total": 214,
        "first": 26,
        "last": 50,
        "previous": "?page=1",
        "next": "?page=3",
        "links": [
            {"number": 1, "href": "?page=1"},
            {"number": 2, "href": "?page=2", "current": True},
            {"number": 3, "href": "?page=3"},
            {"gap": True},
            {"number": 9, "href": "?page=9"},
        ],
    }
    late = promise("late", "Late by 4 hours 38 minutes", "First contact", "was due at 8:32am", 1)
    hold = promise("hold", "On hold, 8 days left", "Review the hold", "by Friday 27 November")
    return {
        **shown,
        "promises": [late, hold, *shown["promises"]],
        "nothing": None,
        "wrong": [{"text": "Ask why it happened", "href": "#main-content"}],
        "filters_on": [{"text": "High", "remove": "?"}],
        "tasks": [{**task("Assess the risk", "16 questions"), "status": "Not started"}],
        "facts": [{"key": "Stage", "value": "Contact", "href": "#main-content", "hidden": "stage"}],
        "example": Example({"happened_day": "31", "happened_month": "2", "happened_year": "2026"}),
    }


def case() -> Item:
    """The case page an hour before a clock runs out."""
    return {
        "banner": {
            "ways": [
                {"text": "Text first", "safe": True},
                {"text": "Ring, 9:30am to 3pm", "safe": True},
                {"text": "No post", "safe": False},
                {"text": "No voicemail", "safe": False},
            ],
            "say_we_are": "Sam",
            "note": "A neighbour takes post from a shared shelf.",
            "not_asked": "Email and visits: not asked, so no.",
            "change": "#main-content",
            "adjustments": "Nothing needed",
            "adjustments_when": "Asked today at 10:52am.",
            "risk": "medium",
            "risk_provisional": True,
            "risk_why": "Provisional, from the call: a repeat is never below Medium.",
            "risk_href": "#main-content",
            "risk_link": "Assess the risk",
            "repeat": "Second incident in the family",
            "repeat_why": "First reported 3 March 2026, so until 3 March 2027 counts. "
            "Through a sister.",
            "repeat_href": "#main-content",
        },
        "line": AMARA,
        "page_links": [
            {"text": text, "href": href}
            for text, href in (
                *(("People", "#people"), ("Incidents", "#incidents")),
                *(("Timeline", "#timeline"), ("Who looked", "#who-looked")),
            )
        ],
        "step": {
            "text": "Send the Safeguarding referral",
            "promise": promise("soon", "1 hour 40 minutes left", "", "By 5:00pm today"),
            "why": "Two children, 4 and 1, saw it. It is drafted. No permission is needed for "
            "this one: it goes under the Safeguarding policy.",
            "button": "Check and send",
            "href": "#main-content",
        },
        "needs": [
            {
                "stage": "Contact",
                "tasks": [
                    task(
                        "Ring Amara",
                        "Text sent at 2:15pm. No reply yet. An attempt does not meet the clock.",
                    )
                ],
            },
            {
                "stage": "Assess",
                "tasks": [
                    task("Assess the risk", "16 questions, asked while you talk"),
                    task("Offer support", "Our own, and a specialist service"),
                    task("Encourage a police report", "Amara said “not now”"),
                    task("Ask permission", "Police and council: not asked yet"),
                ],
            },
        ],
        "add_links": links(
            *("Log a contact or an attempt", "Another incident"),
            *("Somebody’s view that hate was part of it", "A note", "A photograph or file"),
            "A referral",
        ),
        "promises": [
            promise("soon", "1 hour 40 minutes left", "Safeguarding referral,", "today 5:00pm"),
            promise("fine", "19 hours left", "First contact,", "tomorrow 10:41am"),
            promise("fine", "19 hours left", "Risk assessment,", "tomorrow 10:41am"),
            promise("fine", "7 days left", "Action plan,", "Thursday 26 November"),
            promise("met", "Met: triage, lead officer", "", "10:58am and 1:05pm"),
        ],
        "entries": [
            entry(
                "A third party’s view was added",
                "Joanne Pike",
                "2:40pm",
                "They saw the man spit at the pram. They would speak to us again.",
            ),
            entry(
                "Text sent. No reply yet",
                "you",
                "2:15pm",
                "An attempt. It does not meet the first-contact clock.",
            ),
            entry(
                "You became the lead officer",
                "Sunita Bhatt",
                "1:05pm",
                "No conflict of interest found. Training in date.",
            ),
            entry(
                "Risk set to provisional Medium",
                "the system",
                "10:58am",
                "Because this is a repeat in the family.",
            ),
            entry(
                "Triaged: hate crime case, and Safeguarding",
                "Joanne Pike",
                "10:58am",
                "Amara thinks hate was part of it.",
            ),
        ],
        "looks": [
            {"who": "You", "why": "Lead officer", "last": "Now", "often": "3 times"},
            {"who": "Sunita Bhatt", "why": "Your manager", "last": "1:05pm", "often": "once"},
            {
                "who": "Joanne Pike",
                "why": "Took the report. Access ended at 1:05pm.",
                "last": "10:58am",
                "often": "twice",
            },
            {
                "who": "Ravi Chand",
                "why": "Not on the case. Reason given: “cover for a reception call”.",
                "last": "1:31pm",
                "often": "once",
            },
        ],
    }


def task(text: str, hint: str) -> Item:
    return {"text": text, "href": "#main-content", "hint": hint}


def entry(title: str, by: str, at: str, words: str) -> Item:
    return {"title": title, "by": by, "when": f"Today at {at}", "words": words}


def triage() -> Item:
    """The result, with the caller still on the line."""
    return {
        "also": [{"route": "Safeguarding", "because": "two children saw it"}],
        "say": [
            "“Dawn Mistry will be in touch by 10:41 tomorrow morning. Dawn will text you first "
            "and will say Sam.”",
            "“Nothing will come by post. Nobody will leave a voicemail.”",
            "“If anything happens before then, ring us. If you are in danger, ring 999.”",
        ],
        "promises": [
            promise("met", "Done at 10:58am", "Triage,", "due 2:41pm today"),
            promise(
                "soon",
                "3 hours 43 minutes left",
                "Name a lead officer,",
                "by 2:41pm today. Proposed: Dawn Mistry.",
            ),
            promise("soon", "6 hours left", "Safeguarding referral,", "by 5:00pm today"),
            promise("fine", "23 hours left", "First contact with Amara,", "by 10:41am tomorrow"),
            promise("fine", "23 hours left", "Risk assessment,", "by 10:41am tomorrow"),
            promise(
                "fine", "7 days left", "Action plan agreed with Amara,", "by Thursday 26 November"
            ),
        ],
        "routes": [
            {"name": name, "result": result, "why": why}
            for name, result, why in (
                (
                    "Hate crime",
                    "Main route",
                    "One person thinks hate was part of it. Amara is our tenant.",
                ),
                (
                    "Safeguarding",
                    "Also",
                    "Esi, 4, and Kofi, 1, saw or heard it. Waiting for Lena Fox to accept.",
                ),
                ("Domestic abuse", "", "The respondent lives next door. Not a partner or family."),
                ("Mate crime", "", "Not a friend or acquaintance."),
                (
                    "Antisocial behaviour",
                    "",
                    "Only when everybody asked says hate was not part of it.",
                ),
            )
        ],
    }


def queue() -> Item:
    """A day's work, the most urgent on top."""
    return {
        "filters": Filters(),
        "page_of": {"pages": 1},
        "views": [
            {"text": text, "href": "#main-content", "active": n == 0, "count": count}
            for n, (text, count) in enumerate(
                (
                    *(("My work", 7), ("My team", 23), ("Not yet allocated", 2)),
                    *(("Late", 1), ("All I may see", 26)),
                )
            )
        ],
        "rows": ROWS,
    }


def row(
    time: Item,
    person: tuple[str, str, list[str]],
    risk: str,
    repeat: tuple[str, str],
    stage: str,
    step: tuple[str, str],
    line: Item | None,
) -> Item:
    """One row as ``components/queue_row.html`` takes it."""
    name, reference, notes = person
    return {
        "promise": time,
        "href": "/components/?screen=case",
        "name": name,
        "reference": reference,
        "notes": notes,
        "risk": risk,
        "repeat": repeat[0],
        "repeat_rest": repeat[1],
        "stage": stage,
        "step": step[0],
        "step_note": step[1],
        "line": line,
    }


ROWS = [
    row(
        promise(
            "late", "Late by 4 hours 38 minutes", "First contact", "was due today at 8:32am", 1
        ),
        ("Idris Malik", "HC-2026-4T9W", ["Interpreter: Urdu"]),
        "high",
        ("Yes,", "same person"),
        "Contact",
        ("Try to reach Idris again", "3 attempts so far. Attempts do not stop the clock."),
        safe("Text only.", "After midday.", "No post."),
    ),
    row(
        promise("soon", "1 hour 12 minutes left", "Risk assessment", "due today at 2:22pm", 0.95),
        (
            "A household in Mill Row",
            "HC-2026-8NC3",
            ["Not yet identified. Reported by a third party."],
        ),
        "",
        ("", "Not known until identified"),
        "Contact",
        ("Find out safely who lives there", "Not by knocking in uniform."),
        None,
    ),
    row(
        promise(
            "soon", "3 hours 50 minutes left", "Safeguarding referral", "due today at 5:00pm", 0.55
        ),
        ("Kelvin Shaw", "HC-2026-2WQ6", ["Easy read letters"]),
        "medium",
        ("Pattern,", "3 episodes, no dates"),
        "Assess",
        ("Send the referral", "The permission is recorded. The referral is drafted."),
        safe("Ring the sister first.", "*No voicemail."),
    ),
    row(
        promise("fine", "21 hours left", "First contact", "due tomorrow at 10:41am", 0.1),
        ("Amara Osei", "HC-2026-7K4R", ["New today. Risk is provisional."]),
        "medium",
        ("Yes,", "through a sister"),
        "Contact",
        ("Make first contact", "Given to you at 1:05pm."),
        safe("Text first.", "*No post.", "*No voicemail."),
    ),
    row(
        promise("fine", "4 days left", "Action plan", "due Monday 23 November", 0.2),
        ("Tess Marlow", "HC-2026-9D5H", ["Large print"]),
        "high",
        ("Pattern,", "2 incidents before the first report"),
        "Plan",
        ("Agree the plan with Tess", "Tess said no to the police. A safety plan is in place."),
        safe("Ring 7pm to 8pm.", "Say “Sam”.", "*No post."),
    ),
    row(
        promise("fine", "6 days left", "Update", "due Wednesday 25 November", 0.55),
        ("Joan Whitlock", "HC-2026-6B3P", ["Hearing loop. Speak slowly."]),
        "standard",
        ("", "None known"),
        "Monitor",
        ("Weekly call", ""),
        safe("Ring mornings.", "Post is safe."),
    ),
    row(
        promise("hold", "On hold, 8 days left", "Review the hold", "by Friday 27 November"),
        ("Pawel Zielinski", "HC-2026-5R7C", ["Police asked us to wait"]),
        "medium",
        ("", "None known"),
        "On hold",
        ("Ask the police if the hold still stands", ""),
        safe("Email only."),
    ),
]
