"""What the case page says of crime, impact, statements and HR."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from cases import words
from cases.casework.models import Incident, Involvement
from cases.casework.record_choices import (
    HR_KINDS,
    CommunityImpact,
    CrimeStatus,
    Impact,
    PropertyHarm,
    RecordKind,
)
from cases.casework.record_rules import GOES_ON, is_colleague


def crime_of(incident: Incident, now: datetime) -> dict[str, Any]:
    """Where it stands with the police: the newest decision, and those before it."""
    rows = list(getattr(incident, "crime", []))
    decided = [_decision(row, now) for row in reversed(rows)]
    told = rows[-1]["reference"] if rows else ""
    label = decided[0]["status"] if decided else CrimeStatus.NOT_ASSESSED.label
    return {
        "status": label,
        "said": decided[0]["said"] if decided else "",
        "reference": "" if told == incident.crime_reference else incident.crime_reference,
        "before": decided[1:],
        "goes_on": GOES_ON,
    }


def _decision(row: Mapping[str, Any], now: datetime) -> dict[str, str]:
    day = words.say_date(date.fromisoformat(row["decided_on"]))
    recorded = words.say_moment(datetime.fromisoformat(row["at"]), now)
    said = [f"Decided by {row['decided_by'].rstrip('.')} on {day}."]
    if row["reference"]:
        said.append(f"Reference {row['reference']}.")
    if row["words"]:
        said.append(f"{row['words'].rstrip('.')}.")
    said.append(f"Recorded by {row['by']} {recorded}.")
    return {"status": CrimeStatus(row["status"]).label, "said": " ".join(said)}


def impact_of(incident: Incident) -> list[dict[str, str]]:
    """How it has affected the person, others and the home: only what was asked."""
    person = Impact(incident.impact)
    others = CommunityImpact(incident.community_impact)
    home = PropertyHarm(incident.property_harm)
    rows = []
    if person != Impact.NOT_ASKED or incident.impact_words:
        rows.append(
            {"who": "The person harmed", "said": person.label, "words": incident.impact_words}
        )
    if others != CommunityImpact.NOT_ASKED:
        rows.append({"who": "Others nearby", "said": others.label, "words": ""})
    if home != PropertyHarm.NOT_ASKED:
        rows.append({"who": "The home", "said": home.label, "words": ""})
    return rows


def works_for_us(part: Involvement) -> bool:
    """Whether somebody on a case is a colleague, by their record or by what was said."""
    return is_colleague(
        marked=bool(part.person and part.person.is_colleague), relationship=part.relationship
    )


def records_of(part: Involvement) -> list[str]:
    """Statements, special measures and HR of somebody's part, a sentence or two each."""
    return [_record(row) for row in getattr(part, "recorded", [])]


DONE = {
    RecordKind.STATEMENT: "Statement taken by",
    RecordKind.SPECIAL_MEASURES: "Special measures asked of",
    RecordKind.SELF_DESCRIBED: "How they describe themselves, told to",
}


def _record(row: Mapping[str, Any]) -> str:
    day = words.say_date(date.fromisoformat(row["on"]))
    kind = RecordKind(row["kind"])
    if kind in HR_KINDS:
        told = "Referred to HR" if kind == RecordKind.HR_REFERRED else "HR told, with permission,"
        return f"{told} on {day}. Recorded by {row['by']}."
    done = DONE[kind]
    more = f" {row['words'].rstrip('.')}." if row["words"] else ""
    return f"{done} {row['with_whom'].rstrip('.')} on {day}.{more} Recorded by {row['by']}."
