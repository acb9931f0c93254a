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


def repeat_pages() -> Pages:
    text = inspect.cleandoc(rules.__doc__ or "")
    said = text.split("\n", 1)[1].strip()
    made = {"command": "reference_pages", "source": "cases/repeats/rules.py"}
    return {"reference/repeats.md": page(f"Repeats: rule set {RULE}", INTRO, said, **made)}
