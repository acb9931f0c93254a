"""The companies homes belong to: Amplius, member companies and predecessors (HC-20)."""

from __future__ import annotations

import re
from datetime import datetime

from django.core.exceptions import ValidationError

from cases.access import Actor
from cases.audit.ledger import operation, record, unchanged
from cases.audit.verbs import Verb
from cases.people.models import Entity
from cases.rows import keep

CODE = re.compile(r"[A-Z0-9_]{2,40}")


@operation
def add_company(*, by: Actor, at: datetime, code: str, name: str) -> Entity:
    """Add a company, or call a known one by another name; the code never changes.

    For the command line only: no page offers it.  Raises ValidationError for a code that
    cannot stand in an address, or no name.
    """
    code, name = code.strip().upper(), name.strip()
    if not CODE.fullmatch(code) or not name:
        raise ValidationError("Give a code of capital letters, digits and _, and a name.")
    company = Entity.objects.filter(code=code).first() or Entity(code=code)
    if company.name == name:
        unchanged()
        return company
    company.name = name
    keep(company)
    record(Verb.COMPANY_ADDED, by=by, at=at, subject=company, changes={"code": code})
    return company
