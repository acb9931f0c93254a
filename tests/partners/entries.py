"""Entries of the directory, made by the real operations."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from cases.access import Actor
from cases.calendar import london_date
from cases.partners import agreement_operations, operations, unit_operations
from cases.partners.models import Agency, AgencyContact
from cases.partners.rules import Terms

TERMS = Terms(3, 1, 1, 6)


def add_police(by: Actor, at: datetime, name: str = "Northshire Police", **said: Any) -> Agency:
    """A fictional force, which nobody has checked yet."""
    return operations.add_agency(
        by=by, at=at, name=name, kind="POLICE", **{"areas": ["Wellby"], **said}
    )


def add_unit(by: Actor, at: datetime, agency: Agency, **said: Any) -> AgencyContact:
    """A unit of it, which nobody has checked yet."""
    unit = {"unit": "Public Protection Unit", "secure_email": "ppu@police.example"}
    return unit_operations.add_unit(by=by, at=at, agency=agency, **{**unit, **said})


def keep_one_of_each(by: Actor, at: datetime) -> tuple[Agency, dict[str, int]]:
    """An agency with a unit, an agreement and a council's terms; and the row of each address."""
    agency = add_police(by, at)
    unit = add_unit(by, at, agency)
    agreement = agreement_operations.add_agreement(
        by=by,
        at=at,
        agency=agency,
        title="Sharing about hate crime",
        purposes="Keeping people safe.",
        begins_on=london_date(at) - timedelta(days=30),
    )
    terms = agreement_operations.set_review_terms(
        by=by, at=at, local_authority="Wellby", terms=TERMS, how="The council’s own page."
    )
    return agency, {
        **dict.fromkeys(
            ("partners:change-unit", "partners:check-unit", "partners:end-unit"), unit.pk
        ),
        "partners:end-agreement": agreement.pk,
        "partners:change-terms": terms.pk,
    }
