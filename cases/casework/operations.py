"""Every way to change a case.  Split by subject; import from here."""

from cases.casework.case_operations import (
    allocate,
    give_access,
    hold,
    join_case,
    move_stage,
    open_case,
    restrict_case,
)
from cases.casework.clock_operations import (
    approve_exception,
    do_duty,
    meet_clocks,
    pause_clock,
    resume_clock,
    running_kinds,
    start_clocks,
)
from cases.casework.conflict_operations import (
    declare,
    find_conflicts,
    find_conflicts_of,
    lift,
    propose_lift,
)
from cases.casework.contact_operations import (
    add_involvement,
    add_note,
    change_involvement,
    log_contact,
    show_part,
)
from cases.casework.incident_operations import (
    add_account,
    add_incident,
    add_perception,
    assess_evidence,
    attach_incident,
    correct_incident,
    correct_reported,
    retract_perception,
)
from cases.casework.record_operations import (
    place_case,
    record_crime_status,
    record_impact,
    record_part,
)

__all__ = [
    "add_account",
    "add_incident",
    "add_involvement",
    "add_note",
    "add_perception",
    "allocate",
    "approve_exception",
    "assess_evidence",
    "attach_incident",
    "change_involvement",
    "correct_incident",
    "correct_reported",
    "declare",
    "do_duty",
    "find_conflicts",
    "find_conflicts_of",
    "give_access",
    "hold",
    "join_case",
    "lift",
    "log_contact",
    "meet_clocks",
    "move_stage",
    "open_case",
    "pause_clock",
    "place_case",
    "propose_lift",
    "record_crime_status",
    "record_impact",
    "record_part",
    "restrict_case",
    "resume_clock",
    "retract_perception",
    "running_kinds",
    "show_part",
    "start_clocks",
]
