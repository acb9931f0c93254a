"""What, within a strand, somebody says it was about (domain 2.1): told, kept, shown."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from cases.casework.choices import Capacity, Holds, Strand
from cases.casework.models import Perception, PerceptionStrand
from cases.casework.operations import add_perception, declare
from cases.casework.record_choices import KINDS_OF, StrandKind
from cases.intake.operations import add_view
from cases.intake.script import question
from tests.scenarios.story import Story, hate_case, keys, london
from tests.workflow.test_case_page import text_of


def test_every_kind_belongs_to_one_strand_and_is_on_the_sheet() -> None:
    named = [kind for kinds in KINDS_OF.values() for kind in kinds]
    assert sorted(named) == sorted(StrandKind)
    for strand, kinds in KINDS_OF.items():
        asked = question(f"why.kinds.{strand}")
        assert asked is not None
        assert asked.values == {kind.value for kind in kinds}
        assert asked.when == ("why.strands", frozenset({strand}))
    assert question("why.kinds.AGE") is None


def test_what_was_told_is_kept_with_the_callers_view_and_shown(story: Story) -> None:
    s = story.tenant("Sal Kettering", story.home("7 Lock Wharf"))
    at = london(2026, 3, 15, 10, 0)
    report = story.report(
        {
            **keys("who", person=s.reference),
            **keys("incident-1", words="He mocks her chair and her accent.", types=["VERBAL"]),
            **keys("why", caller="YES", own="YES", strands=["DISABILITY", "RACE", "AGE"]),
            "why.kinds.DISABILITY": ["PHYSICAL", "LONG_TERM"],
            "why.kinds.RACE": ["NATIONALITY"],
            # Not asked once its strand is not ticked: an answer left behind counts for nothing.
            "why.kinds.RELIGION": ["JEWISH"],
        },
        received=at,
    )
    case = hate_case(report)
    theirs = Perception.objects.get(incident__case=case, capacity=Capacity.VICTIM)
    assert {row.strand: row.kinds for row in theirs.strands.all()} == {
        "AGE": [],
        "DISABILITY": ["LONG_TERM", "PHYSICAL"],
        "RACE": ["NATIONALITY"],
    }
    officers = Perception.objects.get(incident__case=case, capacity=Capacity.OFFICER)
    assert not officers.strands.exists()
    add_view(
        by=story.actor(story.handler, at),
        at=at,
        report=report,
        capacity=Capacity.WITNESS,
        holds=Holds.YES,
        described_as="Her sister",
        strands={"RELIGION": "PERCEIVED"},
        kinds={"RELIGION": ["MUSLIM"]},
    )
    declare(by=story.actor(story.director), at=at, case=case, knows_somebody=False)
    client = story.world.client(story.director)
    page = text_of(client.get(f"/cases/{case.reference}/").content.decode())
    for words in ("Disability (Long-term condition, Physical)", "Race (Nationality)"):
        assert words in page
    assert "Religion (Muslim), they are thought to be." in page
    sister = Perception.objects.get(described_as="Her sister")
    assert sister.strands.get().kinds == ["MUSLIM"]


def test_a_kind_of_another_strand_is_refused(story: Story) -> None:
    """The form offers none, the fields take only known codes, and the database has the last say."""
    s = story.tenant("Sal Kettering", story.home("7 Lock Wharf"))
    report = story.report(
        {
            **keys("who", person=s.reference),
            **keys("incident-1", words="He shouts.", types=["VERBAL"]),
            **keys("why", caller="YES", own="YES", strands=["RACE"]),
        },
        received=london(2026, 3, 15, 10, 0),
    )
    incident = hate_case(report).incidents.get()
    facts = {
        "by": story.actor(story.officer),
        "at": london(2026, 3, 15, 11, 0),
        "incident": incident,
        "holds": Holds.YES,
        "capacity": Capacity.WITNESS,
        "described_as": "A passer-by",
    }
    for strand, kind in (("RACE", "JEWISH"), ("AGE", "PHYSICAL"), ("RACE", "NOT_A_CODE")):
        with pytest.raises((ValidationError, IntegrityError)), transaction.atomic():
            add_perception(strands={strand: ""}, kinds={strand: [kind]}, **facts)  # type: ignore[arg-type]
    assert not PerceptionStrand.objects.exclude(strand=Strand.RACE).exists()
