"""What officers read: the banner, the queue, the page that explains, the person and the home."""

from __future__ import annotations

import re
from html import unescape

from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.access import Role
from cases.casework import operations as casework
from cases.casework.choices import Access
from cases.casework.models import Case
from cases.repeats.queries import repeat_of
from cases.staff.models import User
from tests.repeats.telling import Telling, level, moment


def text(telling: Telling, user: User, address: str) -> str:
    """The words of a page, opened as somebody who knows nobody in it."""
    client = telling.world.client(user)
    if address.startswith("/cases/"):
        client.post("/".join(address.split("/")[:3]) + "/declare/", {"knows": "no"})
    shown = client.get(address)
    assert shown.status_code == 200, shown.status_code
    body = shown.content.decode().split("<main", 1)[1]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def sisters(telling: Telling) -> tuple[Case, Case]:
    """Efua's case, then Amara's: a repeat in the family."""
    amara = telling.person("Amara Osei", known_as="Amara", pronouns="she/her")
    efua = telling.person("Efua Osei", pronouns="she/her")
    telling.family(amara, efua, "SIBLING")
    first = telling.incident(efua, "2026-03-03", "2026-02-28").case
    second = telling.incident(amara, "2026-11-18").case
    assert first is not None
    assert second is not None
    return first, second


def test_the_banner_and_the_page_say_why(telling: Telling) -> None:
    first, second = sisters(telling)
    said = text(telling, telling.officer, f"/cases/{second.reference}/")
    assert "Second incident in the family" in said
    assert (
        f"First reported 3 March 2026 ({first.reference}), so until 3 March 2027 counts. "
        "Through her sister." in said
    )
    page = text(telling, telling.officer, f"/cases/{second.reference}/repeat/")
    for words in (
        "Why this is a repeat",
        "up to and including 3 March 2027",
        "Her sister was harmed in the first.",
        "First incident, 28 Feb",
        "Happened to her sister.",
        "Amara may not know that her sister told us. Do not mention it.",
        "Nobody can switch this off.",
        "Became a repeat.",
        "Never shown on a letter or a public page.",
    ):
        assert words in page, words


def test_on_the_first_case_that_it_happened_again(telling: Telling) -> None:
    first, second = sisters(telling)
    said = text(telling, telling.officer, f"/cases/{first.reference}/")
    assert "Repeat: more than this incident" in said
    assert (
        f"Another one, of their family, was first reported 18 November 2026 ({second.reference})."
        in said
    )


def test_the_first_case_shows_the_later_one_too(telling: Telling) -> None:
    """Both ends of what counts are in the table, as on the later case (picture 09)."""
    first, second = sisters(telling)
    page = text(telling, telling.officer, f"/cases/{first.reference}/repeat/")
    table = page.split("The same in words", 1)[1].split("What counts is", 1)[0]
    assert first.reference in table
    assert second.reference in table
    assert "18 November 2026" in table
    assert "Repeat, through family" in table
    reader = telling.world.user(Role.HOUSING_OFFICER, name="Tom Ellery")
    at = moment("2026-11-19")
    casework.give_access(by=telling.boss, at=at, case=first, user=reader, why=Access.COVER)
    other = text(telling, reader, f"/cases/{first.reference}/repeat/")
    assert second.reference not in other
    assert "In a case you may not open" in other


def test_whoever_may_not_open_the_first_reads_its_dates_and_no_more(telling: Telling) -> None:
    first, second = sisters(telling)
    reader = telling.world.user(*telling.officer.actor(moment("2026-11-19")).roles)
    at = moment("2026-11-19")
    casework.give_access(by=telling.boss, at=at, case=second, user=reader, why=Access.COVER)
    for address in (f"/cases/{second.reference}/", f"/cases/{second.reference}/repeat/"):
        said = text(telling, reader, address)
        assert "3 March 2026" in said
        assert first.reference not in said
        assert "Efua" not in said
    assert "The earlier case is not yours to open." in text(
        telling, reader, f"/cases/{second.reference}/"
    )


def test_nothing_before_says_what_will_count(telling: Telling) -> None:
    case = telling.incident(telling.person("Kay Lindqvist"), "2026-11-18").case
    assert case is not None
    page = text(telling, telling.officer, f"/cases/{case.reference}/repeat/")
    assert "Why this is not a repeat" in page
    assert "up to and including 18 November 2027" in page
    assert "What this changes" not in page


def test_the_queue_the_person_and_the_home_say_it(telling: Telling) -> None:
    kay = telling.person("Kay Lindqvist")
    home = telling.home("3 Fen House")
    household = telling.household(home)
    telling.lives(kay, household)
    telling.incident(kay, "2026-03-03")
    case = telling.incident(kay, "2026-11-18").case
    assert case is not None
    assert "Yes, same person" in text(telling, telling.manager, "/?view=unallocated")
    person = text(telling, telling.officer, f"/people/{kay.reference}/")
    assert "Repeat, current until 18 November 2027" in person
    assert "First reported 3 March 2026" in person
    assert "Repeat, current until 18 November 2027" in text(
        telling, telling.officer, f"/homes/{home.pk}/"
    )


def test_asking_what_a_case_is_takes_few_questions(telling: Telling) -> None:
    first, second = sisters(telling)
    reader = telling.by
    for case in (first, second):
        fresh = Case.objects.select_related("victim").get(pk=case.pk)
        with CaptureQueriesContext(connection) as asked:
            repeat_of(fresh, at=moment("2026-11-19"), reader=reader)
        assert len(asked) <= 4  # one of them: what is kept from the reader


def test_only_a_manager_records_that_it_was_made_up(telling: Telling) -> None:
    kay = telling.person("Kay Lindqvist")
    first = telling.incident(kay, "2026-03-03")
    second = telling.incident(kay, "2026-11-18")
    assert first.case is not None
    address = f"/cases/{first.case.reference}/incidents/{first.pk}/made-up/"
    page = text(telling, telling.manager, f"/cases/{first.case.reference}/repeat/")
    assert "They said that incident 1 was made up" in page
    client = telling.world.client(telling.manager)
    assert "Give what they said themselves" in client.post(address, {"words": ""}).content.decode()
    assert client.post(address, {"words": "I made it up, sorry."}).status_code == 302
    assert level(second) == "NONE"
    assert client.get(address).status_code == 403
    officer = telling.world.client(telling.officer)
    assert officer.get(address).status_code == 403
