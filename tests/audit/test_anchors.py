"""Anchors: a signed line for where the ledger ended, in a file that only grows."""

from __future__ import annotations

import io
import json
import os
import stat
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from cases.audit.anchors import CannotAnchor, anchor, anchor_soon, stamp, tip
from cases.audit.signing import lines, make_key, parse, public_key, read_key, sign
from cases.audit.verifying import Asked, verify
from tests.audit.tampering import Sealed
from tests.world import World


def seconds(number: float) -> datetime:
    return timezone.now() + timedelta(seconds=number)


def written(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines(path)]


def test_a_line_says_where_the_ledger_ends_and_is_signed(sealed: Sealed) -> None:
    (line,) = lines(sealed.anchors)
    said = json.loads(line)
    assert list(said) == ["time", "seq", "hash", "previous", "key", "signature"]
    assert (said["seq"], said["hash"], said["previous"]) == (sealed.end(), tip().hash.hex(), "")
    assert parse(line).is_genuine()


@pytest.mark.parametrize("field", ["time", "seq", "hash", "previous"])
def test_nothing_of_a_line_can_be_altered(sealed: Sealed, field: str) -> None:
    (said,) = written(sealed.anchors)
    other = {"time": "2026-01-01T00:00:00+00:00", "seq": 1, "hash": "00" * 32, "previous": "00"}
    line = json.dumps({**said, field: other[field]}).encode()
    assert not parse(line).is_genuine()
    sealed.anchors.write_bytes(line + b"\n")
    assert "Line 1 of the anchors is not signed by a key of ours." in sealed.faults(anchored=True)
    with pytest.raises(CannotAnchor, match="signature is not genuine"):
        anchor(at=seconds(0))


def test_the_file_and_the_key_are_their_owners_alone(sealed: Sealed, settings: Any) -> None:
    for path in (sealed.anchors, Path(settings.LEDGER_KEY)):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_it_only_grows_when_the_ledger_has_or_half_a_day_has_gone(
    sealed: Sealed, own_world: World
) -> None:
    first = sealed.anchors.read_bytes()
    assert anchor(at=seconds(11 * 3600)) is None
    quiet = anchor(at=seconds(12 * 3600 + 5))
    assert quiet is not None
    own_world.team("South")
    grown = anchor(at=seconds(12 * 3600 + 6))
    assert grown is not None
    assert (quiet.seq, grown.seq) == (sealed.end() - 1, sealed.end())
    assert sealed.anchors.read_bytes().startswith(first)
    assert [one["seq"] for one in written(sealed.anchors)] == [quiet.seq, quiet.seq, grown.seq]
    assert sealed.faults(anchored=True) == []


def test_a_line_taken_out_shows(sealed: Sealed, own_world: World) -> None:
    for name in ("South", "West"):
        own_world.team(name)
        anchor(at=timezone.now())
    first, _, last = lines(sealed.anchors)
    sealed.anchors.write_bytes(first + b"\n" + last + b"\n")
    assert sealed.faults(anchored=True) == [
        "Line 2 of the anchors does not follow the one before it."
    ]


def test_another_key_is_not_ours(sealed: Sealed, settings: Any, tmp_path: Path) -> None:
    other = make_key(tmp_path / "other.pem")
    (line,) = lines(sealed.anchors)
    forged = sign(other, tip(), at=seconds(0), after=line).line()
    sealed.anchors.write_bytes(line + b"\n" + forged + b"\n")
    assert sealed.faults(anchored=True) == ["Line 2 of the anchors is not signed by a key of ours."]
    assert public_key(other) not in (public_key(read_key(Path(settings.LEDGER_KEY))), "")


def test_half_a_line_that_a_crash_left_harms_nothing(sealed: Sealed, own_world: World) -> None:
    own_world.team("South")
    with sealed.anchors.open("ab") as file:
        file.write(b'{"time": "2026-11-2')
    half = sealed.faults(anchored=True)
    assert half == ["Line 2 of the anchors is no anchor, or half of one. It is the last."]
    anchor(at=timezone.now())
    assert sealed.faults(anchored=True) == []
    own_world.team("West")
    assert anchor(at=timezone.now()) is not None
    assert len(list(lines(sealed.anchors))) == 4
    assert sealed.faults(anchored=True) == []


def test_it_refuses_a_ledger_that_was_cut_and_writes_nothing(sealed: Sealed) -> None:
    before, end = sealed.anchors.read_bytes(), sealed.end()
    sealed.forget(end)
    sealed.hash_again()
    cut = f"The ledger has been cut: it ends at {end - 1}, anchored was {end}."
    with pytest.raises(CommandError, match=cut) as refused:
        call_command("anchor_ledger")
    assert refused.value.returncode == 1
    assert sealed.anchors.read_bytes() == before


