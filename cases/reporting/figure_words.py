"""A figure in words and in short: exact, or why it is not given.

``text`` stands in sentences and on cards, ``short`` in tables and beside bars.  Pure.
Source: domain 5.4; the wordings of the monthly report's first page.
"""

from __future__ import annotations

from decimal import Decimal

from cases.reporting.showing import Shown, Why
from cases.reporting.values import Absent, Count, Middle, Rate, Ratio, Share, Value, rounded

HIDDEN = Shown("hidden", "c", why=Why.BESIDE)
"""Not given because another number could be worked out from it; any number may be behind it."""
NOTHING = Shown("nothing to count", "none", why=Why.ABSENT)
"""Of nothing there is no percentage and no middle; that hides nobody."""
NOT_SUPPLIED = Shown("not supplied", "none", why=Why.ABSENT)
"""A rate for homes, or residents, that nobody has counted."""
_TOO_FEW = {
    Share.kind: "too few to give a percentage",
    Rate.kind: "too few to give a rate",
    Middle.kind: "too few to give a middle time",
    Ratio.kind: "too few to compare",
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


def in_full(value: Value) -> Shown:
    """The figure itself."""
    match value:
        case Count():
            return _plain(f"{value.number:,}", Decimal(value.number))
        case Share():
            return _share(value)
        case Rate():
            rate = value.per_thousand
            return NOT_SUPPLIED if rate is None else _plain(f"{rate:,}", rate)
        case Middle():
            return _middle(value)
        case Ratio():
            return _ratio(value)
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


def _ratio(value: Ratio) -> Shown:
    """How many times as likely, with its 95 % interval."""
    ratio, interval = value.ratio, value.interval
    if ratio is None or interval is None:
        return too_few(value)
    times, low, high = (rounded(Decimal(str(one)), 1) for one in (ratio, *interval))
    return Shown(
        f"{times:,} times as likely (95% interval {low:,} to {high:,})",
        f"{times:,} ({low:,} to {high:,})",
        times,
    )
