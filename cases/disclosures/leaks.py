"""Finding, in words that would leave, whoever they give away (domain 7.4, bar row 54).

Somebody may be named in a pack only if their name was chosen as a thing to tell; the same holds
for their address, phone, email and date of birth.  People write names in many ways, so words are
compared without case, accents, spaces and punctuation.  Pure.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cases.disclosures.choices import PackField
from cases.people.matching import COMMON, name_key

SHORTEST = 3
"""Names of fewer letters count only where they are written with a capital."""
_WORDS = """
    amber ash april art august bay bell bill bird black bob brook brown christian
    church dale dawn day dean drew earl faith field fox frank gay gene grace grant
    gray green hall heath hill hope house hunt ivy jack jean joy june king lane lee
    long love mark marsh may mercy mike miles moon moss north noble page park pat
    paris pearl penny price ray read reed rich rob robin rose ruby rush rusty short
    small south stone street sue summer sunny swift victor violet ward wells west
    white will winter wise wood woods young
"""
ALSO_WORDS = frozenset(_WORDS.split())
"""Names that are words too: they count only where they are written with a capital."""
_WITHIN = "al bin da de del der di dos du el ibn la le st van von"
PARTICLES = frozenset(_WITHIN.split())
"""Within a longer name these name nobody by themselves."""

_NAMED_IF = frozenset({PackField.IDENTITY, PackField.THIRD_PARTY})
_OWN = re.compile(r"[’'ʼ＇`´]s\b", re.IGNORECASE)
_ORDINAL = re.compile(r"\b(\d{1,2})(st|nd|rd|th)\b")
_SPELT = re.compile(r"\b[a-z](?: [a-z]\b){2,}")
"""A word spelt out: "a.m.a.r.a"."""
_BETWEEN_DIGITS = re.compile(r"(?<=\d)(?:[^\w+]|_)+(?=\d)")
_OF_MONTH = re.compile(r"(?<=\d) of (?=jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)")
_UNSEEN = re.compile("[\u034f\u115f\u1160\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")
"""Letters and marks that show nothing, besides those that Unicode calls controls."""
_BACKWARDS = "\u202e"
"""From here a page is read from right to left, whatever the letters are."""
_SMALL = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_ONES = dict(zip(_SMALL.split(), range(1, 20), strict=True))
_NUMBERS = _ONES | {
    f"{ten} {one}".strip(): tens + (_ONES[one] if one else 0)
    for ten, tens in zip(_TENS.split(), range(20, 100, 10), strict=True)
    for one in ("", *_SMALL.split()[:9])
}
_NUMBER = re.compile(rf"\b({'|'.join(sorted(_NUMBERS, key=len, reverse=True))})\b")


class What(StrEnum):
    """What of somebody is given away, as the refusal says it."""

    NAME = "name"
    ADDRESS = "address"
    PHONE = "phone number"
    EMAIL = "email address"
    BORN = "date of birth"
    REFERENCE = "case reference"


@dataclass(frozen=True)
class Known:
    """Somebody of the case or of a household of it, and all that would give them away.

    ``parts`` are their parts in the case; none: they only live there, so no choice lets them be
    named.  ``called`` is what the refusal calls them: never the name of somebody kept apart.
    """

    called: str
    parts: frozenset[int] = frozenset()
    respondent: bool = False
    names: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    postcodes: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    born: date | None = None


@dataclass(frozen=True)
class Chosen:
    """One thing that was chosen to be told, and whose."""

    field: str
    whose: int | None = None


@dataclass(frozen=True)
class Leak:
    """What some words give away of whom, and where they stand."""

    where: str
    what: What
    called: str
    parts: frozenset[int] = frozenset()


@dataclass(frozen=True)
class _Text:
    """Words to be looked through, in each of the ways they are compared."""

    where: str
    raw: str
    words: str
    spoken: str
    run: str
    digits: str

    @classmethod
    def of(cls, where: str, text: str) -> _Text:
        seen = _seen(text)
        words = _ORDINAL.sub(r"\1", name_key(_OWN.sub(" s", seen)))
        words = _OF_MONTH.sub(" ", words)
        spelt = " ".join(run.replace(" ", "") for run in _SPELT.findall(words))
        back = words[::-1] if _BACKWARDS in text else ""
        digits = _BETWEEN_DIGITS.sub("", _plain_digits(seen))
        return cls(
            where=where,
            raw=unicodedata.normalize("NFKC", seen),
            words=f" {words} | {spelt} | {back} ",
            spoken=f" {_NUMBER.sub(lambda found: str(_NUMBERS[found[0]]), words)} ",
            run=words.replace(" ", ""),
            digits=re.sub(r"(\+44|0044)0?", "0", digits),
        )


def _seen(text: str) -> str:
    """The text without what nobody sees."""
    bare = _UNSEEN.sub("", text)
    return "".join(
        one for one in bare if one in "\t\n\r" or unicodedata.category(one) not in ("Cf", "Cc")
    )


def _plain_digits(text: str) -> str:
    """The digits of any script as 0 to 9."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(str(unicodedata.digit(one)) if one.isdigit() else one for one in folded)


