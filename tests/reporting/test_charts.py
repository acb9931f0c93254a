"""A chart holds nothing that runs, says what it shows, and nothing of what is hidden."""

from __future__ import annotations

from xml.etree import ElementTree as Tree

import pytest

from cases.reporting.charts import SVG, bars, words_of
from tests.reporting.made import BESIDE, FEWER, chart, number

WAYS = pytest.mark.parametrize("lying", [False, True], ids=["upright", "lying"])
MIXED = chart(BESIDE, FEWER, number("9"), number("7"), number("8"), number("0"))
TAGS = {"svg", "title", "desc", "defs", "pattern", "path", "g", "rect", "text", "tspan"}
NAMES = {
    *("class", "id", "role", "aria-labelledby", "viewBox", "transform", "d", "fill"),
    *("x", "y", "dy", "width", "height", "text-anchor", "patternUnits"),
}


def parsed(svg: str) -> Tree.Element:
    return Tree.fromstring(svg)


def bars_of(svg: str) -> list[Tree.Element]:
    """The bars, in the order of the drawing."""
    return list(parsed(svg).iter(f"{{{SVG}}}rect"))


def texts(svg: str, kind: str) -> list[str | None]:
    """The words of one class."""
    every = parsed(svg).iter(f"{{{SVG}}}text")
    return [one.text for one in every if one.get("class") == f"app-chart__{kind}"]


@WAYS
def test_nothing_in_it_can_run_or_break_a_strict_page(lying: bool) -> None:
    svg = bars(MIXED, lying)
    for element in parsed(svg).iter():
        assert element.tag.rpartition("}")[2] in TAGS
        assert set(element.attrib) <= NAMES
        assert element.get("fill", "url(#").startswith("url(#")
    for bad in ("<script", "<style", "style=", "<!--", "<?", "onload", "http://pygal", "href"):
        assert bad not in svg


@WAYS
def test_it_is_one_picture_with_a_name_and_its_words(lying: bool) -> None:
    root = parsed(bars(MIXED, lying))
    ids = {one.get("id"): one.text for one in root.iter() if one.get("id")}
    assert root.get("role") == "img"
    title, words = (ids[name] for name in root.get("aria-labelledby", "").split())
    assert title == "Cases & more, by quarter"
    assert words == words_of(MIXED)
    assert "Nov to Jan 2021: fewer than 5; Nov to Jan 2022: 9;" in words_of(MIXED)


@WAYS
def test_every_bar_has_its_number_or_why_there_is_none(lying: bool) -> None:
    expected = ["hidden", "<5", "9", "7", "8", "0"]
    found = texts(bars(MIXED, lying), "value")
    assert found == (expected[::-1] if lying else expected)
    kinds = [one.get("class", "").rpartition("--")[2] for one in bars_of(bars(MIXED, lying))]
    wanted = ["hidden", "hidden", "paler", "now", "now", "now"]
    assert kinds == (wanted[::-1] if lying else wanted)


@WAYS
@pytest.mark.parametrize("others", [("9", "7"), ("10", "0"), ("480", "12"), ("6", "5")])
def test_a_hidden_bar_is_striped_and_of_one_size(lying: bool, others: tuple[str, str]) -> None:
    svg = bars(chart(BESIDE, FEWER, *map(number, others)), lying)
    hidden = [one for one in bars_of(svg) if "hidden" in one.get("class", "")]
    along = "width" if lying else "height"
    sizes = {one.get(along) for one in hidden}
    assert len(hidden) == 2
    assert len(sizes) == 1
    assert all(one.get("fill", "").startswith("url(#stripes-") for one in hidden)
    reference = bars(chart(BESIDE, FEWER, number("9"), number("9")), lying)
    assert sizes == {
        one.get(along) for one in bars_of(reference) if "hidden" in one.get("class", "")
    }


@WAYS
def test_the_same_chart_gives_the_same_bytes(lying: bool) -> None:
    assert bars(MIXED, lying) == bars(MIXED, lying)


def test_a_bar_is_as_long_as_its_number() -> None:
    heights = [float(one.get("height", "0")) for one in bars_of(bars(MIXED, lying=False))]
    nine, seven, eight, none = heights[2:]
    assert nine / seven == pytest.approx(9 / 7, rel=0.01)
    assert nine / eight == pytest.approx(9 / 8, rel=0.01)
    assert none == 0


def test_two_charts_of_a_page_share_no_name() -> None:
    pictures = [
        bars(one, lying) for one in (MIXED, chart(FEWER, key="b")) for lying in (True, False)
    ]
    ids = [one.get("id") for svg in pictures for one in parsed(svg).iter() if one.get("id")]
    assert len(ids) == len(set(ids)) == 12


def test_labels_are_words() -> None:
    label = '<script>alert("x")</script>'
    shown = chart(number("6"))
    svg = bars(type(shown)(**{**vars(shown), "title": label}), lying=False)
    assert "<script" not in svg
    assert "&lt;script" in svg


def test_without_a_number_to_show_there_is_still_a_chart() -> None:
    svg = bars(chart(BESIDE, BESIDE), lying=False)
    assert texts(svg, "value") == ["hidden", "hidden"]
    assert texts(svg, "scale") == ["0", "5", "10"]
