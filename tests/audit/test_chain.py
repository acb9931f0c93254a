"""The hashes of the ledger, against examples worked out by hand."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.audit.chain import ZERO, Entry, Link, Tip, body, digest, frame, link_hash

ROW = Entry(7, 1, 3, "+", 1204, None, b"\x01" * 32, b"salt")
LINK = Link(1, 1_790_000_000_000_000, "12", "r", "", "", 99, 1, b"\x02" * 32, ZERO)


def test_a_frame_is_each_field_behind_its_length() -> None:
    assert frame("abc", None, "", 12) == b"3:abc~0:2:12"
    assert frame("é") == b"2:\xc3\xa9", "bytes are counted, not letters"


@given(st.lists(st.none() | st.text()), st.lists(st.none() | st.text()))
def test_no_other_fields_give_the_same_frame(
    one: list[str | None], other: list[str | None]
) -> None:
    assert (frame(*one) == frame(*other)) is (one == other)


def test_a_body_is_its_entries_one_behind_the_other() -> None:
    second = ROW._replace(n=2, op="~", kept_id=88, salt=None)
    said = b"1:11:31:+4:1204~64:" + b"01" * 32 + b"1:21:31:~4:12042:8864:" + b"01" * 32
    assert body([ROW, second]) == sha256(said).digest()


def test_a_body_covers_all_but_the_salt() -> None:
    same = body([ROW])
    assert body([ROW._replace(salt=None)]) == same
    for changed in ({"n": 2}, {"form": 4}, {"op": "-"}, {"row_id": 5}, {"kept_id": 5}):
        assert body([ROW._replace(**changed)]) != same
    assert body([ROW._replace(digest=b"\x03" * 32)]) != same


@pytest.mark.parametrize("field", Link._fields[:-1])
def test_a_links_hash_covers_everything_it_says(field: str) -> None:
    value = getattr(LINK, field)
    changed = {str: "other", int: 5, bytes: b"\x05" * 32}[type(value)]
    assert link_hash(ZERO, LINK._replace(**{field: changed})) != link_hash(ZERO, LINK)
    assert link_hash(b"\x01" * 32, LINK) != link_hash(ZERO, LINK)


def test_a_links_hash_worked_out_by_hand() -> None:
    said = b"1:116:17900000000000002:121:r0:0:2:991:164:" + b"02" * 32
    assert link_hash(ZERO, LINK) == sha256(ZERO + said).digest()


def test_a_digest_is_of_the_salt_and_the_record() -> None:
    assert digest(b"salt", "(1,é)") == sha256(b"salt(1,\xc3\xa9)").digest()


def test_paper_shows_the_first_twelve_digits() -> None:
    assert Tip(3, 5, bytes(range(32))).short == "000102030405"
