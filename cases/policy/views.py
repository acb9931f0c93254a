"""The policy in force, the settings, the bank holidays, and recording training."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from cases.access import Grant
from cases.audit import context
from cases.audit.pages import SIGNED_IN, StaffRequest, page
from cases.calendar import add_months
from cases.policy import operations, queries, rules
from cases.policy.clauses import DEFINITION
from cases.policy.defaults import DEFAULTS, OUTSIDE, STALE_MONTHS
from cases.policy.forms import SettingForm, TrainingForm, WordsForm
from cases.policy.models import BankHoliday, CheckedWords, PolicyVersion
from cases.staff import operations as staff_operations
from cases.staff import queries as staff_queries
from cases.staff.form_pages import form_page
from cases.staff.forms import errors_into
from cases.staff.models import Course


@page(SIGNED_IN)
def show_policy(request: StaffRequest) -> HttpResponseBase:
    """The policy's document control and its versions, and whether its review is overdue (HC-01)."""
    today = timezone.localdate()
    versions = list(PolicyVersion.objects.order_by("-effective_on"))
    in_force = PolicyVersion.objects.in_force_on(today)
    expected = (
        rules.review_expected_on(in_force.approved_on, in_force.frequency) if in_force else None
    )
    return render(
        request,
        "policy/policy.html",
        {
            "expected": expected if in_force and expected != in_force.review_on else None,
            "version": in_force,
            "versions": versions,
            "overdue_days": in_force.review_overdue_days(today) if in_force else 0,
            "definition": DEFINITION,
            "quoted": f"“{DEFINITION.words}”",
        },
    )


@page(Grant.SEE_SETTINGS)
def list_settings(request: StaffRequest) -> HttpResponseBase:
    """Every setting's value now, and what will change it."""
    now = timezone.now()
    said = [queries.said_at(key, now) for key in OUTSIDE]
    rows = queries.setting_rows(now)
    return render(request, "policy/settings.html", {"rows": rows, "said": said, "now": now})


@page(Grant.SEE_SETTINGS)
def show_setting(request: StaffRequest, key: str) -> HttpResponseBase:
    """One setting and every change of it."""
    row = _load_setting(key)
    return render(
        request,
        "policy/setting.html",
        {"row": row, "changes": queries.changes_of(key), "now": timezone.now()},
    )


@page(
    Grant.CHANGE_SETTINGS,
    methods=("GET", "POST"),
    fresh="Settings decide by when people are helped, and who may do what.",
)
def change_setting(request: StaffRequest, key: str) -> HttpResponseBase:
    """Give a setting another value, with a reason."""
    now = timezone.now()
    row = _load_setting(key)
    form = SettingForm(
        request.POST or None,
        key=key,
        words=row.words,
        today=timezone.localdate(now),
        initial={"value": row.value, "was": row.value},
    )
    if request.method == "POST" and form.is_valid():
        with errors_into(form):
            operations.change_setting(
                by=request.actor,
                at=now,
                key=key,
                value=form.cleaned_data["value"],
                reason=form.cleaned_data["reason"],
                begins_at=form.begins_at(now),
                was=form.cleaned_data["was"],
            )
        if form.is_valid():
            messages.success(request, "The setting is changed.")
            return redirect("policy:setting", key)
    return form_page(
        request,
        form,
        heading="Change a setting",
        button="Change",
        back=reverse("policy:setting", args=[key]),
        back_text=row.words,
    )


@page(Grant.SEE_SETTINGS)
def show_words(request: StaffRequest, key: str) -> HttpResponseBase:
    """Words about the world outside: what is said now, from where, and when it was checked."""
    if key not in OUTSIDE:
        raise Http404
    now = timezone.now()
    context.saw("policy.checkedwords", purpose=OUTSIDE[key].title)
    return render(
        request,
        "policy/words.html",
        {
            "said": queries.said_at(key, now),
            "earlier": list(CheckedWords.objects.filter(key=key).order_by("-at", "-pk")[1:]),
            "months": STALE_MONTHS,
        },
    )


@page(Grant.CHANGE_SETTINGS, methods=("GET", "POST"))
def check_words(request: StaffRequest, key: str) -> HttpResponseBase:
    """Record that the words were checked at their source, changed or not."""
    if key not in OUTSIDE:
        raise Http404
    now = timezone.now()
    said = queries.said_at(key, now)
    context.saw("policy.checkedwords", purpose=said.title)
    initial = {"words": said.words, "source": said.source}
    form = WordsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with errors_into(form):
            operations.check_words(by=request.actor, at=now, key=key, **form.cleaned_data)
        if form.is_valid():
            messages.success(request, "The words are kept, with the day they were checked.")
            return redirect("policy:words", key)
    return form_page(
        request,
        form,
        heading="Check the words",
        button="Keep them",
        back=reverse("policy:words", args=[key]),
        back_text=said.title,
    )


@page(Grant.SEE_SETTINGS)
def list_holidays(request: StaffRequest) -> HttpResponseBase:
    """The bank holidays in England that working-day clocks skip."""
    today = timezone.localdate()
    coming = list(BankHoliday.objects.filter(day__gte=today))
    return render(
        request, "policy/holidays.html", {"coming": coming, "last": coming[-1:], "today": today}
    )


@page(Grant.MANAGE_STAFF, methods=("GET", "POST"))
def record_training(request: StaffRequest, pk: int) -> HttpResponseBase:
    """A course somebody completed; how long it counts is a setting."""
    now = timezone.now()
    months = queries.settings_at(now)["TRAINING_MONTHS"]
    user = staff_queries.load_user(pk)
    form = TrainingForm(request.POST or None, today=timezone.localdate(now))
    if request.method == "POST" and form.is_valid():
        completed_on = form.cleaned_data["completed_on"]
        with errors_into(form):
            staff_operations.record_training(
                by=request.actor,
                at=now,
                user=user,
                course=Course(form.cleaned_data["course"]),
                completed_on=completed_on,
                expires_on=add_months(completed_on, months),
            )
        if form.is_valid():
            messages.success(request, "The training is recorded.")
            return redirect("staff:user", user.pk)
    return form_page(
        request,
        form,
        heading="Record training",
        about=user,
        button="Record",
        words=f"It counts for {months} months.",
    )


def _load_setting(key: str) -> queries.SettingRow:
    """One setting, declared as read.  Raises Http404 for a key there is not."""
    if key not in DEFAULTS:
        raise Http404
    context.saw("policy.setting", purpose=DEFAULTS[key][1])
    rows = queries.setting_rows(timezone.now())
    return next(row for row in rows if row.key == key)
