"""What the operations on a pack share: holding it, keeping a change, making its bytes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from cases.access import Actor, enforce
from cases.audit.anchors import stamp
from cases.audit.ledger import record
from cases.audit.settling import Fact, changed
from cases.audit.verbs import Verb
from cases.casework.clock_operations import withdraw_clocks
from cases.casework.clocks import ClockKind
from cases.casework.locking import lock
from cases.disclosures import pack_rules, pdf
from cases.disclosures.choices import PackState, RequestState
from cases.disclosures.models import Pack, PackFile, PackItem, Request
from cases.disclosures.sealing import recipient_of, seal_of
from cases.rows import keep


def held(pack: Pack, by: Actor) -> Pack:
    """The pack, read again and locked with its case, if the actor may change it."""
    lock(pack.case)
    reread(pack)
    enforce(pack_rules.may_prepare(by, stage=pack.case.stage))
    enforce(pack_rules.being_written(pack.state))
    return pack


def reread(pack: Pack) -> None:
    """Read the pack again and lock it, keeping the case object that is locked already."""
    case = pack.case
    rows = Pack.objects.select_for_update(of=("self",), no_key=True)
    pack.refresh_from_db(from_queryset=rows)
    pack.case = case


def altered(by: Actor, at: datetime, pack: Pack, changes: dict[str, object]) -> Pack:
    """Keep a change: back to being written, one version on, every approval void."""
    pack.version += 1
    pack.state, pack.ready_by, pack.ready_at = PackState.DRAFT, None, None
    keep(pack)
    void(by, at, pack)
    record(
        Verb.PACK_CHANGED,
        by=by,
        at=at,
        subject=pack,
        case=pack.case.reference,
        changes={**changes, "version": pack.version},
    )
    changed(Fact.PACK, pack.pk)
    return pack


_ASKED = (RequestState.WAITING, RequestState.APPROVED, RequestState.REDUCED)


def void(by: Actor, at: datetime, pack: Pack) -> None:
    """Void the request for this pack: what was asked for or approved is no longer it."""
    for asked in Request.objects.select_for_update(no_key=True).filter(pack=pack, state__in=_ASKED):
        asked.state, asked.ended_at = RequestState.VOID, at
        keep(asked)
        record(
            Verb.REQUEST_VOID,
            by=by,
            at=at,
            subject=asked,
            case=pack.case.reference,
            changes={"version": pack.version},
        )
        withdraw_clocks(
            by=by,
            at=at,
            case=pack.case,
            kinds=[ClockKind.POLICE_APPROVAL],
            why="What would be told was changed",
        )


def make_file(by: Actor, at: datetime, pack: Pack, items: Sequence[PackItem]) -> PackFile:
    """Make and keep the bytes of this version, and have the pack wait with them."""
    if pack.contact is None:
        raise ValueError("a pack without a recipient has no bytes")
    where = stamp()
    made = pdf.render(pack, items, stamp=where, at=at)
    own, recipient = sha256(made.content).hexdigest(), recipient_of(pack.contact)
    file = PackFile(
        pack=pack,
        version=pack.version,
        content=made.content,
        sha256=own,
        recipient=recipient,
        seal=seal_of(own, recipient),
        fields=[item.field for item in items],
        pages=made.pages,
        stamp=where,
        made_by_id=by.user_id,
        made_at=at,
    )
    keep(file)
    pack.state, pack.ready_by_id, pack.ready_at = PackState.READY, by.user_id, at
    keep(pack)
    record(
        Verb.PACK_READY,
        by=by,
        at=at,
        subject=pack,
        case=pack.case.reference,
        changes={"version": pack.version, "sha256": own, "seal": file.seal, "door": pack.door},
    )
    changed(Fact.PACK, pack.pk)
    return file


def stop(by: Actor, at: datetime, pack: Pack, why: str) -> Pack:
    """Stop a locked pack, within an operation, and say so in the ledger."""
    pack.state, pack.stopped_why = PackState.STOPPED, why
    keep(pack)
    void(by, at, pack)
    record(
        Verb.PACK_STOPPED,
        by=by,
        at=at,
        subject=pack,
        case=pack.case.reference,
        changes={"agency": pack.agency_id, "door": pack.door},
    )
    changed(Fact.PACK, pack.pk)
    return pack
