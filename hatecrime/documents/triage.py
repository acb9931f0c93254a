"""docs/reference/triage.md: what the triage rule answers to what is told."""

from __future__ import annotations

from cases.access import Role
from cases.intake.choices import Route
from cases.intake.owners import RECEIVES
from cases.intake.triage import NOT_SURE, OFFICER, Triage, TriageFacts, View, triage
from cases.policy import clauses
from hatecrime.documents.tables import Pages, page, table

INTRO = """\
Triage is one pure rule, `cases/intake/triage.py`. What anybody thinks is enough, "not sure" is
enough for now, and no answer outweighs another's: an officer who saw no sign of hate changes
nothing. There is no way for any role to say that a case is not hate."""

TENANT = ("The victim is our tenant.",)
YES, NO = "YES", "NO"


def _view(who: str, holds: str, capacity: str = "VICTIM") -> View:
    return View(who, holds, capacity)


def _told(*views: View, **facts: object) -> TriageFacts:
    given = {"types": frozenset({"VERBAL"}), "links": TENANT, **facts}
    return TriageFacts(views=views, **given)  # type: ignore[arg-type]


NO_SIGN = _view("The officer", NO, OFFICER)
VICTIM_YES, VICTIM_NO = _view("Amara", YES), _view("Amara", NO)
KNOWN = frozenset({"FRIEND_ACQ"})

EXAMPLES: tuple[tuple[str, TriageFacts], ...] = (
    ("The victim thinks so, the officer saw no sign of it", _told(VICTIM_YES, NO_SIGN)),
    ("The victim is not sure", _told(_view("Amara", NOT_SURE), NO_SIGN)),
    (
        "Only a third party thinks so, the victim says no",
        _told(VICTIM_NO, _view("The third party", YES, "THIRD_PARTY"), NO_SIGN),
    ),
    (
        "Only the officer thinks so",
        _told(VICTIM_NO, _view("The officer", YES, OFFICER)),
    ),
    ("The victim thinks so, and a child saw it", _told(VICTIM_YES, NO_SIGN, children=("Esi, 4",))),
    (
        "A friend takes their money, and nobody thinks of hate",
        _told(VICTIM_NO, NO_SIGN, relationships=KNOWN, exploitation=frozenset({"FINANCIAL"})),
    ),
    (
        "Their partner hits them because of who they are",
        _told(VICTIM_YES, NO_SIGN, relationships=frozenset({"PARTNER_EX"}), abuse=True),
    ),
    (
        "Loud music, and everybody asked says no",
        _told(VICTIM_NO, NO_SIGN, types=frozenset({"NOISE"})),
    ),
    ("Loud music, and nobody has been asked why", _told(types=frozenset({"NOISE"}))),
    (
        "Our own service treated them unfairly, and nobody thinks of hate",
        _told(VICTIM_NO, NO_SIGN, types=frozenset({"DISCRIM_SERVICE"})),
    ),
    (
        "The victim thinks so, and nothing links it to us",
        _told(VICTIM_YES, NO_SIGN, links=(), no_link=True),
    ),
)

CLAUSES: tuple[tuple[Route, clauses.Clause], ...] = (
    (Route.HATE, clauses.DEFINITION),
    (Route.HATE, clauses.THIRD_PARTY),
    (Route.SAFEGUARDING, clauses.MATE_CRIME),
    (Route.DA, clauses.DOMESTIC_ABUSE),
    (Route.ASB, clauses.NOT_HATE),
)


def triage_pages() -> Pages:
    text = page(
        "Triage: what is told, and where it goes",
        INTRO,
        "## Examples, as the rule answers them",
        table(("What is told", "The main route", "Beside it", "Because"), _examples()),
        "## Who receives a route",
        table(("Route", "Receives it"), _receivers()),
        "## The words of the policy",
        table(("Route", "Words shown", "Heading", "Line of the policy"), _clauses()),
        "What a hate case promises: [the promises on a case](clocks.md).",
        command="reference_pages",
        source="`cases/intake/triage.py`, `cases/intake/owners.py` and `cases/policy/clauses.py`",
    )
    return {"reference/triage.md": text}


def _examples() -> list[tuple[str, str, str, str]]:
    return [(told, *_answer(triage(facts))) for told, facts in EXAMPLES]


def _answer(result: Triage) -> tuple[str, str, str]:
    if result.waiting_for:
        return "None yet", "", f"Still to ask: {' and '.join(result.waiting_for)}."
    main = str(Route(result.primary).label) + (" (for now)" if result.provisional else "")
    beside = [str(Route(each.route).label) for each in result.taken if not each.is_primary]
    reasons = [words for each in result.taken for words in each.reasons]
    return main, ", ".join(beside), " ".join(dict.fromkeys(reasons))


def _receivers() -> list[tuple[str, str]]:
    rows = []
    for route in Route:
        role: Role | None = RECEIVES.get(route)
        words = role.label if role else "Nobody: advice is given at once"
        if route == Route.HATE:
            words = "The team of the home, or of whoever took the report, as a case"
        rows.append((str(route.label), words))
    return rows


def _clauses() -> list[tuple[str, str, str, str]]:
    return [
        (str(route.label), f"“{clause.words}”", clause.heading, str(clause.line))
        for route, clause in CLAUSES
    ]
