"""Search across the cases somebody may see: which cases, why each matched, in which words.

One query finds the cases (each way of matching by its own index, all of them scoped), one reads
the page of them, two fetch the words around what was typed.  Identities that are kept apart are
not searched: finding the case by a third party's name would tell who they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchHeadline
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Left

from cases import references
from cases.access import Actor
from cases.audit.context import saw
from cases.casework.models import Account, Case, Incident, Involvement, Note
from cases.casework.searching import (
    LANGUAGE,
    SEARCHED,
    bare_reference,
    words_query,
    words_vector,
)
from cases.intake.models import Report
from cases.people.matching import name_key, phone_key
from cases.people.models import Person, Property
from cases.prepared import prepared
from cases.words import say_date
from cases.workflow.case_words import address, stage_name
from cases.workflow.restricted_queries import Restricted, at_homes

EACH_PAGE = 25
SHOWN = (
    *("reference", "stage", "received_at", "victim__full_name", "victim__placeholder"),
    *("victim__merged_into__full_name", "victim__merged_into__placeholder"),
    *("home__address", "home__town", "lead__full_name"),
)
MOST = 200
"""The most cases of one kind of match that are gathered: more is not a search but a list."""
ENOUGH_DIGITS = 6
START, STOP = "\ue000", "\ue001"  # private marks no keyboard types, around a word that matched

# Why a case matched, the most telling first.
KINDS = (
    "Reference",
    "Police reference",
    "Phone",
    "Name",
    "Address",
    "Words of an account",
    "Words of a note",
)
REFERENCE, CRIME, PHONE, NAME, ADDRESS, ACCOUNT, NOTE = range(len(KINDS))


@dataclass(frozen=True)
class Hit:
    """A case found: why, and the words around what was typed as (text, matched) pairs."""

    case: Any
    why: tuple[str, ...]
    words: tuple[tuple[str, bool], ...] = ()

    @property
    def shown(self) -> dict[str, Any]:
        """The hit as ``{% draw %}`` takes it."""
        case = self.case
        return {
            "href": address("workflow:case", case.reference),
            "name": case.who.name,
            "reference": case.reference,
            "stage": stage_name(case.stage),
            "received": say_date(case.received_at),
            "home": case.home.line if case.home else "",
            "lead": case.lead.full_name if case.lead else "",
            "words": [{"text": text, "matched": matched} for text, matched in self.words],
            "why": list(self.why),
        }


@dataclass(frozen=True)
class Found:
    """One page of what a search found.  ``more``: there are too many to show them all."""

    hits: tuple[Hit, ...]
    total: int
    more: bool
    page: int
    restricted: tuple[Restricted, ...]

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // EACH_PAGE))

    @property
    def first(self) -> int:
        return (self.page - 1) * EACH_PAGE + 1 if self.total else 0

    @property
    def last(self) -> int:
        return min(self.page * EACH_PAGE, self.total)


def search(actor: Actor, text: str, *, page: int = 1, digest: str = "") -> Found:
    """The cases the actor may see that match what was typed, best reasons first, then newest.

    What is looked at is recorded with ``digest``, never with what was typed.
    """
    kinds, more = _matches(actor, text)
    ranked = sorted(kinds, key=lambda pk: (min(kinds[pk]), -pk))
    page = min(max(1, page), max(1, -(-len(ranked) // EACH_PAGE)))
    shown = ranked[(page - 1) * EACH_PAGE : page * EACH_PAGE]
    cases = _cases(actor, shown)
    words = _words(text, [pk for pk in shown if kinds[pk] & {ACCOUNT, NOTE}])
    saw("casework.case", *shown, count=len(ranked), purpose=f"search {digest}")
    return Found(
        hits=tuple(
            Hit(cases[pk], tuple(KINDS[kind] for kind in sorted(kinds[pk])), words.get(pk, ()))
            for pk in shown
            if pk in cases
        ),
        total=len(ranked),
        more=more,
        page=page,
        restricted=tuple(at_homes(actor, _homes(text))) if _is_address(text) else (),
    )


def _matches(actor: Actor, text: str) -> tuple[dict[int, set[int]], bool]:
    """The kinds of match of each case found, and whether any kind had too many."""
    key = name_key(text)
    if key and not re.search(r"[\d_-]", text):  # only words, as in most searches
        words = {f"word_{n}": word for n, word in enumerate(key.split())}
        found: Iterable[tuple[int, int]] = _by_words(actor, len(words), text=text, key=key, **words)
    else:
        found = _either(actor, list(_conditions(text)))
    kinds: dict[int, set[int]] = {}
    counted = [0] * len(KINDS)
    for pk, kind in found:
        counted[kind] += 1
        if counted[kind] <= MOST:
            kinds.setdefault(pk, set()).add(kind)
    return kinds, any(count > MOST for count in counted)


def _either(actor: Actor, conditions: Sequence[tuple[int, Q]]) -> QuerySet[Case, tuple[int, int]]:
    """The cases for which each of the conditions holds, with its number."""
    visible = Case.objects.visible_to(actor).order_by("-received_at", "-pk")
    parts = [
        visible.filter(where).annotate(kind=Value(kind)).values_list("pk", "kind")[: MOST + 1]
        for kind, where in conditions
    ]
    return parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]


@prepared
def _by_words(
    actor: Actor, many: int, *, text: str, key: str, **words: str
) -> QuerySet[Case, tuple[int, int]]:
    """What ``_conditions`` says of a text without digits or dashes."""
    people, homes = Person.objects.all(), Property.objects.all()
    for n in range(many):
        people = people.filter(name_key__trigram_word_similar=words[f"word_{n}"])
    homes = homes.filter(search_key__trigram_word_similar=key)
    by_name = [(NAME, _has_part(people)), (ADDRESS, Q(home__in=homes.values("pk")))]
    return _either(actor, [*by_name, *_said(text)])


def _conditions(text: str) -> Iterator[tuple[int, Q]]:
    """Each way a case may match this text; ways that cannot are not asked."""
    yield from _by_reference(references.tidy(text))
    yield from _by_number(text)
    key = name_key(text)
    if re.search(r"[^\W\d]", key):
        yield NAME, _has_part(_named(key))
    if _is_address(text):
        yield ADDRESS, Q(home__in=_homes(text).values("pk"))
    yield from _said(text)


def _said(text: str) -> Iterator[tuple[int, Q]]:
    """In somebody's words, or in a note's."""
    words = words_query(text)
    accounts = Account.objects.annotate(document=words_vector("words")).filter(document=words)
    yield ACCOUNT, Q(pk__in=accounts.values("incident__case"))
    notes = Note.objects.annotate(document=words_vector("text")).filter(document=words)
    yield NOTE, Q(pk__in=notes.values("case"))


def _by_reference(tidied: str) -> Iterator[tuple[int, Q]]:
    if references.CASE.fullmatch(tidied):
        yield REFERENCE, Q(reference=tidied)
    elif references.REPORT.fullmatch(tidied):
        yield REFERENCE, Q(pk__in=Report.objects.filter(reference=tidied).values("case"))
    elif references.PERSON.fullmatch(tidied):
        yield REFERENCE, _has_part(Person.objects.filter(reference=tidied))


def _by_number(text: str) -> Iterator[tuple[int, Q]]:
    if not re.search(r"\d", text):
        return
    bare = re.sub(r"\s", "", text).upper()
    crimes = Incident.objects.annotate(bare=bare_reference("crime_reference")).filter(
        ~Q(crime_reference=""), bare=bare
    )
    yield CRIME, Q(pk__in=crimes.values("case"))
    digits = phone_key(text)
    if len(digits) >= ENOUGH_DIGITS and not re.search(r"[^\W\d_]", text):
        yield PHONE, _has_part(Person.objects.filter(phone_key__contains=digits))


def _has_part(people: QuerySet[Person]) -> Q:
    parts = Involvement.objects.filter(
        person__in=people.values("pk"), kept_apart=False, ended_at__isnull=True
    )
    return Q(pk__in=parts.values("case"))


def _named(key: str) -> QuerySet[Person]:
    """People whose name has each of these words, however each is spelled."""
    people = Person.objects.all()
    for word in key.split():
        people = people.filter(name_key__trigram_word_similar=word)
    return people


def _is_address(text: str) -> bool:
    return bool(re.search(r"[^\W\d]", name_key(text)))


def _homes(text: str) -> QuerySet[Property]:
    """Homes like this address: its words however they are spelled, its numbers exactly."""
    words = name_key(text).split()
    named = " ".join(word for word in words if not word.isdigit())
    homes = Property.objects.filter(search_key__trigram_word_similar=named)
    for number in (word for word in words if word.isdigit()):
        alone = Q(search_key__startswith=f"{number} ") | Q(search_key__contains=f" {number} ")
        homes = homes.filter(alone)
    return homes


def _cases(actor: Actor, ids: Iterable[int]) -> dict[int, Any]:
    return {case.pk: case for case in _these(actor, ids=list(ids))}


@prepared
def _these(actor: Actor, *, ids: list[int]) -> QuerySet[Case]:
    rows = Case.objects.visible_to(actor).filter(pk__any_of=ids)
    return rows.select_related("victim__merged_into", "home", "lead").only(*SHOWN)


def _words(text: str, ids: list[int]) -> dict[int, tuple[tuple[str, bool], ...]]:
    """The words around what was typed: of each case's first account that holds it, or note."""
    if not ids:
        return {}
    found: dict[int, str] = {}
    for case, said in _in_accounts(ids=ids, text=text):
        found.setdefault(case, said)
    left = [pk for pk in ids if pk not in found]
    if left:
        for case, said in _in_notes(ids=left, text=text):
            found.setdefault(case, said)
    return {pk: tuple(marked(said)) for pk, said in found.items()}


