"""Somebody's own work, counted and put in order in one reading.

Which cases are one's own is a question to the members of each.  Asked for every count by itself,
and again for the rows, it took longer than everything else on the page; so it is asked once, and
the counts and the order are taken from what it said.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet, Value

from cases.access import Actor
from cases.casework.models import Case
from cases.prepared import planned, planning_cursor
from cases.workflow.queue_asks import (
    Ask,
    Due,
    View,
    due_condition,
    filter_condition,
    view_condition,
    views_for,
)

# "AS MATERIALIZED": read once, whatever is asked of it.  Another view than one's own work has a
# column of its own.
COUNTED = """
WITH seen (id, due, mine, is_late, is_today, fits {others}) AS MATERIALIZED ({seen})
SELECT count(*) FILTER (WHERE mine AND is_late), count(*) FILTER (WHERE mine AND is_today),
    count(*) FILTER (WHERE mine AND fits), {views},
    ARRAY(SELECT id FROM seen WHERE mine AND fits ORDER BY due NULLS LAST, id
        OFFSET %s LIMIT %s)
FROM seen
"""


def count_own(
    actor: Actor, ask: Ask, rows: slice, *, now: datetime, midnight: datetime
) -> tuple[list[int], list[int]]:
    """Of one's own work, how many are late, due today and left by the filters, then how many
    each view has; and the ids of these rows of it, least time left first.
    """
    seen, params = _seen.text(actor, ask.bare_of_page, now=now, midnight=midnight)
    statement = COUNTED.format(
        seen=seen,
        others="".join(f", {_column(view)}" for view in _others(actor)),
        views=", ".join(f"count(*) FILTER (WHERE {_column(view)})" for view in views_for(actor)),
    )
    with planning_cursor() as cursor:
        cursor.execute(statement, [*params, rows.start, rows.stop - rows.start])
        *counted, ids = cursor.fetchone()
    return counted, ids


@planned
def _seen(
    actor: Actor, ask: Ask, *, now: datetime, midnight: datetime
) -> QuerySet[Case, tuple[Any, ...]]:
    """Every open case the actor may see, and what holds of each."""
    holds = {
        "mine": view_condition(View.MINE, actor, now),
        "is_late": due_condition(Due.LATE, now, midnight),
        "is_today": due_condition(Due.TODAY, now, midnight),
        "fits": filter_condition(ask, now, midnight),
        **{_column(view): view_condition(view, actor, now) for view in _others(actor)},
    }
    wanted: dict[str, Any] = {name: when or Value(value=True) for name, when in holds.items()}
    cases = Case.objects.visible_to(actor).open().order_by().annotate(**wanted)
    return cases.values_list("pk", "next_due_at", *wanted)


def _column(view: View) -> str:
    return "mine" if view is View.MINE else f"in_{view}"


def _others(actor: Actor) -> list[View]:
    return [view for view in views_for(actor) if view is not View.MINE]
