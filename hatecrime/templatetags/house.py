"""The words of ``cases.words`` as template filters. Built in: no ``{% load %}`` is needed.

Each takes an empty value for an empty string. Those that speak of "today" take the page's own
``now``, so that one page tells one time: ``{{ case.opened_at|moment:now }}``.
"""

from datetime import date, datetime
from functools import cache
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from cases import words
from cases.audit.anchors import stamp
from hatecrime.drawing import drawn

register = template.Library()


@register.filter
def moment(at: datetime | None, now: datetime | None = None) -> str:
    """ "today at 9:10am", or "Tuesday 3 March 2026 at 9:10am"."""
    return words.say_moment(at, now or timezone.now()) if at else ""


@register.filter
def day(at: date | None, now: date | None = None) -> str:
    """ "today", "tomorrow", "Monday 23 November"."""
    return words.say_day(at, now or timezone.now()) if at else ""


@register.filter
def full_date(at: date | None) -> str:
    """ "Tuesday 3 March 2026"."""
    return words.say_date(at) if at else ""


@register.filter
def clock_time(at: datetime | None) -> str:
    """ "9:10am"."""
    return words.say_time(at) if at else ""


@register.filter
def sentence(text: str) -> str:
    """The text with a capital first letter and the rest left alone: "today" is "Today"."""
    return text[:1].upper() + text[1:]


@register.filter
def spelled(reference: str) -> str:
    """A reference as it is read to a caller: "H C, twenty twenty-six, seven, K for kilo"."""
    return words.spell_reference(reference)


@register.filter
@cache
def icon(state: str) -> SafeString:
    """The shape of a state (``components/icons/``), drawn once: a list shows it on every row."""
    known = state if state in ("late", "soon", "met", "hold") else "fine"
    return render_to_string(f"components/icons/{known}.html")


@register.filter
@cache
def risk_mark(level: str) -> SafeString:
    """``components/risk.html`` for a list, drawn once for each level."""
    return render_to_string("components/risk.html", {"level": level})


@register.simple_tag
def draw(template_name: str, **values: Any) -> SafeString:
    """A component of a list, as ``{% include ... only %}`` shows it and faster."""
    return drawn(template_name, values)


@register.simple_tag
def ledger_stamp() -> str:
    """Where the ledger ends as a page is made, for paper: "10482-9f2c41d07ab3"."""
    return stamp()
