"""Asking and taking back at once: the last word kept is the one that counts, and it is whole."""

from __future__ import annotations

import pytest

from cases.casework.models import Involvement
from cases.consent.models import Said, Talk
from tests.casework.story import tell
from tests.casework.test_races import at_once
from tests.consent.asking import ALL, Asking, directory
from tests.world import World


@pytest.fixture
def kept(own_world: World) -> Asking:
    """A yes to everything, really committed, where two connections meet."""
    asking = directory(tell(own_world).allocated())
    asking.ask(dict.fromkeys(ALL, "GIVEN"))
    return asking


def fresh(asking: Asking) -> Involvement:
    """Amara's part as another request would load it."""
    return Involvement.objects.select_related("case").get(pk=asking.story.victim.pk)


def test_taken_back_ten_times_at_once_is_taken_back_once(kept: Asking) -> None:
    jobs = [lambda: kept.withdraw(*ALL, about=fresh(kept))] * 10
    done = [one for one in at_once(jobs) if one is not None]
    assert len(done) == 1, done
    assert Talk.objects.filter(withdrawal=True).count() == 1
    assert kept.may() == set()


def test_asking_while_it_is_taken_back_ends_as_the_last_word_kept(kept: Asking) -> None:
    """Whichever came second stands whole; what was asked about elsewhere is not touched."""
    ask = [lambda: kept.ask({"HEALTH": "GIVEN"}, about=fresh(kept))] * 3
    back = [lambda: kept.withdraw(*ALL, about=fresh(kept))] * 3
    results = at_once([*ask, *back])
    unexpected = [one for one in results if isinstance(one, Exception) and "again" not in str(one)]
    assert not unexpected, "asked after it was taken back: refused for want of a reason"
    newest = {one.scope: one.reply for one in Said.objects.order_by("talk_id", "id")}
    expected = {scope for scope, reply in newest.items() if reply == "GIVEN"}
    assert kept.may() == expected == set()


def test_two_officers_asking_at_once_keep_two_conversations(kept: Asking) -> None:
    jobs = [
        lambda: kept.ask({"FACTS": "GIVEN"}, about=fresh(kept), agency=kept.council),
        lambda: kept.ask({"FACTS": "REFUSED"}, about=fresh(kept), agency=kept.council),
    ]
    results = at_once(jobs)
    answered = [one for one in results if isinstance(one, Talk)]
    # The refusal first: then the yes needs a reason, and is not kept.
    assert answered
    last = Said.objects.filter(talk__agency=kept.council).order_by("talk_id").last()
    assert last is not None
    assert kept.may(agency=kept.council) == ({"FACTS"} if last.reply == "GIVEN" else set())
