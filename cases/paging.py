"""Pages of a long list, as ``components/pagination.html`` draws them.  Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

PER_PAGE = 25


@dataclass(frozen=True)
class Link:
    """One number in the row of pages, or a gap between two."""

    number: int
    href: str
    current: bool = False
    gap: bool = False


@dataclass(frozen=True)
class PageOf:
    """One page of ``total`` things: which rows it shows and where its neighbours are."""

    number: int
    pages: int
    total: int
    first: int
    last: int
    previous: str
    next: str
    links: tuple[Link, ...]

    @property
    def rows(self) -> slice:
        """The slice of the whole list that this page shows."""
        return slice(max(0, self.first - 1), self.last)


def page_of(
    asked: str, total: int, *, query: Mapping[str, Sequence[str]], per_page: int = PER_PAGE
) -> PageOf:
    """The page somebody asked for, or the nearest there is.

    ``query`` is the rest of the address (``dict(request.GET.lists())``), which every link keeps.
    """
    pages = max(1, -(-total // per_page))
    number = min(pages, max(1, int(asked) if asked.isdecimal() and len(asked) < 10 else 1))

    def href(to: int) -> str:
        kept = {name: values for name, values in query.items() if name != "page"}
        return "?" + urlencode({**kept, "page": to}, doseq=True)

    return PageOf(
        number=number,
        pages=pages,
        total=total,
        first=(number - 1) * per_page + 1 if total else 0,
        last=min(number * per_page, total),
        previous=href(number - 1) if number > 1 else "",
        next=href(number + 1) if number < pages else "",
        links=tuple(
            Link(at, href(at), current=at == number) if at else Link(0, "", gap=True)
            for at in _numbers(number, pages)
        ),
    )


def _numbers(number: int, pages: int) -> list[int]:
    """The page numbers shown: the ends and those beside this one; 0 is a gap."""
    shown = sorted({1, pages, *range(max(1, number - 1), min(pages, number + 1) + 1)})
    row: list[int] = []
    for at in shown:
        if row and at - row[-1] > 1:
            row.append(0)
        row.append(at)
    return row
