"""Migrations from nothing in a third of the time: the first start on a machine, and every test run.

After each operation Django makes the changed model's class anew, and the classes of every model
around it, which here is most of them.  What only adds or takes away a constraint, an index or a
trigger changes no field, so that the class can stay; its lists of these are put right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import wraps
from typing import Any
from unittest.mock import patch

from django.db.migrations.operations.models import IndexOperation
from django.db.migrations.state import ProjectState

OF_NO_FIELD = {"constraints", "indexes", "triggers"}
Forwards = Callable[[Any, str, ProjectState], None]


@contextmanager
def leaving_classes_alone() -> Iterator[None]:
    """Make no class anew for a constraint, an index or a trigger."""
    with ExitStack() as until_the_end:
        for operation in _all_under(IndexOperation):
            if "state_forwards" in vars(operation):
                forwards = _without_classes(operation.state_forwards)
                until_the_end.enter_context(patch.object(operation, "state_forwards", forwards))
        yield


def _all_under(parent: type[Any]) -> Iterator[type[Any]]:
    child: type[Any]
    for child in parent.__subclasses__():
        yield child
        yield from _all_under(child)


def _without_classes(forwards: Forwards) -> Forwards:
    @wraps(forwards)
    def alone(operation: Any, app_label: str, state: ProjectState) -> None:
        # A state makes its classes when they are first asked for, and follows them from then on.
        made = state.__dict__.pop("apps", None)
        forwards(operation, app_label, state)
        if made is not None:
            state.__dict__["apps"] = made
            options = state.models[app_label, operation.model_name_lower].options
            kept = made.get_model(app_label, operation.model_name)._meta
            for name in OF_NO_FIELD & options.keys():
                setattr(kept, name, list(options[name]))

    return alone
