"""docs/reference/risk.md: the questions, what an answer counts, and the levels."""

from __future__ import annotations

from collections.abc import Iterator

from cases.casework.choices import RiskLevel
from cases.policy.defaults import DEFAULTS
from cases.risk.questions import CURRENT, REPEAT
from cases.risk.rules import Bands
from hatecrime.documents.tables import Pages, page, table

INTRO = """\
Asked of the victim, of each other victim who asks, and of a third party who is a witness; never of
a respondent. The words are those on the screen. The numbers above the answers are what each counts:
no screen shows them. "Not known, or rather not say" counts 1. A set of questions has a version and
never changes; an assessment keeps the version it was asked with."""


def risk_pages() -> Pages:
    heads = ("", "Question", "0", "1", "2", "3", "A witness too")
    text = page(
        f"Risk: {CURRENT.version}",
        INTRO,
        *_groups(heads),
        "## Asked and not scored",
        table(("", "Question"), [(str(each.number), each.say) for each in CURRENT.unscored]),
        "## Red flags",
        "Any one means High, whatever the score.",
        table(("", "Flag"), [(flag.code, flag.words) for flag in CURRENT.flags]),
        "## Levels",
        table(("Level", "Score", "Asked again after", "In touch at least every"), _levels()),
        "A repeat, a pattern, or a witness who is threatened for speaking to us: at least Medium.",
        command="reference_pages",
        source="`cases/risk/questions.py` and `cases/policy/defaults.py`",
    )
    return {"reference/risk.md": text}


def _groups(heads: tuple[str, ...]) -> Iterator[str]:
    for group in CURRENT.groups:
        rows = []
        for each in group.questions:
            by = " (the system answers)" if each.number == REPEAT else ""
            witness = "Yes" if each.number in CURRENT.witness else ""
            rows.append((str(each.number), each.say + by, *each.answers, witness))
        yield f"## {group.heading}\n\n" + table(heads, rows)


def _levels() -> list[tuple[str, str, str, str]]:
    settings = {key: value for key, (value, _) in DEFAULTS.items()}
    bands = Bands.of(settings)
    return [
        (
            level.label,
            bands.span(level),
            f"{settings[f'SLA_RISK_REVIEW_{level}_DAYS']} days",
            f"{settings[f'SLA_UPDATE_{level}_DAYS']} days",
        )
        for level in RiskLevel
    ]
