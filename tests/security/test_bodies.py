"""Bodies nobody should send, met where production meets them: at the check of the form's token."""

from __future__ import annotations

import pytest
from django.test import Client

from cases.access import Role
from tests.world import BACKEND, World


@pytest.mark.parametrize("what", ["a megabyte", "10,000 fields"])
@pytest.mark.parametrize("signed_in", [True, False])
def test_too_much_is_said_to_be_too_much(world: World, what: str, signed_in: bool) -> None:
    user = world.user(Role.CALL_HANDLER) if signed_in else None
    client = world.client(user, enforce_csrf_checks=True, raise_request_exception=False)
    much = {"text": "é" * 600_000} if what == "a megabyte" else {f"f{n}": "1" for n in range(10**4)}
    answer = client.post("/people/" if signed_in else "/account/login/", much)
    assert answer.status_code == 413
    assert "Cache-Control" in answer.headers


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\n\0"),
        ("application/x-www-form-urlencoded; charset=utf-7", b"a=+AD4-"),
        ("application/x-www-form-urlencoded; charset=nonsense", b"a=b"),
        ("application/json", b'{"a": "\\ud800"}'),
        ("", b"\xff\xfe\0"),
    ],
)
def test_a_body_that_is_no_form_is_refused(world: World, kind: str, body: bytes) -> None:
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(world.user(Role.CALL_HANDLER), backend=BACKEND)
    for address in ("/people/", "/search/", "/reports/new/", "/account/login/"):
        answer = client.generic("POST", address, body, content_type=kind)
        assert 400 <= answer.status_code < 500, (address, answer.status_code)
