"""The measures: what each means, its live figures, and the cases behind each figure."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from cases.access import Grant
from cases.audit.context import saw
from cases.audit.pages import StaffRequest, page
from cases.calendar import london_date
from cases.reporting import catalogue, drawing_measures, measure_queries
from cases.reporting.choices import Profile
from cases.reporting.drawing import places
from cases.reporting.drawing_reports import drawn_table
from cases.reporting.drawing_wholes import figure_tables, lacks_homes
from cases.reporting.forms import CasesForm, DatesForm, WindowForm
from cases.reporting.kept import pictures, report_of
from cases.reporting.measure import Asked, Measure
from cases.reporting.periods import Period, month_before, months_to
from cases.reporting.run_queries import newest, withheld


@page(Grant.SEE_MONITORING)
def list_measures(request: StaffRequest) -> HttpResponse:
    """Every measure there is, by chapter; those not collected yet say what they wait for."""
    context = {
        "places": places(request.actor, "measures"),
        "chapters": drawing_measures.by_chapter(),
    }
    return render(request, "reporting/measures.html", context)


@page(Grant.SEE_MONITORING)
def show_measure(request: StaffRequest, code: str) -> HttpResponse:
    """What a measure means, and its figures: live for those who see the full numbers, else the
    newest that were published.
    """
    measure = _measure(code)
    context: dict[str, Any] = {
        "measure": measure,
        "definition": drawing_measures.definition(measure),
        "live": bool(request.actor.may(Grant.SEE_FULL_NUMBERS)),
        "why_not_live": request.actor.may(Grant.SEE_FULL_NUMBERS).reason,
    }
    if measure.collected and context["live"]:
        context |= _live(request, measure, timezone.now())
    elif measure.collected:
        context |= _published(request, measure)
    return render(request, "reporting/measure.html", context)


def _measure(code: str) -> Measure:
    measure = catalogue.BY_CODE.get(code.upper())
    if measure is None:
        raise Http404
    return measure


def _live(request: StaffRequest, measure: Measure, now: datetime) -> dict[str, Any]:
    """The figures of a month and its windows, and between two dates if any were chosen."""
    companies, today = measure_queries.companies_for(request.actor), london_date(now)
    window = _window(request, companies, today)
    month, entity = window.cleaned_data["month"], window.cleaned_data["company"]
    asked = Asked.of_month(month, now, entity)
    lines = measure.lines(asked)
    tables = figure_tables(measure, lines, asked, words=month)
    headline = measure_queries.by_month(measure, lines, asked)
    trend = drawing_measures.trend(measure, headline, asked)
    dates = DatesForm(
        request.GET if "dates" in request.GET else None,
        today=today,
        initial={"first": None, "last": None},
    )
    return {
        "now": now,
        "window": window,
        "entity": dict(companies)[entity],
        "company": entity,
        "so_far": month.last >= today,
        "figures": tables,
        "lacks_homes": lacks_homes(tables),
        "trend": trend,
        "pictures": _pictures(trend),
        "form": dates,
        "chosen": _chosen(dates, measure, now, entity),
    }


def _window(request: StaffRequest, companies: list[tuple[str, str]], today: date) -> WindowForm:
    """Which month and company: last month of the first, where the address names none there is.

    Raises Http404 for a company that is not the reader's.
    """
    first = {"month": f"{month_before(today).first:%Y-%m}", "company": companies[0][0]}
    asked = {name: request.GET.get(name, instead) for name, instead in first.items()}
    if asked["company"] not in dict(companies):
        raise Http404
    months = months_to(today)
    if asked["month"] not in {f"{month.first:%Y-%m}" for month in months}:
        asked["month"] = first["month"]
    form = WindowForm(asked, months=months, companies=companies, today=today)
    form.full_clean()
    return form


def _pictures(trend: dict[str, Any] | None) -> list[SafeString]:
    """Upright for the wide, lying for the narrow: only one of them is ever shown."""
    if trend is None or not trend["drawn"]:
        return []
    ((_, upright, _),) = pictures([trend["upright"]])
    ((_, _, lying),) = pictures([trend["lying"]])
    return [upright, lying]


def _chosen(form: DatesForm, measure: Measure, now: datetime, entity: str) -> list[dict[str, Any]]:
    if not form.is_bound or not form.is_valid():
        return []
    period = form.cleaned_data["period"]
    asked = Asked.of_dates(period, now, entity)
    return figure_tables(measure, measure.lines(asked), asked, words=period)


def _published(request: StaffRequest, measure: Measure) -> dict[str, Any]:
    """The tables of this measure in the newest report there is to share."""
    entity = measure_queries.companies_for(request.actor)[0][0]
    snapshot = newest(request.actor, entity)
    if snapshot is None or withheld(snapshot):
        return {"report": None, "tables": []}
    report = report_of(snapshot, Profile.PUBLISHED)
    tables = [table for table in report.tables if table.measure == measure.code]
    return {"report": report, "tables": [drawn_table(table) for table in tables]}


def _back_to(measure: Measure, period: Period, company: str) -> str:
    """The measure's page, of the month that the figure's days end with."""
    query = {"month": f"{period.last:%Y-%m}", **({"company": company} if company else {})}
    return f"{reverse('reporting:measure', args=[measure.code])}?{urlencode(query)}"


@page(Grant.SEE_FULL_NUMBERS)
def list_cases(request: StaffRequest, code: str) -> HttpResponse:
    """The cases behind one figure: those the reader may open, and how many more there are."""
    measure, now = _measure(code), timezone.now()
    companies = measure_queries.companies_for(request.actor)
    form = CasesForm(request.GET, companies=companies)
    if not form.is_valid() or not measure.collected:
        raise Http404
    said = form.cleaned_data
    line = measure_queries.line_of(measure, said["line"], said["period"], now, said["company"])
    if line is None:
        raise Http404
    found = measure_queries.behind(
        request.actor,
        measure,
        line,
        period=said["period"],
        at=now,
        entity=said["company"],
        page=request.GET.get("page", ""),
        query={name: list(values) for name, values in request.GET.lists()},
    )
    if found is None:
        raise Http404
    for item in found.items:
        saw("casework.case", item.case.pk, case=item.case.reference)
    saw("reporting.measure", count=found.shown, purpose=f"cases behind {measure.code}")
    context = {
        "measure": measure,
        "behind": found,
        "with_counts": any(item.counts is not None for item in found.items),
        "with_length": any(item.length is not None for item in found.items),
        "figure": drawing_measures.figure_of(line),
        "entity": dict(companies)[said["company"]],
        "period": said["period"],
        "page_of": found.page,
        "back": _back_to(measure, said["period"], said["company"]),
    }
    return render(request, "reporting/measure_cases.html", context)
