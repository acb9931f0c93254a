"""docs/reference/ledger.md: every kind of entry on the ledger."""

from __future__ import annotations

from itertools import groupby

from cases.audit.verbs import Verb
from hatecrime.documents.tables import Pages, page, table

INTRO = """\
Every change and every page somebody was shown stands on the ledger, written in the same
transaction as what it records. An entry holds who, when, what and which record, and codes: never
what anybody said. Rows are added and never altered; the database refuses.

A sentence completes "<who> …". A verb is never renamed, because old rows keep it."""


def ledger_pages() -> Pages:
    text = page(
        "The ledger's verbs",
        INTRO,
        *_groups(),
        command="reference_pages",
        source="`cases/audit/verbs.py`",
    )
    return {"reference/ledger.md": text}


def _groups() -> list[str]:
    def first(verb: Verb) -> str:
        return str(verb.value).split(".")[0]

    blocks = []
    for name, verbs in groupby(sorted(Verb, key=lambda verb: first(verb)), key=first):
        rows = [(f"`{verb.value}`", str(verb.label)) for verb in verbs]
        blocks.append(f"## {name.capitalize()}\n\n" + table(("Verb", "Sentence"), rows))
    return blocks
