"""Migrating from nothing: classes are left alone where no field changes, and say what is so."""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.db import models
from django.db.migrations import AddConstraint, AddIndex, CreateModel, RemoveConstraint
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger

from hatecrime.migrating import leaving_classes_alone

KEY = models.BigAutoField(primary_key=True)
SHORT = models.CheckConstraint(condition=models.Q(name__lt="m"), name="short")
SORTED = models.Index(fields=["name"], name="sorted")
KEPT = pgtrigger.Protect(name="kept", operation=pgtrigger.Delete)


def _two_models() -> ProjectState:
    """A home, and a person who lives in it, with their classes made."""
    state = ProjectState()
    home = [("id", KEY), ("name", models.TextField())]
    lives = models.ForeignKey("launch.Home", models.PROTECT)
    CreateModel("Home", home).state_forwards("launch", state)
    CreateModel("Person", [("id", KEY), ("home", lives)]).state_forwards("launch", state)
    assert state.apps.get_model("launch", "Person")
    return state


def _after(state: ProjectState, *operations: Any) -> tuple[type[Any], type[Any]]:
    for operation in operations:
        operation.state_forwards("launch", state)
    return state.apps.get_model("launch", "Home"), state.apps.get_model("launch", "Person")


def test_the_class_stays_and_its_lists_are_right() -> None:
    state = _two_models()
    before = _after(state)
    with leaving_classes_alone():
        home, person = _after(state, AddConstraint("Home", SHORT), AddIndex("Home", SORTED))
        assert (home, person) == before
        assert home._meta.constraints == [SHORT]
        assert home._meta.indexes == [SORTED]
        assert state.models["launch", "home"].options["constraints"] == [SHORT]
        _after(state, RemoveConstraint("Home", "short"), AddTrigger("home", KEPT))
        assert home._meta.constraints == []
        assert home._meta.triggers == [KEPT]


def test_what_is_made_anew_later_has_them_too() -> None:
    state = _two_models()
    with leaving_classes_alone():
        home, _ = _after(state, AddConstraint("Home", SHORT))
    state.reload_model("launch", "home")
    anew, _ = _after(state)
    assert anew is not home
    assert anew._meta.constraints == [SHORT]


def test_elsewhere_nothing_is_changed() -> None:
    state = _two_models()
    before = _after(state)
    with leaving_classes_alone():
        pass
    home, person = _after(state, AddConstraint("Home", SHORT))
    assert home is not before[0]
    assert person is not before[1]
    assert home._meta.constraints == [SHORT]
