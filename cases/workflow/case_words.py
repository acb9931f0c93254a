"""Words and addresses that every page of a case uses."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse

from cases.access import Actor
from cases.casework.choices import Part, Stage
from cases.casework.models import Case, Involvement

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
    return reverse(f"workflow:case-{name}", args=[case.reference, *args])


def address_of(name: str, *args: object) -> str:
    """An address of another part of the application, or "" while there is none."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def stage_name(stage: str) -> str:
    """A stage in words."""
    return Stage(stage).label if stage in Stage.values else stage


def speaker(actor: Actor, user_id: int | None, name: str) -> str:
    """A colleague as this reader reads it: themselves as "you"."""
    return "you" if user_id is not None and user_id == actor.id else name
