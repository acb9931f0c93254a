"""One promise as ``components/time_left.html`` shows it: shape, words, what is due and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cases import words
from cases.calendar import CLOSES
from cases.casework.clocks import ClockKind


@dataclass(frozen=True)
class PromiseWords:
    """``state`` is late, soon, fine, met or hold; ``fraction`` ("0.250") how much has run."""

    state: str
    words: str
    what: str
    due_words: str = ""
    fraction: str = ""


def promise_words(
    kind: str,
    *,
    started_at: datetime | None,
    due_at: datetime | None,
    now: datetime,
    met_at: datetime | None = None,
    on_hold: bool = False,
) -> PromiseWords:
    """How a promise stands at ``now``, in the words of screens section 2.

    A duty without a moment says so; a case with nothing running has an empty ``kind``.
    """
    what = ClockKind(kind).label if kind else ""
    if due_at is None and met_at is not None:
        return PromiseWords("met", f"Done {words.say_moment(met_at, now)}", what)
    if due_at is None:
        state = "hold" if on_hold else "fine"
        return PromiseWords(state, "No time set" if kind else "Nothing is due", what)
    left = words.time_left(due_at, now, met_at, on_hold)
    return PromiseWords(
        state=left.state,
        words=left.words,
        what=what,
        due_words=_due_words(due_at, now),
        fraction=f"{words.fraction_used(started_at, due_at, now):.3f}" if started_at else "",
    )


def _due_words(due_at: datetime, now: datetime) -> str:
    """ "due tomorrow at 10:41am"; far away, the day alone; past, "was due ..."."""
    if due_at < now:
        return f"was due {words.say_day(due_at, now)} at {words.say_time(due_at)}"
    if due_at - now <= timedelta(hours=48):
        return f"due {words.say_day(due_at, now)} at {words.say_time(due_at)}"
    return f"due {words.say_day(due_at, now)}"


def hold_words(review_on: date, now: datetime) -> PromiseWords:
    """A case on hold on which nothing else is due: when the hold is looked at again."""
    evening = datetime.combine(review_on, CLOSES, words.LONDON)
    left = words.time_left(evening, now, on_hold=True)
    by = f"by {words.say_day(review_on, now)}"
    return PromiseWords(left.state, left.words, "Review the hold", by)
