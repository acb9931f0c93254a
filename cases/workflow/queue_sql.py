"""The rows of one page of the queue, read by one statement written out by hand.

The same query built from expressions took Django longer to put together than PostgreSQL to
answer (9 ms against 1 ms), on the page everybody opens most.  It reads only the cases it is
given, which ``visible_to`` has chosen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from cases.access import Actor
from cases.audit import masking
from cases.people.rules import SafeContactFacts
from cases.prepared import planning_cursor
from cases.repeats.rows import Row, repeats_as_known

ROWS = """
SELECT c.id, c.reference, c.stage, c.opened_at, c.hold_review_on, c.provisional,
    c.third_party_only, c.next_clock, c.next_due_at, c.lead_id, u.full_name,
    p.full_name, p.placeholder, p.known_as,
    s.ring, s.voicemail, s.text, s.email, s.post, s.visit,
    s.first_choice, s.safe_times, s.say_we_are,
    (SELECT k.started_at FROM casework_clock k WHERE k.case_id = c.id AND k.kind = c.next_clock
        AND k.state = 'RUNNING' ORDER BY k.due_at LIMIT 1),
    c.risk, c.risk_provisional,
    (SELECT count(*) FROM casework_contactentry e JOIN casework_involvement i
        ON i.id = e.involvement_id AND i.part = 'VICTIM'
        WHERE e.case_id = c.id AND e.kind = 'ATTEMPT'),
    ARRAY(SELECT a.need FROM people_adjustment a WHERE a.person_id IN
            (SELECT w.id FROM people_person w WHERE w.id = p.id OR w.merged_into_id = p.id)
        AND a.ended_at IS NULL AND a.kind <> 'NONE' ORDER BY a.asked_at, a.id),
    -- "REPEAT FAMILY 2" of its incidents, else "REPEAT FAMILY" of the person it is about; the
    -- cases that explain it, and whether they are all.
    CASE WHEN own.id IS NOT NULL
            THEN concat_ws(' ', own.level, coalesce(nullif(own.basis, ''), 'PERSON'), own.number)
        WHEN theirs.level IS NOT NULL
            THEN concat_ws(' ', theirs.level, coalesce(nullif(theirs.basis, ''), 'PERSON'))
        ELSE '' END,
    array_remove(behind.cases || theirs.case_id, NULL),
    coalesce(coalesce(own.number, theirs.number) - 1 <= behind.named, FALSE),
    -- What a request to tell the police asks of whoever works the case.
    EXISTS(SELECT 1 FROM disclosures_request r JOIN disclosures_message q ON q.request_id = r.id
        WHERE r.case_id = c.id AND r.state = 'WAITING' AND q.answers_id IS NULL
            AND NOT EXISTS(SELECT 1 FROM disclosures_message a WHERE a.answers_id = q.id)),
    (SELECT max(r.valid_until) FROM disclosures_request r
        WHERE r.case_id = c.id AND r.state IN ('APPROVED', 'REDUCED'))
FROM casework_case c
JOIN people_person v ON v.id = c.victim_id
-- The record that stands for them; how to reach them is on each, as safe as any of them (ADR 14).
JOIN people_person p ON p.id = COALESCE(v.merged_into_id, v.id)
LEFT JOIN people_safecontact s ON s.person_id = v.id
LEFT JOIN staff_user u ON u.id = c.lead_id
LEFT JOIN LATERAL (SELECT f.id, f.level, f.basis, f.number FROM repeats_repeatflag f
    WHERE f.level <> 'NONE' AND f.incident_id IN
        (SELECT COALESCE(i.same_as_id, i.id) FROM casework_incident i WHERE i.case_id = c.id)
    ORDER BY f.level DESC, f.id DESC LIMIT 1) own ON TRUE
LEFT JOIN LATERAL (SELECT f.level, f.basis, i.case_id, why.id AS why, why.number
    FROM repeats_repeatflag f JOIN casework_incident i ON i.id = f.because_id
    LEFT JOIN repeats_repeatflag why ON why.incident_id = i.id
    WHERE f.level <> 'NONE' AND f.person_id = p.id) theirs ON own.id IS NULL
LEFT JOIN LATERAL (SELECT array_agg(i.case_id) AS cases, count(DISTINCT e.earlier_id) AS named
    FROM repeats_repeatevidence e JOIN casework_incident i ON i.id = e.earlier_id
    WHERE e.flag_id = COALESCE(own.id, theirs.why) AND e.ended_at IS NULL) behind ON TRUE
WHERE c.id = ANY(%(ids)s)
ORDER BY c.next_due_at NULLS LAST, c.id
"""


@dataclass(frozen=True, slots=True)
class QueueCase:
    """What a row of the queue says of a case."""

    pk: int
    reference: str
    stage: str
    opened_at: datetime
    hold_review_on: date | None
    provisional: bool
    third_party_only: bool
    next_clock: str
    next_due_at: datetime | None
    lead_id: int | None
    lead_name: str | None
    full_name: str
    placeholder: str
    known_as: str
    safe: SafeContactFacts | None
    clock_started: datetime | None
    risk: str
    risk_provisional: bool
    attempts: int
    adjustments: list[str]
    repeat_said: str
    repeat_cases: list[int]
    repeat_whole: bool
    director_asks: bool
    police_until: datetime | None

    @property
    def name(self) -> str:
        return f"Case {self.reference}" if masking.on() else self.full_name or self.placeholder

    @property
    def identified(self) -> bool:
        return bool(self.full_name)

    @property
    def call_them(self) -> str:
        if masking.on():
            return "them"
        return self.known_as or (self.full_name.split()[0] if self.full_name else "them")


def read_rows(ids: Sequence[int], actor: Actor) -> list[QueueCase]:
    """The cases with these ids, least time left first."""
    with planning_cursor() as cursor:
        cursor.execute(ROWS, {"ids": list(ids)})
        rows = [_case(row) for row in cursor.fetchall()]
    said = {
        row.pk: Row(row.repeat_said, row.repeat_cases, row.repeat_whole)
        for row in rows
        if row.repeat_said
    }
    known = repeats_as_known(said, actor)
    return [replace(row, repeat_said=known[row.pk]) if row.pk in known else row for row in rows]


def _case(row: tuple[Any, ...]) -> QueueCase:
    safe = SafeContactFacts(*row[14:23]) if row[14] else None
    values = (*row[:14], safe, *row[23:])
    return QueueCase(*values)
