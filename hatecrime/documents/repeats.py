"""docs/reference/repeats.md: the rule set of repeats, as the code has it."""

from __future__ import annotations

import inspect

from cases.repeats import rules
from cases.repeats.facts import RULE
from hatecrime.documents.tables import Pages, page

INTRO = f"""\
Repeats are worked out from facts by one pure rule set, {RULE}, in `cases/repeats/rules.py`. Nobody
can set or clear a flag: it changes only when a fact does, in the operation that changed the fact.
`manage.py check_repeats` works every flag out from scratch and prints where the kept ones differ.
The worked examples of the policy's reading are tests, `tests/rules/test_repeats.py`."""

KNOWING = """\
## What a reader may know of it

A case kept from a reader, because it is restricted or they have a conflict of interest in it, is
not there for them: the banner, the queue, the explanation and the pages of people and homes say
what the same rules say of all the rest. Of an earlier case that is merely somebody else's the dates
stand, without its reference:
[decision 19](../decisions/0019-a-restricted-case-explains-nothing.md)."""


def repeat_pages() -> Pages:
    text = inspect.cleandoc(rules.__doc__ or "")
    said = text.split("\n", 1)[1].strip()
    made = {"command": "reference_pages", "source": "cases/repeats/rules.py"}
    return {"reference/repeats.md": page(f"Repeats: rule set {RULE}", INTRO, said, KNOWING, **made)}
