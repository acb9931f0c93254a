"""Addresses nobody should have asked for: answered calmly, and not written down."""

from __future__ import annotations

import json
import logging

import pytest
from django.test import Client

from cases.access import Role
from hatecrime.logs import OneLine
from tests.world import World

ODD = ("%00", "HC-2026-%00", "%ED%A0%80", "%E2%80%AE", "9" * 60, "'%22%3E", "..%2f..%2fetc")
PLACES = (
    "/cases/{}/",
    "/cases/{}/history/",
    "/cases/HC-2026-2222/duties/{}/",
    "/reports/{}/",
    "/reports/sheets/{}/",
    "/people/{}/",
    "/settings/{}/",
    "/same-incident/{}/",
    "/{}",
)


@pytest.mark.parametrize("odd", ODD)
def test_an_odd_address_is_not_found(world: World, odd: str) -> None:
    client = world.client(world.user(Role.CASE_MANAGER, Role.SYSADMIN))
    client.raise_request_exception = False
    answers = {place: client.get(place.format(odd)).status_code for place in PLACES}
    assert set(answers.values()) <= {404}, answers


@pytest.mark.parametrize(
    ("address", "host"),
    [("/people/Amara-Osei-canary/", "testserver"), ("/", "Amara-Osei-canary.example")],
)
def test_no_address_or_host_is_written_to_the_log(
    world: World, address: str, host: str, caplog: pytest.LogCaptureFixture
) -> None:
    client = world.client(world.user(Role.CASE_MANAGER))
    client.raise_request_exception = False
    with caplog.at_level(logging.DEBUG):
        client.get(address, headers={"host": host})
    lines = [OneLine().format(record) for record in caplog.records]
    assert [json.loads(line)["message"] for line in lines]
    assert "canary" not in "".join(lines)


def test_a_host_that_is_not_ours_is_refused(world: World) -> None:
    for host in ("evil.example", "127.0.0.1.evil.example", "testserver@evil.example"):
        answer = Client(raise_request_exception=False).get(
            "/account/login/", headers={"host": host}
        )
        assert answer.status_code == 400, host
