"""What a superuser with the triggers off does to the ledger, and who notices (bar section 3).

Each is done to real work in a database of its own.  Some show in the chain alone; those that leave
a whole chain behind them show only against an anchor, and say so here.
"""

from __future__ import annotations

import pytest

from tests.audit.tampering import Sealed
from tests.casework.story import Story

MICROSECOND, MINUTE = 1, 60_000_000


def middle(sealed: Sealed) -> int:
    return sealed.end() // 2


def last_read(sealed: Sealed) -> int:
    """The row of the last look at a page, whose link is the last."""
    ((pk,),) = sealed.tamper("SELECT max(id) FROM audit_access")
    return int(pk)


# --- the seven of bar section 3 ---


def test_an_edited_link_is_found_without_an_anchor(sealed: Sealed) -> None:
    seq = middle(sealed)
    sealed.tamper("UPDATE ledger.link SET actor = '99999' WHERE seq = %s", seq)
    found = sealed.faults()
    assert f"Link {seq} does not follow from link {seq - 1}: one was altered." in found
    assert sealed.faults(anchored=True)


def test_an_edited_entry_is_found_without_an_anchor(sealed: Sealed) -> None:
    seq = middle(sealed)
    sealed.tamper("UPDATE ledger.entry SET op = '-' WHERE seq = %s AND n = 1", seq)
    assert any(said.startswith(f"What link {seq} sealed was altered") for said in sealed.faults())


def test_a_deleted_middle_is_found_without_an_anchor(sealed: Sealed) -> None:
    seq = middle(sealed)
    sealed.forget(seq)
    assert f"Link {seq} is missing." in sealed.faults()
    assert f"Link {seq} is missing." in sealed.faults(anchored=True)


def test_a_deleted_entry_is_found_without_an_anchor(sealed: Sealed) -> None:
    ((seq, n),) = sealed.tamper(
        "SELECT seq, entries FROM ledger.link WHERE entries > 1 ORDER BY seq LIMIT 1"
    )
    sealed.tamper("DELETE FROM ledger.entry WHERE seq = %s AND n = %s", seq, n)
    assert f"Link {seq} sealed {n} entries, and {n - 1} are there." in sealed.faults()


def test_a_deleted_tail_is_found_without_an_anchor(sealed: Sealed) -> None:
    end = sealed.end()
    sealed.forget(end)
    cut = f"The ledger has been cut: its last link is {end - 1}, and its head says {end}."
    assert sealed.faults() == [cut]


def test_a_deleted_tail_under_a_rewritten_head_is_found_only_with_an_anchor(
    sealed: Sealed,
) -> None:
    """Somebody looked, and takes the look away so well that what is left is a whole chain."""
    end = sealed.end()
    sealed.forget(end)
    sealed.hash_again()
    assert sealed.faults() == []
    assert sealed.faults(anchored=True) == [
        f"The ledger has been cut: it ends at {end - 1}, anchored was {end}."
    ]


def test_every_event_of_a_case_removed_is_found_without_an_anchor(
    sealed: Sealed, told: Story
) -> None:
    case = told.case.reference
    rows = sealed.tamper(
        "DELETE FROM ledger.entry e USING ledger.form f, audit_event v WHERE f.id = e.form"
        " AND f.table_name = 'audit_event' AND v.id = e.row_id AND v.case_reference = %s"
        " RETURNING e.seq",
        case,
    )
    sealed.tamper("DELETE FROM audit_event WHERE case_reference = %s", case)
    assert len(rows) > 5
    found = sealed.faults()
    assert {said.split()[1] for said in found} == {str(seq) for (seq,) in rows}
    assert sealed.faults(anchored=True)


def test_an_edit_with_every_later_hash_made_again_is_found_only_with_an_anchor(
    sealed: Sealed,
) -> None:
    """A look is put down to somebody else, and everything is hashed again from there."""
    pk = last_read(sealed)
    sealed.tamper("UPDATE audit_access SET actor_id = 1, actor_name = 'X' WHERE id = %s", pk)
    seq = sealed.seal_row_again("audit_access", pk)
    sealed.tamper("UPDATE ledger.link SET actor = '1' WHERE seq = %s", seq)
    sealed.hash_again()
    assert sealed.faults() == []
    (said,) = sealed.faults(anchored=True)
    assert said.startswith("The ledger was written again")


def test_a_clock_stepped_back_and_hashed_again_is_found_without_an_anchor(
    sealed: Sealed,
) -> None:
    end = sealed.end()
    ((before,),) = sealed.tamper("SELECT at_us FROM ledger.link WHERE seq = %s", end - 1)
    sealed.tamper("UPDATE ledger.link SET at_us = %s WHERE seq = %s", before - MINUTE, end)
    sealed.hash_again()
    late = f"Link {end} is said to be no later than link {end - 1} before it."
    assert sealed.faults() == [late]
    assert late in sealed.faults(anchored=True)


