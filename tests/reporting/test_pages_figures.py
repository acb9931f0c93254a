"""Figures from outside: entered, imported, shown with their history; a slip has its sentence."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cases.access import Grant, Role
from cases.audit.models import Event
from cases.reporting.models import AsbTotal, HomesCount, ResidentCount
from cases.staff.models import User
from tests.audit.pages import ritual
from tests.reporting.pages import DECEMBER, at, text_of
from tests.reporting.test_pages_reports import company, scoped
from tests.world import World

pytestmark = pytest.mark.django_db
KINDS = ("homes", "asb", "residents")
DAY = {"counted_on_day": "31", "counted_on_month": "3", "counted_on_year": "2026"}
SENT: dict[str, dict[str, str]] = {
    "homes": {
        **DAY,
        **{"company": "all", "area": "Wellby", "stock_class": "LCRA", "homes": "38,000"},
        "source": "Stock report",
    },
    "asb": {
        **{"company": "all", "month": "2026-11", "opened": "41", "with_hate": "yes"},
        "source": "The ASB team",
    },
    "residents": {
        **DAY,
        **{"company": "all", "group": "UNDER_25", "residents": "900", "source": "Census"},
    },
}
MODELS: dict[str, type[Any]] = {"homes": HomesCount, "asb": AsbTotal, "residents": ResidentCount}
SAYS = {"homes": "38,000", "asb": "November 2026", "residents": "Under 25"}


@pytest.fixture
def manager(world: World) -> User:
    world.policy()
    return world.user(Role.CASE_MANAGER, name="Sunita Bhatt")


@pytest.fixture
def client(world: World, manager: User) -> Client:
    return world.client(manager)


@pytest.fixture(autouse=True)
def december() -> Any:
    with time_machine.travel(DECEMBER, tick=False):
        yield


@pytest.mark.parametrize("name", ["enter", "import"])
@pytest.mark.parametrize("kind", KINDS)
def test_only_who_keeps_figures_enters_them(
    world: World, manager: User, name: str, kind: str
) -> None:
    ritual(
        world,
        allowed=manager,
        refused=world.user(Role.DIRECTOR_CO),
        address=at(name, kind),
        sentence=Grant.KEEP_FIGURES.value,
        verbs=("get", "post"),
    )


def test_whoever_sees_monitoring_sees_them(world: World, client: Client) -> None:
    for kind in KINDS:
        client.post(at("enter", kind), SENT[kind])
    viewer = world.client(world.user(Role.REPORT_VIEWER))
    shown = text_of(viewer.get(at("figures")))
    assert all(words in shown for words in SAYS.values())
    assert "Enter a new number" not in shown
    for kind in KINDS:
        assert "by Sunita Bhatt" in text_of(viewer.get(at("history", kind)))
    assert "None has been entered yet." not in shown


def test_before_any_is_entered_the_page_says_so(client: Client) -> None:
    assert text_of(client.get(at("figures"))).count("None has been entered yet.") == 3
    for kind in KINDS:
        assert "None has been entered yet." in text_of(client.get(at("history", kind)))


@pytest.mark.parametrize("kind", KINDS)
def test_the_newest_counts_and_the_one_before_stays(client: Client, kind: str) -> None:
    number = {"homes": "homes", "asb": "opened", "residents": "residents"}[kind]
    for many in ("1,000", "2000"):
        assert client.post(at("enter", kind), {**SENT[kind], number: many}).status_code == 302
    now = text_of(client.get(at("figures")))
    assert "2,000" in now
    assert "1,000" not in now
    history = text_of(client.get(at("history", kind)))
    assert history.count("Counts now") == 1
    assert history.index("2,000") < history.index("1,000")
    assert SENT[kind]["source"] in history
    assert Event.objects.filter(verb__startswith="figures.").count() == 2


def test_the_youngest_residents_are_named_first(client: Client) -> None:
    for group in ("FROM_65", "UNDER_25", "FROM_25"):
        client.post(at("enter", "residents"), {**SENT["residents"], "group": group})
    shown = text_of(client.get(at("figures")))
    places = [shown.index(age) for age in ("Under 25", "25 to 44", "65 and over")]
    assert places == sorted(places)


def test_sent_twice_it_is_kept_once(client: Client) -> None:
    page = text_of(client.get(at("enter", "homes")))
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    for _ in range(2):
        sent = {**SENT["homes"], "csrfmiddlewaretoken": token}
        assert client.post(at("enter", "homes"), sent).status_code == 302
    assert HomesCount.objects.count() == 1


WRONG = [
    ("homes", {"company": ""}, "Choose a company, or say that it is not split by company"),
    ("homes", {"company": "NONE"}, "Choose one of the companies listed"),
    ("homes", {"stock_class": ""}, "Choose the class of home"),
    ("homes", {"homes": ""}, "Enter how many homes there are"),
    ("homes", {"homes": "many"}, "Enter how many homes there are: a whole number, like 38,000"),
    ("homes", {"homes": "-1"}, "The number cannot be below 0"),
    ("homes", {"homes": "9" * 30}, "The number is too large to be true: check it"),
    ("homes", {"homes": "2000000"}, "is more than there can be"),
    ("homes", {"counted_on_year": "2999"}, "The day they were counted is in the future."),
    ("homes", {"counted_on_day": "32"}, "The day they were counted must be a real date"),
    ("homes", {"source": ""}, "Say where the number is from"),
    ("homes", {"source": "\0"}, "Null characters are not allowed"),
    ("homes", {"source": "x" * 300}, "200 characters"),
    ("asb", {"month": ""}, "Choose a month"),
    ("asb", {"with_hate": ""}, "Say whether the hate crime cases are in the number"),
    ("asb", {"opened": "1.5"}, "a whole number"),
    ("residents", {"group": "UNKNOWN"}, "Choose an age group"),
    ("residents", {"residents": ""}, "Enter how many residents there are"),
]


@pytest.mark.parametrize(("kind", "change", "sentence"), WRONG, ids=lambda one: str(one)[:30])
def test_a_slip_has_its_sentence_and_nothing_is_kept(
    client: Client, kind: str, change: dict[str, str], sentence: str
) -> None:
    sent = {**SENT[kind], **change}
    shown = text_of(client.post(at("enter", kind), sent))
    assert shown.count(sentence) >= 2  # beside the field, and at the top with a link to it
    assert "<title>Error: " in shown
    kept = "Stock report" if "source" not in change and kind == "homes" else ""
    assert kept in shown
    assert not MODELS[kind].objects.exists()


def test_nothing_sent_at_all_is_no_fault(client: Client) -> None:
    for kind in KINDS:
        assert "<title>Error: " in text_of(client.post(at("enter", kind), {}))
        assert "Choose a file" in text_of(client.post(at("import", kind), {}))


def test_a_kind_there_is_not_is_not_found(client: Client) -> None:
    for name in ("history", "enter", "import"):
        assert client.get(at(name, "nothing")).status_code == 404


def csv(text: str | bytes, name: str = "homes.csv") -> dict[str, Any]:
    content = text.encode() if isinstance(text, str) else text
    return {"file": SimpleUploadedFile(name, content, content_type="text/csv")}


HEAD = "company,area,stock_class,homes,counted_on,source\n"


def test_a_file_is_kept_whole(client: Client) -> None:
    rows = HEAD + "".join(f",Area {n},LCRA,{n}00,2026-03-31,Stock\n" for n in range(1, 6))
    assert client.post(at("import", "homes"), csv(rows)).status_code == 302
    assert HomesCount.objects.count() == 5
    assert "5 figures kept from the file." in text_of(client.get(at("figures")))
    client.post(at("import", "homes"), csv(rows))
    assert "Nothing in the file was new" in text_of(client.get(at("figures")))
    assert HomesCount.objects.count() == 5


@pytest.mark.parametrize(
    "content",
    [
        HEAD + ",Wellby,LCRA,100,2026-03-31,Stock\n,Wellby,LCRA,many,2026-03-31,Stock\n",
        HEAD + "NONE,Wellby,LCRA,100,2026-03-31,Stock\n",
        HEAD,
        "",
        "what,is,this\n1,2,3\n",
        b"\xff\xfe\x00PK\x03\x04",
        b"\0" * 100,
    ],
)
def test_a_file_with_a_slip_keeps_nothing(client: Client, content: str | bytes) -> None:
    shown = text_of(client.post(at("import", "homes"), csv(content)))
    assert "<title>Error: " in shown
    assert 'href="#id_file"' in shown
    assert not HomesCount.objects.exists()


def test_the_page_of_a_file_names_the_codes_a_file_may_hold(client: Client) -> None:
    own = company("KHN")
    shown = text_of(client.get(at("import", "homes")))
    assert f"<code>KHN</code></dt><dd>{own.name}</dd>" in shown


def test_many_slips_are_not_all_told(client: Client) -> None:
    rows = HEAD + ",Wellby,LCRA,many,2026-03-31,Stock\n" * 50
    shown = text_of(client.post(at("import", "homes"), csv(rows)))
    assert "Line 2: “many” is no whole number." in shown
    assert "And 30 more." in shown
    assert "Line 40" not in shown


def test_who_sees_one_company_keeps_its_figures_only(world: World, client: Client) -> None:
    own, other = company("KHN"), company("SPIRE")
    for code, kind in ((own.code, "LCRA"), (other.code, "LCRA"), ("all", "LCHO")):
        client.post(at("enter", "homes"), {**SENT["homes"], "company": code, "stock_class": kind})
    theirs = world.client(scoped(world, "KHN", Role.CASE_MANAGER))
    shown = text_of(theirs.get(at("figures"))) + text_of(theirs.get(at("history", "homes")))
    assert "Company KHN" in shown
    assert "SPIRE" not in shown
    assert "Not split by company" not in shown
    for code in ("SPIRE", "all"):
        refused = theirs.post(at("enter", "homes"), {**SENT["homes"], "company": code})
        assert "Choose one of the companies listed" in text_of(refused)
    assert HomesCount.objects.count() == 3
