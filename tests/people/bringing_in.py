"""Files to bring in, and what came of them."""

from __future__ import annotations

from pathlib import Path

from cases.access import job
from cases.audit.models import Event
from cases.people.importing import import_files
from cases.people.models import (
    Household,
    HouseholdMembership,
    ImportRun,
    Person,
    Property,
    SourceKey,
    Tenancy,
)
from tests.people.source_files import HEADERS, write

BY = job("import_people")
MODELS = (Person, Property, Tenancy, Household, HouseholdMembership)


def bring_in(*paths: Path, **more) -> list[ImportRun]:
    return import_files(paths, by=BY, system="orchard", **more)


def counts(run: ImportRun) -> dict[str, int]:
    names = ("added", "changed", "unchanged", "refused", "held")
    return {name: getattr(run, name) for name in names if getattr(run, name)}


def state() -> list[list[dict]]:
    tables = [*MODELS, *(model.history.model for model in MODELS), SourceKey, Event]
    return [list(table.objects.order_by("pk").values()) for table in tables if table is not Event]


def person_row(key: str = "P1", **values: str) -> list[str]:
    said = {"person_key": key, "full_name": "Amara Osei"} | values
    return [said.get(name, "") for name in HEADERS["PERSON"]]


def home_row(key: str = "H1", **values: str) -> list[str]:
    said = {"property_key": key, "address": f"{key} Larkfield Court", "town": "Wellby"} | values
    return [said.get(name, "") for name in HEADERS["PROPERTY"]]


def tenancy_row(key: str = "T1", **values: str) -> list[str]:
    said = {"tenancy_key": key, "property_key": "H1", "person_key": "P1", "tenure": "ASSURED"}
    said |= {"starts": "2019-01-07"} | values
    return [said.get(name, "") for name in HEADERS["TENANCY"]]


def member_row(key: str = "M1", **values: str) -> list[str]:
    said = {"member_key": key, "household_key": "T1", "property_key": "H1", "person_key": "P1"}
    said |= {"relation": "TENANT", "moved_in": "2019-01-07"} | values
    return [said.get(name, "") for name in HEADERS["MEMBER"]]


def person_of(key: str) -> Person:
    known = SourceKey.objects.get(system="orchard", kind="PERSON", key=key)
    return Person.objects.get(pk=known.subject_id)


def people_file(folder: Path, **values: str) -> Path:
    return write(folder / "people.csv", "PERSON", [person_row(**values)])
