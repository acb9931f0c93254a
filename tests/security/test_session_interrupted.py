"""A session ended elsewhere while a request is being answered: signed out, and nothing lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.decorators import login_not_required
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.urls import path

from cases.access import Role
from hatecrime.urls import handler400, handler403, handler404, handler500
from hatecrime.urls import urlpatterns as ours
from tests.world import World

__all__ = ["handler400", "handler403", "handler404", "handler500"]


@login_not_required
def ended_meanwhile(request: HttpRequest) -> HttpResponse:
    """What happens when somebody signs this person out everywhere at this very moment."""
    Session.objects.all().delete()
    request.session["something"] = "new"
    return HttpResponse("done")


urlpatterns = [path("meanwhile/", ended_meanwhile), *ours]


@pytest.fixture
def client(world: World, settings: Any) -> Any:
    settings.ROOT_URLCONF = __name__
    officer = world.user(Role.HOUSING_OFFICER)
    return world.client(officer, raise_request_exception=False)


def test_a_page_asks_them_to_sign_in_and_comes_back(client: Any) -> None:
    answer = client.get("/meanwhile/?page=2")
    assert answer.status_code == 302
    assert answer.url == "/account/login/?next=/meanwhile/%3Fpage%3D2"


def test_what_was_typed_is_given_back(client: Any) -> None:
    answer = client.post("/meanwhile/", {"text": "He shouted at <b>us</b>", "password": "secret"})
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "You are signed out." in page
    assert "He shouted at &lt;b&gt;us&lt;/b&gt;" in page
    assert "secret" not in page
    assert 'action="/meanwhile/"' in page


def test_a_page_that_saves_by_itself_is_told(client: Any) -> None:
    answer = client.post(
        "/meanwhile/", {"text": "He shouted"}, headers={"Accept": "application/json"}
    )
    assert (answer.status_code, answer.json()) == (401, {"signed_out": True})
