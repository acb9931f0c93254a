"""Whose cases a user's roles reach: every company's, or only some (HC-20)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from cases.access import Grant, enforce
from cases.audit.pages import StaffRequest, page
from cases.fields import Checkboxes
from cases.people.models import Entity
from cases.staff import operations, queries, rules
from cases.staff.form_pages import form_page
from cases.staff.forms import ReasonForm, errors_into


class CompaniesForm(ReasonForm):
    """Which companies, and why."""

    entities = forms.MultipleChoiceField(
        label="Which companies?",
        required=False,
        widget=Checkboxes,
        help_text="Choose none for every company.",
    )

    field_order = ("entities", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["entities"].choices = list(  # type: ignore[attr-defined]
            Entity.objects.values_list("code", "name")
        )


@page(
    Grant.MANAGE_STAFF,
    methods=("GET", "POST"),
    fresh="Companies decide who can read what people have told us.",
)
def scope_user(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Choose the companies whose cases somebody's roles reach."""
    user = queries.load_user(pk)
    enforce(rules.change_roles(request.actor, user_id=user.pk))
    form = CompaniesForm(request.POST or None, initial={"entities": user.entities})
    if request.method == "POST" and form.is_valid():
        with errors_into(form):
            operations.scope_user(
                by=request.actor, at=timezone.now(), user=user, **form.cleaned_data
            )
        if form.is_valid():
            messages.success(request, "Saved. It counts from their next page.")
            return redirect("staff:user", user.pk)
    return form_page(
        request,
        form,
        heading="Companies they work for",
        about=user,
        button="Save",
        words="Their roles then reach only these companies’ cases, and those whose company nobody "
        "knows yet. A case given to them by name they always see.",
    )
