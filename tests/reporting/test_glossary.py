"""What a reader of a report is told of its words, and of where each measure is from."""

from __future__ import annotations

import pytest

from cases.reporting import catalogue
from cases.reporting.choices import Profile
from cases.reporting.composing import compose
from cases.reporting.drawing_reports import drawn_chapter
from cases.reporting.glossary import OUR_OWN, TERMS, said_source, terms_of
from cases.reporting.suppression import Limits
from tests.reporting.made import picture


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("Policy line 74; HC-16; domain 4.2 and 5.3 M10", "Hate Crime Policy, line 74"),
        ("Policy lines 83 and 166; domain 2.8", "Hate Crime Policy, lines 83 and 166"),
        ("Policy title page; domain 5.3 M40, HC-01", "Hate Crime Policy, title page"),
        (
            "TSM NM01 (2); domain 5.1",
            "Regulator of Social Housing, tenant satisfaction measure NM01 part 2",
        ),
        ("Domain 5.3 M25, 5.7 (Ombudsman); policy line 113", "Hate Crime Policy, line 113"),
        ("Domain 4.2 SLA_UPDATE and 5.3 M23", OUR_OWN),
    ],
)
def test_where_a_measure_is_from_is_said_without_codes(source: str, said: str) -> None:
    assert said_source(source) == said


def test_no_reader_meets_a_code_of_those_who_built_it() -> None:
    for one in catalogue.ALL:
        said = said_source(one.source)
        assert said
        for code in ("omain", "HC-", "SLA_", "RV-", "S13", "TSM"):
            assert code not in said, one.code


def test_the_words_of_the_report_are_explained_in_it() -> None:
    report = compose(picture(), Profile.PUBLISHED, Limits())
    terms = next(one for one in report.chapters if one.key == "terms")
    assert terms.title == "What the words mean"
    assert terms.words == tuple(f"{term}: {said}" for term, said in TERMS)
    assert tuple((one["term"], one["said"]) for one in terms_of(terms.words)) == tuple(
        (term, said[0].upper() + said[1:]) for term, said in TERMS
    )
    assert drawn_chapter(terms)["terms"] == terms_of(terms.words)
    explained = " ".join(terms.words)
    for term in ("Strand", "Respondent", "Third party", "NM01", "Repeat", "Ledger", "Restated"):
        assert f"{term}: " in explained
    assert "perpetrator" not in explained.lower()
