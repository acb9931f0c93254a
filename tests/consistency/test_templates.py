"""What is said of every template holds of every template."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
MOST_LINES = 150


def name(path: Path) -> str:
    return str(path.relative_to(ROOT / "templates"))


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_it_parses_and_stays_small(path: Path) -> None:
    get_template(name(path))
    assert len(path.read_text().splitlines()) <= MOST_LINES


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_the_content_policy_holds(path: Path) -> None:
    """No style or script of its own, no handler, nothing from anywhere else."""
    text = re.sub(r"\{#.*?#\}", "", path.read_text())
    assert not re.search(r"\sstyle\s*=", text), "style attribute"
    assert not re.search(r"<style\b", text)
    assert not re.search(r"<script(?![^>]*\s(src=|type=\"application/json\"))", text), (
        "inline script"
    )
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text), "inline handler"
    assert not re.search(r"(src|href)=[\"'](https?:)?//", text), "somebody else's server"
    assert "javascript:" not in text


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_one_word_for_one_thing(path: Path) -> None:
    """Screens section 2: words that judge, or that have a better one, are not on screen."""
    text = re.sub(r"\{#.*?#\}|\{%.*?%\}|<[^>]*>", " ", path.read_text(), flags=re.S).lower()
    allowed = {"policy/_review_overdue.html": "overdue"}.get(name(path))  # HC-01's own words
    for word in ("perpetrator", "offender", "overdue", "breached", "alleges", "claims that"):
        assert word not in text or word == allowed, word


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_nothing_is_marked_safe_by_hand(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"\|\s*safe\b", text)
    assert "autoescape off" not in text
