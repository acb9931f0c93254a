"""A database that hangs is answered for by a page: the number to ring and everything typed."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, connections

from tests.intake.sheets import address, handler, new_sheet
from tests.world import World

WORDS = "He said <b>“wait”</b> & O'Brien saw it.\nأمارة"


@contextmanager
def stopped() -> Iterator[None]:
    """This process's connection gets no answer for as long as the block lasts."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    os.kill(backend, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(backend, signal.SIGCONT)
        connections.close_all()


@pytest.mark.parametrize("do", ["save", "send"])
def test_a_form_is_given_back_and_can_be_sent_again(
    own_database: str, own_world: World, settings: Any, do: str
) -> None:
    own_world.policy()
    user = handler(own_world)
    sheet = new_sheet(own_world, user)
    client = own_world.client(user, raise_request_exception=False)
    settings.DATABASE_PATIENCE = 0.5
    typed = {"incident-1.words": WORDS, "why.caller": "YES", "who.postcode": "NN99 4QT", "do": do}
    with stopped():
        began = time.monotonic()
        answer = client.post(address(sheet), typed)
        took = time.monotonic() - began
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "30"
    assert took < 30, "it waited for more than one answer that does not come"
    page = answer.content.decode()
    assert "ring the duty manager on" in page
    assert "&lt;b&gt;“wait”&lt;/b&gt; &amp; O&#x27;Brien saw it." in page
    assert f'action="{address(sheet)}"' in page

    settings.DATABASE_PATIENCE = 60
    again = client.post(address(sheet), dict(answer.context["typed"]))
    assert again.status_code == 302
    assert sheet.answers.get(question="incident-1.words").value == WORDS


def test_a_page_says_whom_to_ring(own_database: str, own_world: World, settings: Any) -> None:
    user = handler(own_world)
    client = own_world.client(user, raise_request_exception=False)
    settings.DATABASE_PATIENCE = 0.5
    with stopped():
        answer = client.get("/")
    assert answer.status_code == 503
    assert "ring the duty manager on" in answer.content.decode()
    settings.DATABASE_PATIENCE = 60
    assert client.get("/").status_code == 200
