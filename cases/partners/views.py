"""The partner directory: the list, an agency's page, and keeping its entry."""

from __future__ import annotations

from typing import Any

from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from cases.access import Grant
from cases.audit import context
from cases.audit.pages import StaffRequest, page
from cases.paging import page_of
from cases.partners import operations, queries, rules
from cases.partners.forms import AgencyForm, CheckForm, FilterForm, WhyForm
from cases.partners.models import Agency
from cases.partners.queries import Wanted
from cases.partners.saving import save, save_over, seen_now, typed
from cases.staff.form_pages import form_page


def _wanted(form: FilterForm) -> Wanted:
    if not form.is_valid():
        return Wanted()
    said = form.cleaned_data
    return Wanted(
        text=said["text"].strip(),
        kind=said["kind"],
        strand=said["strand"],
        area=said["area"],
        order=said["order"],
        ended=said["state"] == "ended",
    )


@page(Grant.SEE_PARTNERS)
def list_agencies(request: StaffRequest) -> HttpResponseBase:
    """The directory, filtered by what the address says; what is stale says so."""
    now = timezone.now()
    form = FilterForm(request.GET, areas=queries.areas())
    wanted = _wanted(form)
    found = queries.directory(wanted, now)
    pages = page_of(request.GET.get("page", ""), found.count(), query=dict(request.GET.lists()))
    agencies = list(found[pages.rows])
    context.saw("partners.agency", *(agency.pk for agency in agencies), count=pages.total)
    today, checks = timezone.localdate(now), queries.checks_at(now)
    rows = [
        (
            each,
            checks.of(each.verified_on),
            rules.when_checked(each.verified_on, today),
        )
        for each in agencies
    ]
    return render(
        request,
        "partners/directory.html",
        {
            "rows": rows,
            "warn": any(not checked for _, checked, _ in rows),
            "filter": form,
            "filtered": wanted != Wanted(),
            "page_of": pages,
            "today": today,
        },
    )


@page(Grant.SEE_PARTNERS)
def show_agency(request: StaffRequest, slug: str) -> HttpResponseBase:
    """One agency: its units, what was agreed with it, and who checked what when."""
    now = timezone.now()
    agency = queries.load_agency(slug)
    done = queries.done_to(agency, now)
    today = timezone.localdate(now)
    return render(
        request,
        "partners/agency.html",
        {
            "agency": agency,
            "checked": queries.checked(agency.verified_on, now),
            "checked_ago": rules.ago(agency.verified_on, today) if agency.verified_on else "",
            "checked_how": done.how,
            "units": queries.unit_rows(agency, now),
            "agreements": queries.agreement_rows(agency, now),
            "entries": done.entries,
            "now": now,
        },
    )


@page(Grant.KEEP_PARTNERS, methods=("GET", "POST"))
def add_agency(request: StaffRequest) -> HttpResponseBase:
    """A new entry, which nobody has checked yet."""
    form = AgencyForm(typed(request))
    added: list[Agency] = []

    def do() -> None:
        added.append(operations.add_agency(by=request.actor, at=timezone.now(), **form.values()))

    if save(request, form, do, "The agency is added. Check its details and add its units."):
        return redirect("partners:agency", added[0].slug)
    return form_page(
        request,
        form,
        heading="Add an agency",
        button="Add",
        back=reverse("partners:directory"),
        back_text="Partners",
    )


FIELDS = tuple(name for name in AgencyForm.base_fields if name != "seen")


@page(Grant.KEEP_PARTNERS, methods=("GET", "POST"))
def change_agency(request: StaffRequest, slug: str) -> HttpResponseBase:
    """What an entry says; another number or website has to be checked again."""
    agency = queries.load_agency(slug)
    initial: dict[str, Any] = {name: getattr(agency, name) for name in FIELDS}
    initial |= {"areas": "\n".join(agency.areas), "seen": seen_now(agency)}
    form = AgencyForm(typed(request), initial=initial, ours=agency.is_ours)

    def do() -> None:
        operations.change_agency(
            by=request.actor, at=timezone.now(), agency=agency, **form.values()
        )

    if save_over(request, form, agency, do, "Saved."):
        return redirect("partners:agency", agency.slug)
    return agency_form(request, agency, form, f"Change {agency.name}", "Save")


@page(Grant.KEEP_PARTNERS, methods=("GET", "POST"))
def check_agency(request: StaffRequest, slug: str) -> HttpResponseBase:
    """Somebody checked the number and the website for anybody."""
    now = timezone.now()
    agency = queries.load_agency(slug)
    form = CheckForm(
        typed(request),
        today=timezone.localdate(now),
        initial={"seen": seen_now(agency)},
    )

    def do() -> None:
        operations.verify_agency(by=request.actor, at=now, agency=agency, **form.values())

    if save_over(request, form, agency, do, "The check is kept.", shown=AgencyForm()):
        return redirect("partners:agency", agency.slug)
    return render(
        request,
        "partners/check.html",
        {
            "form": form,
            "agency": agency,
            "heading": f"Check {agency.name}",
            "ways": [
                ("Phone for anybody", agency.public_phone),
                ("Website", agency.website),
                ("Area", ", ".join(agency.areas) or "Everywhere"),
                ("For what", agency.helps_with),
            ],
            "unit": None,
        },
    )


@page(Grant.KEEP_PARTNERS, methods=("GET", "POST"))
def end_agency(request: StaffRequest, slug: str) -> HttpResponseBase:
    """We no longer work with them."""
    agency = queries.load_agency(slug)
    form = WhyForm(typed(request))

    def do() -> None:
        operations.end_agency(
            by=request.actor, at=timezone.now(), agency=agency, **form.cleaned_data
        )

    if save(request, form, do, f"The entry of {agency.name} is ended."):
        return redirect("partners:agency", agency.slug)
    words = "Nothing can be sent to them, nor to any of their units, from now on. What was sent "
    words += "before stays on the record."
    return agency_form(request, agency, form, f"End {agency.name}", "End the entry", words)


def agency_form(
    request: StaffRequest,
    agency: Agency,
    form: Any,
    heading: str,
    button: str,
    words: str = "",
) -> HttpResponseBase:
    """A form about one agency, with the way back to its page."""
    return form_page(
        request,
        form,
        heading=heading,
        page_name=f"{button}, partner agency",
        button=button,
        back=reverse("partners:agency", args=[agency.slug]),
        back_text=agency.name,
        words=words,
    )
