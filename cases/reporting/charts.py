"""Bars as an SVG that a strict page can hold, and that says in words what it shows.

pygal lays the bars out; what it adds for its own scripts, tooltips and styles is taken away
again, so that colours come from our stylesheet by class and nothing in it can run.  A bar whose
number is hidden is striped and always of the same size: it says nothing about the number.  The
same chart gives the same bytes.  Source: domain 5.6; screens 10.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from xml.etree import ElementTree as Tree  # reads only what pygal has just written

import pygal
from pygal.style import Style

from cases.reporting.showing import Chart, Shown, Why

SVG = "http://www.w3.org/2000/svg"
STEPS = 3
"""Lines across the chart, at the most."""
LEAST_TOP = 10
"""The scale reaches to 10 at least, so that two cases do not look like a flood."""
STRIPED = 0.3
"""How much of the scale a hidden bar takes, whatever its number is."""
LETTERS = 14
"""The size of words, in the units of the drawing, which is shown at about its own size."""

Bar = tuple[str, Shown, bool]
"""Its label (of two lines, perhaps), what is shown, and whether it is paler."""

Tree.register_namespace("", SVG)


def bars(chart: Chart, lying: bool) -> str:
    """The chart as SVG: upright for wide pages, lying down for narrow ones."""
    # pygal draws lying bars from the bottom up.
    order = list(reversed(chart.bars)) if lying else list(chart.bars)
    root = Tree.fromstring(_drawn(order, lying))  # noqa: S314
    _clean(root)
    _dress(root, order, lying, f"{chart.key}-{'lying' if lying else 'upright'}")
    _name(root, chart, lying)
    return Tree.tostring(root, encoding="unicode")


def words_of(chart: Chart) -> str:
    """What the chart shows, for whoever does not see it: "Aug to Oct 2026: 6; …"."""
    said = "; ".join(f"{_flat(label)}: {shown.text}" for label, shown, _ in chart.bars)
    return f"{said}."


# --- drawn by pygal ---


def _drawn(order: Sequence[Bar], lying: bool) -> str:
    top, step = _scale(shown for _, shown, _ in order)
    kind = pygal.HorizontalBar if lying else pygal.Bar
    picture = kind(
        style=Style(font_family="inherit", value_font_size=LETTERS, label_font_size=LETTERS),
        range=(0, top),
        y_labels=list(range(0, top + 1, step)),
        print_values=True,
        print_values_position="top",
        show_legend=False,
        show_x_guides=False,
        truncate_label=-1,
        js=(),
        no_prefix=True,
        disable_xml_declaration=True,
        **_size(len(order), lying),
    )
    picture.x_labels = [str(number) for number, _ in enumerate(order)]
    picture.add("", [_length(shown, top) for _, shown, _ in order])
    return str(picture.render(is_unicode=True))


def _size(count: int, lying: bool) -> dict[str, int]:
    """Of the whole and its edges, where words stand."""
    if lying:
        edges = {"margin_left": 76, "margin_right": 62, "margin_top": 0, "margin_bottom": 0}
        return {"width": 340, "height": 46 * max(1, count), **edges}
    edges = {"margin_left": 4, "margin_right": 4, "margin_top": 24, "margin_bottom": 20}
    return {"width": 680, "height": 320, **edges}


def _length(shown: Shown, top: int) -> float:
    if shown.hidden or shown.number is None:
        return top * STRIPED
    return float(shown.number)


def _scale(shown: Iterable[Shown]) -> tuple[int, int]:
    """The top of the scale and its step, from the numbers that are shown and no others."""
    numbers = [one.number for one in shown if one.number is not None and not one.hidden]
    most = float(max([Decimal(LEAST_TOP), *numbers]))
    unit = 10 ** math.floor(math.log10(most / STEPS))
    step = int(next(unit * by for by in (1, 2, 5, 10) if unit * by >= most / STEPS))
    return math.ceil(most / step) * step, step


# --- cleaned ---


def _clean(root: Tree.Element) -> None:
    """Take away what pygal's own scripts, tooltips and styles need."""
    for parent in list(root.iter()):
        for child in list(parent):
            if _tag(child) in _NOT_OURS or _NEEDLESS & set(child.get("class", "").split()):
                parent.remove(child)
    for element in root.iter():
        for name in ("style", "id", "rx", "ry"):
            element.attrib.pop(name, None)
        for name, value in element.attrib.items():
            element.set(name, _LONG.sub(lambda found: f"{float(found[0]):.1f}", value))


_NOT_OURS = {"script", "style", "title", "desc", "defs"}
_NEEDLESS = {"background", "tooltip-overlay", "titles", "overlay"}
_LONG = re.compile(r"\d+\.\d+")


