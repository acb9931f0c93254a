"""The ritual of every page: it works, outsiders sign in, no right says why, wrong verb is 405."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client

from cases.audit.models import Access, Event, Outcome
from cases.staff.models import User
from tests.world import World

VERBS = ("get", "post", "put", "patch", "delete")


def without_token(response: Any) -> str:
    """The page without the form token, which differs every time."""
    return re.sub(r'csrfmiddlewaretoken" value="\w+"', "", response.content.decode())


def signed_out(address: str) -> None:
    """Nobody sees it without signing in, and what they send does nothing.

    A form sent without a session is given back with the way to sign in.
    """
    for verb in ("get", "head"):
        response = getattr(Client(), verb)(address)
        assert response.status_code == 302, (verb, response.status_code)
        assert response.headers["Location"].startswith("/account/login/")
    before = Event.objects.count()
    given_back = Client().post(address, {"typed": "words"})
    assert given_back.status_code == 403
    assert "You are signed out." in given_back.content.decode()
    assert Event.objects.count() == before


def no_right(world: World, user: User, address: str, sentence: str, verb: str = "get") -> None:
    """403 with the sentence, and a refused row on the ledger."""
    before = Access.objects.filter(outcome=Outcome.DENIED).count()
    response = getattr(world.client(user), verb)(address)
    assert response.status_code == 403
    assert sentence in response.content.decode()
    denied = Access.objects.filter(outcome=Outcome.DENIED, actor_id=user.pk)
    assert denied.count() == before + 1


def wrong_verbs(world: World, user: User, address: str, *allowed: str) -> None:
    """Every verb the page does not answer is 405 and changes nothing."""
    client = world.client(user)
    for verb in VERBS:
        if verb not in allowed:
            assert getattr(client, verb)(address).status_code == 405, verb


def ritual(
    world: World,
    *,
    allowed: User,
    refused: User,
    address: str,
    sentence: str,
    verbs: tuple[str, ...] = ("get",),
) -> Any:
    """All four; returns the page as shown to somebody allowed, by the first of ``verbs``."""
    signed_out(address)
    for verb in verbs:
        no_right(world, refused, address, sentence, verb)
    wrong_verbs(world, allowed, address, *verbs)
    response = getattr(world.client(allowed), verbs[0])(address)
    assert response.status_code == 200, response.status_code
    return response
