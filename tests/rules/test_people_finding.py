"""Keys, dates and reasons, without a database: however somebody is spelled."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.people.matching import (
    Candidate,
    Query,
    name_key,
    phone_key,
    postcode_key,
    reference_key,
    sound_key,
    understand,
    weigh,
    why_match,
)

NASTY = st.text(
    st.one_of(
        st.sampled_from("/'\"&%_\\()\x00’-+,.;:*?[]{}|^$#@!~`\u202e\ufeff😀ßøłÆ\u0301"),
        st.characters(),
    ),
    max_size=400,
)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("O’Brien", "obrien"),
        ("O'BRIEN", "obrien"),
        ("O Brien", "obrien"),
        ("Mc Donald", "mcdonald"),
        ("  Siân   Davies ", "sian davies"),
        ("Zieliński-Łukasz", "zielinski lukasz"),
        ("Ærøskøbing", "aeroskobing"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("Al-Sayed", "al sayed"),
        ("İbrahim Işık", "ibrahim isik"),
        ("محمد علي", "mhmd ly"),
        ("李小龍", "lixiaolong"),
        ("Ли Цзюнь", "li tszyun"),
        ("Zoë\u0301", "zoe"),
        ("\x00😀", ""),
    ],
)
def test_name_keys_forget_accents_apostrophes_dashes_case_and_spacing(typed, key):
    assert name_key(typed) == key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mohammed", "Muhammad"),
        ("Catherine", "Kathryn"),
        ("Stephen", "Steven"),
        ("Osei", "Osay"),
        ("Khan", "Kahn"),
        ("Bhatt", "Batt"),
        ("Aisha Khan", "Khan, Aysha"),
        ("Mohammed", "محمد"),
    ],
)
def test_what_sounds_the_same_has_one_sound_key(one, other):
    assert sound_key(one) == sound_key(other)


def test_what_sounds_different_has_not():
    assert sound_key("Whitlock") != sound_key("Marlow")


@pytest.mark.parametrize(
    "typed",
    ["07700 900412", "07700900412", "+44 7700 900412", "+44 (0)7700-900412", "00447700900412"],
)
def test_a_number_has_one_key_however_it_is_written(typed):
    assert phone_key(typed) == "07700900412"


@pytest.mark.parametrize(
    ("typed", "key"),
    [("nn994qt", "NN99 4QT"), ("NN99  4qt", "NN99 4QT"), ("m11ae", "M1 1AE"), ("bfpo 1", "BFPO 1")],
)
def test_postcodes_are_written_one_way(typed, key):
    assert postcode_key(typed) == key


def test_tenancy_references_forget_case_spaces_and_dashes():
    assert reference_key("ten-00 12/345") == "TEN0012345"


BORN = date(1985, 4, 3)


@pytest.mark.parametrize(
    "typed",
    [
        "3/4/1985",
        "03/04/85",
        "3-4-1985",
        "3.4.85",
        "3 4 1985",
        "1985-04-03",
        "1985/4/3",
        "03041985",
        "030485",
        "19850403",
        "3 April 1985",
        "3rd April 1985",
        "3rd of April, 1985",
        "3 apr 85",
        "3 Apr. '85",
        "3apr1985",
        "April 3 1985",
        "Apr 3rd, 1985",
        "april 3, '85",
    ],
)
def test_dates_are_read_as_people_write_them(typed):
    assert BORN in understand(typed).dates
    assert BORN in understand(f"amara osei {typed} nn99 4qt").dates


def test_month_first_is_read_when_day_first_cannot_be():
    assert understand("4/25/1985").dates == (date(1985, 4, 25),)


@pytest.mark.parametrize("typed", ["31/2/1985", "0/0/0000", "99/99/9999", "3/4/1785"])
def test_what_is_no_day_is_no_date_and_no_error(typed):
    assert understand(typed).dates == ()


def test_two_digit_years_are_read_in_both_centuries():
    assert understand("3/4/05").dates == (date(1905, 4, 3), date(2005, 4, 3))


def test_29_february():
    assert understand("29/2/2000").dates == (date(2000, 2, 29),)
    assert understand("29/2/2001").dates == ()


def test_everything_in_one_box():
    query = understand("Amara O’Sei 3rd april 1985, NN994QT 07700 900412")
    assert query.words == ("amara", "osei")
    assert query.dates == (BORN,)
    assert query.postcodes == ("NN99 4QT",)
    assert "07700900412" in query.phones


def test_a_person_reference_however_typed():
    assert understand("p-7k4rwd").person == "P-7K4RWD"
    assert understand("P 7K4RWD").person == "P-7K4RWD"


def test_nothing_is_nothing():
    for text in ("", "   ", "\x00", "😀😀", "%%%", "'\"&"):
        assert not understand(text)
    assert not Query()


AMARA = Candidate(
    name_key="amara osei",
    sound_key=sound_key("Amara Osei"),
    phone_key="07700900412",
    date_of_birth=BORN,
    reference="P-7K4RWD",
    tenancies=("T0012345",),
    postcodes=("NN99 4QT",),
    addresses=("14 larkfield court wellby nn99 4qt",),
)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("Amara Osei", ["Name is the same."]),
        ("osei AMARA", ["Name is the same."]),
        ("Amarah Osay", ["Name sounds the same."]),
        ("amarah osay nn99 4qt", ["Name sounds the same.", "Postcode is the same."]),
        ("amata osei", ["Name is close."]),
        ("ama", ["Name is close."]),
        ("kofi osei", ["Part of the name is close."]),
        ("3/4/1985", ["Date of birth is the same."]),
        ("+44 7700 900412", ["Phone number is the same."]),
        ("900412", ["Phone number ends the same."]),
        ("T 0012345", ["Tenancy reference is the same."]),
        ("P7K4RWD", ["Reference is the same."]),
        ("14 Larkfield Court", ["Address is the same."]),
        ("9 larkfeild court", ["Address is close."]),
        ("nn99 4qt", ["Postcode is the same."]),
        ("joan whitlock", []),
        ("4/4/1985", []),
    ],
)
def test_every_match_says_why(typed, why):
    assert why_match(understand(typed), AMARA) == why


def test_the_more_that_matches_the_higher_it_stands():
    order = [
        "amara osei 3/4/1985 nn99 4qt",
        "amara osei nn99 4qt",
        "amarah osay nn99 4qt",
        "kofi osei",
    ]
    scores = [weigh(understand(text), AMARA).score for text in order]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == len(scores)


@given(NASTY)
def test_nothing_that_can_be_typed_is_an_error(text):
    query = understand(text)
    for part in (*query.words, *query.references, *query.phones):
        assert "\x00" not in part
        part.encode()
    weigh(query, AMARA)
    name_key(text), sound_key(text), phone_key(text), postcode_key(text)


@given(st.text("abcdefgh -'’ÀÉÎÕÜ", min_size=1, max_size=40))
def test_whoever_is_typed_as_written_is_found(name):
    query = understand(name)
    if query.words:
        found = weigh(query, Candidate(name_key=name_key(name), sound_key=sound_key(name)))
        assert found.why == ("Name is the same.",)


def test_very_long_text_is_cut():
    assert len(understand("osei " * 100_000).words) <= 40
