"""What is kept beside what is worked out from scratch: the two never differ."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cases.repeats.facts import Evidence, Flag, Level, Status
from cases.repeats.models import RepeatEvidence, RepeatFlag
from cases.repeats.reading import everything
from cases.repeats.rules import work_out


@dataclass(frozen=True)
class Difference:
    """One incident, person or household whose row does not say what the facts do."""

    of: str
    pk: int
    kept: str
    worked_out: str

    def __str__(self) -> str:
        return f"{self.of} {self.pk}: kept {self.kept}, worked out {self.worked_out}"


def differences(tick: Callable[[float], None] = lambda _: None) -> Iterator[Difference]:
    """Every difference, incidents first; ``tick`` is told how far it is, from 0 to 1.

    Nothing is repaired: a difference is a mistake of ours, and repairing it would hide it.
    """
    facts = everything(lambda share: tick(share / 2))
    tick(0.5)
    result = work_out(facts)
    tick(0.9)
    kept = _kept()
    for kind, found in (
        ("incident", {pk: _flag(flag) for pk, flag in result.flags.items()}),
        ("person", {pk: _status(one) for pk, one in result.people.items()}),
        ("household", {pk: _status(one) for pk, one in result.households.items()}),
    ):
        rows = kept[kind]
        for pk in sorted(found.keys() | rows.keys()):
            worked_out, row = found.get(pk, _NOTHING), rows.get(pk, _NOTHING)
            if worked_out != row:
                yield Difference(kind, pk, row, worked_out)
    tick(1.0)


_NOTHING = "NONE"


def _flag(flag: Flag) -> str:
    if flag.level == Level.NONE:
        return _NOTHING
    evidence = sorted(_evidence(one) for one in flag.evidence)
    return " ".join([flag.level, flag.basis or "-", f"number {flag.number}", *evidence])


def _evidence(one: Evidence) -> str:
    link = one.link
    return _line(one.earlier, link.basis, link.person, link.through, one.starts, one.counts)


def _line(*parts: object) -> str:
    return "/".join(str(part) for part in parts)


def _status(status: Status) -> str:
    if status.level == Level.NONE:
        return _NOTHING
    return f"{status.level} {status.basis or '-'} of {status.because} to {status.current_until}"


def _kept() -> dict[str, dict[int, str]]:
    evidence: dict[int, list[str]] = {}
    for one in RepeatEvidence.objects.filter(ended_at__isnull=True).iterator():
        line = _line(
            one.earlier_id, one.basis, one.person_id, one.through_id, one.starts, one.counts
        )
        evidence.setdefault(one.flag_id, []).append(line)
    rows: dict[str, dict[int, str]] = {"incident": {}, "person": {}, "household": {}}
    for row in RepeatFlag.objects.exclude(level=Level.NONE).iterator():
        for kind in rows:
            if (pk := getattr(row, f"{kind}_id")) is not None:
                rows[kind][pk] = _said(kind, row, sorted(evidence.get(row.pk, [])))
    return rows


def _said(kind: str, row: RepeatFlag, evidence: list[str]) -> str:
    if kind == "incident":
        return " ".join([row.level, row.basis or "-", f"number {row.number}", *evidence])
    return f"{row.level} {row.basis or '-'} of {row.because_id} to {row.current_until}"