def find(
    texts: Iterable[tuple[str, str]],
    known: Sequence[Known],
    chosen: Iterable[Chosen],
    *,
    reference: str = "",
) -> tuple[Leak, ...]:
    """Everybody whom the texts (where it stands, words) give away though nobody chose it.

    ``reference`` is looked for too where it is given: a case reference leads back to somebody.
    """
    picked = list(chosen)
    free = {what: {_form(f) for f in _allowed(what, known, picked)} for what in _FORMS}
    looked = [_Text.of(where, text) for where, text in texts]
    found = [
        Leak(text.where, what, one.called, one.parts)
        for text in looked
        for one in known
        for what, forms in _FORMS.items()
        if any(_form(f) not in free[what] and _stands(what, f, text) for f in forms(one))
    ]
    bare = name_key(reference).replace(" ", "")
    found += [Leak(t.where, What.REFERENCE, "") for t in looked if bare and bare in t.run]
    return tuple(dict.fromkeys(found))


# --- the forms in which somebody can be given away ---


def _names(one: Known) -> Iterator[str]:
    """The whole name, each name of it, also of a double one, and what they are called."""
    for name in one.names:
        words = name.split()
        yield name
        if len(words) > 1:
            yield words[0]
            yield words[-1]
        parts = re.split(r"[\s\-‐‑–]+", name)
        if len(parts) > 1:
            yield from filter(_names_them, parts)


def _names_them(part: str) -> bool:
    """Whether one name of several gives somebody away: not "van" or "of"."""
    return not part[:1].islower() and name_key(part) not in PARTICLES


def _addresses(one: Known) -> Iterator[str]:
    """The whole line, each part of it with a number, and number and street without the rest;
    the name of a house that has no number.
    """
    for address in one.addresses:
        yield address
        parts = address.split(",")
        if len(parts) > 1 and not any(map(str.isdigit, address)):
            called = name_key(parts[0]).split()
            if len(called) > 1 and called[-1] not in COMMON:
                yield parts[0]
        for part in parts:
            words = name_key(part).split()
            if len(words) > 1 and any(any(map(str.isdigit, word)) for word in words):
                yield " ".join(words)
                yield " ".join(words[:2])
    yield from one.postcodes


def _born(one: Known) -> Iterator[str]:
    if one.born:
        on = one.born
        for month in (f"{on:%B}", f"{on:%b}", f"{on.month}", f"{on:%m}"):
            yield f"{on.day} {month} {on.year}"
            yield f"{on:%d} {month} {on.year}"
            yield f"{on.year} {month} {on:%d}"
            yield f"{month} {on.day} {on.year}"
            yield f"{on.day} {month} {on:%y}"
            yield f"{on:%d} {month} {on:%y}"
        yield f"{on:%d%m%Y}"


_FORMS = {
    What.NAME: _names,
    What.ADDRESS: _addresses,
    What.PHONE: lambda one: iter(one.phones),
    What.EMAIL: lambda one: iter(one.emails),
    What.BORN: _born,
}
_FIELD_OF = {
    What.ADDRESS: PackField.ADDRESS,
    What.PHONE: PackField.REACH,
    What.EMAIL: PackField.REACH,
    What.BORN: PackField.BORN,
}


def _allowed(what: What, known: Sequence[Known], chosen: Sequence[Chosen]) -> Iterator[str]:
    for one in known:
        if _is_chosen(what, one, chosen):
            yield from _FORMS[what](one)


def _is_chosen(what: What, one: Known, chosen: Sequence[Chosen]) -> bool:
    """Whether what was chosen tells this of them; of the respondent, name and address together."""
    fields = _NAMED_IF if what is What.NAME else {_FIELD_OF[what]}
    for each in chosen:
        if each.whose in one.parts and each.field in fields:
            return True
        said = each.field == PackField.RESPONDENT and what in (What.NAME, What.ADDRESS)
        if said and one.respondent and (each.whose is None or each.whose in one.parts):
            return True
    return False


def _form(text: str) -> str:
    return name_key(text)


# --- whether a form stands in a text ---


def _stands(what: What, form: str, text: _Text) -> bool:
    if what is What.PHONE:
        bare = re.sub(r"\D", "", re.sub(r"^\s*(\+44|0044)\s*(\(0\))?", "0", form))
        core = bare.removeprefix("0")
        return len(bare) >= 7 and (bare in text.digits or (len(core) > 8 and core in text.digits))
    if what is What.EMAIL:
        return (
            bool(form.strip()) and form.strip().casefold() in re.sub(r"\s", "", text.raw).casefold()
        )
    return _says(form, text, name=what is What.NAME)


def _says(form: str, text: _Text, *, name: bool) -> bool:
    key = name_key(form)
    if not key:
        return False
    if name and " " not in key and (len(key) < SHORTEST or key in ALSO_WORDS):
        return _with_a_capital(form.strip(), text.raw)
    if f" {key} " in text.words or (name and len(key) > SHORTEST and f" {key}s " in text.words):
        return True
    if not name and key.count(" ") > 1 and f" {key} " in text.spoken:
        return True
    # Written as one word or with dots: only what is long enough not to be part of another.
    run = key.replace(" ", "")
    whole = " " in key or not name or any(map(str.isdigit, run))
    if not whole or len(run) <= 5 or run[-1].isdigit():
        return False
    return re.search(rf"(?<!\d){re.escape(run)}", text.run) is not None


def _with_a_capital(form: str, raw: str) -> bool:
    ways = {form[:1].upper() + form[1:].lower(), form.upper()}
    return any(re.search(rf"(?<!\w){re.escape(way)}(?!\w)", raw) for way in ways)
