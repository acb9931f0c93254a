"""How each age was served beside all others: shown wherever the report is, and hiding what it has
to.
"""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest

from cases.reporting import exports, pdf
from cases.reporting.choices import Profile
from cases.reporting.composing import compose
from cases.reporting.differences import NOT_SHOWN, NOTHING_FOUND, TOO_FEW
from cases.reporting.measure import BEFORE, MONTH, YEAR, Line
from cases.reporting.showing import Report
from cases.reporting.suppression import Limits
from cases.reporting.values import Ratio, Share
from tests.disclosures.packs import read
from tests.reporting.made import snapshot_of

AGES = ("UNDER_25", "FROM_25", "FROM_45", "FROM_65")
Shares = list[tuple[int, int]]
ALIKE: Shares = [(20, 20), (30, 30), (40, 40), (50, 50)]
APART: Shares = [(12, 20), (29, 30), (39, 40), (48, 50)]


def report(contact: Shares, profile: Profile, plan: Shares = ALIKE, unknown: int = 0) -> Report:
    lines = []
    for prefix, words, shares in (("contact", "First contact", contact), ("plan", "Plan", plan)):
        for age, (number, of) in zip(
            (*AGES, "UNKNOWN"), [*shares, (unknown, unknown)], strict=True
        ):
            values = {name: Share(number, of) for name in (MONTH, YEAR, BEFORE)}
            lines.append(Line(f"{prefix}-{age}", f"{words}: {age}", {**values}))
    whole = Share(sum(n for n, _ in contact) + unknown, sum(of for _, of in contact) + unknown)
    made = [Line("", "In time", {MONTH: whole, YEAR: whole, BEFORE: whole})]
    return compose(snapshot_of({"M33": lines, "M10": made}), profile, Limits())


def said(report: Report, column: int = 0) -> list[str]:
    table = next(one for one in report.tables if one.key == "M33/differences")
    return [cells[column].text for label, cells, _ in table.rows if label.startswith("First")]


@pytest.mark.parametrize("profile", list(Profile))
def test_a_difference_of_ten_points_is_to_be_looked_into(profile: Profile) -> None:
    assert said(report(APART, profile)) == [
        "36.7 points lower, to be looked into",
        "6.7 points higher",
        "8.5 points higher",
        "7.1 points higher",
    ]


@pytest.mark.parametrize("profile", list(Profile))
def test_it_stands_in_every_form(profile: Profile) -> None:
    made = report(APART, profile)
    sentence = (
        "To be looked into: First contact: UNDER_25, 36.7 points lower than for everybody else in "
        "the last 12 months."
    )
    chapter = next(one for one in made.chapters if one.key == "equality")
    assert sentence in chapter.words
    words = read(pdf.render(made).content)
    assert "36.7 points lower, to be looked into" in words
    assert sentence in words
    with ZipFile(BytesIO(exports.csv_zip(made))) as packed:
        texts = [packed.read(name).decode("utf-8-sig") for name in packed.namelist()]
    rows = [row for text in texts for row in csv.reader(StringIO(text, newline=""))]
    assert any("36.7 points lower, to be looked into" in row for row in rows)


@pytest.mark.parametrize("profile", list(Profile))
def test_too_few_on_either_side_are_not_compared(profile: Profile) -> None:
    """9 of them; and in full numbers too: it says nothing true."""
    few: Shares = [(5, 9), (30, 30), (40, 40), (0, 0)]
    assert said(report(few, profile))[0] == "too few"
    nobody: Shares = [(40, 40), (5, 5), (4, 4), (0, 0)]
    assert said(report(nobody, profile))[0] == "too few"
    assert TOO_FEW in next(
        one.words for one in report(nobody, profile, nobody).chapters if one.key == "equality"
    )


def test_nothing_found_is_said() -> None:
    made = report(ALIKE, Profile.INTERNAL)
    assert set(said(made)) == {"the same"}
    assert NOTHING_FOUND in next(one.words for one in made.chapters if one.key == "equality")


def test_what_tells_a_hidden_number_is_hidden() -> None:
    """Of 8 it is not said how many were in time: the others, less two of them, would say it."""
    one_small: Shares = [(20, 20), (30, 30), (5, 8), (50, 50)]
    shown = said(report(one_small, Profile.PUBLISHED))
    assert not {"3.4 points higher", "to be looked into"} & set(shown)
    assert shown[2] == "too few"
    assert shown[0] == shown[1] == shown[3] == "hidden"
    made = report(one_small, Profile.PUBLISHED, one_small)
    assert NOT_SHOWN in next(one.words for one in made.chapters if one.key == "equality")


def test_two_hidden_together_are_compared_if_their_sum_is_known() -> None:
    """The two small groups come to what is left of all, which is shown: nothing more is told."""
    two_small: Shares = [(20, 20), (30, 30), (5, 8), (6, 9)]
    shown = said(report(two_small, Profile.PUBLISHED))
    assert shown[2:] == ["too few", "too few"]
    assert shown[0].endswith("points higher, to be looked into")


def test_all_of_them_less_the_other_ages_are_not_the_hidden_one() -> None:
    """M10 gives the whole of the same promises: one hidden age alone would be what is left."""
    one_small: Shares = [(20, 20), (30, 30), (5, 8), (50, 50)]
    made = report(one_small, Profile.PUBLISHED)
    table = next(one for one in made.tables if one.key == "M33")
    hidden = [label for label, cells, _ in table.rows if cells[0].hidden]
    assert len([label for label in hidden if label.startswith("First")]) > 1


@pytest.mark.parametrize(
    ("ratio", "words"),
    [
        (
            Ratio(10, 1000, 20, 9000),
            "4.5 times as likely (between 2.1 and 9.6): more than chance explains",
        ),
        (
            Ratio(10, 9000, 20, 1000),
            "0.1 times as likely (between 0.0 and 0.1): less than chance explains",
        ),
        (
            Ratio(10, 1000, 90, 9000),
            "1.0 times as likely (between 0.5 and 1.9): chance can explain it",
        ),
    ],
)
def test_how_sure_a_ratio_is_is_said_in_plain_words(ratio: Ratio, words: str) -> None:
    line = Line("FROM_65", "65 and over", {YEAR: ratio, BEFORE: ratio, MONTH: ratio})
    made = compose(snapshot_of({"M32": [line]}), Profile.PUBLISHED, Limits())
    table = next(one for one in made.tables if one.key == "M32")
    assert table.rows[0][1][0].text == words
