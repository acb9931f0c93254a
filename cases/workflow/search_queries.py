"""Search across the cases somebody may see: which cases, why each matched, in which words.

One query finds the cases (each way of matching by its own index, all of them scoped), one reads
the page of them, two fetch the words around what was typed.  Identities that are kept apart are
not searched: finding the case by a third party's name would tell who they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchHeadline
from django.db.models import F, QuerySet
from django.db.models.functions import Left

from cases.access import Actor, Grant
from cases.audit.context import saw
from cases.casework.models import Account, Case, Note
from cases.casework.searching import (
    LANGUAGE,
    SEARCHED,
    plain_words,
    words_query,
    words_vector,
)
from cases.prepared import planned, prepared
from cases.words import say_date
from cases.workflow.case_words import address, stage_name
from cases.workflow.restricted_queries import Restricted, at_homes
from cases.workflow.search_ways import (
    CROWDED,
    MOST,
    Kind,
    all_matches,
    homes_like,
    newest_matches,
    ways_of,
)

EACH_PAGE = 25
SHOWN = (
    *("reference", "stage", "received_at", "victim__full_name", "victim__placeholder"),
    *("victim__merged_into__full_name", "victim__merged_into__placeholder"),
    *("home__address", "home__town", "lead__full_name"),
)
START, STOP = "\ue000", "\ue001"  # private marks no keyboard types, around a word that matched

KINDS = {
    Kind.REFERENCE: "Reference",
    Kind.CRIME: "Police reference",
    Kind.PHONE: "Phone",
    Kind.NAME: "Name",
    Kind.ADDRESS: "Address",
    Kind.ACCOUNT: "Words of an account",
    Kind.NOTE: "Words of a note",
}
"""Why a case matched, the most telling first."""


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
    words = _words(text, [pk for pk in shown if kinds[pk] & {Kind.ACCOUNT, Kind.NOTE}])
    saw("casework.case", *shown, count=len(ranked), purpose=f"search {digest}")
    ways, _ = ways_of(text)
    return Found(
        hits=tuple(
            Hit(
                cases[pk], tuple(KINDS[Kind(kind)] for kind in sorted(kinds[pk])), words.get(pk, ())
            )
            for pk in shown
            if pk in cases
        ),
        total=len(ranked),
        more=more,
        page=page,
        restricted=tuple(at_homes(actor, homes_like(text))) if ways.address else (),
    )


def _matches(actor: Actor, text: str) -> tuple[dict[int, set[int]], bool]:
    """The kinds of match of each case found, and whether any kind had too many."""
    ways, typed = ways_of(text)
    if actor.may(Grant.SEE_ALL_CASES):
        kinds, counted, crowded = _gathered(newest_matches(actor, ways, **typed))
        if all(counted[kind] > MOST for kind in crowded):
            return kinds, any(count > MOST for count in counted)
    # Whoever sees few of the cases would find few of theirs among the newest of all.
    kinds, counted, _ = _gathered(all_matches(actor, ways, **typed))
    return kinds, any(count > MOST for count in counted)


def _gathered(
    found: Iterable[tuple[int, int]],
) -> tuple[dict[int, set[int]], list[int], set[int]]:
    """By case its kinds of match, by kind how many cases, and the kinds not looked at whole."""
    kinds: dict[int, set[int]] = {}
    counted = [0] * len(Kind)
    crowded = set()
    for pk, kind in found:
        if pk == CROWDED:
            crowded.add(kind)
            continue
        counted[kind] += 1
        if counted[kind] <= MOST:
            kinds.setdefault(pk, set()).add(kind)
    return kinds, counted, crowded


def _cases(actor: Actor, ids: Iterable[int]) -> dict[int, Any]:
    return {case.pk: case for case in _these(actor, ids=list(ids))}


@planned
def _these(actor: Actor, *, ids: list[int]) -> QuerySet[Case]:
    rows = Case.objects.visible_to(actor).filter(pk__any_of=ids)
    return rows.select_related("victim__merged_into", "home", "lead").only(*SHOWN)


def _words(text: str, ids: list[int]) -> dict[int, tuple[tuple[str, bool], ...]]:
    """The words around what was typed: of each case's first account that holds it, or note."""
    if not ids:
        return {}
    found: dict[int, str] = {}
    text = plain_words(text)
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
