"""What is said of every module, function, operation and rule."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

from cases.audit.verbs import Verb
from tests.consistency.reading import unscoped_reads

ROOT = Path(__file__).resolve().parents[2]
CODE = [
    path
    for folder in ("cases", "hatecrime", "tools", "tests")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "migrations" not in path.parts
]
MOST_LINES, MOST_IN_FUNCTION = 400, 40
# With its signature, a parameter a line, and a docstring that says meaning, units and errors:
# both are asked for, so the forty lines are those that do something.
MOST_OF_ALL = 55


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


# Whole pages of data, which are longer than any doing may be.
DATA = {"incident_asks", "sheet", "case", "triage"}


def doing(function: ast.FunctionDef) -> int:
    """How many lines a function does something on: its signature and docstring are not counted."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def whole(function: ast.FunctionDef) -> int:
    """How many lines a function has, its decorators aside."""
    return (function.end_lineno or 0) - function.lineno + 1


@pytest.mark.parametrize("path", CODE, ids=name)
def test_modules_and_functions_stay_small(path: Path) -> None:
    text = path.read_text()
    assert len(text.splitlines()) <= MOST_LINES
    if path.parts[len(ROOT.parts)] == "tests":  # a story may be told in one breath
        return
    long = [
        f"{node.name}: {doing(node)}, {whole(node)} in all"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef)
        and (doing(node) > MOST_IN_FUNCTION or whole(node) > MOST_OF_ALL)
        and node.name not in DATA
    ]
    assert long == []


def operation_modules() -> Iterator[str]:
    for path in sorted((ROOT / "cases").glob("*/*.py")):
        if path.stem.endswith("operations"):
            yield f"cases.{path.parent.name}.{path.stem}"


# Functions that operations share: they run inside one, in its transaction, and are not a way in.
SHARED = {
    "cases.casework.case_operations": {"end_access", "trained_on"},
    "cases.casework.clock_operations": {"refresh_next", "running", "running_kinds"},
    "cases.casework.conflict_operations": {"ties_to"},
    "cases.casework.contact_operations": {"channel_is_safe"},
    "cases.casework.incident_operations": {"strands_of"},
    "cases.intake.route_operations": {"let_in"},
    "cases.repeats.operations": {"settle_incidents", "settle_people"},
    "cases.risk.operations": {"spoken_with"},
}


@pytest.mark.parametrize("module", list(operation_modules()))
def test_what_changes_anything_is_an_operation(module: str) -> None:
    """Every public function runs through ``@operation``, with by and at given by name."""
    loaded = importlib.import_module(module)
    for function_name, function in inspect.getmembers(loaded, inspect.isfunction):
        if function.__module__ != module or function_name.startswith("_"):
            continue
        if function_name in SHARED.get(module, set()):
            continue
        assert getattr(function, "is_operation", False), f"{module}.{function_name}"
        parameters = inspect.signature(function).parameters
        assert {"by", "at"} <= set(parameters), f"{module}.{function_name}"
        kinds = {parameter.kind for parameter in parameters.values()}
        assert kinds <= {inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.VAR_KEYWORD}


@pytest.mark.parametrize("verb", list(Verb))
def test_every_verb_is_a_sentence(verb: Verb) -> None:
    assert re.fullmatch(r"[a-z]+\.[a-z_]+", verb.value)
    assert verb.label[0].islower()
    assert not verb.label.endswith(".")
    assert " " in str(verb.label)


# Rows of a report, an incident or a case that the same view has loaded by its scope just before.
READ_THROUGH_A_PARENT = {
    "cases/intake/route_views.py": {"Account.objects", "Report.objects"},
    "cases/workflow/case_views.py": {"Involvement.objects"},
}
VIEWS = [path for path in CODE if path.match("cases/*/*views*.py") or path.match("*/forms.py")]


@pytest.mark.parametrize("path", VIEWS, ids=name)
def test_views_and_forms_read_rows_only_through_visible_to(path: Path) -> None:
    scoped = {model.__name__ for model in scoped_models()}
    read = {text for _, text in unscoped_reads(path.read_text(), scoped)}
    assert read == READ_THROUGH_A_PARENT.get(name(path), set())


def scoped_models() -> list[type]:
    """The models that hold what somebody told us, or who they are."""
    labels = ("casework", "intake")
    return [model for label in labels for model in apps.get_app_config(label).get_models()]


PLANTED = """
from cases.casework.models import Case as C, Incident
from cases.casework import models
def view(request, pk):
    one = C.objects.get(pk=pk)
    fine = C.objects.visible_to(request.actor).get(pk=pk)
    two = Incident.objects.filter(pk=pk)
    three = models.Note.objects.all()
    four = C._base_manager.get(pk=pk)
    scoped = get_child(one, models.Note.objects.select_related("by"), pk)
"""


def test_a_planted_read_past_the_gate_is_found() -> None:
    found = unscoped_reads(PLANTED, {"Case", "Incident", "Note"})
    assert [line for line, _ in found] == [5, 7, 8, 9]


def test_nothing_below_the_views_asks_the_clock() -> None:
    """Whoever does something says when: only views, middleware and commands call now()."""
    late = [
        name(path)
        for path in CODE
        if path.match("cases/*/*.py")
        and re.search(r"(operations|rules|models|triage|promises|queries)$", path.stem)
        and re.search(r"\b(timezone|datetime|date)\.(now|today)\(", path.read_text())
    ]
    assert late == []


def test_no_function_imports_our_own_code() -> None:
    inside = []
    for path in CODE:
        if path.parts[len(ROOT.parts)] == "tests" or path.name == "apps.py":
            continue  # Django wants an app's receivers imported when it is ready
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef):
                inside += [
                    f"{name(path)}:{found.lineno}"
                    for found in ast.walk(node)
                    if isinstance(found, ast.ImportFrom)
                    and (found.module or "").split(".")[0] in ("cases", "hatecrime")
                ]
    assert inside == []
