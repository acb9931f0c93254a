"""The only ways a page gets a pack, its file or an attempt: through the case it is of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import Http404

from cases.access import Answer, Refused
from cases.audit import masking
from cases.audit.context import saw
from cases.casework.loading import get_child
from cases.casework.locking import lock
from cases.casework.models import Case
from cases.consent.queries import conditions_of
from cases.disclosures import gate
from cases.disclosures.choices import Door
from cases.disclosures.models import Blocked, Pack, PackFile, SendOutcome
from cases.workflow.forms import CaseForm

NO_FILES = "Auditors see pages without names, and a file cannot be shown so."
ALTERED = (
    "The stored file is not the one that was made. Nothing was sent. Tell the data protection "
    "officer at once."
)
CHANGED = "The page was changed while you had it open. Nothing was done. Read it again first."


def _packs() -> QuerySet[Pack]:
    return Pack.objects.select_related(
        *("agency", "contact", "about__person", "made_by", "ready_by", "request", "referral"),
        *("send__sent_by", "send__file"),
    ).defer("send__file__content")


def get_pack(case: Case, pk: int) -> Pack:
    """A pack of this case.  Raises Http404 for another case's, exactly as for none."""
    pack = get_child(case, _packs(), pk)
    pack.case = case
    if pack.contact is not None:
        pack.contact.agency = pack.agency
    return pack


def packs_of(case: Case) -> list[Pack]:
    """Every pack of the case, newest first, with how each went.  Two queries."""
    outcomes = Prefetch("send__outcomes", SendOutcome.objects.order_by("id"))
    rows = list(_packs().filter(case=case).prefetch_related(outcomes).order_by("-made_at", "-id"))
    for pack in rows:
        pack.case = case
    saw("disclosures.pack", *(pack.pk for pack in rows), case=case.reference)
    return rows


def blocked_of(case: Case) -> list[Blocked]:
    """Every attempt that the gate refused, newest first.  One query."""
    return list(Blocked.objects.filter(case=case).select_related("agency", "by")[:50])


def current_file(pack: Pack) -> PackFile | None:
    """The file of the pack as it stands, without its bytes."""
    rows = PackFile.objects.defer("content").select_related("approval__by", "made_by")
    return rows.filter(pack=pack, version=pack.version).first()


def file_bytes(pack: Pack) -> bytes:
    """The bytes of the pack as it stands, to be opened: recorded, and never for an auditor.

    Raises Http404 while there are none, and Refused for whoever may not be told who people are
    and for bytes that are not those that were made.
    """
    if masking.on():
        raise Refused(Answer(NO_FILES))
    found = PackFile.objects.filter(pack=pack, version=pack.version).first()
    if found is None:
        raise Http404
    saw("disclosures.packfile", found.pk, case=pack.case.reference)
    return as_made(lambda: gate.preview_of(found))


def as_made(read: Callable[[], bytes]) -> bytes:
    """The bytes, if they are still those that were made.  Raises Refused."""
    try:
        return read()
    except gate.NotTheBytes:
        raise Refused(Answer(ALTERED)) from None


def insist_version(pack: Pack, form: CaseForm) -> None:
    """Refuse if the pack changed after the page was drawn.  Call inside the transaction."""
    lock(pack.case)
    now = Pack.objects.select_for_update(of=("self",), no_key=True).get(pk=pack.pk)
    if form.cleaned_data.get("seen") != seen(now):
        raise Refused(Answer(CHANGED))


def seen(pack: Pack) -> str:
    """What a form carries to show which version of the pack it was drawn from."""
    return f"{pack.version}-{pack.state}"


def outcomes_of(pack: Pack) -> list[Any]:
    """How a pack went, oldest record first; nothing before it went."""
    if not hasattr(pack, "send"):
        return []
    return list(pack.send.outcomes.select_related("by").order_by("id"))


def conditions_on(pack: Pack) -> list[str]:
    """What those it tells of asked for when they said yes to this agency, newest first."""
    whose = {item.whose_id for item in pack.items.all() if item.whose_id and not item.taken_out}
    if pack.door == Door.ANONYMISED or not (whose or pack.about_id):
        return []
    return conditions_of([*whose, *([pack.about_id] if pack.about_id else [])], pack.agency_id)
