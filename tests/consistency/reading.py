"""Finding, in source text, reads of case models that are not scoped to somebody."""

from __future__ import annotations

import ast
from collections.abc import Collection

MANAGERS = {"objects", "_base_manager", "_default_manager", "history"}
SCOPED = "visible_to"
LOADERS = {"get_child", "get_of_incident"}


def unscoped_reads(source: str, models: Collection[str]) -> list[tuple[int, str]]:
    """Each use of a model's manager that neither begins with ``visible_to`` nor is handed to a
    loader of casework: line and text.
    """
    tree = ast.parse(source)
    called = _names(tree, models)
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    found = []
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Attribute) and node.attr in MANAGERS):
            continue
        owner = node.value
        model = called.get(owner.id) if isinstance(owner, ast.Name) else None
        if isinstance(owner, ast.Attribute) and owner.attr in models:
            model = owner.attr
        if model is None:
            continue
        after = parents.get(node)
        if isinstance(after, ast.Attribute) and after.attr == SCOPED:
            continue
        if _handed_to_a_loader(node, parents):
            continue
        found.append((node.lineno, ast.unparse(node)))
    return sorted(found)


def _handed_to_a_loader(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> bool:
    """Whether the rows go to a loader, which takes only those of a case it has scoped."""
    above = parents.get(node)
    while above is not None:
        if isinstance(above, ast.Call) and isinstance(above.func, ast.Name):
            return above.func.id in LOADERS
        above = parents.get(above)
    return False


def _names(tree: ast.AST, models: Collection[str]) -> dict[str, str]:
    """What each model is called here, by the names it was imported under."""
    return {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.name in models
    }
