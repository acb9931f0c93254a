"""The case: who, what happened, who thinks hate was part of it, what was promised.

Split by subject; import from here.
"""

from cases.casework.case_models import Case, CaseMember, Conflict, Declaration
from cases.casework.hate_models import HateCase, HateIncident
from cases.casework.incident_models import (
    Account,
    EvidenceAssessment,
    Incident,
    IncidentPair,
    Perception,
    PerceptionStrand,
)
from cases.casework.record_models import CrimeDecision, PartRecord
from cases.casework.work_models import Clock, ContactEntry, Involvement, Note

__all__ = [
    "Account",
    "Case",
    "CaseMember",
    "Clock",
    "Conflict",
    "ContactEntry",
    "CrimeDecision",
    "Declaration",
    "EvidenceAssessment",
    "HateCase",
    "HateIncident",
    "Incident",
    "IncidentPair",
    "Involvement",
    "Note",
    "PartRecord",
    "Perception",
    "PerceptionStrand",
]
