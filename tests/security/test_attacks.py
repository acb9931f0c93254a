"""Attacks that once broke something: what a page, a race or a file must not give away or undo."""

from __future__ import annotations

import pytest

from cases.access import Role
from cases.casework import operations as casework
from cases.casework.choices import Access, Part
from cases.casework.models import Case, IncidentPair
from cases.people import operations as people
from cases.risk.operations import finish, save_answers
from cases.staff.models import User
from tests.casework.story import Story, declared, give, tell
from tests.repeats.telling import Telling, moment
from tests.repeats.test_pages import sisters
from tests.risk.asking import answers, begun, train
from tests.world import World

pytestmark = pytest.mark.django_db

SECRET = "the Friday Bilal was let out, at 9 Alder House"


@pytest.fixture
def told(world: World) -> Story:
    """Amara's case with a named respondent, and officers who are trained."""
    made = tell(world).allocated()
    train(world, made.officer, made.manager)
    return made


@pytest.fixture
def telling(world: World) -> Telling:
    return Telling(world)


def auditor_of(story: Story) -> User:
    user = story.world.user(Role.AUDITOR, name="Peter Lund")
    give(story, user, Access.SAMPLE)
    declared(story, user, story.officer)
    return user


# ------------------------------------------------------------------- cases one may not open


def test_the_day_of_an_earlier_case_in_words_is_its_own(telling: Telling) -> None:
    """What somebody said of when it happened is narrative of a case the reader may not open."""
    amara = telling.person("Amara Osei", pronouns="she/her")
    efua = telling.person("Efua Osei", pronouns="she/her")
    telling.family(amara, efua, "SIBLING")
    telling.incident(efua, "2026-03-03", None, when_words=SECRET)
    second = telling.incident(amara, "2026-11-18").case
    assert second is not None
    reader = telling.world.user(Role.HOUSING_OFFICER, team=telling.team)
    at = moment("2026-11-19")
    casework.give_access(by=telling.boss, at=at, case=second, user=reader, why=Access.COVER)
    for user, reads in ((reader, False), (telling.manager, True)):
        client = telling.world.client(user)
        client.post(f"/cases/{second.reference}/declare/", {"knows": "no"})
        page = client.get(f"/cases/{second.reference}/repeat/").content.decode()
        assert "3 March 2026" in page
        assert (SECRET in page) is reads


def test_no_link_to_two_accounts_one_of_which_is_not_ours(telling: Telling) -> None:
    """The restricted case an account is compared with is not there at all (bar row 17)."""
    first, second = sisters(telling)
    one, other = first.incidents.get(), second.incidents.get()
    pair = IncidentPair.objects.create(
        first=one, second=other, matches=["DATE"], found_at=moment("2026-11-18")
    )
    reader = telling.world.user(Role.HOUSING_OFFICER, team=telling.team)
    casework.give_access(
        by=telling.boss, at=moment("2026-11-19"), case=second, user=reader, why=Access.COVER
    )
    for user, reads in ((reader, False), (telling.manager, True)):
        client = telling.world.client(user)
        client.post(f"/cases/{second.reference}/declare/", {"knows": "no"})
        page = client.get(f"/cases/{second.reference}/repeat/").content.decode()
        assert (f"/same-incident/{pair.pk}/" in page) is reads


def test_a_restricted_case_makes_nobody_a_repeat_for_those_who_may_not_open_it(
    telling: Telling,
) -> None:
    """The last day that counts says on which day a case was reported that is not there."""
    kay = telling.person("Kay Lindqvist")
    telling.incident(kay, "2026-03-03")
    case = telling.incident(kay, "2026-11-18").case
    assert case is not None
    reader = telling.world.user(Role.CALL_HANDLER, team=telling.team)
    for restricted in (False, True):
        Case.objects.filter(pk=case.pk).update(restricted=restricted)
        page = telling.world.client(reader).get(f"/people/{kay.reference}/").content.decode()
        assert ("18 November 2027" in page) is not restricted


# ------------------------------------------------------------------------------- auditors


def test_answers_of_risk_name_nobody_to_an_auditor(told: Story) -> None:
    bilal = people.add_person(by=told.lead, at=told.at(), full_name="Bilal Kranz")
    casework.add_involvement(
        by=told.lead, at=told.at(), case=told.case, part=Part.RESPONDENT, person=bilal
    )
    draft = begun(told)
    said = answers(Q18="Kranz waits by the door, and KRANZ told Novak so.")
    save_answers(by=told.lead, at=told.at(minutes=1), assessment=draft, answers=said)
    done = finish(by=told.lead, at=told.at(minutes=2), assessment=draft)
    client = told.world.client(auditor_of(told))
    for rest in ("risk/", f"risk/{done.pk}/"):
        page = client.get(f"/cases/{told.case.reference}/{rest}")
        assert page.status_code == 200
        for secret in ("Kranz", "KRANZ", "Amara", "Novak"):
            assert secret not in page.content.decode(), (rest, secret)


def test_a_persons_record_tells_an_auditor_nothing_of_who_they_are(told: Story) -> None:
    person = told.amara
    people.change_person(by=told.lead, at=told.at(), person=person, full_name="Amara Ossei")
    people.add_adjustment(
        by=told.lead, at=told.at(), person=person, kind="OTHER", need="OSEI: ring 07700900412"
    )
    client = told.world.client(auditor_of(told))
    for rest in ("", "history/", "family/", "household/"):
        for method in (client.get, client.post):
            page = method(f"/people/{person.reference}/{rest}")
            text = page.content.decode()
            for secret in ("Amara", "Osei", "Ossei", "OSEI", "900412", "Larkfield"):
                assert secret not in text, (rest, method.__name__, secret)


# ---------------------------------------------------------------------------------- risk


@pytest.mark.parametrize("about", ["²", "9" * 5000, "9" * 30, "-1", ""])
def test_no_number_that_is_none_breaks_beginning_an_assessment(told: Story, about: str) -> None:
    declared(told, told.officer)
    client = told.world.client(told.officer)
    client.raise_request_exception = False
    answer = client.post(f"/cases/{told.case.reference}/risk/", {"do": "start", "about": about})
    assert answer.status_code == 404