def _tag(element: Tree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _flat(label: str) -> str:
    return label.replace("\n", " ")


# --- dressed ---


def _dress(root: Tree.Element, order: Sequence[Bar], lying: bool, name: str) -> None:
    """Our classes and words in place of pygal's."""
    _stripes(root, name)
    found = {
        "bar": [one for one in root.iter(f"{{{SVG}}}rect") if "rect" in _classes(one)],
        "value": [one for one in root.iter(f"{{{SVG}}}text") if "value" in _classes(one)],
        "label": _labels(root, lying),
    }
    for bar, value, label, (words, shown, paler) in zip(
        found["bar"], found["value"], found["label"], order, strict=True
    ):
        _dress_bar(bar, shown, paler, name)
        value.text = "hidden" if shown.why == Why.BESIDE else shown.short
        _set(value, "app-chart__value", "start" if lying else "middle")
        if not lying:
            value.set("y", f"{float(value.get('y', '0')) - 3:.1f}")
        else:
            value.set("x", f"{float(bar.get('x', '0')) + float(bar.get('width', '0')) + 8:.1f}")
        _two_lines(label, words, lying)
    _dress_scale(root, found["label"], lying)
    for element in root.iter():
        if not element.get("class", "").startswith("app-"):
            element.attrib.pop("class", None)


def _classes(element: Tree.Element) -> list[str]:
    return element.get("class", "").split()


def _labels(root: Tree.Element, lying: bool) -> list[Tree.Element]:
    """The words beside the bars: on what is the x axis to pygal, turned or not."""
    axis = "y" if lying else "x"
    return [
        text
        for group in root.iter(f"{{{SVG}}}g")
        if "axis" in _classes(group) and axis in _classes(group)
        for text in group.iter(f"{{{SVG}}}text")
    ]


def _dress_bar(bar: Tree.Element, shown: Shown, paler: bool, name: str) -> None:
    kind = "hidden" if shown.hidden or shown.number is None else "paler" if paler else "now"
    bar.set("class", f"app-chart__bar app-chart__bar--{kind}")
    bar.set("width", bar.get("width", "0"))
    if kind == "hidden":
        bar.set("fill", f"url(#stripes-{name})")


def _set(text: Tree.Element, kind: str, anchor: str) -> None:
    text.set("class", kind)
    text.set("text-anchor", anchor)


def _two_lines(label: Tree.Element, words: str, lying: bool) -> None:
    """The first line of a label as it is, the second smaller below it."""
    first, _, second = words.partition("\n")
    _set(label, "app-chart__label", "start" if lying else "middle")
    if lying:
        label.set("x", f"{2 - _size(1, True)['margin_left']}")
        label.set("y", f"{float(label.get('y', '0')) - (8 if second else 0):.1f}")
    at = {"x": label.get("x", "0"), "dy": "1.2em", "class": "app-chart__year"}
    label.text = first
    if second:
        Tree.SubElement(label, f"{{{SVG}}}tspan", at).text = second


def _dress_scale(root: Tree.Element, labels: Sequence[Tree.Element], lying: bool) -> None:
    """Lines across an upright chart; a lying one has its numbers beside the bars alone."""
    own = set(labels)
    for axis in [one for one in root.iter(f"{{{SVG}}}g") if "axis" in _classes(one)]:
        of_bars = ("y" if lying else "x") in _classes(axis)
        for group in list(axis.iter()):
            for child in list(group):
                base = _tag(child) == "path" and "axis" in _classes(child)
                if _tag(child) in ("g", "tspan") or child in own:
                    continue
                if of_bars or (lying and not base):
                    group.remove(child)
                elif _tag(child) == "path":
                    child.set("class", f"app-chart__{'base' if base else 'line'}")
                else:
                    _set(child, "app-chart__scale", "end")


def _stripes(root: Tree.Element, name: str) -> None:
    defs = Tree.Element(f"{{{SVG}}}defs")
    size = {"width": "8", "height": "8", "patternUnits": "userSpaceOnUse"}
    pattern = Tree.SubElement(defs, f"{{{SVG}}}pattern", {"id": f"stripes-{name}", **size})
    line = {"d": "M-2 2 L2 -2 M0 8 L8 0 M6 10 L10 6", "class": "app-chart__stripe"}
    Tree.SubElement(pattern, f"{{{SVG}}}path", line)
    root.insert(0, defs)


def _name(root: Tree.Element, chart: Chart, lying: bool) -> None:
    """What a screen reader says of it, and what it is to our stylesheet."""
    way = "lying" if lying else "upright"
    title, desc = f"{chart.key}-{way}-title", f"{chart.key}-{way}-words"
    root.set("class", f"app-chart app-chart--{way}")
    root.set("role", "img")
    root.set("aria-labelledby", f"{title} {desc}")
    for number, (tag, key, said) in enumerate(
        (("title", title, chart.title), ("desc", desc, words_of(chart)))
    ):
        element = Tree.Element(f"{{{SVG}}}{tag}", {"id": key})
        element.text = said
        root.insert(number, element)
