"""The ten house rules, and where each is held.

What no other module of tests/consistency asks is asked here: nothing of these may wait, sleep or
pretend in tests, no model saves by itself, and no signal of our own stands between two apps.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
OURS = sorted([*(ROOT / "cases").rglob("*.py"), *(ROOT / "hatecrime").rglob("*.py")])
TESTS = sorted((ROOT / "tests").rglob("*.py"))

# Each rule, and the test without which nothing would hold us to it.
RULES = {
    "one way in": ("test_code.py", "test_views_and_forms_read_rows_only_through_visible_to"),
    "every change is an operation": ("test_code.py", "test_what_changes_anything_is_an_operation"),
    "rules are pure and speak": ("../launch/test_contracts.py", "test_"),
    "the database refuses": ("test_models.py", "test_every_list_is_known_to_the_database"),
    "state machines are tables": (
        "test_generated_pages.py",
        "test_every_lifecycle_the_database_enforces_is_drawn",
    ),
    "no write without its event, no GET that writes": ("../audit/test_pages.py", "test_"),
    "imports point down": ("test_models.py", "test_keys_between_apps_point_down"),
    "conventions are tests": (
        "test_urls.py",
        "test_every_view_of_ours_declares_what_it_needs_and_answers",
    ),
    "small and same-shaped": ("test_code.py", "test_modules_and_functions_stay_small"),
    "write down why": ("test_docs_links.py", "test_every_page_can_be_reached_from_the_readme"),
}

# Waiting for another process or another thread, which says nothing when it is ready.
WAITS = {
    "tests/audit/test_sealing_order.py": "somebody to be waiting in the middle of a commit",
    "tests/browsing.py": "the server's start",
    "tests/databases.py": "PostgreSQL's own vacuum",
    "tests/consistency/test_permissions.py": "/readyz on a busy machine",
    "tests/intake/test_sheet_posts.py": "the other window",
    "tests/launch/machine.py": "a process's end",
    "tests/launch/test_health.py": "the server's answer",
    "tests/launch/test_run.py": "a moment at which to kill",
}
# Saving is an operation's, but for what can be known of a row by itself.
SAVES = {
    "cases/casework/case_models.py": "the copy a lock keeps is forgotten when another is saved",
}


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("rule", RULES)
def test_every_house_rule_is_held_by_a_test(rule: str) -> None:
    module, test = RULES[rule]
    assert f"def {test}" in (HERE / module).read_text()


def test_no_test_sleeps_but_where_it_must() -> None:
    sleepers = {
        name(path)
        for path in TESTS
        if re.search(r"^\s*time\.sleep\(", path.read_text(), re.M)
        and path.parts[len(ROOT.parts) + 1] not in ("soak", "bench")
    }
    assert sleepers == set(WAITS)


def test_nothing_is_pretended() -> None:
    """No mock: where the real thing is there, it is used."""
    mocked = [
        name(path)
        for path in TESTS
        if re.search(
            r"^\s*(from|import) (unittest\.mock|mock|pytest_mock|factory)\b", path.read_text(), re.M
        )
    ]
    assert mocked == []


def methods(path: Path, wanted: str) -> list[ast.FunctionDef]:
    """The methods of that name of classes of the module."""
    return [
        inner
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef)
        for inner in node.body
        if isinstance(inner, ast.FunctionDef) and inner.name == wanted
    ]


def test_no_model_saves_by_itself() -> None:
    saving = {
        name(path)
        for path in OURS
        if re.search(r"models?\.py$|history\.py$", path.name) and methods(path, "save")
    }
    assert saving == set(SAVES)


def test_no_signal_of_our_own_stands_between_apps() -> None:
    """Libraries' signals are heard in one place of the project; cases/ neither sends nor hears."""
    text = {name(path): path.read_text() for path in OURS}
    assert [where for where, code in text.items() if re.search(r"\bSignal\(", code)] == []
    hearing = {where for where, code in text.items() if "@receiver" in code}
    assert hearing == {"hatecrime/sign_ins.py"}


def test_no_module_is_a_drawer_for_anything() -> None:
    drawers = {"utils.py", "helpers.py", "misc.py", "common.py", "tools.py"}
    assert [name(path) for path in OURS if path.name in drawers] == []


def test_no_template_is_given_its_permissions_one_by_one() -> None:
    """Templates ask a rule (``{% may %}``); no view hands them a row of can_this and can_that."""
    given = [
        f"{name(path)}: {found}"
        for path in OURS
        if path.match("*views*.py")
        for found in re.findall(r'"can_\w+":', path.read_text())
    ]
    assert given == []
