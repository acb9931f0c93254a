"""Which doors can apply to an agency, in plain words; the others are not shown (domain 2.14)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cases.casework.models import Case, Involvement
from cases.casework.queries import parts_of
from cases.disclosures.choices import Door
from cases.disclosures.rules import CARE, DA_KINDS, SAFEGUARDING_KINDS
from cases.partners.choices import AgencyKind
from cases.partners.models import Agency
from cases.partners.queries import choosable

OFFERED = (
    Door.PERMISSION,
    Door.ANONYMISED,
    Door.SAFEGUARDING,
    Door.DA,
    Door.LEGAL_REQUIREMENT,
    Door.PROCEEDINGS,
)
"""The Director's (D3) begins as a request and 999 (D8) is rung, so neither is chosen here."""

LABELS = {door: str(door.label) for door in OFFERED}
HINTS = {
    Door.PERMISSION: "Only what they said yes to, for this agency. You ask them thing by thing.",
    Door.ANONYMISED: "Facts from which nobody can be recognised: no name, no address.",
    Door.SAFEGUARDING: "Somebody is at risk of abuse or neglect. Safeguarding’s lead approves it.",
    Door.DA: "Domestic abuse is part of it. The Domestic Abuse lead approves it.",
    Door.LEGAL_REQUIREMENT: "A law or a court order says so. Name it. A case manager approves it.",
    Door.PROCEEDINGS: "For a court or solicitor. Name the proceedings. A case manager approves it.",
}


@dataclass(frozen=True)
class Offered:
    """A door that can apply: its code, what it is called and what it asks."""

    code: str
    label: str
    hint: str


def doors_for(agency: Agency, about: Involvement | None, *, named: bool = True) -> list[Offered]:
    """The doors that can apply to this agency, the person's own yes first.

    About nobody by name there is only one.  ``named`` is whether anybody has been chosen yet.
    """
    if about is None and named:
        return [_offered(Door.ANONYMISED)]
    return [_offered(door) for door in OFFERED if _can(door, agency)]


def _offered(door: Door) -> Offered:
    return Offered(door.value, LABELS[door], HINTS[door])


def _can(door: Door, agency: Agency) -> bool:
    care = agency.kind == AgencyKind.LOCAL_AUTHORITY and agency.service in CARE
    if door is Door.SAFEGUARDING:
        return care or agency.kind in SAFEGUARDING_KINDS
    if door is Door.DA:
        return care or agency.kind in DA_KINDS
    return True


def agency_groups(case: Case, strands: Sequence[str]) -> list[tuple[str, list[Agency]]]:
    """Whom one may choose: those for this place and these reasons first.  Four queries."""
    area = case.home.local_authority if case.home else ""
    outside = [agency for agency in choosable() if not agency.is_ours]
    near = {agency.pk for agency in choosable(strands=strands, area=area)}
    here = [agency for agency in outside if agency.pk in near]
    others = [agency for agency in outside if agency.pk not in near]
    named = [("For this place and what it was about", here), ("Others", others)]
    return [(name, rows) for name, rows in named if rows]


def everybody(case: Case) -> list[Involvement]:
    """Whom a page may be about: everybody with a part, whoever was harmed first."""
    return list(parts_of(case))
