"""Words that would run, fill every free text there is, and would be seen wherever they leak.

The columns are found by walking the models, so a new one cannot escape: it is filled, or it is
named below with the reason why nobody's words are in it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import DatabaseError, connection, models, transaction

MARK = re.compile(r"zq\d+q")
ATTACK = (
    '"><script>alert({n})</script><img src=x onerror=alert({n})>'
    "</textarea></title><svg onload=alert({n})>'-alert({n})-'{{{{7*7}}}}{{%debug%}}"
)
# What an unescaped one would look like in the page's source.
LIVE = ("<script>alert(", "<img src=x", "<svg onload")
NARROW = 120  # characters a column must hold for the whole of it

# Nobody's words are in these: codes, keys and names of our own making.
CODES = {
    "reference": "made by us",
    "case_reference": "made by us",
    "crime_reference": "the police's, or nothing",
    "request_id": "made by us",
    "subject_kind": "a model's name",
    "what": "a route's name",
    "method": "a verb",
    "key": "a code, or made by us",
    "code": "a code",
    "window": "made by the page",
    "question": "a question's key",
    "question_set": "a version",
    "flag": "a code",
    "priority": "a code",
    "direction": "a code",
    "tenure": "a code",
    "would_speak_again": "a code",
    "would_witness": "a code",
    "knows_of_report": "a code",
    "version": "a number",
    "frequency": "a code",
    "slug": "made by us",
    "uprn": "digits",
    "postcode": "kept only where it is one",
    "password": "a hash",
    "seal": "a hash",
    "sha256": "a hash",
    "stamp": "where the ledger ended",
    "search_key": "worked out from what is beside it",
    "name_key": "worked out",
    "sound_key": "worked out",
    "phone_key": "worked out",
}
COLUMNS = {
    "staff.User.email": "what one signs in with here",
    "staff.User.entities": "codes",
    "casework.IncidentPair.matches": "codes",
    "casework.Clock.outcome": "a code",
    "people.ImportNote.column": "a heading we know",
    "people.ImportRun.system": "a code",
    "people.SourceKey.system": "a code",
    "repeats.RepeatEvidence.kind": "a code",
    "repeats.RepeatEvidence.rule": "a code",
    "repeats.RepeatFlag.rule": "a code",
    "risk.Answer.value": "a code",
    "disclosures.Blocked.reasons": "codes",
    "disclosures.Request.red_flags": "codes",
    "improving.Improvement.measure": "a code",
    "improving.ReviewReason.measure": "a code",
    "reporting.ResidentCount.group": "a code",
    "reporting.SnapshotItems.line": "a code",
}
# Nobody writes these by hand, and no page of today shows them.
EMPTY = {
    "people.Merge": "no page merges yet",
    "policy.CheckedWords": "words of the policy",
    "risk.ReviewCall": "a call is told of to a manager, in no words but names",
}


def payload(number: int, *, link: bool = False) -> str:
    """One canary: its number says which column it stood in."""
    words = f"zq{number}q" + ATTACK.format(n=number)
    return f"javascript:alert({number})//{words}" if link else words


def free_texts() -> Iterator[tuple[type[models.Model], models.Field[Any, Any]]]:
    """Every column that may hold somebody's words, of the tables and of their histories."""
    for model in apps.get_models():
        if not model.__module__.startswith("cases."):
            continue
        for field in model._meta.get_fields():
            if isinstance(field, models.Field) and _free(model, field):
                yield model, field


def label(model: type[models.Model]) -> str:
    """The model's, or that of the model whose history this is."""
    of: Any = getattr(model, "instance_type", model)
    return str(of._meta.label)


def _free(model: type[models.Model], field: models.Field[Any, Any]) -> bool:
    inner = field.base_field if isinstance(field, ArrayField) else field
    if not isinstance(inner, models.TextField | models.CharField) or inner.choices:
        return False
    if field.name in CODES or field.name.startswith("history_"):
        return False
    return f"{label(model)}.{field.name}" not in COLUMNS


def fill() -> dict[int, str]:
    """Put a canary into every free text; returns which column each number stands for.

    The database is a test's own, to be thrown away: its guards, which refuse every such change,
    are off meanwhile.
    """
    placed, refused = {}, []
    for number, (model, field) in enumerate(free_texts(), 1):
        name = f"{label(model)}.{field.name}"
        with unguarded(model._meta.db_table):
            done = _put(model, field, number)
        if done:
            placed[number] = name
        else:
            refused.append(name)
    placed.update(_fill_answers(len(placed) + 1000))
    missing = {name for name in refused if name.rsplit(".", 1)[0] not in EMPTY}
    missing -= set(placed.values())
    assert not missing, f"no canary in {sorted(missing)}: give it a row, or say why it has none"
    return placed


@contextmanager
def unguarded(table: str) -> Iterator[None]:
    """The table's own triggers switched off, and on again: without them no server starts."""
    with connection.cursor() as cursor:
        cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
    yield
    with connection.cursor() as cursor:
        cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')


def _put(model: type[models.Model], field: models.Field[Any, Any], number: int) -> bool:
    """Fill one column: every row, or those that hold something already."""
    table, column = model._meta.db_table, field.column
    link = field.name in ("phone", "email")
    value: Any = payload(number, link=link)
    if isinstance(field, ArrayField):
        value = [value]
    each = f"%s || {model._meta.pk.column}" if field.unique else "%s"
    for rows in ("", f" WHERE \"{column}\" <> ''" if not isinstance(field, ArrayField) else ""):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f'UPDATE "{table}" SET "{column}" = {each}{rows}', [value])
                if cursor.rowcount:
                    return True
        except DatabaseError:
            continue
    return False


def _fill_answers(number: int) -> dict[int, str]:
    """The answers of call sheets that are words, which are kept as JSON."""
    with unguarded("intake_sheetanswer"), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE intake_sheetanswer SET value = %s::jsonb"
            " WHERE jsonb_typeof(value) = 'string' AND value::text LIKE '%% %%'",
            [json.dumps(payload(number))],
        )
        return {number: "intake.SheetAnswer.value"} if cursor.rowcount else {}
