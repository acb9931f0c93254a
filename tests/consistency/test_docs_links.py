"""Every link in README.md and docs/ leads somewhere, and every page of docs/ is linked to."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md"))]
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def targets(page: Path) -> list[Path]:
    """The files and folders a page links to, as they stand in the tree."""
    links = LINK.findall(page.read_text(encoding="utf-8"))
    return [(page.parent / link).resolve() for link in links if "://" not in link]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    assert [str(target) for target in targets(page) if not target.exists()] == []


def test_every_page_can_be_reached_from_the_readme() -> None:
    """By links alone; a link to a folder reaches what is in it, as it does where code is read."""
    reached: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached:
            continue
        reached.add(page)
        for target in targets(page):
            waiting += target.glob("*.md") if target.is_dir() else [target]
        waiting = [each for each in waiting if each.suffix == ".md" and each.exists()]
    assert [str(page) for page in PAGES if page not in reached] == []
