"""What a page says, one field at a time; what is blacked out; and taking every name out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from cases.access import Actor, Answer, Refused, enforce
from cases.audit.log_links import number
from cases.audit.pages import StaffRequest
from cases.casework.models import Case, Involvement
from cases.disclosures import pack_operations
from cases.disclosures import pack_rules as rules
from cases.disclosures.choices import Door, PackField
from cases.disclosures.fields import FIELDS, suggestion
from cases.disclosures.gate_facts import items_of
from cases.disclosures.models import Pack, PackItem
from cases.workflow.case_gate import case_page, insist_fresh, seen_now, send, show_form
from cases.workflow.case_words import name_and_part
from cases.workflow.disclosing import forms
from cases.workflow.disclosing.choosing import (
    HINTS,
    Suggested,
    home_of,
    pack_page,
    parts_for,
    suggestions,
    whose_parts,
)
from cases.workflow.disclosing.loading import get_pack, insist_version, seen
from cases.workflow.disclosing.views import BOTH, WORK

FORM = "workflow/disclosing/form.html"


def _writable(request: StaffRequest, case: Case, pk: int) -> Pack:
    """The pack, if the actor may still change it.  Raises Http404 or Refused."""
    enforce(rules.may_prepare(request.actor, stage=case.stage))
    pack = get_pack(case, pk)
    enforce(rules.being_written(pack.state))
    return pack


@case_page(WORK, methods=BOTH)
def put(request: StaffRequest, case: Case, pk: int, field: str) -> HttpResponse:
    """Put one field on the page: the words, whose, and why it must be in."""
    pack = _writable(request, case, pk)
    if field not in PackField.values:
        raise Http404
    parts = _free(pack, PackField(field))
    if not parts and FIELDS[field].parts:
        raise Refused(Answer("Nobody else in the case can be put in here."))
    use = number(request.GET.get("use", ""))
    form = forms.ItemForm(
        request.POST or None, parts=parts, initial=_begun(pack, field, parts, use, request.actor)
    )
    label = FIELDS[field].label

    def save() -> None:
        _keep(request, pack, field, form.owner, form)

    if form.is_valid() and send(request, form, save, f"“{label}” is on the page."):
        return redirect(home_of(pack))
    return _show(
        request,
        pack,
        form,
        field,
        heading=f"Put in: {label}",
        button="Put it on the page",
        suggested=suggestions(pack, field, parts, request.actor),
        whose=name_and_part(parts[0]) if len(parts) == 1 else "",
    )


def _keep(
    request: StaffRequest, pack: Pack, field: str, owner: Involvement | None, form: forms.ItemForm
) -> None:
    pack_operations.set_item(
        by=request.actor,
        at=timezone.now(),
        pack=pack,
        field=field,
        whose=owner,
        text=form.cleaned_data["text"],
        why=form.cleaned_data["why"].strip(),
    )


def _show(
    request: StaffRequest,
    pack: Pack,
    form: forms.ItemForm,
    field: str,
    *,
    item: PackItem | None = None,
    suggested: Sequence[Suggested] = (),
    **more: str,
) -> HttpResponse:
    return show_form(
        request,
        pack.case,
        form,
        template="workflow/disclosing/item.html",
        back=home_of(pack),
        words=HINTS[field],
        item=item,
        suggested=suggested,
        **more,  # type: ignore[arg-type]
    )


def _free(pack: Pack, field: PackField) -> list[Involvement]:
    """Whoever the field could still be of."""
    taken = {item.whose_id for item in items_of(pack) if item.field == field}
    return [part for part in whose_parts(pack, field, parts_for(pack)) if part.pk not in taken]


def _begun(
    pack: Pack, field: str, parts: list[Involvement], use: int | None, by: Actor
) -> dict[str, Any]:
    """What stands in the form when it opens: nothing, or the suggestion that was taken."""
    if use is None:
        return {}
    owner = next((part for part in parts if part.pk == use), None)
    if owner is None and FIELDS[field].parts:
        return {}
    begun = {"text": suggestion(pack.case, field, owner, by=by)}
    return {**begun, "whose": str(use)} if owner else begun


@case_page(WORK, methods=BOTH)
def item(request: StaffRequest, case: Case, pk: int, child: int) -> HttpResponse:
    """Change what one field says, or take it out."""
    pack = _writable(request, case, pk)
    rows = PackItem.objects.select_related("whose__person")
    found = rows.filter(pack=pack, pk=child, taken_out=False).first()
    if found is None:
        raise Http404
    form = forms.ItemForm(request.POST or None, item=found, initial={"seen": seen_now(found)})
    label = FIELDS[found.field].label

    def save() -> None:
        insist_fresh(case, found, form, _words)
        _keep(request, pack, found.field, found.whose, form)

    def take_out() -> None:
        pack_operations.take_out(by=request.actor, at=timezone.now(), pack=pack, item=found)

    if form.asked("out"):
        form.without_problems()
        if send(request, form, take_out, f"“{label}” is off the page."):
            return redirect(home_of(pack))
    elif form.is_valid() and send(request, form, save, f"“{label}” is changed."):
        return redirect(home_of(pack))
    return _show(
        request,
        pack,
        form,
        found.field,
        item=found,
        heading=f"Change: {label}",
        button="Save the change",
        whose=name_and_part(found.whose) if found.whose else "",
    )


def _words(said: Any) -> dict[str, str]:
    text, why = (said["text"], said["why"]) if isinstance(said, dict) else (said.text, said.why)
    return {"What they are told": text, "Why it must be in": why}


@case_page(WORK, methods=BOTH)
def black_out(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    """Which words are black boxes on the page."""
    pack = _writable(request, case, pk)
    initial = {"seen": seen(pack), "words": "\n".join(pack.redactions)}
    form = forms.BlackForm(request.POST or None, initial=initial)

    def save() -> None:
        insist_version(pack, form)
        pack_operations.set_redactions(
            by=request.actor, at=timezone.now(), pack=pack, redactions=form.said()
        )

    if form.is_valid() and send(request, form, save, "What is blacked out is changed."):
        return redirect(home_of(pack))
    return show_form(
        request,
        case,
        form,
        heading="Black out words",
        button="Save these words",
        template=FORM,
        back=home_of(pack),
    )


@case_page(WORK, methods=BOTH)
def nameless(request: StaffRequest, case: Case, pk: int) -> HttpResponse:
    """Send facts that name nobody instead: what tells who somebody is comes out in one press."""
    pack = _writable(request, case, pk)
    rows = items_of(pack)
    out = [row for row in rows if FIELDS[row.field].personal]
    form = forms.ConfirmForm(request.POST or None, initial={"seen": seen(pack)})

    def save() -> None:
        insist_version(pack, form)
        _take_names_out(request, pack, out)

    done = "Everything that tells who somebody is has come out. Read what is left."
    if form.is_valid() and send(request, form, save, done):
        return redirect(pack_page(pack))
    return show_form(
        request,
        case,
        form,
        heading="Send facts that name nobody",
        button="Take these out, and name nobody",
        template="workflow/disclosing/nameless.html",
        back=pack_page(pack),
        out=[str(row.get_field_display()) for row in out],
        kept=[str(row.get_field_display()) for row in rows if row not in out],
        agency=pack.agency,
    )


def _take_names_out(request: StaffRequest, pack: Pack, out: list[PackItem]) -> None:
    now = timezone.now()
    with transaction.atomic():
        pack_operations.change_pack(
            by=request.actor,
            at=now,
            pack=pack,
            about=pack.about,
            agency=pack.agency,
            contact=pack.contact,
            door=Door.ANONYMISED,
            title=pack.title,
            purpose=pack.purpose,
            citation="",
        )
        for row in out:
            pack_operations.take_out(by=request.actor, at=now, pack=pack, item=row)
