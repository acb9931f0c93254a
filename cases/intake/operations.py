"""Every way to change call sheets, reports and routes.  Split by subject; import from here."""

from cases.intake.linking import take_apart
from cases.intake.pair_operations import decide_pair, find_pairs, find_pairs_of
from cases.intake.report_operations import add_view, correct_received, settle_provisional
from cases.intake.route_operations import (
    accept_route,
    decline_route,
    offer_route_again,
    open_routes,
)
from cases.intake.sheet_operations import (
    add_incident,
    add_line,
    cut_off,
    note_danger,
    park_sheet,
    save_answers,
    start_sheet,
    strike_line,
)
from cases.intake.submit import submit

__all__ = [
    "accept_route",
    "add_incident",
    "add_line",
    "add_view",
    "correct_received",
    "cut_off",
    "decide_pair",
    "decline_route",
    "find_pairs",
    "find_pairs_of",
    "note_danger",
    "offer_route_again",
    "open_routes",
    "park_sheet",
    "save_answers",
    "settle_provisional",
    "start_sheet",
    "strike_line",
    "submit",
    "take_apart",
]