@prepared
def _in_accounts(*, ids: list[int], text: str) -> QuerySet[Account, tuple[int, str]]:
    rows = _headlines(Account.objects.filter(incident__case__any_of=ids), "words", text)
    said: QuerySet[Account, tuple[int, str]]
    said = rows.order_by("pk").values_list("incident__case", "said")
    return said


@prepared
def _in_notes(*, ids: list[int], text: str) -> QuerySet[Note, tuple[int, str]]:
    rows = _headlines(Note.objects.filter(case__any_of=ids), "text", text)
    said: QuerySet[Note, tuple[int, str]]
    said = rows.order_by("pk").values_list("case", "said")
    return said


def _headlines(rows: Any, field: str, text: str) -> Any:
    query = words_query(text)
    return (
        rows.annotate(document=words_vector(field))
        .filter(document=query)
        .annotate(
            said=SearchHeadline(
                Left(F(field), SEARCHED),
                query,
                config=LANGUAGE,
                start_sel=START,
                stop_sel=STOP,
                max_words=28,
                min_words=14,
                max_fragments=0,
            )
        )
    )


def marked(said: str) -> Iterator[tuple[str, bool]]:
    """Text cut at the marks: what matched and what stands around it."""
    for piece in re.split(f"({START}[^{STOP}]*{STOP})", said):
        plain = piece.replace(START, "").replace(STOP, "")
        if plain:
            yield plain, piece.startswith(START)
