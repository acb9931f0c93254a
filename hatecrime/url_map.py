"""Every address of the application, with what it asks of whoever opens it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from cases.access import ROLES, Role
from cases.audit.pages import PUBLIC, SIGNED_IN, Needs


@dataclass(frozen=True)
class Route:
    """One address: its full name ("workflow:case"), pattern, view, and the view's declaration.

    ``needs`` and ``methods`` are None for a library's view, which declares nothing.
    """

    name: str
    address: str
    view: Callable[..., Any]
    needs: Needs | None
    methods: tuple[str, ...] | None

    @property
    def ours(self) -> bool:
        return self.needs is not None

    @property
    def key(self) -> str:
        """What names the route in the permission table; a library's route may have no name."""
        return self.name or self.address

    def roles(self) -> list[Role]:
        """The roles that may open it, as declared."""
        if self.needs is PUBLIC or self.needs is SIGNED_IN:
            return list(Role)
        wanted = set(self.needs if isinstance(self.needs, tuple) else (self.needs,))
        return [role for role in Role if ROLES[role] & wanted]


def routes() -> list[Route]:
    """Every route, in the order Django tries them."""
    return list(_walk(get_resolver().url_patterns, "", ""))


def _walk(
    patterns: Sequence[URLPattern | URLResolver], address: str, names: str
) -> Iterator[Route]:
    for pattern in patterns:
        here = address + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{names}{pattern.namespace}:" if pattern.namespace else names
            yield from _walk(pattern.url_patterns, here, inner)
        else:
            yield Route(
                name=f"{names}{pattern.name}" if pattern.name else "",
                address=here,
                view=pattern.callback,
                needs=getattr(pattern.callback, "needs", None),
                methods=getattr(pattern.callback, "methods", None),
            )
