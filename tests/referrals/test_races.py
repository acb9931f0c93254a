"""A withdrawal while a referral is being sent: it went before, or it was stopped; never both."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cases.access import Refused
from cases.audit.models import Event
from cases.audit.verbs import Verb
from cases.casework.models import Case
from cases.consent.choices import Again
from cases.consent.models import Said
from cases.disclosures.models import Blocked, Send
from cases.referrals import operations
from cases.referrals.choices import ReferralState
from cases.referrals.models import Referral
from tests.casework.story import tell
from tests.casework.test_races import at_once
from tests.referrals.making import Referring, directory
from tests.world import World


@pytest.fixture
def committed(own_world: World) -> Referring:
    """The case in a database of its own, where connections meet."""
    return directory(tell(own_world))


ROUNDS = 8


def test_withdrawn_while_it_is_sent(committed: Referring) -> None:
    for number in range(ROUNDS):
        asked, at = committed.at(minutes=40 + 2 * number), committed.at(minutes=41 + 2 * number)
        committed.permit(at=asked, again=Again.REVIEW if number else "")
        referral = committed.start()
        committed.fill(referral)
        committed.ready(referral)

        def send(pk: int = referral.pk) -> object:
            found = Referral.objects.select_related("case", "pack").get(pk=pk)
            return committed.send(found, at)  # noqa: B023 (used before the next round)

        def withdraw() -> None:
            case = Case.objects.get()
            committed.story.victim.case = case
            committed.withdraw("IDENTITY", at=at)  # noqa: B023

        order: list[Callable[[], Any]] = [send, withdraw] if number % 2 else [withdraw, send]
        results = at_once(order)
        for result in results:
            assert result is None or isinstance(result, Send | Blocked | Refused), repr(result)
        referral.refresh_from_db()
        gone = Send.objects.filter(pack=referral.pack_id).exists()
        assert referral.state == (ReferralState.SENT if gone else ReferralState.REVOKED)
        assert referral.pack.__class__.objects.get(pk=referral.pack_id).state == (
            "GONE" if gone else "STOPPED"
        )
        assert Said.objects.filter(reply="WITHDRAWN", scope="IDENTITY").count() == number + 1
    events = Event.objects.filter(verb__in=[Verb.REFERRAL_SENT, Verb.REFERRAL_REVOKED])
    assert events.count() == ROUNDS


def test_four_presses_of_send_send_once(committed: Referring) -> None:
    referral = committed.queued()

    def send() -> object:
        found = Referral.objects.select_related("case", "pack").get(pk=referral.pk)
        return committed.send(found)

    results = at_once([send] * 4)
    assert sum(isinstance(result, Send) for result in results) == 1
    assert sum(isinstance(result, Refused) for result in results) == 3
    assert Send.objects.count() == 1
    assert Event.objects.filter(verb=Verb.REFERRAL_SENT).count() == 1


def test_accepted_and_declined_at_once_is_one_answer(committed: Referring) -> None:
    referral = committed.sent()
    at = committed.at(days=1)

    def answer(accept: bool) -> object:
        found = Referral.objects.select_related("case", "pack").get(pk=referral.pk)
        facts = {"by": committed.story.lead, "at": at, "referral": found}
        said = {"answered_on": at.date(), "answered_by": "Jo"}
        if accept:
            return operations.accept_referral(**facts, **said)  # type: ignore[arg-type]
        return operations.decline_referral(**facts, **said, why="Full.")  # type: ignore[arg-type]

    results = at_once([lambda: answer(True), lambda: answer(False)])
    assert sum(isinstance(result, Refused) for result in results) == 1
    answered = [Verb.REFERRAL_ACCEPTED, Verb.REFERRAL_DECLINED]
    assert Event.objects.filter(verb__in=answered).count() == 1
