"""What to say before the caller hangs up: made from safe contact and the promised times.

No sentence can promise a way of making contact that nobody said was safe, or name somebody
who does not lead the case yet.  Pure.  Source: screens section 5, domain 7.8.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from cases import words
from cases.people.rules import SafeContactFacts

ANYTHING = "“If anything happens before then, ring us. If you are in danger, ring 999.”"
ASK_NOW = "“Before you go: how is it safe for us to reach you?”"
WAYS = {
    "ring": "ring you",
    "text": "text you",
    "email": "email you",
    "post": "write to you",
    "visit": "come to see you",
}
NOON, EVENING = 12, 18


@dataclass(frozen=True)
class CallFacts:
    """Who is on the line and what they were promised.

    ``by_when`` is the moment of their own first contact; none, if nobody can make it.
    ``lead`` is the lead officer's full name, "" until one is named.
    """

    safe: SafeContactFacts | None
    now: datetime
    by_when: datetime | None = None
    lead: str = ""
    anonymous: bool = False
    about_somebody_else: bool = False
    route: str = ""
    waiting: bool = False


def sentences(facts: CallFacts) -> list[str]:
    """The sentences, each whole and in quotation marks, in the order to say them."""
    said = [*_what_next(facts), *_reach(facts), *_not_by(facts)]
    if facts.about_somebody_else and facts.route in ("HATE", "DA"):
        said.append(
            "“We will find a safe way to reach the person it happened to. We will not say that "
            "you rang.”"
        )
    return [*said, ANYTHING]


def _what_next(facts: CallFacts) -> list[str]:
    """What the report is, where that has to be said before who will be in touch."""
    if facts.waiting:
        return ["“I have written down what you told me. We will ask you one more thing about it.”"]
    if facts.route == "ASB":
        return [
            "“A colleague who looks after antisocial behaviour takes this on.”",
            "“If you come to think it was because of who you are, tell us. We look at it again "
            "the same day.”",
        ]
    if facts.route == "SAFEGUARDING":
        return ["“A colleague who looks after people’s safety reads this today.”"]
    if facts.route == "SIGNPOST":
        return [
            "“We have written it down. It is not ours to deal with, so I will tell you who can.”"
        ]
    return []


def _reach(facts: CallFacts) -> list[str]:
    if facts.anonymous:
        return ["“You gave no name, so we cannot ring you. Ring us whenever you want to.”"]
    if facts.safe is None or not (facts.safe.safe or _refused_all(facts.safe)):
        return [ASK_NOW]
    if not facts.safe.safe:
        return ["“We will not ring, write or come. Ring us when it is safe for you.”"]
    if facts.by_when is None:
        return [_sentence(f"when we are in touch, we {_how(facts.safe)}.")]
    who = facts.lead or "Somebody from our team"
    again = facts.lead.split()[0] if facts.lead else "They"
    return [
        f"“{who} will be in touch {by(facts.by_when, facts.now)}. {again} {_how(facts.safe)}.”",
        *_times(facts.safe),
    ]


def _refused_all(safe: SafeContactFacts) -> bool:
    """Everything was asked about and nothing is safe."""
    return not safe.unasked


def _how(safe: SafeContactFacts) -> str:
    ways = safe.safe
    if safe.first_choice == ways[0] and len(ways) > 1:
        how = f"will {WAYS[ways[0]]} first"
    else:
        spoken = [WAYS[way] for way in ways]
        how = f"will {spoken[0]}" if len(spoken) == 1 else f"will {_either(spoken)}"
    return f"{how} and will say {safe.say_we_are.strip()}" if safe.say_we_are.strip() else how


def _either(spoken: list[str]) -> str:
    return f"{', '.join(spoken[:-1])} or {spoken[-1]}"


def _times(safe: SafeContactFacts) -> list[str]:
    if not safe.safe_times.strip():
        return []
    return [f"“I have written down when it is safe: {safe.safe_times.strip().rstrip('.')}.”"]


def _not_by(facts: CallFacts) -> list[str]:
    """Post and voicemail give people away: unless they are safe, we say they will not be used."""
    if facts.anonymous or facts.safe is None:
        return []
    said = []
    if facts.safe.reach("post") != "SAFE":
        said.append("Nothing will come by post.")
    if facts.safe.reach("voicemail") != "SAFE":
        said.append("Nobody will leave a voicemail.")
    return [f"“{' '.join(said)}”"] if said else []


def _sentence(text: str) -> str:
    return f"“{text[:1].upper()}{text[1:]}”"


def by(due: datetime, now: datetime) -> str:
    """ "by 10:41 tomorrow morning", "by 4:10 this afternoon", "by Monday 23 November at 9am"."""
    local, today = due.astimezone(words.LONDON), now.astimezone(words.LONDON)
    if due <= now:
        return "as soon as they can"
    apart = (local.date() - today.date()).days
    if apart > 1 or due - now > timedelta(hours=48):
        return f"by {words.say_day(local, today)} at {words.say_time(due)}"
    part = _part_of_day(local.hour)
    clock = words.say_time(due)
    if clock in ("midday", "midnight"):
        return f"by {clock} {'tomorrow' if apart else 'today'}"
    if not apart:
        return f"by {clock[:-2]} {'tonight' if part == 'evening' else f'this {part}'}"
    return f"by {clock[:-2]} tomorrow {part}"


def _part_of_day(hour: int) -> str:
    if hour < NOON:
        return "morning"
    return "afternoon" if hour < EVENING else "evening"
