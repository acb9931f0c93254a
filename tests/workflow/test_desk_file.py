"""The page on the Director's desk is the page that was made, or it is said that it is not."""

from __future__ import annotations

import time_machine
from django.db import connection
from django.urls import reverse

from tests import databases
from tests.casework.story import tell
from tests.workflow.asked import ask
from tests.world import World


def test_a_file_that_was_altered_is_not_shown_and_says_so(own_world: World) -> None:
    asking = ask(tell(own_world))
    address = reverse("workflow:decision-page", args=[asking.request.pk])
    client = own_world.client(asking.director, raise_request_exception=False)
    with time_machine.travel(asking.at(minutes=48), tick=False):
        assert client.get(address).status_code == 200
        with databases.as_superuser(str(connection.settings_dict["NAME"])) as server:
            server.execute("SET session_replication_role = replica")
            server.execute("UPDATE disclosures_packfile SET content = 'another'")
        answer = client.get(address)
    assert answer.status_code == 403
    assert "Tell the data protection officer at once" in answer.content.decode()
