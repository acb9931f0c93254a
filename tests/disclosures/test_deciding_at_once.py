"""Four deciders at once, round after round: one decision each, the others told (bar row 28).

``make soak ARGS=deciders`` does the 250 rounds the bar names; here there are a few.
"""

from __future__ import annotations

import os
import threading
from collections import Counter
from datetime import timedelta
from typing import Any

from cases.access import Role
from cases.audit.models import Event
from cases.disclosures import deciding
from cases.disclosures.models import Decision, Request
from tests.casework.test_races import at_once
from tests.disclosures.deciding import REASON, desk_of
from tests.world import World

ROUNDS = int(os.environ.get("DECIDING_ROUNDS", "4"))
VERDICTS = ("APPROVE", "DECLINE", "APPROVE", "DECLINE")


def test_four_at_once_make_one_decision_each_round(own_world: World) -> None:
    desk = desk_of(own_world)
    other = own_world.user(Role.DIRECTOR_CO, name="Una Park")
    acting = [
        desk.delegate(days=27, user=own_world.user(Role.CASE_MANAGER, name=name))
        for name in ("Rosa Quill", "Ivo Stam")
    ]
    people = [desk.director, other, *acting]
    ended: Counter[str] = Counter()
    for number in range(ROUNDS):
        at = desk.now + timedelta(minutes=number)
        request = desk.asked(by=desk.by(desk.officer(), at), at=at)
        assert request.file is not None
        gate, seal, pk = threading.Barrier(len(people)), request.file.seal, request.pk

        def decide(who: Any, verdict: str, at: Any = at, seal: str = seal, pk: int = pk) -> Any:
            by, row = who.actor(at), Request.objects.get(pk=pk)
            gate.wait()  # noqa: B023 (of this round)
            return deciding.decide(
                by=by, at=at, request=row, verdict=verdict, reason=REASON, seal=seal
            )

        found = at_once(
            [
                lambda who=who, verdict=verdict: decide(who, verdict)
                for who, verdict in zip(people, VERDICTS, strict=True)
            ]
        )
        ended.update(type(one).__name__ for one in found)
        request.refresh_from_db()
        (won,) = [one for one in found if isinstance(one, Decision)]
        assert request.state == {"APPROVE": "APPROVED", "DECLINE": "DECLINED"}[won.verdict]
    assert ended == {"Decision": ROUNDS, "AlreadyDecided": 3 * ROUNDS}
    assert Decision.objects.count() == ROUNDS
    verbs = ["disclosure.approved", "disclosure.declined"]
    assert Event.objects.filter(verb__in=verbs).count() == ROUNDS
    print(f"{ROUNDS} rounds, {len(people)} deciders: {dict(ended)}")
