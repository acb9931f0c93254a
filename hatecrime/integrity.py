"""What the tables' own constraints cannot see: facts kept twice that must agree.

The same checks are run over demo data, over data made in bulk, and at any time by
``manage.py check_integrity``.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

# Each finds rows that should not be: how many, and the first of them.
CHECKS: dict[str, str] = {
    "a case whose next promise is not its soonest running one": """
        SELECT c.id FROM casework_case c WHERE c.next_due_at IS DISTINCT FROM (
            SELECT min(k.due_at) FROM casework_clock k
            WHERE k.case_id = c.id AND k.state = 'RUNNING')""",
    "a case with nothing next although something runs": """
        SELECT c.id FROM casework_case c WHERE (c.next_clock = '') = EXISTS (
            SELECT 1 FROM casework_clock k WHERE k.case_id = c.id AND k.state = 'RUNNING')""",
    "a lead officer who may not see the case": """
        SELECT c.id FROM casework_case c WHERE c.lead_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM casework_casemember m WHERE m.case_id = c.id AND m.user_id = c.lead_id
            AND m.why = 'LEAD' AND m.ended_at IS NULL)""",
    "a lead officer with a conflict of interest": """
        SELECT c.id FROM casework_case c JOIN casework_conflict f ON f.case_id = c.id
        AND f.user_id = c.lead_id AND f.lifted_at IS NULL""",
    "a case without anybody harmed": """
        SELECT c.id FROM casework_case c WHERE NOT EXISTS (
            SELECT 1 FROM casework_involvement i WHERE i.case_id = c.id AND i.part = 'VICTIM')""",
    "a case without an incident": """
        SELECT c.id FROM casework_case c WHERE c.merged_into_id IS NULL AND NOT EXISTS (
            SELECT 1 FROM casework_incident i WHERE i.case_id = c.id)""",
    "a case that nobody's view makes hate": """
        SELECT c.id FROM casework_case c WHERE c.merged_into_id IS NULL AND NOT EXISTS (
            SELECT 1 FROM casework_incident i JOIN casework_perception p ON p.incident_id = i.id
            WHERE i.case_id = c.id AND p.holds IN ('YES', 'NOT_SURE'))""",
    "a case whose views are not what it is kept as a hate case for": """
        SELECT coalesce(kept.case_id, said.case_id) FROM casework_hatecase kept FULL JOIN (
            SELECT coalesce(f.case_id, i.case_id) AS case_id,
                coalesce(array_agg(DISTINCT s.strand ORDER BY s.strand)
                    FILTER (WHERE s.strand IS NOT NULL), '{}') AS strands
            FROM casework_perception p JOIN casework_incident i ON i.id = p.incident_id
            LEFT JOIN casework_incident f ON f.id = i.same_as_id
            LEFT JOIN casework_perceptionstrand s ON s.perception_id = p.id
            WHERE p.retracted_at IS NULL AND p.holds IN ('YES', 'NOT_SURE')
            AND coalesce(f.case_id, i.case_id) IS NOT NULL
            GROUP BY 1) said USING (case_id)
        WHERE kept.strands IS DISTINCT FROM said.strands""",
    "an incident whose accounts are not what it is kept as a hate incident for": """
        SELECT coalesce(kept.incident_id, said.id) FROM casework_hateincident kept FULL JOIN (
            SELECT f.id, min(a.reported_at) FILTER (
                WHERE a.id = f.id OR c.stage IS DISTINCT FROM 'VOID') AS told_at
            FROM casework_incident a JOIN casework_incident f
            ON f.id = coalesce(a.same_as_id, a.id) AND f.same_as_id IS NULL
            LEFT JOIN casework_case c ON c.id = a.case_id
            GROUP BY f.id HAVING bool_or(EXISTS (
                SELECT FROM casework_perception p WHERE p.incident_id = a.id
                AND p.retracted_at IS NULL AND p.holds IN ('YES', 'NOT_SURE')))
            ) said ON said.id = kept.incident_id
        WHERE kept.told_at IS DISTINCT FROM said.told_at""",
    "a case that the ledger does not say was opened": """
        SELECT c.id FROM casework_case c WHERE NOT EXISTS (
            SELECT 1 FROM audit_event e WHERE e.case_reference = c.reference
            AND e.verb = 'case.opened')""",
    "a case without history": """
        SELECT c.id FROM casework_case c WHERE NOT EXISTS (
            SELECT 1 FROM casework_historicalcase h WHERE h.id = c.id)""",
    "a clock without history": """
        SELECT k.id FROM casework_clock k WHERE NOT EXISTS (
            SELECT 1 FROM casework_historicalclock h WHERE h.id = k.id)""",
    "a clock that was met before it began": """
        SELECT k.id FROM casework_clock k WHERE k.met_at < k.started_at""",
    "a stage left while something it needs still runs": """
        SELECT c.id FROM casework_case c JOIN casework_clock k ON k.case_id = c.id
        WHERE c.stage IN ('PLAN', 'INVESTIGATE', 'MONITOR')
        AND k.kind IN ('FIRST_CONTACT', 'RISK') AND k.state = 'RUNNING'""",
    "a person without the key they are found by": """
        SELECT p.id FROM people_person p WHERE p.name_key = ''""",
    "a home without the key it is found by": """
        SELECT h.id FROM people_property h WHERE h.search_key = ''""",
    "a view that says what it is about without anybody thinking so": """
        SELECT p.id FROM casework_perception p JOIN casework_perceptionstrand s
        ON s.perception_id = p.id WHERE p.holds = 'NO'""",
    "a case said to be at less risk than somebody on it": """
        SELECT c.id FROM casework_case c JOIN (
            SELECT DISTINCT ON (l.about_id) i.case_id, l.level FROM risk_level l
            JOIN casework_involvement i ON i.id = l.about_id AND i.ended_at IS NULL
            ORDER BY l.about_id, l.id DESC) n ON n.case_id = c.id
        WHERE strpos('HIGH MEDIUM STANDARD', n.level) < strpos('HIGH MEDIUM STANDARD', c.risk)
        OR c.risk = ''""",
    "a finished assessment of risk that gave no level": """
        SELECT a.id FROM risk_assessment a WHERE a.state = 'FINISHED' AND NOT EXISTS (
            SELECT 1 FROM risk_level l WHERE l.assessment_id = a.id)""",
}


@dataclass(frozen=True)
class Finding:
    """Something that should not be: what, how many, and the first of them."""

    what: str
    count: int
    first: int


def findings() -> list[Finding]:
    """Everything wrong, by every check."""
    found = []
    with connection.cursor() as cursor:
        for what, sql in CHECKS.items():
            cursor.execute(f"SELECT count(*), min(id) FROM ({sql}) AS wrong (id)")  # noqa: S608 (ours)
            count, first = cursor.fetchone()
            if count:
                found.append(Finding(what, count, first))
    return found
