"""The units of an agency: adding, changing, checking and ending them."""

from __future__ import annotations

from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from cases.access import Grant
from cases.audit.pages import StaffRequest, page
from cases.partners import queries, unit_operations
from cases.partners.forms import CheckForm, UnitForm, WhyForm
from cases.partners.saving import save, save_over, seen_now, typed
from cases.partners.views import agency_form

AGAIN = "This decides where what people told us is sent."
FIELDS = tuple(name for name in UnitForm.base_fields if name != "seen")


@page(Grant.KEEP_PARTNERS, methods=("GET", "POST"))
def add_unit(request: StaffRequest, slug: str) -> HttpResponseBase:
    """A unit, which nobody has checked yet."""
    agency = queries.load_agency(slug)
    form = UnitForm(typed(request))

    def do() -> None:
        unit_operations.add_unit(
            by=request.actor, at=timezone.now(), agency=agency, **form.values()
        )

    if save(request, form, do, "The unit is added. Check it before anything is sent there."):
        return redirect("partners:agency", agency.slug)
    return agency_form(request, agency, form, f"Add a unit of {agency.name}", "Add")


@page(Grant.KEEP_PARTNERS, methods=("GET", "POST"))
def change_unit(request: StaffRequest, slug: str, pk: int) -> HttpResponseBase:
    """What a unit is called and how it is reached; another way has to be checked again."""
    agency = queries.load_agency(slug)
    unit = queries.load_unit(agency, pk)
    initial = {name: getattr(unit, name) for name in FIELDS}
    form = UnitForm(typed(request), initial={**initial, "seen": seen_now(unit)})

    def do() -> None:
        unit_operations.change_unit(
            by=request.actor, at=timezone.now(), contact=unit, **form.values()
        )

    if save_over(request, form, unit, do, "Saved."):
        return redirect("partners:agency", agency.slug)
    words = "If you change what it is called or how it is reached, it has to be checked again."
    return agency_form(request, agency, form, f"Change {unit.unit}", "Save", words)


@page(Grant.KEEP_PARTNERS, methods=("GET", "POST"), fresh=AGAIN)
def check_unit(request: StaffRequest, slug: str, pk: int) -> HttpResponseBase:
    """Somebody checked every way to reach the unit: from now on it can be sent to."""
    now = timezone.now()
    agency = queries.load_agency(slug)
    unit = queries.load_unit(agency, pk)
    form = CheckForm(
        typed(request), today=timezone.localdate(now), initial={"seen": seen_now(unit)}
    )

    def do() -> None:
        unit_operations.verify_unit(by=request.actor, at=now, contact=unit, **form.values())

    done = f"The check of {unit.unit} is kept."
    if save_over(request, form, unit, do, done, shown=UnitForm()):
        return redirect("partners:agency", agency.slug)
    return render(
        request,
        "partners/check.html",
        {
            "form": form,
            "agency": agency,
            "unit": unit,
            "heading": f"Check {unit.unit}",
            "ways": [
                ("Ask for", unit.person),
                ("Secure email", unit.secure_email),
                ("Portal", unit.portal),
                ("Phone", unit.phone),
                ("Post", unit.post_address),
                ("Hours", unit.hours),
            ],
        },
    )


@page(Grant.KEEP_PARTNERS, methods=("GET", "POST"))
def end_unit(request: StaffRequest, slug: str, pk: int) -> HttpResponseBase:
    """The unit is no more, or no longer reached so."""
    agency = queries.load_agency(slug)
    unit = queries.load_unit(agency, pk)
    form = WhyForm(typed(request))

    def do() -> None:
        unit_operations.end_unit(
            by=request.actor, at=timezone.now(), contact=unit, **form.cleaned_data
        )

    if save(request, form, do, f"{unit.unit} is ended."):
        return redirect("partners:agency", agency.slug)
    words = "Nothing can be sent there from now on."
    return agency_form(request, agency, form, f"End {unit.unit}", "End the unit", words)
