"""The database goes away in the middle of a call: what was typed comes back, to be sent again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, connections

from cases.intake.queries import kept_answers
from tests import databases
from tests.intake.sheets import address, handler, new_sheet, post, save
from tests.world import World

WORDS = "He said he would be back tonight. “Wait and see.”\n\nأمارة & O'Brien"


@contextmanager
def gone() -> Iterator[None]:
    """Nobody gets a connection to this test's database."""
    name = connection.settings_dict["NAME"]
    connections.close_all()
    with databases.as_owner("postgres") as admin:
        admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )
        try:
            yield
        finally:
            admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
            connections.close_all()


@pytest.mark.parametrize("do", ["save", "send"])
def test_the_words_come_back_and_can_be_sent_again(
    own_database: str, own_world: World, do: str
) -> None:
    own_world.policy()
    user = handler(own_world)
    sheet = new_sheet(own_world, user)
    client = own_world.client(user, raise_request_exception=False)
    fields = {"incident-1__words": WORDS, "why__caller": "YES", "who__postcode": "NN99 4QT"}

    with gone():
        answer = post(client, sheet, do=do, note="a line", **fields)
        told = save(client, sheet, **fields)

    assert answer.status_code == told.status_code == 503
    page = answer.content.decode()
    assert "What you sent is not saved yet. It is kept on this page." in page
    assert "ring the duty manager on" in page
    assert f'action="{address(sheet)}"' in page
    typed = dict(answer.context["typed"]) if answer.context else None
    assert typed is not None
    assert typed["incident-1.words"] == WORDS
    assert typed["who.postcode"] == "NN99 4QT"
    assert "csrfmiddlewaretoken" not in typed

    again = client.post(address(sheet), typed)
    assert again.status_code == 302
    assert again.url.startswith("/reports/R-" if do == "send" else address(sheet))
    assert kept_answers(sheet)["incident-1.words"] == WORDS
    assert sheet.lines.get().text == "a line"
