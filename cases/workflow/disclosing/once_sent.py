"""One press, one send: the same form sent twice gives the same bytes, and nothing else does.

A double press, a reload and a form sent again by the browser carry the same token.  The claim
and the send are one transaction, so of two presses at once the second waits and gets what the
first one got (bar row 76).
"""

from __future__ import annotations

import hashlib
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from cases.audit import context
from cases.audit.pages import StaffRequest
from cases.disclosures import gate
from cases.disclosures.models import Blocked, Pack, Send
from cases.workflow.models import Submission

AGAIN_FOR = timedelta(minutes=10)
"""A form sent again later than this is not a slip of the hand any more."""


def press(request: StaffRequest, pack: Pack, *, only_again: bool = False) -> Send | Blocked | None:
    """Send the pack, unless this very press did: then what became of it.

    ``only_again`` sends nothing: None unless this press had sent it lately.
    """
    key, now = _key(request, pack), timezone.now()
    if only_again:
        known = Submission.objects.filter(key=key, actor_id=request.user.pk).exists()
        return _of_this_press(request, pack) if known else None
    with transaction.atomic():
        try:
            with transaction.atomic(), context.acting_as(request.actor, at=now, purpose="once"):
                Submission.objects.create(key=key, actor_id=request.user.pk, at=now)
        except IntegrityError:
            return _of_this_press(request, pack)
        return gate.send_pack(by=request.actor, at=now, pack=pack)


def _key(request: StaffRequest, pack: Pack) -> str:
    """A digest of the form's token and of whose press it is on which pack."""
    token = request.POST.get("token") or request.POST.get("csrfmiddlewaretoken", "")
    text = f"send {pack.pk} {request.user.pk} {token}"
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _of_this_press(request: StaffRequest, pack: Pack) -> Send | Blocked | None:
    sent = Send.objects.filter(pack=pack, sent_by=request.user.pk).first()
    if sent is not None:
        return sent if timezone.now() - sent.sent_at <= AGAIN_FOR else None
    return Blocked.objects.filter(pack=pack, by=request.user.pk).order_by("-pk").first()
