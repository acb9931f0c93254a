"""Taking a report: the call sheet of a story is started, answered and sent to triage."""

from __future__ import annotations

from datetime import datetime, timedelta

from cases.access import Actor
from cases.calendar import london_date
from cases.intake import operations as intake
from cases.intake.choices import Door
from cases.intake.models import CallSheet, Report
from cases.intake.script import NEW, NO_NAME, Value
from hatecrime.demo.desk import Desk
from hatecrime.demo.happenings import Happening
from hatecrime.demo.stories import Story

TAKERS = ("Joanne Pike", "Liam Prosser", "Joanne Pike", "Dawn Mistry", "Carol Nkemelu")
WAYS = ("ring", "voicemail", "text", "email", "post", "visit")
ANONYMOUS = "nobody"


def received_at(desk: Desk, story: Story) -> datetime:
    """When Amplius first heard of it."""
    if story.hours_ago:
        return (desk.end - timedelta(hours=story.hours_ago)).replace(second=0, microsecond=0)
    return min(desk.day(story.ago, story.hour, story.minute), desk.end - timedelta(minutes=40))


def taker_of(desk: Desk, story: Story) -> str:
    """Whoever took the call: officers take the visits."""
    if story.turn == "conflict":
        return "Joanne Pike"
    return TAKERS[sum(map(ord, story.key)) % len(TAKERS)]


def start(desk: Desk, story: Story) -> tuple[Actor, CallSheet]:
    """The sheet with everything that was said on it, not yet sent."""
    at = received_at(desk, story)
    by = desk.actor(taker_of(desk, story), at)
    sheet = desk.do(
        intake.start_sheet,
        by=by,
        at=at,
        key=desk.key(),
        door=story.door,
        channel=story.channel,
        received_at=at,
    )
    desk.do(
        intake.save_answers,
        by=by,
        at=at + desk.some(6, 14),
        sheet=sheet,
        answers=answers_of(desk, story, at),
        line=notes_of(story),
        line_key=desk.key(),
        window="demo",
    )
    return by, sheet


def take(desk: Desk, story: Story) -> Report:
    """Take the whole report: the sheet is sent to triage a quarter of an hour after it began."""
    by, sheet = start(desk, story)
    sent = received_at(desk, story) + desk.some(15, 28)
    return desk.do(intake.submit, by=by, at=sent, sheet=sheet)


def notes_of(story: Story) -> str:
    """What the officer jotted down while listening."""
    first = story.happening.words.split(".")[0].lower()
    return f"{first}\nsays it happened before\nread back, agreed"


def answers_of(desk: Desk, story: Story, at: datetime) -> dict[str, Value]:
    """Every answer of the sheet, as the script's questions take them."""
    said: dict[str, Value] = {
        "safe.talk": "FREELY",
        "safe.cut_off": "TEXT",
        **_caller(desk, story),
        **_what(desk, story, at),
        **_why(story),
        **_who_did_it(story),
        "before.any": "NOT_SURE",
        "permission.police": "NO",
        "permission.council": "NOT_ASKED",
        "permission.support": "YES",
        "permission.police_self": "NOT_NOW",
        "end.read_back": "AGREED",
    }
    if story.door == Door.VICTIM:
        said |= {
            "safe.now": "YES",
            "who.capacity": "VICTIM",
            "harmed.people": ["CALLER"],
            "harmed.role": "TENANT",
        }
    else:
        said |= _told_by_another(desk, story)
    said |= story.answers
    return {key: value for key, value in said.items() if value not in ("", [])}


def _caller(desk: Desk, story: Story) -> dict[str, Value]:
    if story.teller == ANONYMOUS:
        return {"who.person": NO_NAME}
    kind, need = story.adjustment
    said: dict[str, Value] = {
        "who.person": desk.people[story.teller].reference,
        **{
            f"contact.{way}": "NOT_SAFE" if way in ("post", "voicemail") else "NOT_ASKED"
            for way in WAYS
        },
        f"contact.{story.reach}": "SAFE",
        "contact.first": story.reach,
        "contact.times": story.times,
        "contact.say_we_are": story.say,
        "contact.adjustment_kinds": [kind],
        "contact.adjustments": need,
    }
    return said


def _what(desk: Desk, story: Story, at: datetime) -> dict[str, Value]:
    before = story.days_before
    if before is None:
        before = desk.random.choice((0, 0, 1, 1, 2, 5))
    day = london_date(at) - timedelta(days=before)
    return {
        "incident-1.words": story.happening.words,
        "incident-1.day": str(day.day),
        "incident-1.month": str(day.month),
        "incident-1.year": str(day.year),
        "incident-1.when_known": desk.random.choice(("EXACT", "EXACT", "ABOUT")),
        "incident-1.place": story.happening.place,
        "incident-1.types": list(story.happening.types),
    }


def _why(story: Story) -> dict[str, Value]:
    happening = story.happening
    said: dict[str, Value] = {
        "why.caller": story.thinks,
        "why.caller_words": happening.why,
        "why.own": story.officer_thinks,
    }
    if story.thinks != "NO" and happening.strand:
        said["why.strands"] = [happening.strand]
        if happening.strand != "UNKNOWN_HATE":
            said[f"why.basis.{happening.strand}"] = happening.basis
    return said


def _who_did_it(story: Story) -> dict[str, Value]:
    return {
        "respondent.described": story.happening.described,
        "respondent.relation": story.happening.relation,
        "respondent.customer": "NOT_KNOWN",
        "harmed.children": "SAW" if story.happening.children else "NONE",
        "harmed.impact": "2",
        "harmed.community": "2" if "GRAFFITI" in story.happening.types else "9",
        "incident-1.property_harm": _harm(story.happening),
    }


def _harm(happening: Happening) -> str:
    """What was done to the home, by the first kind of what happened there."""
    at_home = happening.place == "VICTIM_HOME"
    return HARM.get(happening.types[0], "NOT_ASKED") if at_home else "NOT_ASKED"


HARM = {"GRAFFITI": "COSMETIC", "DAMAGE": "SECURITY", "ARSON": "SECURITY", "RUBBISH": "COSMETIC"}


def _told_by_another(desk: Desk, story: Story) -> dict[str, Value]:
    said: dict[str, Value] = {
        "harmed.safe_now": "NOT_KNOWN",
        "harmed.knows": "NO",
        "harmed.role": "UNKNOWN",
        "who.keep_apart": "YES",
        "why.harmed": "NOT_KNOWN",
        "end.again": "YES",
        "end.witness": "NOT_SURE",
    }
    if story.door == Door.AGENCY:
        said |= {"who.agency": "Wellby Advice Centre", "who.agency_words": "PERSON"}
    else:
        said["who.knows_as"] = "NEIGHBOUR"
    if story.harmed:
        said["harmed.person"] = desk.people[story.harmed].reference
    else:
        said |= {"harmed.person": NO_NAME, "harmed.described": _described(story)}
    return said


def _described(story: Story) -> str:
    return {
        "DISABILITY": "A man who uses a wheelchair, third floor",
        "RACE": "A family in the corner flat",
        "RELIGION": "Whoever lives behind the painted door",
        "AGE": "An older woman on the ground floor",
    }.get(story.happening.strand, "Somebody on the same stair")


__all__ = ["ANONYMOUS", "NEW", "answers_of", "received_at", "start", "take"]
