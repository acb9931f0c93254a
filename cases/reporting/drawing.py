"""What the monitoring pages share: the way between them, and numbers that lead to their lists."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from cases.access import Actor, Grant

PLACES: tuple[tuple[str, str, Grant], ...] = (
    ("monitoring", "The report", Grant.SEE_MONITORING),
    ("measures", "Measures", Grant.SEE_MONITORING),
    ("reports", "Kept reports", Grant.SEE_MONITORING),
    ("work", "Everybody’s work", Grant.SEE_WORKLOADS),
    ("figures", "Figures from outside", Grant.SEE_MONITORING),
    ("improving:improvements", "To do better", Grant.SEE_IMPROVEMENTS),
    ("improving:duties", "Duties and evidence", Grant.SEE_MONITORING),
)
"""The parts of monitoring: address name (of these pages, or whole), words, the grant it needs."""


def places(actor: Actor, here: str) -> list[dict[str, Any]]:
    """The parts of monitoring this actor may go to, as ``components/sub_navigation.html`` takes
    them; ``here`` is the name of the present one.
    """
    return [
        {
            "text": words,
            "href": reverse(name if ":" in name else f"reporting:{name}"),
            "active": name == here,
            "count": None,
        }
        for name, words, grant in PLACES
        if actor.may(grant)
    ]
