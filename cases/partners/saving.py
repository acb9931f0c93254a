"""How a form of the directory is saved: once, and never over what somebody else saved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db import models, transaction
from django.http import QueryDict

from cases.audit.pages import StaffRequest, Stale
from cases.partners.forms import SeenForm, in_words
from cases.staff.forms import errors_into
from cases.staff.models import User


def seen_now(row: models.Model) -> str:
    """Which version of the record a form is drawn from."""
    now = _latest(row)
    return str(now.history_id) if now else ""


def typed(request: StaffRequest) -> QueryDict | None:
    """What was sent, even if it was nothing at all; None if nothing was sent yet."""
    return request.POST if request.method == "POST" else None


def save(request: StaffRequest, form: forms.Form, do: Callable[[], object], done: str) -> bool:
    """Run the operation if the form can be taken; what is refused is shown on the form."""
    if request.method != "POST" or not form.is_valid():
        return False
    with errors_into(form), transaction.atomic():
        do()
    if not form.is_valid():
        return False
    messages.success(request, done)
    return True


def save_over(
    request: StaffRequest,
    form: SeenForm,
    row: models.Model,
    do: Callable[[], object],
    done: str,
    *,
    shown: forms.Form | None = None,
) -> bool:
    """The same, of a record that there is.

    Raises Stale, with both texts, if somebody saved another version after the form was drawn;
    ``shown`` is the form whose fields the page showed, if it is another one.
    """

    def work() -> None:
        type(row)._default_manager.select_for_update(of=("self",), no_key=True).get(pk=row.pk)
        _insist_fresh(form, row, shown)
        do()

    return save(request, form, work, done)


def _insist_fresh(form: SeenForm, row: models.Model, shown: forms.Form | None) -> None:
    now = _latest(row)
    seen = form.cleaned_data["seen"]
    if now is None or str(now.history_id) == seen:
        return
    theirs = in_words(shown or form, now)
    yours = {} if shown else in_words(form, form.cleaned_data)
    if theirs == yours:  # the same, sent twice
        return
    who = User.objects.filter(pk=now.history_user_id).values_list("full_name", flat=True).first()
    raise Stale(
        theirs=dict(theirs), yours=dict(yours), at=now.history_date, who=who or "a job of ours"
    )


def _latest(row: models.Model) -> Any:
    return row.history.order_by("-history_id").first()  # type: ignore[attr-defined]
