"""The report says what the picture says, in its order, and hides what it has to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest

from cases.people.models import Entity
from cases.reporting import catalogue
from cases.reporting.choices import Profile
from cases.reporting.composing import compose
from cases.reporting.composing_figures import quarter_words, quarters_to
from cases.reporting.composing_words import CLASSIFICATIONS
from cases.reporting.measure import BEFORE, MONTH, TO_DATE, YEAR, Line
from cases.reporting.models import Snapshot
from cases.reporting.showing import Report, Table, Why
from cases.reporting.suppression import Limits
from cases.reporting.values import Absent, Count, Rate, Share
from tests.reporting.made import OCTOBER, of_months, picture, snapshot_of

LIMITS = Limits()
FLAT = (0,) * 24


def published(snapshot: Snapshot) -> Report:
    return compose(snapshot, Profile.PUBLISHED, LIMITS)


def internal(snapshot: Snapshot) -> Report:
    return compose(snapshot, Profile.INTERNAL, LIMITS)


def opened(*newest: int, before: tuple[int, ...] = ()) -> Snapshot:
    """Cases opened in the newest months, and in the newest of the year before."""
    year = [0] * (12 - len(newest)) + list(newest)
    earlier = [0] * (12 - len(before)) + list(before)
    return snapshot_of({"M03": [of_months([*earlier, *year])]})


def table(report: Report, key: str) -> Table:
    return next(one for one in report.tables if one.key == key)


def texts(found: Table) -> dict[str, list[str]]:
    """The words of each line of a table."""
    return {label: [cell.text for cell in cells] for label, cells, _ in found.rows}


def test_the_plain_words_are_those_of_the_picture() -> None:
    assert published(picture()).plain_words == (
        "Fewer than 5 hate crime cases opened in October, and 31 in the last 12 months. "
        "The 12 months before had about 25. "
        "More reports can mean that people trust us more: this is not a target.",
        "We made first contact in time in 94 cases of every 100. "
        "Action plans are the weak point: 81 in 100 were agreed in time.",
    )
    assert (
        internal(picture())
        .plain_words[0]
        .startswith(
            "3 hate crime cases opened in October, and 31 in the last 12 months. "
            "The 12 months before had 23."
        )
    )


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        (opened(0), "0 hate crime cases opened in October, and 0 in the last 12 months."),
        (opened(1), "1 hate crime case opened in October, and 1 in the last 12 months."),
        (opened(6, 6), "6 hate crime cases opened in October, and 12 in the last 12 months."),
    ],
)
def test_numbers_are_said_as_people_say_them(figures: Snapshot, words: str) -> None:
    assert internal(figures).plain_words[0].startswith(words)


def test_where_all_is_kept_nothing_is_weak() -> None:
    lines = {
        code: [Line("", "", {YEAR: Share(30, 30), MONTH: Share(), BEFORE: Share()})]
        for code in ("M10", "M12", "M13")
    }
    said = published(snapshot_of({"M03": [of_months(FLAT)], **lines})).plain_words
    assert said[1] == "We made first contact in time in every case."


def test_the_eight_cards_stand_in_the_order_of_the_picture() -> None:
    cards = {card.measure: card for card in published(picture()).chapters[0].cards}
    assert list(cards) == ["M03", "M10", "M12", "M13", "M20", "M18", "M28", "M04"]
    assert (cards["M03"].figure.text, cards["M03"].line) == (
        "31",
        "October: fewer than 5. The 12 months before: about 25.",
    )
    assert cards["M10"].line.startswith("October: too few to give a percentage.")
    assert cards["M28"].figure.text == "not yet collected"
    assert "survey" in cards["M28"].line


def test_eight_quarters_end_with_the_month() -> None:
    chart = published(picture()).chapters[0].charts[0]
    assert [shown.short for _, shown, _ in chart.bars] == [
        *("<5", "<5", "9", "7", "8", "7", "10", "6")
    ]
    assert [paler for _, _, paler in chart.bars] == [True] * 4 + [False] * 4
    assert chart.bars[0][0] == "Nov to Jan\n2024 to 25"
    assert chart.bars[-1][0] == "Aug to Oct\n2026"
    assert "Striped" in chart.sentence
    assert not internal(picture()).chapters[0].charts[0].sentence
    assert texts(chart.table)["The 12 months before"] == ["about 25"]
    assert texts(chart.table)["The last 12 months"] == ["31"]


@pytest.mark.parametrize(
    ("last", "newest"),
    [
        (date(2026, 10, 31), ("Aug to Oct", "2026")),
        (date(2027, 1, 31), ("Nov to Jan", "2026 to 27")),
        (date(2028, 2, 29), ("Dec to Feb", "2027 to 28")),
    ],
)
def test_quarters_follow_the_month(last: date, newest: tuple[str, str]) -> None:
    quarters = quarters_to(last)
    assert len(quarters) == 8
    assert quarters[-1].last == last
    assert quarter_words(quarters[-1]) == newest
    assert all(a.last < b.first for a, b in pairwise(quarters))


def test_one_hidden_quarter_takes_another_and_the_total_with_it() -> None:
    before = (3, 0, 0, 9, 0, 0, 7, 0, 0, 8, 0, 0)
    shown = texts(published(opened(6, 6, before=before)).chapters[0].charts[0].table)
    assert list(shown.values())[:5] == [
        ["fewer than 5"],
        ["9"],
        ["hidden"],
        ["8"],
        ["about 25"],
    ]


def test_what_is_left_of_a_year_is_no_secret_told() -> None:
    """6 in October of 7 in the year would say that one came in the other eleven months."""
    shown = texts(table(published(opened(1, 0, 0, 6)), "M03"))["Opened"]
    assert "6" not in shown[:2] or "7" not in shown[:2]
    assert texts(table(internal(opened(1, 0, 0, 6)), "M03"))["Opened"][:2] == ["6", "7"]


def test_several_parts_of_one_year_may_leave_little() -> None:
    """The quarter leaves 2 of the year, and October leaves 3: both are kept."""
    shown = texts(table(published(opened(2, *(0,) * 8, 1, 0, 7)), "M03"))["Opened"]
    assert shown[1] == "about 10"
    assert shown[0] == "hidden"


def test_nor_is_what_lies_between_two_ages_of_cases() -> None:
    """9 of 10 old cases are older than 180 days: 1 is from 90 to 180."""

    def standing(key: str, number: int) -> Line:
        return Line(key, key, dict.fromkeys((MONTH, YEAR, BEFORE), Count(number)))

    lines = {
        "M03": [of_months(FLAT), standing("live", 20)],
        "M26": [standing("over-90", 10), standing("over-180", 9)],
    }
    shown = texts(table(published(snapshot_of(lines)), "M26"))
    assert shown["over-180"][0] == "hidden"
    assert shown["over-90"][0] == "about 10"


def test_the_chapters_are_those_of_the_reference() -> None:
    assert [one.key for one in published(picture()).chapters] == [
        *("summary", "intake", "time", "risk", "police", "support", "action", "patterns"),
        *("breakdown", "equality", "disclosure", "audit", "complaints", "quality", "policy"),
        *("hidden", "terms", "definitions"),
    ]


def test_every_measure_is_defined_or_said_not_to_be_collected() -> None:
    report = published(picture())
    defined = " ".join(label for label, _, _ in table(report, "definitions").rows)
    waiting = {code: why for code, _, why in report.not_collected}
    for measure in catalogue.ALL:
        if measure.collected:
            assert f"{measure.code} {measure.name}" in defined
        else:
            assert waiting[measure.code] == measure.waits_for
            chapter = next(c for c in report.chapters if c.title == measure.chapter.value)
            assert any(measure.name in words for words in chapter.words)


def test_by_strand_there_are_cases_of_twelve_months_and_no_month() -> None:
    def strand(key: str, label: str, year: int) -> Line:
        values = {MONTH: Share(year // 4, 9), YEAR: Share(year, 31), BEFORE: Share(0, 23)}
        return Line(key, label, {**values, TO_DATE: Share(year, 31)})

    lines = [strand("RACE", "Race", 14), strand("RELIGION", "Religion", 3), strand("AGE", "Age", 8)]
    figures = snapshot_of({"M03": [of_months(FLAT)], "M30": lines})
    strands = texts(published(figures).chapters[0].tables[0])
    assert strands == {"Race": ["14"], "Religion": ["fewer than 5"], "Age": ["hidden"]}
    assert texts(internal(figures).chapters[0].tables[0])["Religion"] == ["3"]
    assert "October 2026" not in table(published(figures), "M30").columns
    assert "October 2026" in table(internal(figures), "M30").columns
    assert texts(table(published(figures), "M30"))["Religion"][0] == "too few"


def test_the_regulators_numbers_follow_from_each_other() -> None:
    """15 of 16 count and 1 does not: the one must not be told by the others."""

    def line(key: str, *numbers: int) -> Line:
        windows = (MONTH, YEAR, BEFORE, TO_DATE)
        return Line(key, key, dict(zip(windows, map(Count, numbers), strict=True)))

    rate = {name: Rate(number, 38_000) for name, number in ((TO_DATE, 20), (YEAR, 24))}
    lines = [
        Line("rate", "NM01", {**rate, MONTH: Rate(15, 38_000), BEFORE: Rate(7, 38_000)}),
        *(line("policy", 16, 31, 10, 27), line("outside", 0, 0, 0, 0)),
        *(line("strands", 1, 7, 3, 7), line("same", 0, 0, 0, 0), line("counted", 15, 24, 7, 20)),
    ]
    figures = snapshot_of({"M04": lines})
    shown = texts(table(published(figures), "M04"))
    assert shown["strands"][0] == "fewer than 5"
    assert shown["counted"][0] == "hidden"
    assert shown["NM01"][0] == "hidden"
    card = published(figures).chapters[0].cards[-1]
    assert (card.figure.text, card.unit) == ("0.5", "per 1,000 homes")
    assert card.line == "Since 1 April. Cases: 20. Homes: 38,000. 5 of the 8 strands count."


def test_why_there_is_no_figure_is_said_once() -> None:
    why = "The number of homes is not supplied."
    values = dict.fromkeys((MONTH, YEAR, BEFORE, TO_DATE), Absent(why))
    found = table(published(snapshot_of({"M05": [Line("rate", "NM01 part 1", values)]})), "M05")
    assert texts(found)["NM01 part 1"] == ["no figure"] * 4
    assert found.note.count(why) == 1


def test_both_profiles_say_for_whom_they_are() -> None:
    for profile, words in CLASSIFICATIONS.items():
        report = compose(picture(), Profile(profile), LIMITS)
        assert report.classification == words
        assert report.profile == profile
        assert report.hidden_words
    assert (report.title, report.whose) == ("October 2026", "All of Amplius")
    assert report.as_at == "Wednesday 4 November 2026 at 6:00am"
    company = Entity(code="X", name="A company")
    assert published(snapshot_of({"M03": [of_months(FLAT)]}, company)).whose == "A company"


def restating(snapshot: Snapshot) -> Snapshot:
    """The snapshot, as one that restates its month: 2 cases were recorded late."""
    snapshot.before = opened(8)
    snapshot.restated = [
        {
            "measure": "M03",
            "line": "opened",
            "label": "Opened",
            "window": MONTH,
            "before": {"kind": "count", "number": 8},
            "after": {"kind": "count", "number": 10},
            "reasons": [{"reason": "late", "rows": 2}],
        }
    ]
    return snapshot


def test_what_is_restated_says_from_what_to_what_and_why() -> None:
    (said,) = internal(restating(opened(10))).restated
    assert said.endswith(
        "Opened, October 2026: restated from 8 to 10. Why: 2 recorded after the earlier report."
    )
    (shared,) = published(restating(opened(10))).restated
    # two people more could be recognised: the number is rounded
    assert shared.endswith("restated from 8 to about 10. Why: recorded after the earlier report.")
    assert texts(table(published(restating(opened(10))), "restated"))
    hidden = restating(opened(3))
    hidden.before = opened(1)
    (still,) = published(hidden).restated
    assert "restated, and still fewer than 5" in still


def test_nothing_restated_is_said_too() -> None:
    quality = next(one for one in published(picture()).chapters if one.key == "quality")
    assert "No figure of an earlier report has changed." in quality.words


def test_the_same_snapshot_gives_the_same_report() -> None:
    assert published(picture()) == published(picture())
    assert replace(published(picture()), profile=Profile.INTERNAL) != internal(picture())
    assert published(picture()).period == OCTOBER
    assert all(
        cell.why != Why.PLAIN or cell.number is None or not 0 < cell.number < 5
        for cell in (
            one for _, cells, _ in table(published(picture()), "M03").rows for one in cells
        )
    )


def test_a_rate_without_homes_says_of_which_places() -> None:
    names = [f"Place {number}" for number in range(7)]
    lines = [
        Line(f"area.{name}", name, {YEAR: Rate(9, 0), BEFORE: Rate(2, 0), MONTH: Rate(0, 0)})
        for name in names
    ]
    lines.append(Line("area.Wellby", "Wellby", {YEAR: Rate(9, 900), BEFORE: Rate(9, 0)}))
    for profile in Profile:
        made = table(compose(snapshot_of({"M06": lines}), profile, LIMITS), "M06")
        assert made.note == (
            "No count of homes has been entered, by the end of these days, for: "
            "Place 0; Place 1; Place 2; Place 3; Place 4; and 3 more."
        )
        assert {cells[0].text for label, cells, _ in made.rows if label != "Wellby"} == {
            "no figure"
        }
