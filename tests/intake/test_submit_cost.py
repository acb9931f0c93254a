"""What sending a report asks of the database: a number of statements that does not creep up."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.people.choices import MemberRelation
from tests.bench.work import TOLD
from tests.intake.sheets import address
from tests.scenarios.story import MOVED_IN, Story, keys
from tests.world import World

# Bar section 6: twelve times one insert in a transaction and a redirect.  110 at first; what the
# repeat and risk engines settle after it is among them.
MOST_FOR_A_STRANGER = 60
MOST_FOR_A_HOUSEHOLD = 85


@pytest.fixture
def story(world: World) -> Story:
    return Story(world)


def sent(story: Story, told: dict[str, Any]) -> list[str]:
    """The statements of the request that sends a sheet, transactions' own aside."""
    received = timezone.now() - timedelta(minutes=20)
    sheet = story.sheet(told, received=received)
    client = story.world.client(story.handler)
    client.get("/")
    with CaptureQueriesContext(connection) as asked:
        answer = client.post(address(sheet), {"do": "send"})
    assert answer.url.startswith("/reports/R-"), answer.status_code
    statements = [row["sql"] for row in asked.captured_queries]
    return [sql for sql in statements if not re.match("SAVEPOINT|RELEASE|BEGIN|COMMIT", sql)]


def test_a_report_of_somebody_new(story: Story) -> None:
    statements = sent(story, dict(TOLD))
    assert len(statements) <= MOST_FOR_A_STRANGER, "\n".join(sql[:200] for sql in statements)
    written = [sql for sql in statements if 'INTO "audit_event"' in sql]
    assert len(written) == 1
    assert written[0].count("'report.submitted'") == 1
    # Row history is the database's own to write.
    assert not any("_historical" in sql for sql in statements)
    for read_once in ("policy_setting", "policy_bankholiday", "policy_policyversion"):
        assert sum(f'FROM "{read_once}"' in sql for sql in statements) == 1, read_once
    # The new case is ours from its first moment: nobody else can have changed it.
    assert not [sql for sql in statements if 'FROM "casework_case"' in sql and "FOR NO KEY" in sql]


def test_a_report_of_a_household_we_know(story: Story) -> None:
    home = story.home()
    tenant = story.tenant("Amara Osei", home)
    for number, name in enumerate(("Kofi Osei", "Esi Osei", "Yaw Osei")):
        story.with_them(tenant, name, MemberRelation.CHILD, MOVED_IN.replace(year=2012 + number))
    told = {
        **TOLD,
        **keys("who", person=tenant.reference),
        **keys("incident-1", place="VICTIM_HOME", types=["DAMAGE", "VERBAL"]),
    }
    first = sent(story, told)
    assert len(first) <= MOST_FOR_A_HOUSEHOLD, "\n".join(sql[:200] for sql in first)
