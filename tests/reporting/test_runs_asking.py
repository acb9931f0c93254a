"""Who has a report made, who reads which, and what each download leaves on the ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256

import pytest
from django.core.exceptions import ValidationError
from django.db import connections

from cases.access import Actor, Grant, Refused, Role, job
from cases.audit.models import Event
from cases.people.company_operations import add_company
from cases.people.models import Entity
from cases.reporting import rules, run_queries
from cases.reporting.choices import FileKind, Profile
from cases.reporting.files import name_of
from cases.reporting.making import make_report
from cases.reporting.models import ReportFile, Run, Snapshot
from cases.reporting.periods import Period, month_of
from cases.reporting.run_operations import ask_for_report, ask_when_due, download
from tests.reporting.test_runs_make import DECEMBER, JOB, NOVEMBER
from tests.world import COMMAND, LONDON, LONG_AGO, World

OCTOBER = month_of(date(2026, 10, 1))
ASKERS = {Role.CASE_MANAGER, Role.DIRECTOR_CO}


def company(code: str) -> Entity:
    return add_company(by=COMMAND, at=LONG_AGO, code=code, name=f"Company {code}")


def manager(world: World, *entities: str) -> Actor:
    """A case manager, of these companies only if any are named."""
    found = world.actor(world.user(Role.CASE_MANAGER), DECEMBER)
    return replace(found, entities=entities)


def kept(period: Period = NOVEMBER, entity: Entity | None = None) -> Snapshot:
    run = ask_for_report(by=JOB, at=DECEMBER, period=period, entity=entity)
    assert make_report(by=JOB, at=DECEMBER, run=run, draw=both).state == "DONE"
    return Snapshot.objects.get(run=run)


def both(*_: object) -> list[ReportFile]:
    return list(_files())


def _files() -> Iterator[ReportFile]:
    for profile in Profile:
        content = f"a {profile} report".encode()
        digest = sha256(content).hexdigest()
        yield ReportFile(
            profile=profile, kind=FileKind.CSV, content=content, sha256=digest, made_at=DECEMBER
        )


@pytest.mark.parametrize("role", Role)
def test_who_has_a_report_made(world: World, role: Role) -> None:
    by = world.actor(world.user(role), DECEMBER)
    if role in ASKERS:
        run = ask_for_report(by=by, at=DECEMBER, period=NOVEMBER)
        assert (run.state, run.asked_by_id, run.asked_at) == ("WAITING", by.id, DECEMBER)
        event = Event.objects.get(verb="report.asked_for")
        assert (event.actor_id, event.subject_id) == (by.id, run.pk)
        assert event.changes == {"first": "2026-11-01", "last": "2026-11-30"}
    else:
        with pytest.raises(Refused, match=Grant.MAKE_REPORTS):
            ask_for_report(by=by, at=DECEMBER, period=NOVEMBER)
        assert not Run.objects.exists()


def test_asked_twice_it_is_made_once(world: World) -> None:
    first = ask_for_report(by=manager(world), at=DECEMBER, period=NOVEMBER)
    again = ask_for_report(by=manager(world), at=DECEMBER, period=NOVEMBER)
    assert again == first
    assert Event.objects.filter(verb="report.asked_for").count() == 1
    other = ask_for_report(by=manager(world), at=DECEMBER, period=NOVEMBER, entity=company("KHN"))
    assert other != first
    assert ask_for_report(by=manager(world), at=DECEMBER, period=OCTOBER) != first


def test_asked_by_many_at_once_it_is_made_once(own_world: World) -> None:
    by = manager(own_world)

    def ask(_: int) -> Run:
        try:
            return ask_for_report(by=by, at=DECEMBER, period=NOVEMBER)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert len({run.pk for run in pool.map(ask, range(4))}) == 1
    assert Event.objects.filter(verb="report.asked_for").count() == 1


@pytest.mark.parametrize(
    "period",
    [
        month_of(date(2026, 12, 1)),
        Period(date(2026, 11, 1), date(2026, 11, 29)),
        Period(date(1999, 1, 1), date(1999, 1, 31)),
        Period(date.min, date.min.replace(day=31)),
        Period(date(9999, 11, 1), date(9999, 11, 30)),
    ],
)
def test_what_there_is_no_report_of(world: World, period: Period) -> None:
    with pytest.raises(Refused):
        ask_for_report(by=manager(world), at=DECEMBER, period=period)
    assert not Run.objects.exists()


def test_who_sees_one_company_asks_for_and_sees_its_reports_only(world: World) -> None:
    own, other = company("KHN"), company("SPIRE")
    mine, hers, every = kept(entity=own), kept(entity=other), kept()
    scoped = manager(world, "KHN")
    for entity in (None, other):
        with pytest.raises(Refused, match=rules.OWN_ONLY):
            ask_for_report(by=scoped, at=DECEMBER, period=NOVEMBER, entity=entity)
    assert ask_for_report(by=scoped, at=DECEMBER, period=NOVEMBER, entity=own).entity == own
    assert list(run_queries.kept_reports(scoped)) == [mine]
    assert {run.entity for run in run_queries.visible_to(scoped)} == {own}
    assert run_queries.newest(scoped, "KHN") == mine
    assert run_queries.newest(scoped) is None
    assert run_queries.newest(scoped, "SPIRE") is None
    for snapshot, may in ((mine, True), (hers, False), (every, False)):
        assert bool(run_queries.files_of(scoped, snapshot)) is may
        for file in snapshot.files.all():
            if may:
                assert download(by=scoped, at=DECEMBER, file=file)
            else:
                with pytest.raises(Refused, match=rules.OWN_ONLY):
                    download(by=scoped, at=DECEMBER, file=file)


def test_the_newest_is_of_the_newest_month_and_made_last(world: World) -> None:
    by = manager(world)
    assert run_queries.newest(by) is None
    november, october = kept(), kept(OCTOBER)
    assert run_queries.newest(by) == november
    again = kept()
    assert run_queries.newest(by) == again
    assert list(run_queries.kept_reports(by)) == [again, november, october]


FULL = {Role.CASE_MANAGER, Role.DIRECTOR_CO}
SHARED = FULL | {
    Role.HOUSING_OFFICER,
    Role.AUDITOR,
    Role.DPO,
    Role.REPORT_VIEWER,
    Role.POLICY_SPONSOR,
}


@pytest.mark.parametrize("role", Role)
def test_who_downloads_which_version(world: World, role: Role) -> None:
    snapshot = kept()
    by = world.actor(world.user(role), DECEMBER)
    assert run_queries.kept_reports(by).exists() is (role in SHARED)
    for profile, who in ((Profile.PUBLISHED, SHARED), (Profile.INTERNAL, FULL)):
        file = snapshot.files.get(profile=profile)
        assert (file in run_queries.files_of(by, snapshot)) is (role in who)
        if role in who:
            assert download(by=by, at=DECEMBER, file=file) == f"a {profile} report".encode()
        else:
            with pytest.raises(Refused):
                download(by=by, at=DECEMBER, file=file)
    told = Event.objects.filter(verb="report.downloaded")
    assert told.count() == (role in SHARED) + (role in FULL)


def test_a_download_is_on_the_ledger_each_time(world: World) -> None:
    file = kept().files.get(profile=Profile.INTERNAL)
    by = manager(world)
    for _ in range(2):
        download(by=by, at=DECEMBER, file=file)
    events = Event.objects.filter(verb="report.downloaded", actor_id=by.id, subject_id=file.pk)
    assert [event.changes for event in events] == [
        {"profile": "internal", "kind": "csv", "run": file.snapshot.run_id}
    ] * 2


def test_whose_role_has_ended_downloads_nothing_more(world: World) -> None:
    """The permission is asked at each download, of the roles held then."""
    file = kept().files.get(profile=Profile.INTERNAL)
    by = manager(world)
    download(by=by, at=DECEMBER, file=file)
    with pytest.raises(Refused, match=Grant.SEE_MONITORING):
        download(by=replace(by, roles=frozenset()), at=DECEMBER, file=file)


def test_a_file_that_is_not_what_was_made_is_not_given_out(world: World) -> None:
    file = kept().files.get(profile=Profile.INTERNAL)
    file.content = b"something else"
    with pytest.raises(Refused, match="not what was made"):
        download(by=manager(world), at=DECEMBER, file=file)


def test_a_file_is_called_by_its_month_company_and_version_alone(world: World) -> None:
    file = kept(entity=company("KHN")).files.get(profile=Profile.PUBLISHED)
    assert name_of(file) == "monthly-report-2026-11-khn-published.zip"


def test_a_list_of_reports_asks_the_same_however_many_there_are(
    world: World, django_assert_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    by = manager(world)
    for month in range(1, 4):
        kept(month_of(date(2026, month, 1)), company(f"C{month}"))
    with django_assert_num_queries(1):
        assert len([one.run.entity for one in run_queries.kept_reports(by)]) == 3


# --- what the clockwork asks for ---


@pytest.fixture
def holidays(world: World) -> World:
    world.policy()
    return world


@pytest.mark.parametrize(
    ("at", "month"),
    [
        (datetime(2026, 11, 3, 23, 59, tzinfo=LONDON), None),
        (datetime(2026, 11, 4, 0, 0, tzinfo=LONDON), date(2026, 10, 1)),
        (datetime(2026, 11, 30, 23, 59, tzinfo=LONDON), date(2026, 10, 1)),
        # Summer time: still the 3rd in London's June, and the 2nd in UTC's, or the other way.
        (datetime(2026, 6, 2, 23, 30, tzinfo=UTC), date(2026, 5, 1)),
        (datetime(2026, 6, 2, 22, 30, tzinfo=UTC), None),
        # The night the clocks go back, and the one they go forward.
        (datetime(2026, 10, 25, 1, 30, tzinfo=LONDON, fold=1), date(2026, 9, 1)),
        (datetime(2027, 3, 28, 2, 30, tzinfo=LONDON), date(2027, 2, 1)),
        (datetime(2027, 1, 5, 12, 0, tzinfo=LONDON), None),  # 1 January, then a weekend
        (datetime(2027, 1, 6, 12, 0, tzinfo=LONDON), date(2026, 12, 1)),
    ],
)
def test_last_months_report_is_asked_for_from_its_working_day(
    holidays: World, at: datetime, month: date | None
) -> None:
    run = ask_when_due(by=job("make_reports"), at=at)
    assert (run.first if run else None) == month
    again = ask_when_due(by=job("make_reports"), at=at)
    assert again is None
    assert Run.objects.count() == (month is not None)


def test_what_is_kept_is_not_asked_for_again(holidays: World) -> None:
    snapshot = kept()
    assert ask_when_due(by=JOB, at=DECEMBER) is None
    assert Run.objects.get() == snapshot.run


def test_what_failed_is_asked_for_again_another_day(holidays: World) -> None:
    def broken(*_: object) -> list[ReportFile]:
        raise ValueError

    run = ask_when_due(by=JOB, at=DECEMBER)
    assert run is not None
    assert make_report(by=JOB, at=DECEMBER, run=run, draw=broken).state == "FAILED"
    assert ask_when_due(by=JOB, at=DECEMBER.replace(hour=23)) is None
    again = ask_when_due(by=JOB, at=DECEMBER.replace(day=4, hour=0, minute=30))
    assert again is not None
    assert again != run


def test_the_report_of_one_company_is_not_that_of_all(holidays: World) -> None:
    kept(entity=company("KHN"))
    assert ask_when_due(by=JOB, at=DECEMBER) is not None


def test_a_second_run_under_way_is_refused_by_the_database(world: World) -> None:
    run = ask_for_report(by=JOB, at=DECEMBER, period=NOVEMBER)
    twin = Run(first=run.first, last=run.last, asked_at=DECEMBER)
    with pytest.raises(ValidationError, match="being made already"):
        twin.validate_constraints()
