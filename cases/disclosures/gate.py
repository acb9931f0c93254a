"""The one place from which anything leaves (domain 7.4; docs/decisions/0024-one-gate.md).

Nothing else reads the bytes of a pack or makes a send; tests/consistency/test_outward.py holds
the code to it.  An attempt that is refused is kept as fully as a send.
"""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from cases.access import Actor, enforce
from cases.audit.anchors import anchor_soon
from cases.audit.ledger import operation, record
from cases.audit.settling import Fact, changed
from cases.audit.verbs import Verb
from cases.casework.locking import lock
from cases.disclosures import pack_rules, rules
from cases.disclosures.choices import Door, PackState, RequestState
from cases.disclosures.gate_facts import file_of, gate_facts
from cases.disclosures.models import Blocked, Pack, PackFile, Request, Send, SendOutcome
from cases.disclosures.refusals import Refusal
from cases.partners.locking import lock_unit
from cases.rows import keep

ANCHORED = frozenset({Door.DIRECTOR, Door.EMERGENCY})
"""After these the ledger's end leaves the host at once (bar row 36)."""


class NotTheBytes(RuntimeError):
    """What is stored is not what was sealed: somebody altered the database."""


def judge(pack: Pack, by: Actor, at: datetime) -> list[Refusal]:
    """Every reason why the pack may not go now, if the actor sent it; none: it may go."""
    return rules.gate(gate_facts(pack, by, at))


@operation
def send_pack(*, by: Actor, at: datetime, pack: Pack) -> Send | Blocked:
    """Send the pack as it stands, once; or keep why it did not go, with nothing raised.

    Raises Refused only for somebody who sends nothing at all.
    """
    enforce(pack_rules.may_send(by))
    case = lock(pack.case)
    pack.refresh_from_db(from_queryset=Pack.objects.select_for_update(of=("self",), no_key=True))
    pack.case = case
    _hold_recipient(pack)
    refusals = judge(pack, by, at)
    file = file_of(pack)
    if refusals or file is None:
        return _blocked(by, at, pack, refusals)
    return _sent(by, at, pack, file)


def _sent(by: Actor, at: datetime, pack: Pack, file: PackFile) -> Send:
    send = Send(
        pack=pack,
        file=file,
        case=pack.case,
        agency=pack.agency,
        door=pack.door,
        seal=file.seal,
        sent_by_id=by.user_id,
        sent_at=at,
    )
    keep(send)
    pack.state = PackState.GONE
    keep(pack)
    _request_sent(pack, at)
    record(
        Verb.PACK_SENT,
        by=by,
        at=at,
        subject=pack,
        case=pack.case.reference,
        changes={
            "send": send.pk,
            "agency": pack.agency_id,
            "door": pack.door,
            "version": file.version,
            "sha256": file.sha256,
            "seal": file.seal,
        },
    )
    changed(Fact.PACK, pack.pk)
    if pack.door in ANCHORED:
        anchor_soon()
    return send


def _hold_recipient(pack: Pack) -> None:
    """Whom it goes to stays as it is until it has gone: nobody changes an address meanwhile."""
    if pack.contact is not None:
        pack.contact = lock_unit(pack.contact)


def _blocked(by: Actor, at: datetime, pack: Pack, refusals: list[Refusal]) -> Blocked:
    blocked = Blocked(
        pack=pack,
        case=pack.case,
        agency=pack.agency,
        door=pack.door,
        reasons=list(dict.fromkeys(str(refusal.code) for refusal in refusals)),
        by_id=by.user_id,
        at=at,
    )
    keep(blocked)
    record(
        Verb.PACK_BLOCKED,
        by=by,
        at=at,
        subject=pack,
        case=pack.case.reference,
        changes={"agency": pack.agency_id, "door": pack.door, "reasons": blocked.reasons},
    )
    return blocked


def _request_sent(pack: Pack, at: datetime) -> None:
    """What the Director approved is done: it cannot go again, nor lapse."""
    asked = Request.objects.select_for_update(no_key=True).filter(pack=pack).first()
    if asked is not None:
        asked.state, asked.ended_at = RequestState.SENT, at
        keep(asked)


def bytes_of(send: Send) -> bytes:
    """The bytes that went: what the sender takes away.  Raises :class:`NotTheBytes`."""
    return _sealed(send.file, send.seal)


def preview_of(file: PackFile) -> bytes:
    """The bytes as they would go, for whoever looks before.  Raises :class:`NotTheBytes`."""
    return _sealed(file, file.seal)


def _sealed(file: PackFile, seal: str) -> bytes:
    content = bytes(file.content)
    if sha256(content).hexdigest() != file.sha256 or file.seal != seal:
        raise NotTheBytes(f"file {file.pk}")
    return content


@operation
def record_outcome(
    *,
    by: Actor,
    at: datetime,
    send: Send,
    channel: str,
    went_at: datetime,
    to_whom: str = "",
    their_reference: str = "",
    words: str = "",
) -> SendOutcome:
    """Keep how it went and to whom; a correction is another row.  Raises Refused."""
    lock(send.case)
    enforce(pack_rules.may_send(by))
    enforce(
        pack_rules.outcome(
            channel=channel, to_whom=to_whom, sent_at=send.sent_at, went_at=went_at, now=at
        )
    )
    row = SendOutcome(
        send=send,
        channel=channel,
        to_whom=to_whom.strip(),
        their_reference=their_reference.strip(),
        words=words.strip(),
        went_at=went_at,
        by_id=by.user_id,
        at=at,
    )
    keep(row)
    record(
        Verb.PACK_OUTCOME,
        by=by,
        at=at,
        subject=send,
        case=send.case.reference,
        changes={"channel": str(channel)},
    )
    changed(Fact.PACK, send.pack_id)
    return row
