"""A figure in words and in short: exact, or why it is not given.

``text`` stands in sentences and on cards, ``short`` in tables and beside bars.  Pure.
Source: domain 5.4; the wordings of the monthly report's first page.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from cases.reporting.equality import gap
from cases.reporting.showing import Shown, Why
from cases.reporting.values import (
    Absent,
    Count,
    Days,
    Difference,
    Middle,
    Rate,
    Ratio,
    Share,
    Tasks,
    Value,
    rounded,
)

HIDDEN = Shown("hidden", "c", why=Why.BESIDE)
"""Not given because another number could be worked out from it; any number may be behind it."""
NOTHING = Shown("nothing to count", "none", why=Why.ABSENT)
"""Of nothing there is no percentage and no middle; that hides nobody."""
NO_COUNT = "No count of homes has been entered."
LOOK = ", to be looked into"
"""A difference of ten points or more (domain 5.3, M33)."""
NOT_COUNTED = Shown(NO_COUNT, "no figure", why=Why.ABSENT)
"""A rate for homes that nobody has counted."""
_TOO_FEW = {
    Share.kind: "too few to give a percentage",
    Rate.kind: "too few to give a rate",
    Middle.kind: "too few to give a middle time",
    Ratio.kind: "too few to compare",
    Difference.kind: "too few to compare",
}


def fewer(under: int) -> Shown:
    """A count from 1 to just below ``under``."""
    return Shown(f"fewer than {under}", f"<{under}", why=Why.FEWER)


def about(number: int) -> Shown:
    """A total that was rounded."""
    return Shown(f"about {number:,}", f"{number:,}", Decimal(number), Why.ROUNDED)


def too_few(value: Value) -> Shown:
    """A percentage, rate, middle or comparison with too little behind it."""
    return Shown(_TOO_FEW[value.kind], "too few", why=Why.TOO_FEW)


def with_parts(value: Value) -> Shown:
    """The figure as the full numbers give it: a percentage says what it is made of, as
    "94% (29 of 31)".
    """
    shown = in_full(value)
    made_of = parts(value) if isinstance(value, Share) else ""
    return replace(shown, text=f"{shown.text} ({made_of})") if made_of else shown


def parts(value: Value) -> str:
    """What a percentage, rate or middle is made of, so that it can be worked out again."""
    match value:
        case Share() if value.of:
            return f"{value.number:,} of {value.of:,}"
        case Rate() if value.of:
            return f"{value.number:,} for {value.of:,}, per 1,000"
        case Middle() if value.of:
            return f"the middle of {value.of:,}"
        case Ratio() if value.residents:
            return (
                f"{value.harmed:,} of {value.residents:,}, "
                f"against {value.others_harmed:,} of {value.others:,}"
            )
        case Difference() if value.of:
            return (
                f"{value.number:,} of {value.of:,}, "
                f"against {value.others_number:,} of {value.others_of:,}"
            )
    return ""


def in_full(value: Value) -> Shown:
    """The figure itself."""
    match value:
        case Count() | Tasks():
            return _plain(f"{value.number:,}", Decimal(value.number))
        case Days():
            days = f"{value.number:,} {'day' if value.number == 1 else 'days'}"
            return _plain(days, Decimal(value.number))
        case Share():
            return _share(value)
        case Rate():
            rate = value.per_thousand
            return NOT_COUNTED if rate is None else _plain(f"{rate:,}", rate)
        case Middle():
            return _middle(value)
        case Ratio() | Difference():
            return _ratio(value) if isinstance(value, Ratio) else _difference(value)
        case Absent():
            return Shown(value.why or "no figure", "no figure", why=Why.ABSENT)


def _plain(text: str, number: Decimal) -> Shown:
    return Shown(text, text, number)


def _share(value: Share) -> Shown:
    """Whole per cents; but "100%" only of all, and "0%" only of none."""
    percent = value.percent
    if percent is None:
        return NOTHING
    if percent == 100 and value.number < value.of:
        return Shown("more than 99%", ">99%", percent)
    if percent == 0 and value.number:
        return Shown("less than 1%", "<1%", percent)
    return _plain(f"{percent}%", percent)


def _middle(value: Middle) -> Shown:
    """To one decimal at most: "19 hours", "1.5 days", "1 hour"."""
    if value.median is None or not value.of:
        return NOTHING
    length = rounded(Decimal(str(value.median)), 1)
    words = f"{length:,}".removesuffix(".0")
    unit = value.unit.removesuffix("s") if length == 1 else value.unit
    return _plain(f"{words} {unit}", length)


def _difference(value: Difference) -> Shown:
    """ "12 points lower, to be looked into"; too few to compare under ten on either side."""
    found = gap(Share(value.number, value.of), Share(value.others_number, value.others_of))
    if found is None:
        return too_few(value)
    words = f"{found.short}{LOOK if found.flagged else ''}"
    return Shown(words, found.short, found.points)


def _ratio(value: Ratio) -> Shown:
    """How many times as likely, between which numbers that is but for chance (95 times in 100),
    and whether chance explains it.
    """
    ratio, interval = value.ratio, value.interval
    if ratio is None or interval is None:
        return too_few(value)
    chance = "chance can explain it"
    if interval[0] > 1:
        chance = "more than chance explains"
    elif interval[1] < 1:
        chance = "less than chance explains"
    times, low, high = (rounded(Decimal(str(one)), 1) for one in (ratio, *interval))
    return Shown(
        f"{times:,} times as likely (between {low:,} and {high:,}): {chance}",
        f"{times:,} ({low:,} to {high:,})",
        times,
    )
