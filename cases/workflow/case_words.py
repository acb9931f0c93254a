"""Words and addresses that every page of a case uses."""

from __future__ import annotations

import re
from functools import cache

from django.db.models import TextChoices
from django.urls import NoReverseMatch, reverse

from cases.access import Actor
from cases.casework.choices import Part, Stage
from cases.casework.models import Case, Involvement

PLAIN = re.compile(r"[A-Z0-9-]+")
APART = {
    Part.THIRD_PARTY: "A third party",
    Part.WITNESS: "A witness",
    Part.VICTIM: "Somebody harmed",
    Part.RESPONDENT: "A respondent",
}


def name_on_page(part: Involvement) -> str:
    """Who somebody is, as any page may say it: a part kept apart has no name here."""
    return APART[Part(part.part)] if part.kept_apart else part.name


def name_and_part(part: Involvement) -> str:
    """Who somebody is and their part: "Amara Osei, victim"; kept apart, the part alone."""
    if part.kept_apart:
        return name_on_page(part)
    return f"{part.name}, {part.get_part_display().lower()}"


def to(case: Case, name: str, *args: object) -> str:
    """The address of a page of the case: ``to(case, "note")``."""
    return address(f"workflow:case-{name}", case.reference, *args)


def address_of(name: str, *args: object) -> str:
    """An address of another part of the application, or "" while there is none."""
    try:
        return address(name, *args)
    except NoReverseMatch:
        return ""


def address(name: str, *args: object) -> str:
    """What ``reverse`` says, for references and ids; a case page asks for sixty addresses.

    Each kind of address is looked up once.  Raises NoReverseMatch as ``reverse`` does.
    """
    if all(type(arg) is int or (type(arg) is str and PLAIN.fullmatch(arg)) for arg in args):
        return _pattern(name, tuple(type(arg) for arg in args)).format(*args)
    return reverse(name, args=args)


@cache
def _pattern(name: str, kinds: tuple[type, ...]) -> str:
    """The address with a numbered gap for each argument."""
    stand_ins = [9_000_000_000 + n if kind is int else f"HC-{n}" for n, kind in enumerate(kinds)]
    pattern = reverse(name, args=stand_ins).replace("{", "{{").replace("}", "}}")
    for n, stand_in in enumerate(stand_ins):
        pattern = pattern.replace(f"/{stand_in}/", f"/{{{n}}}/")
    return pattern


def stage_name(stage: str) -> str:
    """A stage in words."""
    return label_of(Stage, stage) or stage


def capital(text: str) -> str:
    """The text with a capital first letter and the rest left alone."""
    return text[:1].upper() + text[1:]


def label_of(choices: type[TextChoices], code: str) -> str:
    """What a code is called, or "" for one that is none of these."""
    try:
        return str(choices(code).label)
    except ValueError:
        return ""


def speaker(actor: Actor, user_id: int | None, name: str) -> str:
    """A colleague as this reader reads it: themselves as "you"."""
    return "you" if user_id is not None and user_id == actor.id else name