def test_a_clock_stepped_back_within_its_gap_is_found_only_with_an_anchor(sealed: Sealed) -> None:
    """So little that the order stands, and hashed again: no chain can know the true moment."""
    end = sealed.end()
    ((before,),) = sealed.tamper("SELECT at_us FROM ledger.link WHERE seq = %s", end - 1)
    sealed.tamper("UPDATE ledger.link SET at_us = %s WHERE seq = %s", before + MICROSECOND, end)
    sealed.hash_again()
    assert sealed.faults() == []
    assert len(sealed.faults(anchored=True)) == 1


# --- and of what the ledger seals ---


def test_an_edited_history_row_is_found(sealed: Sealed) -> None:
    ((key, pk),) = sealed.tamper(
        "UPDATE people_historicalperson SET full_name = 'Y' WHERE history_id ="
        " (SELECT max(history_id) FROM people_historicalperson) RETURNING history_id, id"
    )
    found = sealed.faults()
    assert any(
        said.startswith(f"History row {key} of people_person row {pk} was altered")
        for said in found
    )
    assert f"people_person row {pk} is not what its history says." in found
    assert "Y" not in " ".join(found)


@pytest.mark.parametrize(
    "change",
    [
        "history_user_id = 424242",
        "history_date = history_date - interval '1 day'",
        "history_change_reason = 'another'",
    ],
)
def test_who_changed_a_row_when_and_why_is_sealed_too(sealed: Sealed, change: str) -> None:
    ((key,),) = sealed.tamper(
        f"UPDATE people_historicalperson SET {change} WHERE history_id ="
        " (SELECT max(history_id) FROM people_historicalperson) RETURNING history_id"
    )
    said = sealed.faults()
    assert said
    assert all(one.startswith(f"History row {key} of ") for one in said)


def test_a_history_row_removed_is_found(sealed: Sealed) -> None:
    ((key,),) = sealed.tamper(
        "DELETE FROM casework_historicalcase WHERE history_id ="
        " (SELECT min(history_id) FROM casework_historicalcase) RETURNING history_id"
    )
    found = sealed.faults()
    assert any(said.startswith(f"History row {key} of casework_case row ") for said in found)


def test_a_history_row_slipped_in_is_found(sealed: Sealed) -> None:
    names = ", ".join(
        name
        for (name,) in sealed.tamper(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_name = 'staff_historicalteam' AND column_name <> 'history_id'"
        )
    )
    ((key,),) = sealed.tamper(
        f"INSERT INTO staff_historicalteam ({names}) OVERRIDING SYSTEM VALUE"
        f" SELECT {names} FROM staff_historicalteam ORDER BY history_id LIMIT 1"
        " RETURNING history_id"
    )
    assert sealed.faults() == [
        f"staff_historicalteam row {key} was written around the ledger: no link seals it."
    ]


def test_a_row_changed_under_its_history_is_found(sealed: Sealed, told: Story) -> None:
    sealed.tamper("UPDATE casework_case SET stage = 'CLOSED' WHERE id = %s", told.case.pk)
    assert sealed.faults() == [f"casework_case row {told.case.pk} is not what its history says."]


def test_a_row_removed_under_its_history_is_found(sealed: Sealed, told: Story) -> None:
    sealed.tamper("DELETE FROM casework_case WHERE id = %s", told.case.pk)
    assert sealed.faults() == [
        f"casework_case row {told.case.pk} is gone, and its history does not say so."
    ]


def test_a_look_removed_is_found_by_the_entry_left_behind(sealed: Sealed) -> None:
    pk, end = last_read(sealed), sealed.end()
    ((rows,),) = sealed.tamper("SELECT count(*) FROM audit_access")
    sealed.tamper("DELETE FROM audit_access WHERE id = %s", pk)
    assert sealed.faults() == [
        f"audit_access row {pk} is gone (link {end}).",
        f"audit_access has {rows - 1} rows, and the ledger knows of {rows}.",
    ]


def test_a_look_put_in_by_hand_is_found(sealed: Sealed) -> None:
    names = ", ".join(
        name
        for (name,) in sealed.tamper(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_name = 'audit_access' AND column_name <> 'id'"
        )
    )
    ((pk,),) = sealed.tamper(
        f"INSERT INTO audit_access ({names}) SELECT {names} FROM audit_access LIMIT 1 RETURNING id"
    )
    assert sealed.faults() == [
        f"audit_access row {pk} was written around the ledger: no link seals it."
    ]


def test_a_salt_taken_away_hides_nothing(sealed: Sealed) -> None:
    pk = last_read(sealed)
    sealed.tamper("UPDATE audit_access SET actor_name = 'X' WHERE id = %s", pk)
    sealed.tamper(
        "UPDATE ledger.entry e SET salt = NULL FROM ledger.form f WHERE f.id = e.form"
        " AND f.table_name = 'audit_access' AND e.row_id = %s",
        pk,
    )
    (said,) = sealed.faults()
    assert "its salt was taken away" in said
