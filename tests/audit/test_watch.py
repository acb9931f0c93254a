"""The watch on reading: from the ledger to a finding, to word of it, each once."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.access import Refused, Role
from cases.audit.finding_models import Finding, Verdict, Watched
from cases.audit.finding_operations import decide_finding
from cases.audit.models import Access, Event, Outcome
from cases.audit.unusual import Pattern
from cases.audit.verbs import Verb
from cases.casework import operations
from cases.casework.identity_operations import print_case
from cases.casework.models import CaseMember, Conflict
from cases.people.choices import LinkKind
from cases.people.operations import add_property, declare_staff_link
from cases.policy.operations import change_setting
from cases.staff.models import User
from cases.workflow import watch_operations
from cases.workflow.watch_operations import WATCH, watch_reading
from tests.audit.looking import look
from tests.casework.story import Story, tell
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(world: World) -> Story:
    return tell(world).allocated()


@pytest.fixture
def dpo(world: World) -> User:
    return world.user(Role.DPO, name="Farah Naqvi")


@pytest.fixture
def stranger(world: World) -> User:
    return world.user(Role.HOUSING_OFFICER, team=world.team("South"), name="Ravi Chand")


def watch(story: Story, **later: float) -> list[str]:
    """The patterns a watch at that moment raises."""
    at = story.at(**(later or {"hours": 2}))
    return [finding.pattern for finding in watch_reading(by=WATCH, at=at).raised]


def see(story: Story, user: User, minutes: float = 60, **facts: Any) -> None:
    look(user, story.case.reference, story.at(minutes=minutes), **facts)


class TestWhoIsOnTheCase:
    def test_the_lead_the_team_its_manager_and_the_director_are(
        self, story: Story, world: World
    ) -> None:
        see(story, story.officer)
        see(story, story.manager)
        see(story, world.user(Role.DIRECTOR_CO, name="Ruth Calloway"))
        assert watch(story) == []

    def test_somebody_of_another_team_is_not(self, story: Story, stranger: User) -> None:
        see(story, stranger)
        assert watch(story) == [Pattern.NOT_ON_IT]
        finding = Finding.objects.get()
        assert (finding.actor_id, finding.case_reference) == (stranger.pk, story.case.reference)

    def test_whoever_was_given_it_is_from_then_to_when_it_ended(
        self, story: Story, stranger: User
    ) -> None:
        operations.give_access(
            by=story.boss, at=story.at(hours=1), case=story.case, user=stranger, why="COVER"
        )
        see(story, stranger, minutes=61)
        assert watch(story) == []
        given = CaseMember.objects.get(case=story.case, user=stranger)
        given.ended_at = story.at(hours=3)
        given.save()
        see(story, stranger, minutes=179)
        assert watch(story, hours=4) == []
        see(story, stranger, minutes=181)
        assert watch(story, hours=5) == [Pattern.NOT_ON_IT]

    def test_the_team_does_not_count_for_a_restricted_case(
        self, story: Story, world: World
    ) -> None:
        colleague = world.user(Role.HOUSING_OFFICER, team=world.team("North"), name="Tom Ellery")
        see(story, colleague)
        assert watch(story) == []
        operations.restrict_case(
            by=story.boss,
            at=story.at(hours=3),
            case=story.case,
            reason="Somebody who could be recognised may be harmed.",
            named=[story.manager],
        )
        see(story, colleague, minutes=200)
        assert Pattern.NOT_ON_IT in watch(story, hours=4)

    def test_reading_the_log_of_a_case_is_not_reading_the_case(
        self, story: Story, world: World, dpo: User
    ) -> None:
        assert world.client(dpo).get(f"/cases/{story.case.reference}/looks/").status_code == 200
        assert watch(story, days=30) == []


class TestOwn:
    def test_a_last_name_in_the_case(self, story: Story, world: World) -> None:
        namesake = world.user(Role.HOUSING_OFFICER, team=world.team("North"), name="Kojo OSEI")
        see(story, namesake)
        assert watch(story) == [Pattern.OWN_NAME]
        see(story, namesake, minutes=60 * 50)
        assert watch(story, days=3) == []  # said once

    @pytest.mark.parametrize(
        ("address", "postcode", "expected"),
        [
            ("", "", Pattern.OWN_HOME),
            ("20 Larkfield Court", "NN98 1AA", Pattern.OWN_HOME),
            ("20 Far Street", "NN98 9ZZ", None),
        ],
    )
    def test_an_address_they_are_tied_to(
        self, story: Story, world: World, address: str, postcode: str, expected: Any
    ) -> None:
        story.home.postcode = "NN98 1AA"
        story.home.save()
        officer = world.user(Role.HOUSING_OFFICER, team=world.team("North"), name="Tom Ellery")
        by = world.actor(officer)
        home = (
            add_property(by=story.boss, at=story.at(), address=address, postcode=postcode)
            if address
            else story.home
        )
        see(story, officer, minutes=1)
        declare_staff_link(
            by=by, at=story.at(minutes=2), user=officer, kind=LinkKind.LIVES_AT, home=home
        )
        assert watch(story) == ([expected] if expected else [])


class TestCounts:
    def test_ten_strangers_on_one_case_within_a_day(self, story: Story, world: World) -> None:
        people = [
            world.user(Role.HOUSING_OFFICER, team=world.team("South"), name=f"Reader {n}")
            for n in range(10)
        ]
        for number, user in enumerate(people[:9]):
            see(story, user, minutes=number)
        assert watch(story, minutes=10) == [Pattern.NOT_ON_IT] * 9
        see(story, people[9], minutes=600)  # hours later, read by a later watch
        assert sorted(watch(story, minutes=602)) == [Pattern.MANY_VIEWERS, Pattern.NOT_ON_IT]
        finding = Finding.objects.get(pattern=Pattern.MANY_VIEWERS)
        assert finding.people == sorted(user.pk for user in people)
        assert watch(story, minutes=604) == []

    def test_the_limit_is_the_setting_of_the_moment(
        self, story: Story, world: World, stranger: User
    ) -> None:
        change_setting(
            by=world.actor(world.user(Role.SYSADMIN)),
            at=story.at(),
            key="READING_VIEWERS_PEOPLE",
            value=1,
            reason="To try it",
            begins_at=story.at(),
        )
        see(story, stranger)
        assert sorted(watch(story)) == [Pattern.MANY_VIEWERS, Pattern.NOT_ON_IT]

    def test_three_refusals_of_a_restricted_case(
        self, story: Story, world: World, stranger: User
    ) -> None:
        operations.restrict_case(
            by=story.boss,
            at=story.at(minutes=31),
            case=story.case,
            reason="Somebody who could be recognised may be harmed.",
            named=[story.manager],
        )
        client = world.client(stranger)
        for address in ("", "history/", ""):
            lower = story.case.reference.lower()  # as somebody typed it
            assert client.get(f"/cases/{lower}/{address}").status_code == 404
        assert watch(story, days=30) == [Pattern.REFUSALS]

    def test_a_case_closed_by_a_conflict_is_told_at_the_first_try(
        self, story: Story, stranger: User
    ) -> None:
        Conflict.objects.create(
            case=story.case, user=stranger, source="DECLARED", found_at=story.at()
        )
        see(story, stranger, outcome=Outcome.NOT_FOUND)
        assert watch(story) == [Pattern.CONFLICT_TRIED]

    def test_what_was_read_before_a_conflict_was_declared(self, story: Story) -> None:
        see(story, story.officer, minutes=40)
        see(story, story.officer, minutes=50)
        operations.declare(
            by=story.lead, at=story.at(minutes=55), case=story.case, knows_somebody=True
        )
        assert watch(story) == [Pattern.CONFLICT_READ]
        assert Finding.objects.get().times == 2

    def test_paper_out_of_hours(self, story: Story) -> None:
        print_case(by=story.lead, at=story.at(minutes=60), case=story.case)
        assert watch(story) == []
        print_case(by=story.lead, at=story.at(hours=12), case=story.case)  # twenty to eleven
        assert watch(story, hours=13) == [Pattern.OUT_OF_HOURS]


class TestAgain:
    def test_watching_again_raises_nothing_and_leaves_no_trace(
        self, story: Story, stranger: User
    ) -> None:
        see(story, stranger)
        assert watch(story) == [Pattern.NOT_ON_IT]
        before = (Event.objects.count(), Watched.objects.count())
        for minutes in (121, 122, 123):
            assert watch(story, minutes=minutes) == []
        assert (Event.objects.count(), Watched.objects.count()) == before

    def test_a_long_ledger_is_read_in_parts_and_to_its_end(
        self, story: Story, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        see(story, story.officer, minutes=-50)
        # Numbers do not begin at one: earlier tests took some.
        Watched.objects.create(
            at=story.at(minutes=-30),
            access_id=Access.objects.latest("pk").pk,
            event_id=Event.objects.latest("pk").pk,
        )
        monkeypatch.setattr(watch_operations, "AT_ONCE", 7)
        people = [
            world.user(Role.HOUSING_OFFICER, team=world.team("South"), name=f"Reader {n}")
            for n in range(10)
        ]
        for number, user in enumerate(people):
            see(story, user, minutes=number)
        parts = 0
        while watch_reading(by=WATCH, at=story.at(hours=2)).more:
            parts += 1
            assert parts < 100
        assert parts > 1
        raised = list(Finding.objects.values_list("pattern", flat=True))
        assert raised.count(Pattern.NOT_ON_IT) == 10
        assert raised.count(Pattern.MANY_VIEWERS) == 1

    def test_what_was_committed_late_is_still_read(self, story: Story, stranger: User) -> None:
        watch(story, minutes=60)
        last = Watched.objects.first()
        assert last is not None
        see(story, stranger, minutes=59)
        # Its number is below the last one noted, as if its transaction had ended late.
        Watched.objects.create(
            at=story.at(minutes=66), access_id=last.access_id + 100, event_id=last.event_id
        )
        assert watch(story, minutes=67) == [Pattern.NOT_ON_IT]

    def test_it_takes_as_many_queries_for_fifty_looks_as_for_one(
        self, story: Story, world: World, stranger: User
    ) -> None:
        def cost(at: int) -> int:
            with CaptureQueriesContext(connection) as counted:
                watch(story, minutes=at)
            return len(counted)

        see(story, story.officer, minutes=1)
        few = cost(2)
        for number in range(50):
            see(story, story.officer, minutes=3 + number / 100)
        assert cost(5) <= few

    def test_the_command_says_how_many(self, story: Story, stranger: User, capsys: Any) -> None:
        see(story, stranger)
        call_command("watch_reading")
        assert capsys.readouterr().out == "1 new\n"
        call_command("watch_reading")
        assert capsys.readouterr().out == "0 new\n"


class TestWord:
    @pytest.fixture(autouse=True)
    def _mail(self, settings: Any, django_capture_on_commit_callbacks: Any) -> None:
        settings.TELL_BY_MAIL = True
        self.commits = django_capture_on_commit_callbacks

    def told(self, story: Story, **later: float) -> list[str]:
        mail.outbox.clear()
        with self.commits(execute=True):
            watch(story, **later)
        return [address for message in mail.outbox for address in message.to]

    def test_every_officer_is_told_alone_and_nothing_of_what(
        self, story: Story, stranger: User, dpo: User, world: World
    ) -> None:
        other = world.user(Role.DPO, name="Second Officer")
        see(story, stranger)
        assert sorted(self.told(story)) == sorted([dpo.email, other.email])
        for message in mail.outbox:
            assert len(message.to) == 1
            text = f"{message.subject} {message.body}"
            assert "/unusual-reading/" in text
            for secret in (story.case.reference, "Ravi", "Amara", "team"):
                assert secret not in text
        assert Event.objects.filter(verb=Verb.READING_TOLD).count() == 1
        assert self.told(story, hours=3) == []

    def test_whoever_it_is_about_is_not_told(self, story: Story, dpo: User, world: World) -> None:
        other = world.user(Role.DPO, name="Second Officer")
        see(story, dpo)
        assert self.told(story) == [other.email]

    def test_with_no_other_officer_the_director_is_told(
        self, story: Story, dpo: User, world: World
    ) -> None:
        director = world.user(Role.DIRECTOR_CO, name="Ruth Calloway")
        see(story, dpo)
        assert self.told(story) == [director.email]
        assert "another one must look into it" in mail.outbox[0].body
        assert Finding.objects.visible_to(dpo.actor(story.at())).count() == 0


class TestDecisions:
    def test_it_is_added_to_and_never_altered(
        self, story: Story, stranger: User, dpo: User
    ) -> None:
        see(story, stranger)
        watch(story)
        finding = Finding.objects.get()
        for verdict in (Verdict.NOT_EXPLAINED, Verdict.EXPLAINED):
            decide_finding(
                by=dpo.actor(story.at()),
                at=story.at(hours=3),
                finding=finding,
                verdict=verdict,
                reason="Her manager had asked her to cover a call.",
            )
        kept = [row.verdict for row in finding.decisions.order_by("pk")]
        assert kept == [Verdict.NOT_EXPLAINED, Verdict.EXPLAINED]
        event = Event.objects.filter(verb=Verb.READING_JUDGED).latest("pk")
        assert event.reason == "Her manager had asked her to cover a call."
        assert event.case_reference == ""

    def test_never_by_whoever_it_is_about_nor_by_anybody_else(
        self, story: Story, dpo: User, world: World
    ) -> None:
        see(story, dpo)
        watch(story)
        finding = Finding.objects.get()
        others = [dpo, *(world.user(role) for role in Role if role is not Role.DPO)]
        for user in others:
            with pytest.raises(Refused):
                decide_finding(
                    by=user.actor(story.at()),
                    at=story.at(hours=3),
                    finding=finding,
                    verdict=Verdict.EXPLAINED,
                    reason="Nothing to see.",
                )

    def test_the_line_on_the_ledger_names_neither_case_nor_person(
        self, story: Story, stranger: User
    ) -> None:
        see(story, stranger)
        watch(story)
        event = Event.objects.get(verb=Verb.READING_RAISED)
        assert (event.case_reference, event.actor_id) == ("", None)
        assert event.changes == {"pattern": Pattern.NOT_ON_IT}
