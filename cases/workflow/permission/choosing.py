"""Which agencies stand in the matrix of a case, and which else could be asked about."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from cases.casework.choices import Strand
from cases.casework.models import Case, PerceptionStrand
from cases.consent.asking import ASKED_ABOUT
from cases.partners.choices import AgencyKind, CouncilService
from cases.partners.models import Agency
from cases.partners.queries import choosable


@dataclass(frozen=True)
class Choice:
    """The agencies of the directory that serve this case, by name, and the first to ask about."""

    suggested: Sequence[Agency]
    others: Sequence[Agency]


def strands_of(case: Case) -> frozenset[str]:
    """What anybody thinks it was about, as codes."""
    rows = PerceptionStrand.objects.filter(
        perception__incident__case=case, perception__retracted_at__isnull=True
    )
    return frozenset(rows.values_list("strand", flat=True).distinct())


def choice(case: Case, strands: Collection[str], asked: Collection[int]) -> Choice:
    """What to suggest beside the agencies ``asked`` about already, and everybody else."""
    area = case.home.local_authority if case.home else ""
    serving = [one for one in choosable(strands=strands, area=area) if one.kind in ASKED_ABOUT]
    found = [one for one in serving if one.pk not in asked]
    done = {(one.kind, one.service) for one in serving if one.pk in asked}
    suggested = [one for one in _suggested(found, strands, area) if _key(one) not in done]
    chosen = {one.pk for one in suggested}
    return Choice(suggested, [one for one in found if one.pk not in chosen])


def _key(agency: Agency) -> tuple[str, str]:
    return agency.kind, agency.service


def _suggested(found: Sequence[Agency], strands: Collection[str], area: str) -> Iterator[Agency]:
    """The police, community safety, support for victims, and one that knows this kind of hate.

    Of the last, one of this very area, or one for every kind: the directory cannot tell which of
    those for one characteristic is for this person.
    """
    known = set(strands) - {Strand.UNKNOWN_HATE}
    tests: tuple[Callable[[Agency], bool], ...] = (
        lambda one: one.kind == AgencyKind.POLICE,
        lambda one: one.service == CouncilService.COMMUNITY_SAFETY,
        lambda one: one.kind == AgencyKind.VICTIM_SUPPORT,
        lambda one: one.kind == AgencyKind.HATE_SPECIALIST and not one.strands,
    )
    near = [one for one in found if known & set(one.strands) and _names(one, area)]
    for test in tests:
        fitting = [one for one in found if test(one)]
        if test is tests[-1]:
            fitting = [*near, *fitting]
        # One that names this area knows it better than one that is everywhere.
        fitting.sort(key=lambda one: not _names(one, area))
        yield from fitting[:1]


def _names(agency: Agency, area: str) -> bool:
    """Whether an entry says that it serves this very council's area."""
    return bool(area) and area.strip().casefold() in {name.casefold() for name in agency.areas}
