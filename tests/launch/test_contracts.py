"""What import-linter cannot say of the order inside an app, where a kind of file may be several."""

import ast
from pathlib import Path

import grimp
import pytest

from tests.launch.machine import ROOT

ORDER = ("models", "rules", "operations", "queries", "forms", "views", "urls")
APPS = sorted(path.parent.name for path in ROOT.glob("cases/*/apps.py"))


@pytest.fixture(scope="module")
def graph():
    return grimp.build_graph("cases", cache_dir=None)


def kind(module: str) -> int | None:
    """The place of a module in the order: `case_operations` is one of the operations."""
    last = module.rpartition(".")[2].rpartition("_")[2]
    return ORDER.index(last) if last in ORDER else None


@pytest.mark.parametrize("app", APPS)
def test_inside_an_app_every_import_goes_down_the_seven_names(graph, app):
    upward = []
    for importer in graph.find_descendants(f"cases.{app}"):
        for imported in graph.find_modules_directly_imported_by(importer):
            ranks = kind(importer), kind(imported)
            inside = imported.startswith(f"cases.{app}.")
            if inside and None not in ranks and ranks[0] < ranks[1]:
                upward.append(f"{importer} imports {imported}")
    assert upward == []


@pytest.mark.parametrize(
    "path", sorted(ROOT.glob("cases/*/choices.py")), ids=lambda p: p.parent.name
)
def test_choices_take_nothing_but_enums_from_django(path: Path):
    taken = {
        f"{node.module}.{name.name}"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("django")
        for name in node.names
    }
    assert taken <= {"django.db.models.TextChoices", "django.db.models.IntegerChoices"}
    assert "import django" not in path.read_text()
