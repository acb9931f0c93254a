"""What is said of every model holds of every model."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

LAYERS = (
    *("audit", "staff", "policy", "people", "casework", "repeats", "risk", "partners", "consent"),
    *("disclosures", "intake", "referrals", "workflow", "improving", "reporting"),
)
OURS = [
    model
    for model in apps.get_models()
    if model.__module__.startswith("cases.") and not hasattr(model, "instance_type")
]
# Never changed once written, so there is nothing for a history to say: triggers see to it.
CHANGES_WITHOUT_HISTORY = {
    "people.SourceKey": "what a source said last; the rows it became keep their own history",
    "people.Entity": "a list of names, put in by the installation",
    "policy.BankHoliday": "a calendar, put in by the installation",
    "intake.NotepadLine": "struck through once and never otherwise changed",
}


def label(model: type[models.Model]) -> str:
    return model._meta.label


def fields(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    return [field for field in model._meta.get_fields() if isinstance(field, models.Field)]


@pytest.mark.parametrize("model", OURS, ids=label)
def test_nothing_is_taken_away_with_something_else(model: type[models.Model]) -> None:
    for field in fields(model):
        if isinstance(field, models.ForeignKey):
            assert field.remote_field.on_delete is models.PROTECT, field


@pytest.mark.parametrize("model", OURS, ids=label)
def test_keys_between_apps_point_down(model: type[models.Model]) -> None:
    here = LAYERS.index(model._meta.app_label)
    for field in fields(model):
        if isinstance(field, models.ForeignKey):
            there = field.related_model._meta.app_label  # type: ignore[union-attr]
            assert LAYERS.index(there) <= here, f"{field} points up to {there}"


def checks(model: type[models.Model]) -> str:
    """The text of the table's own CHECK constraints, as PostgreSQL keeps it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(pg_get_constraintdef(oid), ' ') FROM pg_constraint"
            " WHERE conrelid = %s::regclass AND contype IN ('c')",
            [model._meta.db_table],
        )
        return str(cursor.fetchone()[0] or "")


@pytest.mark.parametrize("model", OURS, ids=label)
def test_every_list_is_known_to_the_database(model: type[models.Model], db: None) -> None:
    """A column that holds a code refuses one that is not on its list, whoever writes it."""
    text = checks(model)
    guarded = {getattr(trigger, "field", "") for trigger in getattr(model._meta, "triggers", ())}
    missing = [
        field.name
        for field in fields(model)
        if (field.choices or (isinstance(field, ArrayField) and field.base_field.choices))
        and field.column not in text
        and field.name not in guarded
        and f"{label(model)}.{field.name}" not in LISTED_OTHERWISE
    ]
    assert missing == []


# Lists that grow with the code, where an older row keeps its code for ever.
LISTED_OTHERWISE = {
    "audit.Event.verb": "only record() writes it, and a verb is never taken off the list",
    "casework.Case.held_from": "one of the stages, kept by the transition to and from a hold",
    "casework.Case.next_clock": "derived from the clocks, whose kinds are checked",
    "casework.Involvement.victim_role": "",
    "casework.Involvement.relationship": "",
}


def only_read(model: type[models.Model]) -> bool:
    """Whether the database works the rows out from others, and nobody else may write them."""
    return bool(getattr(model, "only_read", False))


def append_only(model: type[models.Model]) -> bool:
    names = [trigger.name for trigger in getattr(model._meta, "triggers", ())]
    return any(name.endswith("_kept") for name in names)


@pytest.mark.parametrize("model", OURS, ids=label)
def test_what_can_change_keeps_its_history(model: type[models.Model]) -> None:
    if append_only(model) or only_read(model) or label(model) in CHANGES_WITHOUT_HISTORY:
        return
    assert hasattr(model, "history"), f"{label(model)} can change and has no history"


@pytest.mark.parametrize("model", OURS, ids=label)
def test_rows_are_never_removed(model: type[models.Model]) -> None:
    if only_read(model):
        return
    names = [trigger.name for trigger in getattr(model._meta, "triggers", ())]
    kept = any(name.endswith(("_stays", "_kept")) for name in names)
    assert kept or label(model) in REMOVABLE, f"{label(model)} rows can be deleted"


@pytest.mark.parametrize("model", list(filter(only_read, OURS)), ids=label)
@pytest.mark.parametrize("how", ["INSERT", "UPDATE", "DELETE", "TRUNCATE"])
def test_what_the_database_keeps_nobody_else_writes(
    model: type[models.Model], how: str, db: None
) -> None:
    with connection.cursor() as cursor:
        asked = "SELECT has_table_privilege(%s, %s)"
        cursor.execute(asked, [model._meta.db_table, how])
        assert cursor.fetchone() == (False,)


REMOVABLE = {
    "people.Entity": "nothing points to it by itself, and PROTECT keeps what is used",
    "policy.BankHoliday": "a holiday that was moved may be taken out",
    "staff.Team": "PROTECT keeps a team that anything belongs to",
}


@pytest.mark.parametrize("model", OURS, ids=label)
def test_constraints_and_indexes_are_named_after_their_table(model: type[models.Model]) -> None:
    app = model._meta.app_label
    for constraint in model._meta.constraints:
        assert constraint.name.startswith(f"{app}_"), constraint.name
    for index in model._meta.indexes:
        assert index.name.startswith(f"{app}_"), index.name


def test_every_key_has_an_index(db: None) -> None:
    """A foreign key without one makes every delete and every join a walk through the table."""
    missing = []
    for model in OURS:
        for field in fields(model):
            if isinstance(field, models.ForeignKey) and not field.db_index:
                missing.append(f"{label(model)}.{field.name}")
    assert missing == []
