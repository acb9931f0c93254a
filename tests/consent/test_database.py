"""What the database itself refuses of conversations, whoever writes: the owner too."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from cases.audit.context import acting_as
from cases.consent.models import Said, Talk
from cases.rows import keep
from hatecrime.owner import as_owner
from tests.casework.story import tell
from tests.consent.asking import Asking, directory
from tests.world import World


@pytest.fixture
def kept(own_world: World) -> Asking:
    """One conversation really committed, so that the owner of the tables sees it."""
    asking = directory(tell(own_world).allocated())
    asking.ask({"FACTS": "GIVEN", "IDENTITY": "REFUSED"}, words="Not my name.")
    return asking


@contextmanager
def refused() -> Iterator[Any]:
    with pytest.raises(DatabaseError) as caught, transaction.atomic():
        yield caught


WRITES = [
    "UPDATE consent_said SET reply = 'GIVEN'",
    "UPDATE consent_talk SET until_on = '2099-01-01'",
    "UPDATE consent_talk SET words = ''",
    "DELETE FROM consent_said",
    "DELETE FROM consent_talk",
    "TRUNCATE consent_said",
    "TRUNCATE consent_talk CASCADE",
]


@pytest.mark.parametrize("statement", WRITES)
@pytest.mark.parametrize("who", ["app", "owner"])
def test_what_was_said_is_never_changed(kept: Asking, who: str, statement: str) -> None:
    as_whom = as_owner() if who == "owner" else nullcontext()
    by = kept.story.lead
    with as_whom, refused(), acting_as(by), connection.cursor() as cursor:
        cursor.execute(statement)
    assert dict(Said.objects.values_list("scope", "reply")) == {
        "FACTS": "GIVEN",
        "IDENTITY": "REFUSED",
    }
    assert Talk.objects.get().words == "Not my name."


def test_a_scope_is_answered_once_in_a_conversation(asking: Asking) -> None:
    talk = asking.ask({"FACTS": "REFUSED"})
    with refused(), acting_as(asking.story.lead):
        Said.objects.create(talk=talk, scope="FACTS", reply="GIVEN")


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"until_on": None}, "Say until when."),
        ({"guardian": "Ama Osei"}, "Say why they may answer for the child."),
        ({"decided_by": "Dr Hale"}, "Say who decided, and what is best for them."),
        ({"informed_by": ""}, ""),
        ({"until": "NEVER"}, ""),
        ({"again": "BORED"}, ""),
    ],
)
def test_half_a_conversation_is_not_kept(
    asking: Asking, values: dict[str, Any], sentence: str
) -> None:
    facts = {
        "about": asking.story.victim,
        "agency": asking.police,
        "purpose": "to look into it",
        "asked_by": asking.story.officer,
        "asked_at": asking.story.at(),
        "how": "PHONE",
        "until_on": date(2027, 5, 20),
        "informed_by": "asking 1",
        "recorded_at": asking.story.at(),
    }
    with (
        pytest.raises((ValidationError, DatabaseError), match=sentence or None),
        transaction.atomic(),
        acting_as(asking.story.lead),
    ):
        keep(Talk(**{**facts, **values}))
