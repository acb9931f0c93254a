"""What may be recorded beside an incident or a part, rule by rule (HC-20, HC-22, HC-24, HC-39)."""

from __future__ import annotations

from datetime import date

import pytest

from cases.access import Actor, Role
from cases.casework import record_rules as rules
from cases.casework.choices import Part, Stage
from cases.casework.record_choices import CrimeStatus, RecordKind

TODAY = date(2026, 11, 19)
OFFICER = Actor(id=1, name="Dawn", roles=frozenset({Role.HOUSING_OFFICER}))
MANAGER = Actor(id=2, name="Sunita", roles=frozenset({Role.CASE_MANAGER}))
HANDLER = Actor(id=3, name="Joanne", roles=frozenset({Role.CALL_HANDLER}))

BOTH = {RecordKind.STATEMENT, RecordKind.SPECIAL_MEASURES}
KINDS = [
    (Part.VICTIM, False, BOTH | {RecordKind.SELF_DESCRIBED}),
    (Part.VICTIM, True, BOTH | {RecordKind.SELF_DESCRIBED, RecordKind.HR_TOLD}),
    (Part.THIRD_PARTY, True, BOTH),
    (Part.WITNESS, False, BOTH),
    (Part.RESPONDENT, False, set()),
    (Part.RESPONDENT, True, {RecordKind.HR_REFERRED}),
]


@pytest.mark.parametrize(("part", "colleague", "kinds"), KINDS)
def test_what_can_be_recorded_depends_on_the_part(
    part: Part, colleague: bool, kinds: set[RecordKind]
) -> None:
    assert set(rules.kinds_of(part, colleague=colleague)) == kinds
    for kind in RecordKind:
        answer = rules.record_part(
            OFFICER,
            stage=Stage.CONTACT,
            part=part,
            colleague=colleague,
            kind=kind,
            on=TODAY,
            today=TODAY,
            agreed=True,
        )
        assert bool(answer) is (kind in kinds)


@pytest.mark.parametrize("status", CrimeStatus)
def test_only_a_recorded_crime_needs_a_reference(status: CrimeStatus) -> None:
    answer = rules.crime_status(
        status=status, decided_by="PC Hale", reference=" ", on=TODAY, today=TODAY
    )
    assert bool(answer) is (status != CrimeStatus.POLICE_CRIME)


def test_a_company_is_a_managers_to_change_while_the_case_lives() -> None:
    assert rules.place(MANAGER, stage=Stage.CONTACT)
    assert rules.place(OFFICER, stage=Stage.CONTACT).reason.startswith("Only a case manager")
    assert rules.place(MANAGER, stage=Stage.MERGED).reason.startswith("This case is joined")
    assert rules.placed(" ").reason.startswith("Say why")


def test_a_call_handler_records_nothing_beside_the_story() -> None:
    answer = rules.record_part(
        HANDLER,
        stage=Stage.CONTACT,
        part=Part.VICTIM,
        colleague=False,
        kind=RecordKind.STATEMENT,
        on=TODAY,
        today=TODAY,
        agreed=False,
    )
    assert answer.reason == "Only the people who work a case can change it."


def test_the_words_beside_it_say_that_nothing_follows() -> None:
    assert "counts just the same" in rules.GOES_ON
    assert "need not be a crime" in rules.GOES_ON
