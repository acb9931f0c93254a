"""A hand that has only a keyboard."""

from __future__ import annotations

from typing import Any

STOP = """() => {
    const at = document.activeElement || document.body;
    const label = at.labels && at.labels[0] ? at.labels[0].innerText : "";
    return (at.getAttribute("aria-label") || label || at.innerText || at.id || "").trim();
}"""
SHOWN = """() => {
    const style = getComputedStyle(document.activeElement);
    const drawn = (each) => each.outlineStyle !== "none" || each.boxShadow !== "none";
    const before = document.activeElement.nextElementSibling;
    return drawn(style) || Boolean(before && drawn(getComputedStyle(before, "::before")));
}"""
MOST = 90


def stop(page: Any) -> str:
    """The words of what the keyboard is at."""
    return str(page.evaluate(STOP))


def stops(page: Any, within: str = "main") -> list[str]:
    """Every stop of a part of the page in the order Tab takes, each seen to have the focus."""
    page.evaluate("document.activeElement.blur()")
    said = []
    for _ in range(MOST):
        page.keyboard.press("Tab")
        inside = page.evaluate(f"() => Boolean(document.activeElement.closest({within!r}))")
        if inside:
            said.append(stop(page))
            assert page.evaluate(SHOWN), f"nothing shows that {said[-1]!r} has the focus"
        elif said:
            return said
    raise AssertionError(f"{MOST} stops and no end")


def tab_to(page: Any, words: str) -> None:
    """Press Tab until the keyboard is at what begins with these words."""
    for _ in range(MOST):
        if stop(page).startswith(words):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never comes to {words!r}")


def press_on(page: Any, words: str) -> None:
    """Come to it by Tab, and press Enter; wait for the page it leads to."""
    tab_to(page, words)
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press("Enter")
