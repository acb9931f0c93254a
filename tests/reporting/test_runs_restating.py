"""A later report of the same month says what it restates, and why: each reason by itself."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from cases.access import job
from cases.casework import operations as do
from cases.casework.models import Case, Incident, IncidentPair, Perception
from cases.intake.operations import decide_pair
from cases.people.operations import add_person
from cases.reporting import catalogue
from cases.reporting.collecting import Figures, collect
from cases.reporting.input_operations import count_homes
from cases.reporting.making import make_report
from cases.reporting.measure import Asked
from cases.reporting.models import Run, Snapshot
from cases.reporting.periods import Period, month_of
from cases.reporting.restating import Reason, Restated, restated
from cases.reporting.run_operations import ask_for_report
from cases.reporting.values import Count
from tests.casework.story import Story, make_case, tell
from tests.reporting.test_runs_make import DECEMBER, NOVEMBER, one_file
from tests.scenarios.story import Story as Told
from tests.scenarios.story import hate_case, london
from tests.scenarios.test_s06_s12 import WHY, graffiti, neighbour
from tests.world import World

JOB = job("make_reports")


@pytest.fixture
def story(world: World) -> Story:
    return tell(world)


def report(at: datetime = DECEMBER, period: Period = NOVEMBER) -> Snapshot:
    """The report of the month as it would be made at a moment."""
    run = ask_for_report(by=JOB, at=at, period=period)
    run = make_report(by=JOB, at=at, run=run, draw=one_file)
    assert run.state == "DONE", run.why_failed
    return Snapshot.objects.get(run=run)


def later(period: Period = NOVEMBER, of: datetime = DECEMBER) -> dict[str, Restated]:
    """What the report made a day later restates, by "measure/line"."""
    again = report(of + timedelta(days=1), period)
    assert again.before is not None
    found = [Restated.from_json(one) for one in again.restated]
    # The month comes first, and then the longer windows.
    return {f"{one.measure}/{one.line}": one for one in reversed(found)}


def windows(again: Snapshot) -> dict[str, tuple[tuple[Reason, int], ...]]:
    """Why each window of the cases opened is restated."""
    found = [Restated.from_json(one) for one in again.restated]
    return {
        one.window: one.reasons for one in found if one.measure == "M03" and one.line == "opened"
    }


def numbers(one: Restated) -> tuple[int, int]:
    assert isinstance(one.before, Count)
    assert isinstance(one.after, Count)
    return one.before.number, one.after.number


def other_case(story: Story, name: str = "Somebody else", views: bool = True) -> Case:
    """Another case of the same afternoon."""
    world = story.world
    by, at = world.actor(story.handler), world.now
    victim = add_person(by=by, at=at, full_name=name)
    case = make_case(world, by, story.case.policy_version, victim=victim)
    incident = do.add_incident(
        by=by, at=at, case=case, when_known="ABOUT", occurred_on=date(2026, 11, 18), types=["NOISE"]
    )
    if views:
        view(story, incident)
    return case


def view(story: Story, incident: Incident, at: datetime | None = None) -> Perception:
    return do.add_perception(
        by=story.world.actor(story.handler),
        at=at or story.world.now,
        incident=incident,
        holds="YES",
        capacity="WITNESS",
        described_as="A postman",
        strands={"RACE": "ACTUAL"},
    )


def take_back(story: Story, view: Perception) -> None:
    words = "I do not think so any more."
    do.retract_perception(by=story.lead, at=DECEMBER, view=view, words=words, witness=story.manager)


def test_a_report_of_the_same_rows_restates_nothing(story: Story) -> None:
    first = report()
    assert first.restated == []
    assert later() == {}
    assert Snapshot.objects.latest("id").before == first


def test_what_was_recorded_late(story: Story) -> None:
    report()
    other_case(story)
    found = later()
    assert numbers(found["M03/opened"]) == (1, 2)
    assert found["M03/opened"].reasons == ((Reason.LATE, 1),)
    assert found["M03/opened"].window == "month"
    assert found["M03/opened"].label == "Opened"


def test_longer_windows_are_restated_with_the_month(story: Story) -> None:
    """Nothing but the month has changed, so its reasons are theirs."""
    report()
    other_case(story)
    late = ((Reason.LATE, 1),)
    assert windows(report(DECEMBER + timedelta(days=1))) == {
        "month": late,
        "year": late,
        "to_date": late,
    }


def test_a_year_that_changed_in_another_month_says_that_reasons_are_of_the_month(
    story: Story,
) -> None:
    december = month_of(date(2026, 12, 1))
    january = DECEMBER + timedelta(days=31)
    report(january, december)
    other_case(story)  # of November
    found = windows(report(january + timedelta(days=1), december))
    assert found == {"year": ((Reason.OTHER, 0),), "to_date": ((Reason.OTHER, 0),)}
    assert "reasons are kept for the month alone" in Reason.OTHER.label


def test_what_was_made_void(story: Story) -> None:
    case = other_case(story)
    report()
    reason = "Entered twice by mistake, at the desk and on the phone."
    do.move_stage(by=story.boss, at=DECEMBER, case=case, to="VOID", reason=reason)
    found = later()
    assert numbers(found["M03/opened"]) == (2, 1)
    assert found["M03/opened"].reasons == ((Reason.JOINED, 1),)


def test_what_was_joined_to_another(story: Story) -> None:
    case = other_case(story)
    report()
    do.join_case(by=story.boss, at=DECEMBER, case=case, into=story.case)
    assert later()["M03/opened"].reasons == ((Reason.JOINED, 1),)


def test_the_only_view_taken_back_takes_the_case_out(story: Story) -> None:
    """Domain 1.6 (n): not counted from then on, and not deleted."""
    report()
    take_back(story, story.view)
    found = later()
    assert numbers(found["M03/opened"]) == (1, 0)
    assert found["M03/opened"].reasons == ((Reason.VIEW_BACK, 1),)
    assert Case.objects.filter(pk=story.case.pk).exists()


def test_a_view_taken_back_beside_another_changes_no_number_of_cases(story: Story) -> None:
    view(story, story.incident)
    report()
    take_back(story, story.view)
    assert "M03/opened" not in later()


def test_what_somebody_has_since_said_was_about_hate(story: Story) -> None:
    case = other_case(story, views=False)
    report()
    view(story, case.incidents.get(), DECEMBER)
    found = later()
    assert numbers(found["M03/opened"]) == (1, 2)
    assert found["M03/opened"].reasons == ((Reason.VIEWED, 1),)


def test_what_was_found_to_be_the_same_incident(world: World) -> None:
    told = Told(world)
    first = graffiti(told)
    second = neighbour(told, first)
    april, may = month_of(date(2026, 4, 6)), london(2026, 5, 6, 9, 0)
    report(may, april)
    decide_pair(
        by=told.actor(told.manager), at=may, pair=IncidentPair.objects.get(), same=True, reason=WHY
    )
    found = later(april, may)
    assert numbers(found["M03/opened"]) == (2, 1)
    assert found["M03/opened"].reasons == ((Reason.JOINED, 1),)
    incidents = [one for key, one in found.items() if key.startswith("M02/")]
    assert incidents
    assert {reason for one in incidents for reason, _ in one.reasons} == {Reason.SAME}
    assert hate_case(first).stage == "CONTACT"
    assert {first.case_id, second.case_id} == set(Case.objects.values_list("pk", flat=True))


def test_what_was_corrected(world: World) -> None:
    """The incident was of another kind: gone from one line, come to another."""
    told = Told(world)
    incident = hate_case(graffiti(told)).incidents.get()
    april, may = month_of(date(2026, 4, 6)), london(2026, 5, 6, 9, 0)
    report(may, april)
    do.correct_incident(
        by=told.actor(told.manager),
        at=may,
        incident=incident,
        reason="It was scratched and not painted.",
        types=["DAMAGE"],
    )
    found = later(april, may)
    assert found["M31/type-GRAFFITI"].reasons == ((Reason.CORRECTED, 1),)
    assert found["M31/type-DAMAGE"].reasons == ((Reason.CORRECTED, 1),)


def test_a_figure_from_outside(story: Story) -> None:
    report()
    count_homes(
        by=story.boss,
        at=DECEMBER,
        entity=None,
        area="",
        stock_class="LCRA",
        homes=38_000,
        counted_on=date(2026, 3, 31),
        source="The housing system",
    )
    found = {key: one for key, one in later().items() if key.startswith("M04/")}
    assert found
    assert {one.reasons for one in found.values()} == {((Reason.OUTSIDE, 0),)}


def test_days_kept_as_a_number_once_are_not_restated(story: Story) -> None:
    first = report()
    for line in first.figures["measures"]["M40"]["lines"]:
        for value in line["values"].values():
            value["kind"] = {"days": "count"}.get(value["kind"], value["kind"])
    assert restated(first, collect(Asked.of_month(NOVEMBER, DECEMBER))) == []


def test_another_way_of_counting_says_so(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    report()
    other_case(story)
    monkeypatch.setattr(catalogue, "VERSION", "99")
    again = later()["M03/opened"]
    assert again.reasons == ((Reason.LATE, 1), (Reason.COUNTING, 0))


def test_several_reasons_are_told_apart(story: Story) -> None:
    void, gone = other_case(story, "One"), other_case(story, "Two")
    report()
    do.move_stage(
        by=story.boss, at=DECEMBER, case=void, to="VOID", reason="Entered by mistake, twice."
    )
    for one in Perception.objects.filter(incident__case=gone):
        take_back(story, one)
    for name in ("Three", "Four", "Five"):
        other_case(story, name)
    found = later()["M03/opened"]
    assert numbers(found) == (3, 4)
    assert dict(found.reasons) == {Reason.LATE: 3, Reason.JOINED: 1, Reason.VIEW_BACK: 1}


def test_only_a_report_of_the_same_month_and_company_is_compared(story: Story) -> None:
    report()
    october = report(DECEMBER, month_of(date(2026, 10, 1)))
    assert october.before is None


def test_every_row_counted_then_and_not_now_has_a_reason(story: Story) -> None:
    """Of every measure: as many rows as came and went are told of."""
    first = report()
    other_case(story)
    second = report(DECEMBER + timedelta(days=1))
    now = {(row.measure, row.line): set(row.ids) for row in second.items.all()}
    then = {(row.measure, row.line): set(row.ids) for row in first.items.all()}
    for one in map(Restated.from_json, second.restated):
        key = (one.measure, one.line)
        if one.window != "month":
            continue
        moved = then.get(key, set()) ^ now.get(key, set())
        told = sum(rows for reason, rows in one.reasons)
        assert told >= len(moved), key
    assert Run.objects.count() == 2
    figures = Figures.from_json(second.figures)
    assert [one.as_json() for one in restated(second, figures)] == []
