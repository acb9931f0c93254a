"""What was decided, sent, said and rung is never altered: not by the application, nor the owner."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection

from cases.disclosures import (
    after_operations,
    deciding,
    emergency_operations,
    phone_operations,
)
from cases.disclosures.models import Alert
from tests import databases
from tests.disclosures.deciding import Desk, desk_of
from tests.disclosures.packs import sent
from tests.world import World

TABLES = [
    "decision",
    "message",
    "emergency",
    "emergencyreview",
    "afterwards",
    "alert",
    "packfile",
    "send",
]
STAY = ["request", "phoneapproval", "pack", "packitem"]


def _lived(desk: Desk) -> None:
    """One row of everything that is kept."""
    request = desk.asked(urgent=True)
    later = desk.now + timedelta(minutes=9)
    deciding.ask_question(by=desk.by(desk.director), at=later, request=request, words="Who?")
    phone_operations.record_phone_approval(
        by=desk.boss,
        at=later,
        request=request,
        director=desk.director,
        called_at=later,
        words="Yes.",
    )
    send = sent(desk.send(request, later))
    phone_operations.confirm_phone(
        by=desk.by(desk.director), at=later, phone=request.phone, words="Yes."
    )
    call = emergency_operations.record_emergency(
        by=desk.lead,
        at=later,
        case=desk.case,
        rung_at=later,
        rung_by="Dawn",
        why="Petrol.",
        said="Where.",
    )
    emergency_operations.review_emergency(
        by=desk.by(desk.director), at=later, emergency=call, verdict="RIGHT", words="Right."
    )
    after_operations.record_afterwards(
        by=desk.lead, at=later, about=send, kind="TOLD", happened_at=later, words="Told."
    )
    assert Alert.objects.exists()


def test_nothing_kept_is_altered_by_anybody(own_world: World) -> None:
    _lived(desk_of(own_world))
    name = connection.settings_dict["NAME"]
    with databases.as_owner(name) as owner:
        for table in TABLES:
            _refused(owner, f"UPDATE disclosures_{table} SET id = id")
            _refused(owner, f"DELETE FROM disclosures_{table}")
            _refused(owner, f"TRUNCATE disclosures_{table} CASCADE")
        for table in STAY:
            _refused(owner, f"DELETE FROM disclosures_{table}")
            _refused(owner, f"TRUNCATE disclosures_{table} CASCADE")


def _refused(owner: Any, statement: str) -> None:
    table = statement.split("disclosures_")[1].split()[0]
    (count,) = owner.execute(f"SELECT count(*) FROM disclosures_{table}").fetchone()
    assert count, f"no row of {table} to try it on"
    owner.execute("SELECT set_config('app.actor', 'the owner', false)")
    with pytest.raises(psycopg.errors.RaiseException):
        owner.execute(statement)
