"""The pages of docs/ that are written from the code say what the code says now."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pgtrigger
import pytest
from django.apps import apps
from django.core.management import call_command

from hatecrime.documents import tables
from hatecrime.documents.pages import reference_pages
from hatecrime.documents.states import LIFECYCLES, state_pages

DOCS = Path(__file__).resolve().parents[2] / "docs"
COMMANDS = {"state_diagrams": state_pages(), "reference_pages": reference_pages()}
PAGES = [(command, path) for command, pages in COMMANDS.items() for path in pages]


@pytest.mark.parametrize(("command", "path"), PAGES)
def test_what_is_committed_is_what_would_be_written(command: str, path: str) -> None:
    committed = (DOCS / path).read_text(encoding="utf-8")
    assert committed == COMMANDS[command][path], f"run `manage.py {command}` and look at {path}"


def test_no_page_of_states_is_left_over() -> None:
    assert {f"states/{page.name}" for page in DOCS.glob("states/*.md")} == set(state_pages())


def test_every_lifecycle_the_database_enforces_is_drawn() -> None:
    drawn = [
        {(str(old), str(new)) for old, onward in life.moves.items() for new in onward}
        for life in LIFECYCLES
    ]
    enforced = {
        f"{model.__name__}.{trigger.name}": {(str(old), str(new)) for old, new in moves}
        for model in apps.get_models()
        for trigger in getattr(model._meta, "triggers", ())
        if isinstance(trigger, pgtrigger.FSM)
        for moves in [trigger.transitions]
    }
    assert len(enforced) >= 4
    assert [name for name, moves in enforced.items() if moves not in drawn] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_writes_its_pages_and_says_which(
    command: str, tmp_path: Path, settings: Any, capsys: Any
) -> None:
    settings.BASE_DIR = tmp_path
    call_command(command)
    assert capsys.readouterr().out.split() == [f"docs/{path}" for path in COMMANDS[command]]
    call_command(command)
    assert capsys.readouterr().out == ""
    for path, text in COMMANDS[command].items():
        assert (tmp_path / "docs" / path).read_text() == text


def test_pages_are_written_only_where_they_differ(tmp_path: Path) -> None:
    pages = {"a/one.md": "one\n", "two.md": "two\n"}
    assert tables.write(pages, tmp_path) == ["a/one.md", "two.md"]
    (tmp_path / "two.md").write_text("something else\n")
    assert tables.write(pages, tmp_path) == ["two.md"]
    assert (tmp_path / "two.md").read_text() == "two\n"


def test_a_bar_in_a_cell_stays_in_its_cell() -> None:
    assert tables.table(("A",), [("this | that",)]).endswith("| this \\| that |")
