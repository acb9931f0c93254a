"""One person's permission, read once for any of its pages, and drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from cases.access import Actor, Answer
from cases.audit.context import saw
from cases.audit.pages import StaffRequest
from cases.casework import queries
from cases.casework.choices import RiskLevel
from cases.casework.clocks import ClockKind
from cases.casework.models import Case, Involvement
from cases.consent import asking, rules
from cases.consent.answers import asked_for_silence
from cases.consent.choices import Scope
from cases.consent.queries import AgencyRow, matrix, row_of
from cases.disclosures.pack_rules import may_prepare
from cases.intake.sheet_permission import said_of_telling
from cases.partners.models import Agency
from cases.people.queries import safe_contact_facts
from cases.people.rules import safe_contact_line
from cases.policy.queries import settings_at
from cases.workflow.case_steps import duty_page
from cases.workflow.case_words import address, address_of, name_on_page
from cases.workflow.disclosing.forms import NOBODY
from cases.workflow.permission import page
from cases.workflow.permission.choosing import choice, strands_of
from cases.workflow.permission.forms import Asked, ConversationForm, field_of
from cases.workflow.permission.gone import went
from cases.workflow.permission.page import Whose


@dataclass(frozen=True)
class Drawn:
    """Everything a page of somebody's permission stands on."""

    case: Case
    actor: Actor
    whose: Whose
    parts: Sequence[Involvement]
    strands: frozenset[str]
    listed: Sequence[AgencyRow]
    others: Sequence[Agency]

    def row(self, agency: Agency) -> AgencyRow:
        """What was said about an agency; nothing, for one that is not in the matrix yet."""
        same = (row for row in self.listed if row.agency.pk == agency.pk)
        return next(same, None) or row_of(agency, self.whose.now)


def read(request: StaffRequest, case: Case, pk: int) -> Drawn:
    """Read one person's page.  Raises Http404 for a part of another case, and a respondent's."""
    now = timezone.now()
    parts = page.asked_of(queries.parts_of(case))
    part = _part(case, parts, pk)
    named = [each.person_id for each in parts if each.person_id and not each.kept_apart]
    saw("people.person", *named, case=case.reference)
    saw("casework.involvement", part.pk, case=case.reference)
    asked = matrix(part, now)
    saw("consent.talk", *(talk.pk for row in asked for talk in row.talks), case=case.reference)
    strands = strands_of(case)
    found = choice(case, strands, {row.agency.pk for row in asked})
    listed = [*asked, *(row_of(agency, now) for agency in found.suggested)]
    return Drawn(
        case=case,
        actor=request.actor,
        whose=Whose(case, part, now, went(part)),
        parts=parts,
        strands=strands,
        listed=listed,
        others=found.others,
    )


def _part(case: Case, parts: Sequence[Involvement], pk: int) -> Involvement:
    """The part asked for, else of whoever the case is about, else the first."""
    if pk:
        found = [part for part in parts if part.pk == pk]
    else:
        found = [part for part in parts if part.person_id == case.victim_id] or list(parts)
    if not found:
        raise Http404
    return found[0]


def asked_about(found: Drawn, row: AgencyRow) -> Asked:
    """What the form of a conversation has to know."""
    who, today = found.whose.part.who, found.whose.today
    return Asked(
        name=found.whose.name,
        standing=row.standing,
        strands=found.strands,
        today=today,
        months=settings_at(found.whose.now)["PERMISSION_MONTHS"],
        child=rules.is_child(who.date_of_birth if who else None, today),
        silent=asked_for_silence(found.whose.part.pk, row.agency.pk),
    )


