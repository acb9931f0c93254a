"""What has the database look again at which cases and incidents are hate (ADR 27).

Each names the incidents that may have changed, from the rows a statement wrote, and hands
them to ``casework_see_hate``, which migration 21 makes.
"""

from __future__ import annotations

import pgtrigger


def _see_again(name: str, operation: pgtrigger.Operation, which: str) -> pgtrigger.Trigger:
    old = "old_rows" if operation == pgtrigger.Update else None
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        operation=operation,
        when=pgtrigger.After,
        referencing=pgtrigger.Referencing(new="new_rows", old=old),  # type: ignore[no-untyped-call]
        func=f"PERFORM casework_see_hate(ARRAY({which})); RETURN NULL;",
    )


CASE_VOID = _see_again(
    "casework_case_hate",
    pgtrigger.Update,
    "SELECT i.id FROM new_rows n JOIN old_rows o ON o.id = n.id"
    " JOIN casework_incident i ON i.case_id = n.id"
    " WHERE (n.stage = 'VOID') <> (o.stage = 'VOID')",
)
INCIDENT_TOLD_AGAIN = _see_again(
    "casework_incident_again",
    pgtrigger.Insert,
    "SELECT id FROM new_rows WHERE same_as_id IS NOT NULL",
)
INCIDENT_MOVED = _see_again(
    "casework_incident_hate",
    pgtrigger.Update,
    "SELECT unnest(ARRAY[n.id, n.same_as_id, o.same_as_id])"
    " FROM new_rows n JOIN old_rows o ON o.id = n.id"
    " WHERE (o.same_as_id, o.case_id, o.reported_at)"
    " IS DISTINCT FROM (n.same_as_id, n.case_id, n.reported_at)",
)
VIEW_GIVEN = _see_again(
    "casework_perception_given", pgtrigger.Insert, "SELECT incident_id FROM new_rows"
)
VIEW_TAKEN_BACK = _see_again(
    "casework_perception_taken", pgtrigger.Update, "SELECT incident_id FROM new_rows"
)
STRAND_NAMED = _see_again(
    "casework_perceptionstrand_named",
    pgtrigger.Insert,
    "SELECT p.incident_id FROM new_rows n JOIN casework_perception p ON p.id = n.perception_id",
)
