"""Every page of docs/reference that ``manage.py reference_pages`` writes."""

from __future__ import annotations

from hatecrime.documents.ledger import ledger_pages
from hatecrime.documents.measures import measure_pages
from hatecrime.documents.promises import clock_pages
from hatecrime.documents.repeats import repeat_pages
from hatecrime.documents.risk import risk_pages
from hatecrime.documents.roles import role_pages
from hatecrime.documents.tables import Pages
from hatecrime.documents.triage import triage_pages


def reference_pages() -> Pages:
    return {
        **role_pages(),
        **triage_pages(),
        **clock_pages(),
        **ledger_pages(),
        **risk_pages(),
        **repeat_pages(),
        **measure_pages(),
    }