def draw(
    request: StaffRequest,
    found: Drawn,
    *,
    row: AgencyRow | None = None,
    form: ConversationForm | None = None,
) -> HttpResponse:
    """The matrix, and under it the conversation about ``row``'s agency."""
    whose, case = found.whose, found.case
    listed = [*found.listed]
    if row is not None and row not in listed:
        listed.append(row)
    context: dict[str, Any] = {
        "case": case,
        "whose": whose,
        "heading": "Who may we tell, and what?",
        "back": address("workflow:case", case.reference),
        "people": page.people(case, found.parts, whose.part),
        "about": name_on_page(whose.part),
        "line": safe_contact_line(_safe(whose.part)),
        "scopes": [Scope(scope).label for scope in Scope.values],
        "rows": page.rows(whose, listed, row.agency.pk if row else None, may_ask=bool(_may(found))),
        "first_call": said_of_telling(case) if whose.part.gave_report else [],
        "another": whose.to("permission-another") if _may(found) and found.others else "",
        "sent": address_of("workflow:sent", case.reference),
        "not_safe": _not_safe(found),
        "if_no": _if_no(found, row),
        "why_not": _may(found).reason,
        "form": form,
        "asking": _conversation(found, row, form) if row else None,
        "now": whose.now,
    }
    return render(request, "workflow/permission/matrix.html", context)


def _may(found: Drawn) -> Answer:
    return rules.ask(found.actor, stage=found.case.stage, part=found.whose.part.part)


def _not_safe(found: Drawn) -> str:
    """Where "Not safe to ask yet" is recorded, while the promise to ask still runs."""
    about_them = found.whose.part.person_id == found.case.victim_id
    if not about_them or not _may(found):
        return ""
    return duty_page(found.case, ClockKind.PERMISSION)


def _if_no(found: Drawn, row: AgencyRow | None) -> dict[str, str]:
    """Where it goes on after a no, for whoever may go there: facts that name nobody; and, at
    High, the Director.
    """
    case = found.case
    if not may_prepare(found.actor, stage=case.stage):
        return {"nameless": "", "director": ""}
    high = case.risk == RiskLevel.HIGH
    whom = f"&agency={row.agency.pk}" if row else ""
    return {
        "nameless": f"{address('workflow:pack-new', case.reference)}?about={NOBODY}{whom}",
        "director": address("workflow:police-new", case.reference) if high else "",
    }


def _safe(part: Involvement) -> Any:
    return safe_contact_facts(getattr(part.person, "safe_contact", None) if part.person else None)


def _conversation(found: Drawn, row: AgencyRow, form: ConversationForm | None) -> dict[str, Any]:
    whose, agency = found.whose, row.agency
    gone = [one for one in whose.gone if one.agency_id == agency.pk]
    takes_back = rules.withdraw(found.actor, part=whose.part.part)
    return {
        "agency": agency,
        "say": asking.opening(agency.kind, agency.service),
        "questions": _questions(row, form) if form else [],
        "href": whose.to("permission-ask", agency.pk),
        "leave": whose.to("permission-of"),
        "withdraw": whose.to("permission-withdraw", agency.pk) if row.yes and takes_back else "",
        "talks": page.conversations(whose, row.talks),
        "gone": gone,
        "again": bool(form and form.of.said_no),
        "silent": bool(form and form.of.silent),
        "child": bool(form and form.of.child),
        "open": bool(form and _needs_details(form)),
    }


DETAILS = frozenset(
    {
        "aids",
        "interpreter",
        "interpreter_known",
        "guardian",
        "guardian_basis",
        "childs_view",
        "lacks",
        "decided_by",
        "best_interests",
    }
)


def _needs_details(form: ConversationForm) -> bool:
    """Whether the folded part is shown open: a child, or something in it was typed or is wrong."""
    if form.of.child or DETAILS & set(form.errors):
        return True
    return form.is_bound and any(form.data.get(name) for name in DETAILS)


def _questions(row: AgencyRow, form: ConversationForm) -> list[dict[str, Any]]:
    """The six questions with what stands now beside each."""
    return [
        {"field": form[field_of(scope)], "now": row.standing[scope].label, "asked": bool(row.talks)}
        for scope in Scope.values
    ]
