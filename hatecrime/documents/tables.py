"""Markdown, as far as the generated pages need it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

Pages = dict[str, str]

WRITTEN = "<!-- Written by `manage.py {command}` from {source}. Change that, not this page. -->"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; bars in cells are escaped and line breaks become spaces."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def page(title: str, *blocks: str, command: str, source: str) -> str:
    """A whole page: its title, a note of where it comes from, and its blocks."""
    note = WRITTEN.format(command=command, source=source)
    return "\n\n".join([f"# {title}", note, *blocks]) + "\n"


def write(pages: Pages, docs: Path) -> list[str]:
    """Write the pages that differ from what is there; the paths written."""
    changed = []
    for path, text in pages.items():
        place = docs / path
        if place.exists() and place.read_text(encoding="utf-8") == text:
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
        changed.append(path)
    return changed
