"""Call sheets for tests: posting as the page's own form posts."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.test import Client

from cases.access import Role
from cases.intake.choices import Channel, Door
from cases.intake.models import CallSheet
from cases.intake.sheet_operations import start_sheet
from cases.staff.models import User
from tests.world import World


def handler(world: World, name: str = "Joanne Pike") -> User:
    """A call handler of team North."""
    return world.user(Role.CALL_HANDLER, team=world.team(), name=name)


def new_sheet(world: World, user: User, door: Door = Door.VICTIM, **more: Any) -> CallSheet:
    """A sheet just started by this user."""
    at: datetime = more.pop("at", world.now)
    return start_sheet(
        by=world.actor(user),
        at=at,
        key=more.pop("key", uuid.uuid4()),
        door=door,
        channel=Channel.PHONE_INBOUND,
        received_at=more.pop("received_at", at),
        **more,
    )


def address(sheet: CallSheet) -> str:
    return f"/reports/sheets/{sheet.key}/"


def post(client: Client, sheet: CallSheet, do: str = "save", **fields: Any) -> Any:
    """Post some answers (``safe__now`` is ``safe.now``) and press a button."""
    answers = {key.replace("__", "."): value for key, value in fields.items()}
    return client.post(address(sheet), {"do": do, "window": "one", "seen": "0", **answers})


def save(client: Client, sheet: CallSheet, **fields: Any) -> Any:
    """Save as the page's script does."""
    answers = {key.replace("__", "."): value for key, value in fields.items()}
    return client.post(
        address(sheet),
        {"window": "one", "seen": "0", **answers},
        headers={"accept": "application/json"},
    )