def test_it_refuses_another_chain_and_writes_nothing(sealed: Sealed, own_world: World) -> None:
    before, end = sealed.anchors.read_bytes(), sealed.end()
    sealed.tamper("UPDATE ledger.link SET purpose = 'other' WHERE seq = 1")
    sealed.hash_again()
    other = f"Link {end} of the ledger is not the one that was anchored."
    with pytest.raises(CannotAnchor, match=other):
        anchor(at=timezone.now())
    own_world.team("South")
    with pytest.raises(CannotAnchor, match=other):
        anchor(at=timezone.now())
    assert sealed.anchors.read_bytes() == before


def test_after_a_backup_was_brought_back_it_goes_on_and_says_so(
    sealed: Sealed, own_world: World
) -> None:
    """A backup is the chain as it was: shorter than what was anchored since."""
    end = sealed.end()
    sealed.forget(end)
    sealed.hash_again()
    call_command("anchor_ledger", recovered="RESTORED-BACKUP", stdout=io.StringIO())
    own_world.team("South")
    own_world.team("West")
    call_command("anchor_ledger", stdout=io.StringIO())
    assert [one.get("recovered") for one in written(sealed.anchors)] == [
        None,
        "RESTORED-BACKUP",
        None,
    ]
    assert sealed.faults(anchored=True) == []
    said = notes(sealed)
    assert f"The ledger was brought back at link {end - 1} on " in said
    assert "(RESTORED-BACKUP), and 1 earlier anchors no longer fit." in said
    # What the backup kept is held by the anchors still.
    sealed.tamper("UPDATE ledger.link SET purpose = 'other' WHERE seq = 1")
    sealed.hash_again()
    assert len(sealed.faults(anchored=True)) == 1


def notes(sealed: Sealed) -> str:
    return " ".join(verify(Asked(sealed.auditor, sealed.anchors), timezone.now(), print).notes)


def test_nothing_to_recover_from_and_no_words_about_people(sealed: Sealed) -> None:
    before = sealed.anchors.read_bytes()
    for reason, why in (
        ("RESTORED-BACKUP", "nothing to recover from"),
        ("because Amara rang", "A reason is a code"),
    ):
        with pytest.raises(CommandError, match=why):
            call_command("anchor_ledger", recovered=reason)
    assert sealed.anchors.read_bytes() == before


def test_a_decision_is_anchored_once_it_is_committed(sealed: Sealed, own_world: World) -> None:
    with transaction.atomic():
        own_world.team("South")
        anchor_soon()
        assert len(written(sealed.anchors)) == 1
    assert [one["seq"] for one in written(sealed.anchors)] == [sealed.end() - 1, sealed.end()]
    with transaction.atomic():
        anchor_soon()
        transaction.set_rollback(True)
    assert len(written(sealed.anchors)) == 2


def test_a_decision_stands_where_it_cannot_be_anchored(
    sealed: Sealed, own_world: World, caplog: Any
) -> None:
    sealed.anchors.write_bytes(b"nonsense\n")
    with transaction.atomic():
        team = own_world.team("South")
        anchor_soon()
    assert team.pk
    assert "The ledger was not anchored after a decision." in caplog.text


def test_production_makes_no_key_by_itself(own_database: str, anchors: Path, settings: Any) -> None:
    settings.LOCAL_HTTP = False
    with pytest.raises(CommandError, match="There is no signing key at "):
        call_command("anchor_ledger")
    assert not Path(settings.LEDGER_KEY).exists()
    made = io.StringIO()
    call_command("anchor_ledger", make_key=True, stdout=made)
    shown = io.StringIO()
    call_command("anchor_ledger", show_key=True, stdout=shown)
    assert made.getvalue() == shown.getvalue()
    assert len(made.getvalue().strip()) == 64
    with pytest.raises(CommandError, match="cannot be made: File exists"):
        call_command("anchor_ledger", make_key=True)
    call_command("anchor_ledger", stdout=io.StringIO())
    assert written(anchors)[0]["key"] == made.getvalue().strip()


def test_no_file_to_anchor_in_is_a_sentence(
    own_database: str, anchors: Path, settings: Any
) -> None:
    settings.LEDGER_ANCHORS = ""
    with pytest.raises(CommandError, match="LEDGER_ANCHORS is not set"):
        call_command("anchor_ledger")
    settings.LEDGER_ANCHORS = os.devnull + "/anchors"
    with pytest.raises(CommandError, match=r"/dev/null.* cannot be used: "):
        call_command("anchor_ledger")


def test_the_stamp_on_paper_is_the_end_of_the_ledger(sealed: Sealed) -> None:
    (said,) = written(sealed.anchors)
    assert stamp() == f"{said['seq']}-{said['hash'][:12]}"
    with connection.cursor() as cursor:  # as the application, which may read no more of it
        cursor.execute("SELECT current_user, has_table_privilege('ledger.entry', 'SELECT')")
        assert cursor.fetchone() == ("hatecrime_app", False)
