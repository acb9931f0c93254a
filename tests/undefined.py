"""A variable a template shows, passes on or walks through, and nobody gave it, fails the test.

Django says nothing of one but a line of its log at level DEBUG, and shows an empty place.  What
asks whether there is one (``{% if %}``, ``{% firstof %}``, a ``default`` filter) may find none:
that is how a component says that something is optional.  Django's ``string_if_invalid`` cannot
tell the two apart, and changes what ``default`` and ``if`` see.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from django.template.base import FilterExpression, Node
from django.template.defaulttags import FirstOfNode, IfNode

# They say themselves what is shown when there is nothing.
ASKING: tuple[type[Node], ...] = (IfNode, FirstOfNode)
ANSWERED = {"default", "default_if_none"}
# Templates of libraries, which rely on Django's silence.
THEIRS = ("allauth/", "mfa/webauthn/snippets/", "django/forms/")


class UndefinedVariable(AssertionError):
    """A template shows something nobody gave it."""


def refuse(record: logging.LogRecord) -> bool:
    """Raise where Django would have shown nothing; what was asked for is not logged at all.

    A filter and no handler: pytest gives a logger that passes nothing on its own handlers, which
    wrote the whole traceback of every tested variable twice, a sixth of a page's time.
    """
    if record.levelno > logging.DEBUG:
        return True
    bit, template = record.args  # type: ignore[misc]
    if not str(template).startswith(THEIRS) and not asked(sys._getframe()):
        raise UndefinedVariable(f"{{{{ {bit} }}}} is not defined in {template}")
    return False


def asked(frame: FrameType | None) -> bool:
    """Whether what is being worked out may come to nothing, from the stack of its working out."""
    while frame is not None:
        here: Any = frame.f_locals.get("self")
        if isinstance(here, FilterExpression):
            names = {function.__name__ for function, _ in here.filters}
            if names & ANSWERED:
                return True
        if isinstance(here, Node):
            return isinstance(here, ASKING)
        frame = frame.f_back
    return False


@contextmanager
def refused() -> Iterator[None]:
    """No undefined variable inside."""
    logger = logging.getLogger("django.template")
    level = logger.level
    logger.addFilter(refuse)
    logger.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        logger.removeFilter(refuse)
        logger.setLevel(level)
