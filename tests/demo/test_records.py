"""What the demo's officers record beside the story, by the real operations."""

from __future__ import annotations

from typing import Any

from cases.casework import operations as ops
from cases.casework.choices import Part, Stage
from cases.casework.models import Case, CrimeDecision, Incident, PartRecord
from cases.casework.record_choices import CommunityImpact, CrimeStatus, RecordKind
from hatecrime.demo.records import keep_records
from tests.casework.story import Story, tell
from tests.world import World


def record_all(story: Story, reference: str) -> None:
    """Both stages of one case, by the chance of that reference."""

    def do(act: Any, **values: Any) -> Any:
        case = Case.objects.get(pk=story.case.pk)
        return act(by=story.lead, at=story.at(hours=2), case=case, **values)

    for stage in (Stage.ASSESS, Stage.PLAN, Stage.INVESTIGATE):
        case = Case.objects.get(pk=story.case.pk)
        case.reference = reference  # only what chance is made of
        keep_records(do, case, stage)


def test_officers_record_what_was_decided_and_of_whom(world: World) -> None:
    story = tell(world).allocated()
    by, at = story.lead, story.at(hours=1)
    ops.change_involvement(
        by=by, at=at, involvement=story.respondent, relationship="LANDLORD_COLLEAGUE"
    )
    ops.add_involvement(
        by=by,
        at=at,
        case=story.case,
        part=Part.WITNESS,
        described_as="The postwoman",
        would_witness="YES",
    )
    for number in range(12):
        record_all(story, f"HC-2026-{number}")
    statuses = set(CrimeDecision.objects.values_list("status", flat=True))
    assert CrimeStatus.REPORTED_AWAITING in statuses
    assert len(statuses) > 3
    recorded = CrimeDecision.objects.filter(status=CrimeStatus.POLICE_CRIME)
    assert all(row.crime_reference for row in recorded)
    kinds = set(PartRecord.objects.values_list("kind", flat=True))
    assert kinds == {RecordKind.STATEMENT, RecordKind.HR_REFERRED}
    said = Incident.history.filter(id=story.incident.pk)  # each time it was asked again
    assert said.exclude(impact_words="").exists()
    assert said.exclude(community_impact=CommunityImpact.NOT_ASKED).exists()


def test_the_same_reference_records_the_same(world: World) -> None:
    said = []
    for team in ("North", "South"):
        story = tell(world, team=team).allocated()
        record_all(story, "HC-2026-4")
        rows = CrimeDecision.objects.filter(incident=story.incident)
        said.append(list(rows.values_list("status", "decided_by", "crime_reference")))
    assert said[0] == said[1]
