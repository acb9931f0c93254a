"""The people of a call sheet as its page shows them: who is on the line, whom it happened to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from cases import references
from cases.access import Actor
from cases.intake import script, sheet_rules
from cases.intake.choices import Channel, Door
from cases.intake.models import CallSheet
from cases.intake.queries import chosen_person, search_people
from cases.intake.script import Answers
from cases.people.models import Person
from cases.people.queries import Found, household_of
from cases.people.rules import Line, SafeContactFacts, safe_contact_line

NOBODY = "somebody who gives no name"
HEADINGS = {
    Channel.LETTER: "Letter from",
    Channel.EMAIL: "Email from",
    Channel.SOCIAL_MEDIA: "Message from",
    Channel.COMPLAINT: "Complaint from",
    Channel.IN_PERSON_OFFICE: "Talk with",
    Channel.HOME_VISIT: "Talk with",
}
"""What stands before the name in the bar; a call otherwise."""


@dataclass(frozen=True)
class People:
    """Who the sheet is about, as far as it is known.

    ``name`` is the caller ("Amara", "the caller"); ``harmed`` the person it happened to.
    """

    name: str
    harmed: str
    caller: Person | None = None
    victim: Person | None = None
    household: list[Person] = field(default_factory=list)
    found: dict[str, Found] = field(default_factory=dict)

    def fill(self, words: str) -> str:
        """A label with the names put in, and a capital first letter."""
        said = words.replace("{name}", self.name).replace("{harmed}", self.harmed)
        return said[:1].upper() + said[1:]


def people_of(sheet: CallSheet, answers: Answers, actor: Actor, today: date) -> People:
    """Look up whoever was chosen, and whoever the search boxes find."""
    caller = _chosen(answers, "who", actor)
    name = _name(answers, "safe.call_them", "who.full_name", caller) or "the caller"
    other = sheet.door != Door.VICTIM
    victim = _chosen(answers, "harmed", actor) if other else caller
    harmed = (
        _name(answers, "harmed.call_them", "harmed.full_name", victim) or "the person harmed"
        if other
        else name
    )
    searches = ("who", "harmed") if other else ("who",)
    return People(
        name=name,
        harmed=harmed,
        caller=caller,
        victim=victim,
        household=household_of(caller, today) if caller and not other else [],
        found={
            prefix: search_people(words, actor, today)
            for prefix in searches
            if (words := sheet_rules.text(answers, f"{prefix}.search").strip())
        },
    )


def _chosen(answers: Answers, prefix: str, actor: Actor) -> Person | None:
    reference = sheet_rules.text(answers, f"{prefix}.person")
    if not references.PERSON.fullmatch(reference):
        return None
    return chosen_person(reference, actor)


def _name(answers: Answers, asked: str, written: str, person: Person | None) -> str:
    name = sheet_rules.text(answers, asked).strip()
    if name or person is None:
        return name or (sheet_rules.text(answers, written).split() or [""])[0]
    return person.call_them


def heading(sheet: CallSheet, answers: Answers, people: People) -> tuple[str, str]:
    """The bar's heading in two: "Call with", "Amara"."""
    before = HEADINGS.get(Channel(sheet.channel), "Call with")
    unnamed = sheet_rules.text(answers, "who.person") == script.NO_NAME
    if unnamed and not sheet_rules.text(answers, "safe.call_them").strip():
        return before, NOBODY
    return before, people.name


def safe_line(answers: Answers, prefix: str = "contact") -> Line:
    """The safe-contact line as the sheet has it so far."""
    ways = {way: sheet_rules.text(answers, f"{prefix}.{way}") or "NOT_ASKED" for way in script.WAYS}
    return safe_contact_line(
        SafeContactFacts(
            **ways,
            first_choice=sheet_rules.text(answers, f"{prefix}.first"),
            safe_times=sheet_rules.text(answers, f"{prefix}.times"),
            say_we_are=sheet_rules.text(answers, f"{prefix}.say_we_are"),
        )
    )


def places(sheet: CallSheet, answers: Answers, people: People) -> list[str]:
    """Where to send help, for 999: what was said on this call, or where we think they live."""
    prefix = "contact" if sheet.door == Door.VICTIM else "harmed"
    said = sheet_rules.text(answers, f"{prefix}.address").strip()
    if said:
        return [said]
    home = people.victim.home if people.victim else None
    if home is None:
        return []
    return [home.address, ", ".join(part for part in (home.town, home.postcode) if part)]


def facts_for_999(answers: Answers, people: People) -> list[str]:
    """What else 999 asks: who is there, danger from whom, the number."""
    lines = [people.harmed[:1].upper() + people.harmed[1:] + "."]
    if others := sheet_rules.text(answers, "harmed.others").strip():
        lines.append(f"Also there: {'; '.join(others.splitlines())}.")
    if who := sheet_rules.text(answers, "respondent.described").strip():
        lines.append(f"Danger from: {who.rstrip('.')}.")
    if phone := sheet_rules.text(answers, "contact.phone").strip():
        lines.append(f"Ringing from {phone}.")
    return lines


def age(person: Person, today: date) -> str:
    """Their age in years, or "" if we do not know it."""
    born = person.date_of_birth
    if born is None:
        return ""
    return str(today.year - born.year - ((today.month, today.day) < (born.month, born.day)))
