"""What has been heard so far for one assessment, read from its rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from cases.casework.models import Involvement
from cases.policy.queries import settings_at
from cases.risk.choices import Judged, JudgementKind
from cases.risk.models import Answer, Assessment
from cases.risk.models import Judgement as JudgementRow
from cases.risk.questions import SETS
from cases.risk.repeat_seen import repeat_of_part
from cases.risk.rules import Bands, Heard, Judgement, Repeat, Weighed, weigh


@dataclass(frozen=True)
class Hearing:
    """An assessment with its newest answers, its judgements, and what the rule makes of them."""

    assessment: Assessment
    heard: Heard
    bands: Bands
    judgements: Sequence[JudgementRow]
    rows: dict[str, Answer]

    @property
    def errors(self) -> tuple[str, ...]:
        """The flags recorded as ticked in error."""
        return tuple(row.flag for row in self.judgements if row.kind == JudgementKind.FLAG_IN_ERROR)

    @property
    def judged(self) -> list[Judgement]:
        """The judgements of the level, oldest first, as the rule takes them."""
        return pure(self.judgements)

    def weighed(self) -> Weighed:
        return weigh(self.heard, self.bands, errors=self.errors)


def pure(rows: Iterable[JudgementRow]) -> list[Judgement]:
    """Judgements of the level as the rule takes them."""
    return [
        Judgement(Judged(row.kind), row.to, row.rule_said)
        for row in rows
        if row.kind != JudgementKind.FLAG_IN_ERROR
    ]


def newest_answers(assessment: Assessment) -> dict[str, Answer]:
    """The newest answer of each question, by code (one query)."""
    rows = assessment.answers.order_by("question", "-id").distinct("question")
    return {row.question: row for row in rows}


def hear(assessment: Assessment, at: datetime, *, repeat: Repeat | None = None) -> Hearing:
    """Everything said in an assessment.

    One that is finished is weighed with the settings it was finished with; ``repeat`` is what
    we know of earlier incidents now, unless it is given.
    """
    rows = newest_answers(assessment)
    if repeat is None:
        repeat = repeat_of_part(assessment.about, assessment.case, at)
    return Hearing(
        assessment=assessment,
        heard=Heard(
            questions=SETS[assessment.question_set],
            answers={code: row.value for code, row in rows.items()},
            witness=assessment.witness,
            repeat=repeat,
        ),
        bands=Bands(**assessment.bands) if assessment.bands else Bands.of(settings_at(at)),
        judgements=list(assessment.judgements.select_related("by")),
        rows=rows,
    )


def kept_repeat(kept: dict[str, str]) -> Repeat:
    """The repeat as it was when a row was written."""
    return Repeat(**kept)


def previous_of(about: Involvement) -> Assessment | None:
    """The newest finished assessment of somebody, if there is one."""
    finished = Assessment.objects.filter(about=about, finished_at__isnull=False)
    return finished.order_by("-finished_at", "-pk").first()
