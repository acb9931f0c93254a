"""docs/states: each lifecycle drawn from the table that the database enforces."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices

from cases.casework.choices import CLOCK_STATES, OPEN_STAGES, STAGES, ClockState, Stage
from cases.casework.clocks import DUTIES, ClockKind
from cases.disclosures.choices import (
    PACK_STATES,
    PHONE_STATES,
    REQUEST_STATES,
    PackState,
    PhoneState,
    RequestState,
)
from cases.improving.choices import STATES, State
from cases.intake.choices import (
    REPORT_STATES,
    ROUTE_STATES,
    SHEET_STATES,
    ReportState,
    RouteState,
    SheetState,
)
from cases.lifecycle import Transitions
from cases.referrals.choices import ACTION_STATES, REFERRAL_STATES, ActionState, ReferralState
from cases.reporting.choices import RUN_STATES, RunState
from cases.risk.choices import ASSESSMENT_STATES, AssessmentState
from hatecrime.documents.tables import Pages, page, table


@dataclass(frozen=True)
class Lifecycle:
    """One table to draw: ``slug`` names its page, ``about`` says what it is the life of."""

    slug: str
    title: str
    about: str
    states: type[TextChoices]
    moves: Transitions
    source: str


LIFECYCLES = (
    Lifecycle(
        "case",
        "The stages of a case",
        "A case moves on when what its stage needs is done; going back needs nothing.",
        Stage,
        STAGES,
        "`STAGES` in `cases/casework/choices.py`",
    ),
    Lifecycle(
        "clock",
        "The states of a promise",
        "A clock never gets another time. Late is a fact beside its state, not a state.",
        ClockState,
        CLOCK_STATES,
        "`CLOCK_STATES` in `cases/casework/choices.py`",
    ),
    Lifecycle(
        "call-sheet",
        "The states of a call sheet",
        "A call sheet is open until it is sent, and never thrown away.",
        SheetState,
        SHEET_STATES,
        "`SHEET_STATES` in `cases/intake/choices.py`",
    ),
    Lifecycle(
        "report",
        "The states of a report",
        "A report waits only while somebody must still be asked why it happened.",
        ReportState,
        REPORT_STATES,
        "`REPORT_STATES` in `cases/intake/choices.py`",
    ),
    Lifecycle(
        "risk-assessment",
        "The states of a risk assessment",
        "An assessment is asked, then finished and frozen; the next one stands beside it.",
        AssessmentState,
        ASSESSMENT_STATES,
        "`ASSESSMENT_STATES` in `cases/risk/choices.py`",
    ),
    Lifecycle(
        "route",
        "The states of a route",
        "A route is offered to somebody, who takes it on or says why not.",
        RouteState,
        ROUTE_STATES,
        "`ROUTE_STATES` in `cases/intake/choices.py`",
    ),
    Lifecycle(
        "pack",
        "The states of a page for another agency",
        "A page is written, made ready as exact bytes, and goes once or is stopped.",
        PackState,
        PACK_STATES,
        "`PACK_STATES` in `cases/disclosures/choices.py`",
    ),
    Lifecycle(
        "disclosure-request",
        "The states of a request to tell the police",
        "A request waits for one decision; an approval is for exact bytes, once, for a time.",
        RequestState,
        REQUEST_STATES,
        "`REQUEST_STATES` in `cases/disclosures/choices.py`",
    ),
    Lifecycle(
        "phone-approval",
        "The states of the Director’s word on the phone",
        "The Director confirms it, or says that this was not said.",
        PhoneState,
        PHONE_STATES,
        "`PHONE_STATES` in `cases/disclosures/choices.py`",
    ),
    Lifecycle(
        "referral",
        "The states of a referral",
        "A referral waits to go, goes once, is answered and ends; or it is stopped before it goes.",
        ReferralState,
        REFERRAL_STATES,
        "`REFERRAL_STATES` in `cases/referrals/choices.py`",
    ),
    Lifecycle(
        "meeting-action",
        "The states of an action agreed at a meeting",
        "An action is done, or somebody says why not.",
        ActionState,
        ACTION_STATES,
        "`ACTION_STATES` in `cases/referrals/choices.py`",
    ),
    Lifecycle(
        "improvement",
        "The states of something to do better, and of a recommendation",
        "It is to be done until somebody says what was done, or why it is not needed.",
        State,
        STATES,
        "`STATES` in `cases/improving/choices.py`",
    ),
    Lifecycle(
        "report-making",
        "The making of a monthly report",
        "A report whose maker was stopped half-way waits again; the third time it is given up.",
        RunState,
        RUN_STATES,
        "`RUN_STATES` in `cases/reporting/choices.py`",
    ),
)

REFUSED = (
    "Any other change is refused: the operation says so in a sentence, and the database refuses "
    "it whoever asks."
)


def state_pages() -> Pages:
    """A page for each lifecycle, and what keeps a case in its stage."""
    return {f"states/{one.slug}.md": _page(one) for one in LIFECYCLES}


def _page(life: Lifecycle) -> str:
    extra = [_gates()] if life.moves is STAGES else []
    return page(
        life.title,
        life.about,
        _diagram(life),
        table(("From", "To"), [(_label(life, old), _onward(life, old)) for old in life.states]),
        REFUSED,
        *extra,
        command="state_diagrams",
        source=life.source,
    )


def _label(life: Lifecycle, state: str) -> str:
    return str(life.states(state).label)


def _to(life: Lifecycle, state: str) -> list[str]:
    """Where a state may go, in the order the states are declared."""
    return [new for new in life.states.values if new in life.moves.get(state, frozenset())]


def _onward(life: Lifecycle, state: str) -> str:
    return ", ".join(_label(life, new) for new in _to(life, state)) or "Nowhere: it ends here"


def _diagram(life: Lifecycle) -> str:
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f'    state "{_label(life, state)}" as {state}' for state in life.states.values]
    lines.append(f"    [*] --> {life.states.values[0]}")
    for state in life.states.values:
        lines += [f"    {state} --> {new}" for new in _to(life, state)]
        if not _to(life, state):
            lines.append(f"    {state} --> [*]")
    return "\n".join([*lines, "```"])


def _gates() -> str:
    """What must be done before a case leaves each stage (domain 2.10)."""
    rows = []
    for stage in Stage:
        needed = [str(kind.label) for kind in ClockKind if DUTIES[kind].gate == stage.value]
        if needed:
            rows.append((str(stage.label), ", ".join(needed)))
    open_words = ", ".join(str(stage.label) for stage in Stage if stage in OPEN_STAGES)
    return "\n\n".join(
        [
            "## What a stage needs before the case moves on",
            "As far as the case carries them, and those of the stages before it too.",
            table(("To leave", "Must be done"), rows),
            f"A case counts as open in: {open_words}.",
        ]
    )
