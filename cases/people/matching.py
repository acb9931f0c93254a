"""Finding somebody however they are spelled: keys, what was typed, and why a person matches.

Pure.  The keys are kept on the rows by the operations and searched with trigram indexes;
the ranking and its reasons are worked out here, over the few candidates the indexes found.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date

import jellyfish
from anyascii import anyascii

from cases.people.spoken_dates import take_dates
from cases.references import PERSON, tidy

LONGEST = 200
"""Characters of a search that are read; the rest is ignored."""
CLOSE = 0.85
"""Jaro-Winkler similarity from which one spelling is "close" to another."""
ENOUGH = 1.0
"""The score from which a record is worth showing."""
ALIKE = 3.0
"""The score from which a whole name is the same, sounds the same or is close."""

_APOSTROPHES = re.compile("['’‘ʼ`´ʻ′＇]")
_PREFIX = re.compile(r"\b(o|mc|mac) (?=[a-z]{3})")
_POSTCODE = re.compile(r"(?<![A-Z0-9])([A-Z]{1,2}\d[A-Z\d]?)\s*(\d[A-Z]{2})(?![A-Z0-9])")
_PHONE = re.compile(r"(?<!\w)\+?\(?\d[\d\s().\-]{3,}\d(?!\w)")
_PERSON = re.compile(rf"(?<![A-Z0-9])P[-\s]?[{PERSON.pattern[3:-4]}]{{6}}(?![A-Z0-9])")
_STREETS = ("road", "street", "close", "court", "avenue", "lane", "drive", "way", "place")
COMMON = frozenset((*_STREETS, "the", "of", "and", "a", "house", "flat", "rd", "st", "ct", "ave"))
"""Words of addresses that tell nothing apart."""


def name_key(text: str) -> str:
    """Words of a name or address in plain letters: no accents, apostrophes, dashes or case.

    Other scripts are written in Latin letters, so that they are found, and sound, alike
    however they were taken down, and whatever the locale of the database.
    """
    folded = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text.casefold()))
    bare = "".join(_plain(letter) for letter in folded if not unicodedata.combining(letter))
    return _PREFIX.sub(r"\1", " ".join(bare.split()))


def _plain(letter: str) -> str:
    if not letter.isalnum():
        return " "
    return "".join(part for part in anyascii(letter).lower() if part.isalnum())


def sound_key(text: str) -> str:
    """What the words of a name sound like, sorted, one code a word ("AMR OS")."""
    return " ".join(sorted({code for word in name_key(text).split() if (code := _sound(word))}))


def _sound(word: str) -> str:
    if not (word.isascii() and word.isalpha()):
        return ""
    # English rules say the h of Khan, Bhatt and Dhillon; most people who are called so do not.
    return jellyfish.metaphone(re.sub("([kbd])h", r"\1", word)).replace(" ", "")


def phone_key(text: str) -> str:
    """The digits of a number as dialled inside the country: +44 (0)7700 becomes 07700."""
    digits = "".join(letter for letter in text if letter in "0123456789")
    for prefix in ("0044", "44") if text.strip().startswith("+") or digits[:2] == "00" else ():
        if digits.startswith(prefix):
            return "0" + digits[len(prefix) :].lstrip("0")
    return digits


def postcode_key(text: str) -> str:
    """A postcode as it is stored, "MK9 2AB"; other text in capitals with single spaces."""
    bare = re.sub(r"[^A-Z0-9]", "", text.upper())
    if re.fullmatch(r"[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2}", bare):
        return f"{bare[:-3]} {bare[-3:]}"
    return " ".join(text.upper().split())


def reference_key(text: str) -> str:
    """A tenancy reference without case, spaces or dashes."""
    return re.sub(r"[^A-Z0-9]", "", text.upper())


@dataclass(frozen=True)
class Query:
    """What was typed in the one box, taken apart."""

    words: tuple[str, ...] = ()
    sounds: tuple[str, ...] = ()
    dates: tuple[date, ...] = ()
    phones: tuple[str, ...] = ()
    postcodes: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    person: str = ""

    def __bool__(self) -> bool:
        return bool(
            self.words or self.dates or self.phones or self.postcodes or self.references
        ) or bool(self.person)

    @property
    def telling_words(self) -> tuple[str, ...]:
        """The words that tell an address apart, or all that are worth looking up if none does."""
        return (
            tuple(word for word in self.worth_looking_up if word not in COMMON)
            or self.worth_looking_up
        )

    @property
    def worth_looking_up(self) -> tuple[str, ...]:
        """Words of three letters and more; of two, if there is nothing longer.

        A letter or two is like a great many names.
        """
        long = tuple(word for word in self.words if len(word) > 2)
        return long or tuple(word for word in self.words if len(word) > 1)


def understand(text: str) -> Query:
    """Take apart what was typed: any text at all, in any order, never an error."""
    text = unicodedata.normalize("NFKC", _printable(text[:LONGEST])).upper()
    person = next((tidy(found.group()) for found in _PERSON.finditer(text)), "")
    postcodes = [postcode_key(found.group()) for found in _POSTCODE.finditer(text)]
    text = _POSTCODE.sub(" ", text)
    references = [key for word in text.split() if _may_be_reference(key := reference_key(word))]
    whole = reference_key(text)
    if _may_be_reference(whole) and whole not in references:
        references.append(whole)
    phones = [phone_key(found.group()) for found in _PHONE.finditer(text)]
    text, dates = take_dates(text)
    text = _PHONE.sub(" ", text)
    words = tuple(name_key(text).split())[:12]
    return Query(
        words=words,
        sounds=tuple(dict.fromkeys(code for word in words if len(code := _sound(word)) > 1)),
        dates=tuple(dates),
        phones=tuple(phone for phone in phones if len(phone) >= 5),
        postcodes=tuple(dict.fromkeys(postcodes)),
        references=tuple(references[:8]),
        person=person,
    )


def _printable(text: str) -> str:
    # NUL and half a surrogate pair cannot be sent to the database.
    return "".join(
        " " if unicodedata.category(letter) in ("Cc", "Cs") else letter for letter in text
    )


def _may_be_reference(key: str) -> bool:
    return 4 <= len(key) <= 20 and any(letter.isdigit() for letter in key)


@dataclass(frozen=True)
class Candidate:
    """What is known of somebody the indexes found."""

    name_key: str = ""
    sound_key: str = ""
    phone_key: str = ""
    date_of_birth: date | None = None
    reference: str = ""
    tenancies: tuple[str, ...] = ()
    postcodes: tuple[str, ...] = ()
    addresses: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class Reasons:
    """How well somebody matches, and the sentences that say why."""

    score: float
    why: tuple[str, ...]


def weigh(query: Query, candidate: Candidate) -> Reasons:
    """How well the candidate matches what was typed, and why, most telling first."""
    parts = (
        _reference(query, candidate),
        _name(query, candidate),
        _born(query, candidate),
        _phone(query, candidate),
        _place(query, candidate),
    )
    return Reasons(sum(part.score for part in parts), tuple(why for p in parts for why in p.why))


def why_match(query: Query, candidate: Candidate) -> list[str]:
    """Why the candidate matches: "Name sounds the same.", "Postcode is the same."."""
    return list(weigh(query, candidate).why)


_NOTHING = Reasons(0.0, ())


def _reference(query: Query, candidate: Candidate) -> Reasons:
    if query.person and query.person == candidate.reference:
        return Reasons(20.0, ("Reference is the same.",))
    if set(query.references) & set(candidate.tenancies):
        return Reasons(15.0, ("Tenancy reference is the same.",))
    return _NOTHING


def _name(query: Query, candidate: Candidate) -> Reasons:
    if not query.words or not candidate.name_key:
        return _NOTHING
    theirs = candidate.name_key.split()
    if "".join(query.words) == "".join(theirs) or sorted(query.words) == sorted(theirs):
        return Reasons(6.0, ("Name is the same.",))
    grades = [_word(word, theirs, candidate.sound_key.split()) for word in query.words]
    if grades and all(grade == 1.0 for grade in grades):
        return Reasons(5.0 * min(1.0, 0.5 + len(grades) / 4), ("Name is the same.",))
    if all(grade >= 0.8 for grade in grades):
        return Reasons(4.0, ("Name sounds the same.",))
    if _close("".join(query.words), "".join(theirs)) or all(grade > 0 for grade in grades):
        return Reasons(3.0, ("Name is close.",))
    if len(found := [grade for grade in grades if grade]) and len(theirs) > 0:
        return Reasons(1.0 + sum(found) / len(grades), ("Part of the name is close.",))
    return _NOTHING


def _word(word: str, theirs: list[str], sounds: list[str]) -> float:
    """1 the same, 0.8 sounds the same, 0.5 close, 0 neither."""
    if word in theirs:
        return 1.0
    if len(code := _sound(word)) > 1 and code in sounds:
        return 0.8
    begins = len(word) > 2 and any(other.startswith(word) for other in theirs)
    return 0.5 if begins or any(_close(word, other) for other in theirs) else 0.0


def _close(one: str, other: str) -> bool:
    return jellyfish.jaro_winkler_similarity(one, other) >= CLOSE


def _born(query: Query, candidate: Candidate) -> Reasons:
    if candidate.date_of_birth is None or not query.dates:
        return _NOTHING
    if candidate.date_of_birth in query.dates:
        return Reasons(5.0, ("Date of birth is the same.",))
    return _NOTHING


def _phone(query: Query, candidate: Candidate) -> Reasons:
    for phone in query.phones if candidate.phone_key else ():
        if phone == candidate.phone_key:
            return Reasons(8.0, ("Phone number is the same.",))
        if candidate.phone_key.endswith(phone):
            return Reasons(4.0, ("Phone number ends the same.",))
    return _NOTHING


def _place(query: Query, candidate: Candidate) -> Reasons:
    same_postcode = bool(set(query.postcodes) & set(candidate.postcodes))
    base = Reasons(2.5, ("Postcode is the same.",)) if same_postcode else _NOTHING
    told = [word for word in query.telling_words if word not in COMMON]
    for address in candidate.addresses if told else ():
        theirs = address.split()
        if all(word in theirs for word in query.words):
            return Reasons(base.score + 4.0, (*base.why, "Address is the same."))
        if any(not word.isdigit() and _word(word, theirs, []) >= 0.5 for word in told):
            return Reasons(base.score + 1.5, (*base.why, "Address is close."))
    return base
