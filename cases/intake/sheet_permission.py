"""Part 9 of the call sheet: who may be told, as answered, and what becomes of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from cases.casework.models import Case, Involvement
from cases.consent.choices import How
from cases.consent.first_call import OnTheCall
from cases.consent.models import Talk
from cases.intake.choices import Channel
from cases.intake.models import SheetAnswer
from cases.intake.script import Answers
from cases.intake.sheet_rules import text
from cases.partners.choices import AgencyKind

KINDS = {
    "police": AgencyKind.POLICE,
    "council": AgencyKind.LOCAL_AUTHORITY,
    "support": AgencyKind.VICTIM_SUPPORT,
}
CALLED = {
    AgencyKind.POLICE: "the police",
    AgencyKind.LOCAL_AUTHORITY: "the council",
    AgencyKind.VICTIM_SUPPORT: "a support service",
}
SELF = "police_self"
"""Whether they report to the police themselves; "No: do not ask again" is kept (S15)."""

WRITTEN = frozenset({Channel.WEB_VICTIM, Channel.WEB_THIRD_PARTY, Channel.EMAIL, Channel.LETTER})
FACE_TO_FACE = frozenset(
    {
        Channel.IN_PERSON_OFFICE,
        Channel.HOME_VISIT,
        Channel.COLLEAGUE_OBSERVED,
        Channel.CARE_SUPPORT_STAFF,
    }
)


def read_permission(answers: Answers) -> dict[str, str]:
    """What was answered, by the end of the question's key; not asked is left out."""
    keys = (*KINDS, SELF)
    said = {key: text(answers, f"permission.{key}") for key in keys}
    return {key: value for key, value in said.items() if value and value != "NOT_ASKED"}


def on_the_call(
    said: Mapping[str, str], said_at: Mapping[str, datetime], at: datetime
) -> Iterator[OnTheCall]:
    """The answers as permission keeps them.

    Who may still be told, but does not want to be asked again to report it themselves, is no
    refusal: that is kept only beside a no, or alone.
    """
    silent = said.get(SELF) == "NO" and said.get("police") != "YES"
    for key, kind in KINDS.items():
        answer = said.get(key, "")
        not_again = silent and key == "police"
        if answer in ("YES", "NO") or not_again:
            asked = f"permission.{key}" if answer else f"permission.{SELF}"
            yield OnTheCall(kind, answer, said_at.get(asked, at), not_again)


def how_asked(channel: str) -> How:
    """How it was asked, from how the report came."""
    if channel in WRITTEN:
        return How.IN_WRITING
    return How.IN_PERSON if channel in FACE_TO_FACE else How.PHONE


def who_spoke(parts: list[Involvement]) -> Involvement | None:
    """Whose answers they are: whoever gave the report, else the first who was harmed."""
    gave = [part for part in parts if part.gave_report]
    return next(iter([*gave, *parts]), None)


def said_of_telling(case: Case) -> list[str]:
    """What was answered on the first call where it was not plain which agency was meant."""
    rows = SheetAnswer.objects.filter(
        sheet__report__case=case, question__in=[f"permission.{key}" for key in KINDS]
    )
    newest = {
        row.question.partition(".")[2]: row.value
        for row in rows.order_by("question", "-id").distinct("question")
    }
    kept = set(
        Talk.objects.filter(about__case=case, from_sheet=True).values_list(
            "agency__kind", flat=True
        )
    )
    answers = {"YES": "yes. Ask which things.", "NO": "no."}
    return [
        f"{CALLED[kind]}: {answers[str(newest[key])]}"
        for key, kind in KINDS.items()
        if kind not in kept and str(newest.get(key, "")) in answers
    ]
