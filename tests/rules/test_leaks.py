"""Ways of writing a name, an address, a number or a date that the gate still reads."""

from __future__ import annotations

from datetime import date

import pytest

from cases.disclosures.leaks import Known, find

AMARA = Known(
    "Amara",
    frozenset({1}),
    names=("Amara Ngozi Okafor-Reid", "Maria van der Berg"),
    addresses=("12 Ash Street, Wellby", "Rose Cottage, Mill Lane, Wellby"),
    phones=("07700 900123",),
    emails=("amara.o@example.com",),
    born=date(1990, 3, 2),
)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        # Marks that nobody sees, or that a page leaves out.
        ("A\u034fm\u034fara shouted", "name"),
        ("Am\ufe0fara shouted", "name"),
        ("Am\u2800ara shouted", "name"),
        ("Am\x01ara shouted", "name"),
        ("\u202earamA\u202c shouted", "name"),
        # Any of her names by itself.
        ("Ngozi rang us", "name"),
        ("Mrs Okafor rang us", "name"),
        ("Mrs Reid rang us", "name"),
        # Her number with other digits, or without what stands before it.
        ("Ring 07700_900_123", "phone number"),
        ("Ring ０７７００ ９００１２３", "phone number"),
        ("Ring 447700900123", "phone number"),
        ("Ring 7700 900123", "phone number"),
        # Her birthday as people write it.
        ("Born on the 2nd of March 1990", "date of birth"),
        ("Born 02.03.90", "date of birth"),
        ("Born 2-Mar-90", "date of birth"),
        ("Born 02031990", "date of birth"),
        # Her house, by its name or its number in words.
        ("At Rose Cottage", "address"),
        ("At twelve Ash Street", "address"),
    ],
)
def test_it_finds_her_however_it_is_written(text: str, what: str) -> None:
    assert what in {str(leak.what) for leak in find([("x", text)], [AMARA], [])}


@pytest.mark.parametrize(
    "text",
    [
        "A van stood in Ash Street, by the bin store.",
        "It happened 2 to 3 times in 90 days.",
        "Since March 1990 there were 2 reports.",
        "Somebody from Mill Lane saw twelve people.",
        "A van der for the bin store: twelve ash trees.",
    ],
)
def test_what_names_nobody_may_stand(text: str) -> None:
    assert not find([("x", text)], [AMARA], [])
