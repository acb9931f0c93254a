"""The ASB case review: may they be eligible, how that was counted, and were they told."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from cases import words
from cases.access import Actor, Grant, enforce
from cases.audit.context import saw
from cases.audit.pages import StaffRequest
from cases.calendar import london_date
from cases.casework.choices import Part
from cases.casework.clocks import ClockKind
from cases.casework.models import Case, Involvement
from cases.casework.queries import parts_of
from cases.referrals import review_operations as operations
from cases.referrals import review_rules as rules
from cases.referrals.counting import Review, review_of
from cases.referrals.review_rules import Counted
from cases.workflow.case_gate import case_page, send, show_form
from cases.workflow.case_steps import duty_page
from cases.workflow.case_words import address, capital, name_on_page, speaker
from cases.workflow.referring.meeting_forms import ReviewForm

WORK = (Grant.WORK_CASES, Grant.OPEN_CASES)


def harmed(case: Case) -> list[Involvement]:
    """Everybody who was harmed and whom we know."""
    return [part for part in parts_of(case) if part.part == Part.VICTIM and part.person_id]


def _show(case: Case, *parts: Involvement) -> None:
    people = [part.person_id for part in parts if part.person_id]
    saw("people.person", *people, case=case.reference)


@case_page(WORK)
def show_review(request: StaffRequest, case: Case) -> HttpResponse:
    """Whether somebody may be eligible today, report by report."""
    now = timezone.now()
    parts = harmed(case)
    _show(case, *parts)
    context = {
        "case": case,
        "heading": "ASB case review",
        "back": address("workflow:case", case.reference),
        "now": now,
        "people": [
            _drawn(case, review_of(case, part, request.actor, now), request.actor, now)
            for part in parts
        ],
        "may": (may := rules.tell_review(request.actor, stage=case.stage)),
        "otherwise": duty_page(case, ClockKind.REPEAT_ASB_REVIEW) if may and not parts else "",
    }
    return render(request, "workflow/referring/review.html", context)


def _drawn(case: Case, found: Review, actor: Actor, now: datetime) -> dict[str, Any]:
    shown = {row.case_id: row.case for row in found.incidents.values() if row.case}
    for other in shown.values():
        saw("casework.case", other.pk, case=other.reference)
    today = london_date(now)
    return {
        "name": name_on_page(found.about),
        "pk": found.about.pk,
        "heading": heading(found),
        "may_be": found.eligibility.may_be,
        "how": how(found),
        "until": _until(found.eligibility.until, today),
        "to_apply": found.terms.how_to_apply if found.terms else "",
        "rows": [_row(case, each, found, today) for each in found.eligibility.counted],
        "told": [_told(each, actor, now) for each in reversed(found.told)],
        "href": address("workflow:case-review-told", case.reference, found.about.pk),
    }


def heading(found: Review) -> str:
    """What was worked out, in a sentence: never more than "may be"."""
    name = name_on_page(found.about)
    if found.eligibility.may_be:
        return f"{name} may be eligible for a case review"
    return f"Not yet. {rules.too_few(found.eligibility)}".rstrip(".")


def how(found: Review) -> str:
    """Whose numbers these are, and what they ask."""
    n = found.numbers
    whose = f"{found.council} asks for" if found.terms else "The law asks for"
    hate = ""
    if n.hate_threshold is not None:
        hate = f", or {_reports(n.hate_threshold)} where hate was part of it"
    asks = (
        f"{whose} {_reports(n.threshold)}{hate}. Each must be made within "
        f"{_months(n.report_within_months)} of what happened, and the review asked for within "
        f"{_months(n.apply_within_months)} of each report."
    )
    if found.terms is None:
        where = found.council or "the council here"
        return f"{asks} The numbers of {where} are not in the directory: they may ask for fewer."
    return asks


def _reports(number: int) -> str:
    return f"{number} report{'' if number == 1 else 's'}"


def _months(number: int) -> str:
    return f"{number} month{'' if number == 1 else 's'}"


def _until(day: date | None, today: date) -> str:
    return f"They can ask until {words.say_day(day, today)}." if day else ""


def _row(case: Case, each: Counted, found: Review, today: date) -> dict[str, Any]:
    incident = found.incidents[each.told.pk]
    other = incident.case.reference if incident.case_id != case.pk and incident.case else ""
    happened = each.told.happened_on
    until = f", until {words.say_day(each.until, today)}" if each.counts and each.until else ""
    return {
        "what": f"Incident {incident.number}{f', {other}' if other else ''}",
        "happened": capital(words.say_day(happened, today)) if happened else "Not known",
        "reported": capital(words.say_day(each.told.reported_on, today)),
        "why": f"{each.why.value}{until}",
        "counts": each.counts,
    }


def _told(row: Any, actor: Actor, now: datetime) -> dict[str, str]:
    by = speaker(actor, row.by_id, row.by.full_name)
    said = "They were told" if row.told else "Not told yet"
    return {
        "title": said if row.told or row.may_be_eligible else "Looked at: not yet",
        "by": by,
        "when": capital(words.say_moment(row.at, now)),
        "iso": row.at.isoformat(),
        "words": row.words,
    }


@case_page(WORK, methods=("GET", "POST"))
def tell_review(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    """Record that somebody was told, or why not yet."""
    enforce(rules.tell_review(request.actor, stage=case.stage))
    part = next((each for each in harmed(case) if each.pk == pk), None)
    if part is None:
        raise Http404
    now = timezone.now()
    _show(case, part)
    found = review_of(case, part, request.actor, now)
    form = ReviewForm(request.POST or None, may_be=found.eligibility.may_be)

    def save() -> None:
        said = form.cleaned_data
        operations.tell_review(
            by=request.actor,
            at=now,
            case=case,
            about=part,
            told=said["told"] == "yes",
            words=said["words"],
        )

    if form.is_valid() and send(request, form, save, "It is kept. Nothing was applied for."):
        return redirect("workflow:case-review", case.reference)
    return show_form(
        request,
        case,
        form,
        heading=f"Telling {name_on_page(part)} of the case review",
        page_name="telling somebody of the case review",
        button="Keep this",
        about=part,
        words=f"{heading(found)}. It is theirs to ask for; we never ask for them.",
        template="workflow/referring/form.html",
        back=address("workflow:case-review", case.reference),
        back_text="ASB case review",
    )
