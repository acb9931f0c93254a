"""The list of unusual reading and each finding: for the officer, and never about themselves."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.access import Grant, Role
from cases.audit.finding_models import Finding, FindingDecision
from cases.audit.finding_queries import AskedFindings, findings_page, waiting_for
from cases.audit.models import Access, Outcome
from cases.audit.unusual import Pattern
from cases.staff.models import User
from cases.workflow.watch_operations import WATCH, watch_reading
from tests.audit.looking import look
from tests.audit.pages import no_right, ritual, wrong_verbs
from tests.casework.story import Story, tell
from tests.world import World

pytestmark = pytest.mark.django_db
ADDRESS = "/unusual-reading/"
REASON = "Her manager had asked her to cover a call."


@pytest.fixture
def story(world: World) -> Story:
    return tell(world).allocated()


@pytest.fixture
def dpo(world: World) -> User:
    return world.user(Role.DPO, name="Farah Naqvi")


def stranger(world: World, number: int = 1) -> User:
    return world.user(Role.HOUSING_OFFICER, team=world.team("South"), name=f"Ravi Chand {number}")


def raised(story: Story, *users: User, days: float = 0) -> list[Finding]:
    """Findings of these people, who opened the case and are not on it."""
    for user in users:
        look(user, story.case.reference, story.at(hours=1, days=days))
    return list(watch_reading(by=WATCH, at=story.at(hours=2, days=days)).raised)


class TestList:
    def test_it_is_the_officers(self, story: Story, world: World, dpo: User) -> None:
        ritual(
            world,
            allowed=dpo,
            refused=story.manager,
            address=ADDRESS,
            sentence=Grant.SEE_LEDGER.value,
        )
        for role in set(Role) - {Role.DPO}:
            assert world.client(world.user(role)).get(ADDRESS).status_code == 403, role

    def test_each_finding_is_a_sentence_and_is_counted_in_the_menu(
        self, story: Story, world: World, dpo: User
    ) -> None:
        client = world.client(dpo)
        assert "Unusual reading (" not in client.get(ADDRESS).content.decode()
        raised(story, stranger(world))
        page = client.get(ADDRESS).content.decode()
        assert f"Ravi Chand 1 opened {story.case.reference} and was not on it" in page
        assert "Unusual reading (1)" in page
        assert "Unusual reading (1)" in client.get("/").content.decode()
        assert "1 finding of unusual reading" in client.get("/ledger/").content.decode()

    def test_what_is_about_ones_own_reading_is_not_there(
        self, story: Story, world: World, dpo: User
    ) -> None:
        other = world.user(Role.DPO, name="Second Officer")
        (finding,) = raised(story, dpo)
        client = world.client(dpo)
        shown = client.get(ADDRESS, {"show": "all"})
        assert shown.context["rows"] == []
        assert story.case.reference not in shown.content.decode()
        for verb in ("get", "post"):
            answer = getattr(client, verb)(f"{ADDRESS}{finding.pk}/", {"verdict": "EXPLAINED"})
            assert answer.status_code == 404
        assert waiting_for(dpo.actor(story.at())) == 0
        assert waiting_for(other.actor(story.at())) == 1
        assert not FindingDecision.objects.exists()

    def test_one_of_many_viewers_is_not_shown_that_they_were_many(
        self, story: Story, world: World, dpo: User
    ) -> None:
        raised(story, dpo, *(stranger(world, number) for number in range(9)))
        rows = world.client(dpo).get(ADDRESS, {"pattern": Pattern.MANY_VIEWERS}).context["rows"]
        assert Finding.objects.filter(pattern=Pattern.MANY_VIEWERS).count() == 1
        assert rows == []

    def test_it_is_filtered_and_paged_and_keeps_its_filters(
        self, story: Story, world: World, dpo: User
    ) -> None:
        raised(story, *(stranger(world, number) for number in range(40)))
        client = world.client(dpo)
        first = client.get(ADDRESS, {"pattern": Pattern.NOT_ON_IT, "who": "ravi"})
        assert len(first.context["rows"]) == 25
        older = first.context["further"].older
        assert "pattern=NOT_ON_IT" in older
        assert "who=ravi" in older
        assert len(client.get(ADDRESS + older).context["rows"]) == 15
        many = client.get(ADDRESS, {"pattern": Pattern.MANY_VIEWERS})
        assert len(many.context["rows"]) == 1
        assert client.get(ADDRESS, {"who": "nobody"}).context["rows"] == []
        assert client.get(ADDRESS, {"to_on": "2020-01-01"}).context["rows"] == []
        for junk in ({"pattern": "?"}, {"show": "?"}, {"before": "x"}, {"from_on": "x"}):
            assert client.get(ADDRESS, junk).status_code == 200

    def test_findings_arriving_meanwhile_skip_and_double_nothing(
        self, story: Story, world: World, dpo: User
    ) -> None:
        raised(story, *(stranger(world, number) for number in range(7)))
        actor = dpo.actor(story.at())
        whole = [row.pk for row in Finding.objects.order_by("-pk")]
        seen: list[int] = []
        before, extra = None, 100
        while True:
            page = findings_page(actor, AskedFindings(show="all", before=before), per_page=3)
            seen += [row.pk for row in page.findings]
            raised(story, stranger(world, extra), days=extra)
            extra += 1
            if page.older is None:
                break
            before = page.older
        assert seen == whole

    def test_it_costs_the_same_for_many(self, story: Story, world: World, dpo: User) -> None:
        client = world.client(dpo)

        def cost() -> int:
            with CaptureQueriesContext(connection) as counted:
                client.get(ADDRESS)
            return len(counted)

        raised(story, stranger(world))
        few = cost()
        raised(story, *(stranger(world, number) for number in range(2, 20)))
        assert cost() <= few
        assert few <= 14


class TestFinding:
    @pytest.fixture
    def finding(self, story: Story, world: World) -> Finding:
        (finding,) = raised(story, stranger(world))
        return finding

    def address(self, finding: Finding) -> str:
        return f"{ADDRESS}{finding.pk}/"

    def test_it_shows_the_lines_of_the_ledger_behind_it(
        self, story: Story, world: World, dpo: User, finding: Finding
    ) -> None:
        no_right(world, story.manager, self.address(finding), Grant.SEE_LEDGER.value)
        wrong_verbs(world, dpo, self.address(finding), "get", "post")
        page = world.client(dpo).get(self.address(finding))
        assert [entry.sentence for entry in page.context["entries"]] == ["opened the case"]
        seen = Access.objects.filter(actor_id=dpo.pk, what="audit:finding", outcome=Outcome.SHOWN)
        assert seen.filter(case_reference=story.case.reference).count() == 1

    def test_what_came_of_it_is_kept_and_it_waits_no_more(
        self, story: Story, world: World, dpo: User, finding: Finding
    ) -> None:
        client = world.client(dpo)
        sent = client.post(self.address(finding), {"verdict": "EXPLAINED", "reason": REASON})
        assert sent.status_code == 302
        page = client.get(self.address(finding)).content.decode()
        assert REASON in page
        assert client.get(ADDRESS).context["rows"] == []
        decided = client.get(ADDRESS, {"show": "decided"}).context["rows"]
        assert [row["verdict"] for row in decided] == ["Explained"]

    @pytest.mark.parametrize(
        ("given", "said"),
        [
            ({"reason": REASON}, "Choose what you found"),
            ({"verdict": "EXPLAINED", "reason": "  "}, "Say what you did"),
            ({"verdict": "MAYBE", "reason": REASON}, "MAYBE is not one of the available choices"),
        ],
    )
    def test_it_needs_a_verdict_and_a_reason(
        self, world: World, dpo: User, finding: Finding, given: dict[str, Any], said: str
    ) -> None:
        page = world.client(dpo).post(self.address(finding), given).content.decode()
        assert said in page
        assert "<title>Error:" in page
        assert not FindingDecision.objects.exists()

    @pytest.mark.parametrize("pattern", [Pattern.REFUSALS, Pattern.MANY_VIEWERS])
    def test_every_kind_has_its_lines(
        self, story: Story, world: World, dpo: User, pattern: Pattern
    ) -> None:
        if pattern == Pattern.MANY_VIEWERS:
            raised(story, *(stranger(world, number) for number in range(10)))
            expected = 10
        else:
            story.case.restricted = True
            story.case.save()
            user = stranger(world, 50)
            for minute in range(3):
                look(
                    user,
                    story.case.reference,
                    story.at(minutes=minute),
                    outcome=Outcome.NOT_FOUND,
                )
            watch_reading(by=WATCH, at=story.at(hours=2))
            expected = 3
        finding = Finding.objects.get(pattern=pattern)
        page = world.client(dpo).get(self.address(finding))
        assert len(page.context["entries"]) == expected
