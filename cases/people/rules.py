"""What we may do about people, how it is safe to reach them, and how they are found.

Pure.  Anything not asked counts as not safe (domain 7.8); the words and their order are
those of screens section 2.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from cases.access import YES, Actor, Answer, Grant, rule
from cases.people.matching import (
    Candidate,
    Query,
    name_key,
    phone_key,
    postcode_key,
    sound_key,
    understand,
    why_match,
)

__all__ = [
    "NOT_ASKED",
    "NOT_SAFE",
    "SAFE",
    "Candidate",
    "Line",
    "Part",
    "Query",
    "SafeBanner",
    "SafeContactFacts",
    "Way",
    "may_link",
    "may_merge",
    "may_record",
    "may_search",
    "may_show_details",
    "may_use",
    "name_key",
    "phone_key",
    "postcode_key",
    "safe_contact_banner",
    "safe_contact_line",
    "sound_key",
    "understand",
    "why_match",
]

SAFE, NOT_SAFE, NOT_ASKED = "SAFE", "NOT_SAFE", "NOT_ASKED"
NOT_KNOWN = "Safe contact not asked. Do not ring, write or leave a message."

_ONE = {"ring": "Ring", "text": "Text", "email": "Email", "post": "Post", "visit": "Visit"}
_NO = {
    "post": "No post.",
    "voicemail": "No voicemail.",
    "ring": "No ringing.",
    "text": "No texts.",
    "email": "No email.",
    "visit": "No visits.",
}
_PLAIN = {
    "ring": "ringing",
    "voicemail": "voicemail",
    "text": "texts",
    "email": "email",
    "post": "post",
    "visit": "visits",
}
_DO = {
    "ring": "ring",
    "voicemail": "leave a message for",
    "text": "text",
    "email": "email",
    "post": "write to",
    "visit": "visit",
}


@dataclass(frozen=True)
class SafeContactFacts:
    """What they said about each way of reaching them; each is one of the three codes."""

    ring: str = NOT_ASKED
    voicemail: str = NOT_ASKED
    text: str = NOT_ASKED
    email: str = NOT_ASKED
    post: str = NOT_ASKED
    visit: str = NOT_ASKED
    first_choice: str = ""
    safe_times: str = ""
    say_we_are: str = ""

    def reach(self, channel: str) -> str:
        """The code of one way ("ring", "voicemail", "text", "email", "post", "visit")."""
        return str(getattr(self, channel))

    @property
    def safe(self) -> tuple[str, ...]:
        """The safe ways, their first choice first (voicemail is not a way of its own)."""
        ways = [way for way in _ONE if self.reach(way) == SAFE]
        return tuple(sorted(ways, key=lambda way: way != self.first_choice))

    @property
    def unasked(self) -> tuple[str, ...]:
        """The ways nobody asked about: not safe until somebody does."""
        return tuple(way for way in _NO if self.reach(way) == NOT_ASKED)


class Part(NamedTuple):
    """A few words of the safe-contact line; strong ones say what not to do."""

    text: str
    strong: bool = False


@dataclass(frozen=True)
class Line:
    """The safe-contact line; without parts nothing is known, and the template says so."""

    parts: tuple[Part, ...] = ()

    def __str__(self) -> str:
        return " ".join(part.text for part in self.parts) or NOT_KNOWN


def safe_contact_line(facts: SafeContactFacts | None) -> Line:
    """What is safe, what is not, when, what to say: always in that order.

    ``None``, or facts in which nothing at all was asked, give a line without parts.
    """
    if facts is None or all(facts.reach(way) == NOT_ASKED for way in _NO):
        return Line()
    if not facts.safe:
        return Line((Part("Do not contact.", strong=True), *_asked_nothing_else(facts)))
    parts = [Part(_safe_words(facts)), *(Part(_NO[way], strong=True) for way in _refused(facts))]
    if facts.safe_times:
        parts.append(Part(_stop(facts.safe_times)))
    if facts.say_we_are:
        parts.append(Part(f"Say “{facts.say_we_are}”."))
    return Line(tuple(parts))


class Way(NamedTuple):
    """One way of making contact as the banner says it: "Ring, 9:30am to 3pm", "No post"."""

    text: str
    safe: bool


@dataclass(frozen=True)
class SafeBanner:
    """How it is safe to reach somebody, in full.  Without ways nobody has asked."""

    ways: tuple[Way, ...] = ()
    unsafe: bool = False
    say_we_are: str = ""
    not_asked: str = ""


def safe_contact_banner(facts: SafeContactFacts | None) -> SafeBanner:
    """The same facts as the line, and what nobody has asked about."""
    if facts is None or all(facts.reach(way) == NOT_ASKED for way in _NO):
        return SafeBanner()
    ways = [Way(_way_words(facts, way), safe=True) for way in facts.safe]
    if facts.voicemail == SAFE:
        ways.append(Way("Voicemail", safe=True))
    no = [Way(_NO[way].rstrip("."), safe=False) for way in _NO if facts.reach(way) == NOT_SAFE]
    return SafeBanner(
        ways=(*ways, *no),
        unsafe=not facts.safe,
        say_we_are=facts.say_we_are,
        not_asked=_not_asked_words(facts),
    )


def _way_words(facts: SafeContactFacts, way: str) -> str:
    first = " first" if way == facts.first_choice and len(facts.safe) > 1 else ""
    # Times are asked for speaking; a text or a letter waits to be read.
    when = (
        f", {facts.safe_times.strip().rstrip('.')}"
        if facts.safe_times and way == _spoken(facts)
        else ""
    )
    return f"{_ONE[way]}{first}{when}"


def _spoken(facts: SafeContactFacts) -> str:
    return next((way for way in ("ring", "visit", *facts.safe) if way in facts.safe), "")


def _not_asked_words(facts: SafeContactFacts) -> str:
    if not (names := [_PLAIN[way] for way in facts.unasked]):
        return ""
    words = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
    return f"{words[:1].upper()}{words[1:]}: not asked, so no."


def _asked_nothing_else(facts: SafeContactFacts) -> tuple[Part, ...]:
    return (Part("Find a safe way first."),) if facts.unasked else ()


def _safe_words(facts: SafeContactFacts) -> str:
    ways = facts.safe
    if len(ways) == 1:
        return f"{_ONE[ways[0]]} only."
    if facts.first_choice == ways[0]:
        return f"{_ONE[ways[0]]} first."
    words = [_ONE[way].lower() for way in ways]
    return f"{', '.join(words[:-1])} or {words[-1]}.".capitalize()


def _refused(facts: SafeContactFacts) -> list[str]:
    # Post and voicemail are what gives people away: unasked, they are named as refused.
    named = (NOT_SAFE, NOT_ASKED)
    return [
        way
        for way in _NO
        if facts.reach(way) == NOT_SAFE
        or (way in ("post", "voicemail") and facts.reach(way) in named)
    ]


def _stop(text: str) -> str:
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


@rule("people.use_channel")
def may_use(
    actor: Actor | None, *, channel: str, facts: SafeContactFacts | None, name: str = "them"
) -> Answer:
    """Whether we may reach somebody this way; a refusal says what is safe instead.

    ``channel`` is ring, voicemail, text, email, post or visit (domain 7.8).
    """
    if facts is not None and facts.reach(channel) == SAFE:
        return YES
    said = (
        "it is not safe"
        if facts and facts.reach(channel) == NOT_SAFE
        else "nobody has asked if it is safe"
    )
    start = f"Do not {_DO[channel]} {name}: {said}."
    if facts is not None and facts.safe:
        return Answer(f"{start} {_safe_words(facts)}")
    return Answer(f"{start} Nothing is known to be safe yet.")


@rule("people.record")
def may_record(actor: Actor) -> Answer:
    """Whether the actor may add or change people: those who take reports or work cases."""
    if actor.may(Grant.TAKE_REPORT) or actor.may(Grant.WORK_CASES):
        return YES
    return Answer("Only people who take reports or work cases change a person's details.")


@rule("people.merge")
def may_merge(actor: Actor) -> Answer:
    """Whether the actor may join two records of one person, or take them apart."""
    if actor.may(Grant.WORK_CASES):
        return YES
    return Answer("Only people who work cases join the records of one person.")


@rule("people.link")
def may_link(actor: Actor, *, user_id: int | None) -> Answer:
    """Whether the actor may declare a tie of that user: their own, or as a case manager."""
    if actor.id == user_id or actor.may(Grant.RESTRICT_CASE):
        return YES
    return Answer("You can only declare people you know yourself.")


@rule("people.show_details")
def may_show_details(actor: Actor) -> Answer:
    """Whether the actor may uncover contact details: whoever speaks with the person.

    Auditors read cases with the details covered (domain 11).
    """
    speaks = (
        Grant.TAKE_REPORT,
        Grant.WORK_CASES,
        Grant.SEE_ALL_CASES,
        Grant.RECEIVE_SAFEGUARDING,
        Grant.RECEIVE_DA,
    )
    if any(actor.may(grant) for grant in speaks):
        return YES
    return Answer("Only people who speak with them see how to reach them.")


@rule("people.search")
def may_search(actor: Actor) -> Answer:
    """Whether the actor may look people up at all."""
    return YES if actor.may(Grant.TAKE_REPORT) else actor.may(Grant.SEARCH)
