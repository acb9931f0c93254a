"""What a report says otherwise than the one before it of the same month, and why.

Reasons are found by the rows each of the two counted, as they stand now: a row that is gone from
a line, or new in it, tells what became of it.  Kept as data; whoever shows it hides what the
version hides.  Source: domain 1.6 (n), 5.2 ("restated from x").
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import TextChoices

from cases.casework.models import Case, Incident, Perception
from cases.reporting.collecting import Figures
from cases.reporting.measure import MONTH, Counted, Line
from cases.reporting.measures.base import GONE
from cases.reporting.models import Snapshot
from cases.reporting.values import Absent, Count, Days, Rate, Ratio, Value, as_json, from_json


class Reason(TextChoices):
    """Why a figure is another than it was."""

    LATE = "late", "recorded after the earlier report"
    VIEWED = "viewed", "somebody has since said that it was about hate"
    JOINED = "joined", "joined to another case, or made void"
    SAME = "same", "found to be the same incident as another"
    VIEW_BACK = "view_back", "the only view that it was about hate was taken back"
    CORRECTED = "corrected", "corrected"
    OUTSIDE = "outside", "a figure from outside was entered or corrected"
    OTHER = "other", "something in these days changed: reasons are kept for the month alone"
    COUNTING = "counting", "the way of counting changed"


@dataclass(frozen=True)
class Restated:
    """One figure that was ``before`` and is ``after``; ``reasons`` say how many rows each.

    A reason that is not about rows (the way of counting, a figure from outside) has none: 0.
    """

    measure: str
    line: str
    label: str
    window: str
    before: Value
    after: Value
    reasons: tuple[tuple[Reason, int], ...]

    def as_json(self) -> dict[str, Any]:
        """As it is kept in ``Snapshot.restated``."""
        return {
            "measure": self.measure,
            "line": self.line,
            "label": self.label,
            "window": self.window,
            "before": as_json(self.before),
            "after": as_json(self.after),
            "reasons": [{"reason": str(reason), "rows": rows} for reason, rows in self.reasons],
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Restated:
        """What was kept."""
        return cls(
            kept["measure"],
            kept["line"],
            kept["label"],
            kept["window"],
            from_json(kept["before"]),
            from_json(kept["after"]),
            tuple((Reason(one["reason"]), one["rows"]) for one in kept["reasons"]),
        )


def restated(before: Snapshot, now: Figures) -> list[Restated]:
    """Every figure that differs from the earlier snapshot, in the measures' order: of each line
    the month first, then its longer windows.

    Which rows were counted is kept for the month.  So a longer window has the month's reasons
    where no other month of it changed, and otherwise says that they are not kept.
    """
    then = Figures.from_json(before.figures)
    kept = _kept_items(before)
    found = []
    for code, line in _lines(now):
        earlier = _earlier(then, code, line)
        for window in sorted(line.values, key=lambda name: name != MONTH):
            old, new = earlier.values.get(window, type(line.values[window])()), line.values[window]
            if _differs(old, new):
                if window == MONTH or MONTH not in line.values or _only_the_month(earlier, line):
                    why = _because(then, now, kept, (code, line.key)) or _outside(old, new)
                else:
                    why = _of_longer(then, now, old, new)
                found.append(Restated(code, line.key, line.label, window, old, new, why))
    return found


def _only_the_month(earlier: Line, line: Line) -> bool:
    """Whether a line is a sum of months of which none but the last has changed."""
    return bool(line.months) and earlier.months[:-1] == line.months[:-1]


def _of_longer(
    then: Figures, now: Figures, old: Value, new: Value
) -> tuple[tuple[Reason, int], ...]:
    """Why a window changed of which not every row is kept."""
    why = Reason.OUTSIDE if _is_outside(old, new) else Reason.OTHER
    counting = [(Reason.COUNTING, 0)] if then.queries != now.queries else []
    return ((why, 0), *counting)


def _lines(figures: Figures) -> Iterator[tuple[str, Line]]:
    for code, lines in figures.lines.items():
        for line in lines:
            yield code, line


def _earlier(then: Figures, code: str, line: Line) -> Line:
    """The line as it was; one that nobody was in then was not there."""
    known = {one.key: one for one in then.lines.get(code, ())}
    return known.get(line.key, Line(line.key, line.label))


def _differs(old: Value, new: Value) -> bool:
    if isinstance(old, Absent) and isinstance(new, Absent):
        return False
    if isinstance(old, Count) and isinstance(new, Days):  # what days were kept as at first
        return old.number != new.number
    return old != new


Rows = Mapping[tuple[str, str], Counted]


def _kept_items(before: Snapshot) -> Rows:
    tables = before.figures["tables"]
    return {
        (row.measure, row.line): Counted(
            frozenset(row.ids), frozenset(row.counting), tables[row.measure][row.line]
        )
        for row in before.items.all()
    }


def _because(
    then: Figures, now: Figures, kept: Rows, of: tuple[str, str]
) -> tuple[tuple[Reason, int], ...]:
    """Why the rows of a line are others, the most frequent reason first.

    Of a line that names no rows (what was open at the end, say) the reasons are those of its
    measure, without numbers.
    """
    if of in kept or of in now.items:
        why = _of_line(then, kept.get(of, Counted()), now.items.get(of, Counted()))
        found = [(reason, number) for reason, number in why.most_common() if number]
    else:
        lines = sorted({one for one in (*kept, *now.items) if one[0] == of[0]})
        whys = [
            _of_line(then, kept.get(one, Counted()), now.items.get(one, Counted())) for one in lines
        ]
        found = [(reason, 0) for reason, number in sum(whys, Counter()).most_common() if number]
    if then.queries != now.queries:
        found.append((Reason.COUNTING, 0))
    return tuple(found)


def _of_line(then: Figures, old: Counted, new: Counted) -> Counter[Reason]:
    table = new.table or old.table
    why = _gone(table, old.ids - new.ids) + _come(table, new.ids - old.ids, then.newest)
    both = old.ids & new.ids
    why[Reason.LATE] += len((new.counting - old.counting) & both)
    why[Reason.CORRECTED] += len((old.counting - new.counting) & both)
    return why


def _outside(old: Value, new: Value) -> tuple[tuple[Reason, int], ...]:
    """Why a figure differs though its rows do not."""
    return ((Reason.OUTSIDE if _is_outside(old, new) else Reason.CORRECTED, 0),)


def _is_outside(old: Value, new: Value) -> bool:
    """Whether what it is measured against, or whether that is known, changed."""
    if isinstance(old, Absent) or isinstance(new, Absent):
        return True
    if isinstance(old, Rate) and isinstance(new, Rate):
        return old.of != new.of
    if isinstance(old, Ratio) and isinstance(new, Ratio):
        return (old.residents, old.others) != (new.residents, new.others)
    return False


# --- what became of the rows ---


def _gone(table: str, ids: Collection[int]) -> Counter[Reason]:
    """Why rows that were counted are not: one reason for each."""
    if not ids:
        return Counter()
    found = _parents(table, ids)
    cases = {case for case, _ in found.values() if case}
    incidents = {incident for _, incident in found.values() if incident}
    ended = set(Case.objects.filter(pk__in=cases, stage__in=GONE).values_list("pk", flat=True))
    same = set(
        Incident.objects.filter(pk__in=incidents, same_as__isnull=False).values_list(
            "pk", flat=True
        )
    )
    no_hate_case = _views_taken_back("incident__case", cases)
    no_hate = _views_taken_back("incident", incidents)

    def reason(case: int | None, incident: int | None) -> Reason:
        if incident in same:
            return Reason.SAME
        if case in ended:
            return Reason.JOINED
        if case in no_hate_case or incident in no_hate:
            return Reason.VIEW_BACK
        return Reason.CORRECTED

    return Counter(reason(*found.get(pk, (None, None))) for pk in ids)


def _come(table: str, ids: Collection[int], newest: Mapping[str, int]) -> Counter[Reason]:
    """Why rows that were not counted are: one reason for each."""
    if not ids:
        return Counter()
    late = {pk for pk in ids if pk > newest.get(table, 0)}
    found = _parents(table, set(ids) - late)
    since = Perception.objects.filter(pk__gt=newest.get(Perception._meta.label_lower, 0))
    since = since.standing().perceiving()
    cases = {case for case, _ in found.values() if case}
    viewed = set(since.filter(incident__case__in=cases).values_list("incident__case", flat=True))

    def reason(pk: int) -> Reason:
        if pk in late:
            return Reason.LATE
        return Reason.VIEWED if found.get(pk, (None, None))[0] in viewed else Reason.CORRECTED

    return Counter(reason(pk) for pk in ids)


def _views_taken_back(path: str, ids: Collection[int]) -> set[int]:
    """Those of the cases, or incidents, whose views are all taken back, and there were some."""
    views = Perception.objects.filter(**{f"{path}__in": ids}).perceiving()
    taken_back = views.filter(retracted_at__isnull=False).values_list(path, flat=True)
    return set(taken_back) - set(views.standing().values_list(path, flat=True))


def _parents(table: str, ids: Collection[int]) -> dict[int, tuple[int | None, int | None]]:
    """The case and the incident of each row, as far as it belongs to one."""
    model: Any = apps.get_model(table)
    case, incident = _paths(model)
    rows = model._base_manager.filter(pk__in=ids)
    names = ["pk", *([case] if case else []), *([incident] if incident else [])]
    found = {}
    for row in rows.values_list(*names):
        values = dict(zip(names, row, strict=True))
        found[values["pk"]] = (values.get(case), values.get(incident))
    return found


def _paths(model: Any) -> tuple[str, str]:
    """How a row of a table says which case, and which incident, it belongs to."""
    if model is Case:
        return "id", ""
    if model is Incident:
        return "case_id", "id"
    for through in ("case", "incident", "involvement"):
        try:
            model._meta.get_field(through)
        except FieldDoesNotExist:
            continue
        if through == "incident":
            return "incident__case_id", "incident_id"
        return ("case_id" if through == "case" else "involvement__case_id"), ""
    return "", ""
