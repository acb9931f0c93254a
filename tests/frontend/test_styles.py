"""A name of ours in the styles has one home: two screens that share one undo each other."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

SCSS = Path(__file__).resolve().parents[2] / "static" / "scss"

SHARED = {"app-unfinished", "app-note"}
"""A part of one screen, told in two files that know of each other."""


def test_no_two_files_style_the_same_name_from_its_root() -> None:
    homes: dict[str, set[str]] = defaultdict(set)
    for path in SCSS.rglob("*.scss"):
        for name in re.findall(r"^\.(app-[a-z-]+) \{", path.read_text(), flags=re.M):
            homes[name].add(path.name)
    assert len(homes) > 40
    shared = {name for name, files in homes.items() if len(files) > 1}
    assert shared <= SHARED
