"""What every page of a case has in common: the loader, the first question, sending a form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Protocol

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from cases.access import Grant, Refused
from cases.audit.context import saw
from cases.audit.pages import StaffRequest, Stale, page
from cases.casework.loading import get_case
from cases.casework.locking import lock
from cases.casework.models import Case, Involvement
from cases.casework.queries import parts_of
from cases.people.queries import safe_contact_facts
from cases.people.rules import safe_contact_line
from cases.staff.models import User
from cases.workflow.case_words import name_on_page
from cases.workflow.forms import CaseForm
from cases.workflow.once import do_once, was_sent


class CaseView(Protocol):
    def __call__(
        self, request: StaffRequest, case: Case, *args: Any, **kwargs: Any
    ) -> HttpResponseBase: ...


def case_page(
    needs: Grant | tuple[Grant, ...] = Grant.OPEN_CASES,
    *,
    methods: tuple[str, ...] = ("GET",),
    fresh: str = "",
) -> Callable[[CaseView], Callable[..., HttpResponseBase]]:
    """A page of one case: loaded for the actor, who has said if they know anybody in it.

    Until then the page is that question (domain 7.1), whichever page was asked for.
    """

    def gate(view: CaseView) -> Callable[..., HttpResponseBase]:
        @page(needs, methods=methods, fresh=fresh)
        @wraps(view)
        def run(
            request: StaffRequest, reference: str, *args: Any, **kwargs: Any
        ) -> HttpResponseBase:
            case = get_case(request.actor, reference)
            if not getattr(case, "declared", False):
                return ask_who_they_know(request, case)
            if request.method == "POST" and was_sent(request):
                return back_to(case)
            return view(request, case, *args, **kwargs)

        return run

    return gate


def ask_who_they_know(request: StaffRequest, case: Case) -> HttpResponse:
    """The question of the first open, with the names and the address it is about."""
    if request.method == "POST":
        return redirect("workflow:case", case.reference)
    parts = parts_of(case)
    saw("people.person", *(part.person_id for part in parts if part.person_id), case=case.reference)
    names = [(name_on_page(part), part.get_part_display()) for part in parts]
    context = {"case": case, "names": names, "next": request.path}
    return render(request, "workflow/case_declare.html", context)


def latest(row: models.Model) -> Any:
    """The newest history row of a record: what it says now, and who said so when."""
    return row.history.order_by("-history_id").first()  # type: ignore[attr-defined]


def seen_now(row: models.Model) -> str:
    """What a form carries to show which version of a record it was drawn from."""
    return str(latest(row).history_id)


def insist_fresh(
    case: Case, row: models.Model, form: CaseForm, say: Callable[[Any], Mapping[str, str]]
) -> None:
    """Raise Stale, with both texts, if the record was saved after the form was drawn.

    Call inside the transaction that changes the row; ``say`` puts a history row (theirs) or
    the cleaned data (yours) into words.
    """
    lock(case)  # first, as every operation does
    type(row)._default_manager.select_for_update(of=("self",), no_key=True).get(pk=row.pk)
    now = latest(row)
    seen = form.cleaned_data["seen"]
    if not seen or str(now.history_id) == seen:
        return
    who = User.objects.filter(pk=now.history_user_id).values_list("full_name", flat=True).first()
    raise Stale(
        theirs=dict(say(now)),
        yours=dict(say(form.cleaned_data)),
        at=now.history_date,
        who=who or "a job of ours",
    )


def send(request: StaffRequest, form: forms.Form, do: Callable[[], object], done: str) -> bool:
    """Run the operation once; a refusal or an impossible value is shown on the form.

    Returns whether the form was taken (now, or by an earlier press of the same button).
    """
    try:
        do_once(request, do)
    except Refused as refusal:
        form.add_error(None, refusal.answer.reason)
        return False
    except ValidationError as fault:
        _explain(form, fault)
        return False
    messages.success(request, done)
    return True


def _explain(form: forms.Form, fault: ValidationError) -> None:
    if not hasattr(fault, "error_dict"):
        form.add_error(None, fault)
        return
    for name, problems in fault.error_dict.items():
        form.add_error(name if name in form.fields else None, problems)


def show_form(
    request: StaffRequest,
    case: Case,
    form: forms.Form,
    *,
    heading: str,
    button: str,
    template: str = "workflow/case_form.html",
    about: Involvement | None = None,
    **context: Any,
) -> HttpResponse:
    """A form of a case as a page of its own; whoever it is about stands above it."""
    return render(
        request,
        template,
        {
            "case": case,
            "form": form,
            "heading": heading,
            "button": button,
            "back": reverse("workflow:case", args=[case.reference]),
            "now": timezone.now(),
            "contact": _contact(about) if about else None,
            **context,
        },
    )


def _contact(part: Involvement) -> dict[str, Any]:
    row = getattr(part.person, "safe_contact", None) if part.person else None
    return {"name": name_on_page(part), "line": safe_contact_line(safe_contact_facts(row))}


def back_to(case: Case) -> HttpResponse:
    """To the case, where the notice says what was done."""
    return redirect("workflow:case", case.reference)
