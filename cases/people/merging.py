"""What a merge writes: whose details stay, and the safer way to reach somebody.  Pure (ADR 14)."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from cases.people.choices import Reach

FIELDS = (
    "full_name",
    "placeholder",
    "known_as",
    "date_of_birth",
    "phone",
    "email",
    "home",
    "pronouns",
    "language",
    "is_colleague",
)
"""The details that are chosen one by one, in the order they are shown."""

STANDS_ON: Mapping[str, tuple[str, ...]] = {
    "phone": ("ring", "voicemail", "text"),
    "email": ("email",),
    "home": ("post", "visit"),
}
"""The ways of making contact that stand on each detail: a new detail puts them in doubt."""

WAYS = ("ring", "voicemail", "text", "email", "post", "visit")
_TEXTS = ("safe_times", "say_we_are", "if_cut_off")
_SAFEST_FIRST = (Reach.NOT_SAFE, Reach.NOT_ASKED, Reach.SAFE)

Said = Mapping[str, str]
"""What was said about reaching somebody: a value for each way and each text."""


def safer(stays: Said | None, goes: Said | None, taken: Collection[str] = ()) -> dict[str, str]:
    """How to reach somebody of whom two records speak: of each way the safer answer.

    ``taken`` are the details taken from the record that goes.  A way is safe only if it was
    safe on the record that stays: no way becomes allowed by a merge.  Nobody having asked on
    the record that goes says nothing against the other, except of the details taken from it.
    Empty if nobody asked on either.
    """
    if stays is None and goes is None:
        return {}
    doubted = {way for name in taken for way in STANDS_ON.get(name, ())}
    said: dict[str, str] = {}
    for way in WAYS:
        mine = stays[way] if stays else Reach.NOT_ASKED
        unsaid = Reach.NOT_ASKED if way in doubted else Reach.SAFE
        said[way] = _safest(mine, goes[way] if goes else unsaid)
    for name in _TEXTS:
        said[name] = (stays[name] if stays else "") or (goes[name] if goes else "")
    notes = [row["who_could_find_out"] for row in (stays, goes) if row]
    said["who_could_find_out"] = " ".join(dict.fromkeys(note for note in notes if note))
    first = stays["first_choice"] if stays else ""
    said["first_choice"] = first if first and said[first] == Reach.SAFE else ""
    return said


def no_looser(own: Said | None, said: Said, apart: Collection[str] = ()) -> dict[str, str]:
    """What the record that goes says from then on: never looser than itself or the other.

    ``apart`` are the details of which it says something else: what is safe for the number that
    holds is not safe for the one it still has.
    """
    held = {way: _safest(own[way] if own else Reach.NOT_ASKED, said[way]) for way in WAYS}
    for way in (way for name in apart for way in STANDS_ON.get(name, ())):
        held[way] = _safest(held[way], Reach.NOT_ASKED)
    texts = {name: said[name] for name in (*_TEXTS, "who_could_find_out")}
    first = own["first_choice"] if own else ""
    return held | texts | {"first_choice": first if first and held[first] == Reach.SAFE else ""}


def _safest(one: str, other: str) -> str:
    return next(reach.value for reach in _SAFEST_FIRST if reach in (one, other))
