"""Steps on the call sheet that several journeys take, by what the screen offers."""

from __future__ import annotations

from typing import Any

from cases.access import Role
from tests.browsing import Site, sign_in


def start_call(page: Any, site: Site, door: str = "It happened to the caller") -> None:
    """Sign in as the call handler and start a sheet."""
    sign_in(page, site, Role.CALL_HANDLER)
    page.goto("/reports/new/")
    page.get_by_role("button", name=door).click()
    page.wait_for_url("**/reports/sheets/**")


def choose(page: Any, question: str, answer: str) -> None:
    """Tick an answer of a question, by the words beside it."""
    place = page.locator(f'[id="ask-{question}"]')
    place.get_by_label(answer, exact=True).check()


def write(page: Any, question: str, words: str) -> None:
    """Write in the box of a question."""
    page.locator(f'[id="id_{question}"]').fill(words)


def kept(page: Any) -> None:
    """Wait until the bar says that all is saved, and nothing is on its way."""
    bar = page.locator('form[data-unsaved="0"] [data-saved="saved"]')
    bar.wait_for(state="attached")


def press(page: Any, name: str) -> None:
    """Press a button and wait for what follows."""
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_load_state()
