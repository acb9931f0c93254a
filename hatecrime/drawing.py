"""Components of a list, drawn by their template once for each shape.

A page of the queue is twenty-five rows that differ in their words and hardly in anything else.
``{% draw "components/tag.html" text=part %}`` shows what ``{% include "components/tag.html" with
text=part only %}`` shows, but lets the template draw once for each *shape* of its values, with gaps
where words go, and fills the gaps with the words, escaped.  The template stays the one place that
says what a row looks like; that both show the same is tested with every kind of row.

The shape is everything a template may decide by: which keys there are, how long the lists are,
which words are empty, every truth and number, and the words of the keys in ``CHOOSES``.  All other
words are only shown: such a component uses no filter on them and compares them with nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from html import escape
from itertools import count
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

CHOOSES = frozenset({"state", "risk", "level", "kind"})
"""Keys by whose words a template chooses."""
LEFT, RIGHT = "\ue010", "\ue011"  # private marks around the number of a gap
PLAIN = (SafeString, str, dict, list, tuple, bool, int, type(None))
"""What has a shape; of two that fit, the first."""
GAP = re.compile(f"{LEFT}(\\d+){RIGHT}")


def drawn(template: str, values: dict[str, Any]) -> SafeString:
    """The component with these values.

    Words, truths, whole numbers, lists and dictionaries of them are drawn by their shape; with
    anything else among them the template draws as it always does.
    """
    words: list[str] = []
    try:
        shape = _shape(values, words)
    except TypeError:
        return render_to_string(template, values)
    pieces = _pieces(template, shape)
    return SafeString("".join([words[each] if isinstance(each, int) else each for each in pieces]))


def _shape(value: Any, words: list[str], key: str = "") -> Any:
    """What the template may decide by; the words it only shows are put aside in ``words``.

    A page of rows asks this some hundreds of times, so what is commonest is asked first.
    """
    kind = type(value)
    if kind not in PLAIN:
        kind = next((one for one in PLAIN if isinstance(value, one)), kind)
    if kind is str or kind is SafeString:
        if not value or key in CHOOSES:
            return str(value)
        words.append(escape(value) if kind is str else value)
        return str
    if kind is dict:
        return (dict, *[(name, _shape(each, words, name)) for name, each in value.items()])
    if kind is list or kind is tuple:
        return (list, *[_shape(each, words) for each in value])
    if value is None or kind is int or kind is bool:
        return value
    raise TypeError(f"{kind.__name__} has no shape")


@lru_cache(maxsize=1024)
def _pieces(template: str, shape: Any) -> tuple[str | int, ...]:
    """The component as drawn for a shape, cut at its gaps: text, number, text, ... text."""
    pieces = GAP.split(render_to_string(template, _with_gaps(shape, count())))
    return tuple(int(piece) if odd % 2 else piece for odd, piece in enumerate(pieces))


def _with_gaps(shape: Any, numbers: Iterator[int]) -> Any:
    """A value of this shape, with a numbered gap for every word that is only shown."""
    if shape is str:
        return f"{LEFT}{next(numbers)}{RIGHT}"
    if not isinstance(shape, tuple):
        return shape
    if shape[0] is dict:
        return {name: _with_gaps(part, numbers) for name, part in shape[1:]}
    return [_with_gaps(part, numbers) for part in shape[1:]]
