"""Writing what would be told, thing by thing, and making it ready: bytes once, then unchanged.

Every change puts a ready pack back to being written, counts its version up and voids what was
approved: an approval is for exact bytes and one recipient (domain 7.5).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from cases.access import Actor, Answer, enforce
from cases.audit.ledger import operation, record, unchanged
from cases.audit.settling import Fact, changed
from cases.audit.verbs import Verb
from cases.casework.locking import lock
from cases.casework.models import Case, Conflict, Involvement
from cases.disclosures import pack_rules
from cases.disclosures.choices import PackField, PackState
from cases.disclosures.fields import FIELDS
from cases.disclosures.gate_facts import file_of, items_of
from cases.disclosures.models import Pack, PackApproval, PackFile, PackItem
from cases.disclosures.pack_making import altered, held, make_file, reread, stop
from cases.partners.models import Agency, AgencyContact
from cases.rows import keep


@operation
def start_pack(
    *,
    by: Actor,
    at: datetime,
    case: Case,
    agency: Agency,
    title: str,
    purpose: str,
    about: Involvement | None = None,
    contact: AgencyContact | None = None,
    door: str = "",
    citation: str = "",
) -> Pack:
    """A new pack with nothing in it.  ``door`` "" is for our own antisocial behaviour team.

    Raises Refused, and ValidationError for a door there is none of.
    """
    lock(case)
    enforce(pack_rules.may_prepare(by, stage=case.stage))
    enforce(pack_rules.said(title=title, purpose=purpose))
    enforce(_to(agency, contact))
    enforce(_of_case(case, about))
    pack = Pack(
        case=case,
        about=about,
        agency=agency,
        contact=contact,
        door=door,
        title=title.strip(),
        purpose=purpose.strip(),
        citation=citation.strip(),
        made_by_id=by.user_id,
        made_at=at,
    )
    keep(pack)
    record(
        Verb.PACK_STARTED,
        by=by,
        at=at,
        subject=pack,
        case=case.reference,
        changes={"agency": agency.pk, "door": str(door), "about": about.pk if about else None},
    )
    return pack


@operation
def change_pack(
    *,
    by: Actor,
    at: datetime,
    pack: Pack,
    title: str,
    purpose: str,
    agency: Agency,
    contact: AgencyContact | None,
    door: str,
    citation: str = "",
    about: Involvement | None = None,
) -> Pack:
    """Say anew what the pack is for, to whom it goes and by which door."""
    held(pack, by)
    enforce(pack_rules.said(title=title, purpose=purpose))
    enforce(_to(agency, contact))
    enforce(_of_case(pack.case, about))
    new = {
        "title": title.strip(),
        "purpose": purpose.strip(),
        "citation": citation.strip(),
        "agency_id": agency.pk,
        "contact_id": contact.pk if contact else None,
        "door": str(door),
        "about_id": about.pk if about else None,
    }
    differs = [name for name, value in new.items() if getattr(pack, name) != value]
    if not differs:
        unchanged()
        return pack
    for name in differs:
        setattr(pack, name, new[name])
    # The ids are set: the objects that were read for the old ones are let go.
    pack.agency, pack.contact, pack.about = agency, contact, about
    return altered(by, at, pack, {"changed": differs, "agency": agency.pk, "door": str(door)})


@operation
def set_item(
    *,
    by: Actor,
    at: datetime,
    pack: Pack,
    field: str,
    text: str,
    whose: Involvement | None = None,
    why: str = "",
) -> PackItem:
    """Choose one thing to tell, in these words; chosen again, its words are replaced.

    ``whose`` is the part the thing belongs to.  Raises Refused.
    """
    held(pack, by)
    enforce(_choosable(pack, field, whose))
    enforce(Answer() if text.strip() else Answer("Write what they are told."))
    item = pack.items.filter(field=field, whose=whose).first()
    item = item or PackItem(pack=pack, field=field, whose=whose)
    new = (text.strip(), why.strip(), False)
    if item.pk and (item.text, item.why, item.taken_out) == new:
        unchanged()
        return item
    item.text, item.why, item.taken_out = new
    keep(item)
    altered(by, at, pack, {"set": str(field), "item": item.pk})
    return item


@operation
def take_out(*, by: Actor, at: datetime, pack: Pack, item: PackItem) -> PackItem:
    """Tell this no longer.  What it said is kept, out of the pack."""
    held(pack, by)
    item = pack.items.get(pk=item.pk)
    if item.taken_out:
        unchanged()
        return item
    item.taken_out = True
    keep(item)
    altered(by, at, pack, {"out": item.field, "item": item.pk})
    return item


@operation
def set_redactions(*, by: Actor, at: datetime, pack: Pack, redactions: Iterable[str]) -> Pack:
    """The words to be blacked out wherever they stand, in any case."""
    held(pack, by)
    wanted = list(dict.fromkeys(run for each in redactions if (run := " ".join(each.split()))))
    if wanted == pack.redactions:
        unchanged()
        return pack
    pack.redactions = wanted
    return altered(by, at, pack, {"redactions": len(wanted)})


@operation
def make_ready(
    *, by: Actor, at: datetime, pack: Pack, reviewed: bool, redactions_confirmed: bool
) -> PackFile:
    """Make the pack's bytes, once, for it to wait with: previewed, approved and sent are these.

    Whether it may go is asked when it goes.  Raises Refused; CannotRender, with a sentence, for
    a pack too long for a page anybody reads.
    """
    held(pack, by)
    if pack.state == PackState.READY and (file := file_of(pack)):
        unchanged()
        return file
    items = items_of(pack)
    enforce(
        pack_rules.ready(
            reviewed=reviewed,
            redactions_confirmed=redactions_confirmed,
            holds_anything=bool(items),
        )
    )
    enforce(Answer() if pack.contact else Answer("Choose to whom it goes."))
    return make_file(by, at, pack, items)


@operation
def reduce_pack(*, by: Actor, at: datetime, pack: Pack, take_out: Sequence[PackItem]) -> PackFile:
    """The same pack with less in it, ready: what the Director approves when it is "less".

    Nothing is voided: it is part of the decision itself, whose operation asks who may decide.
    Raises Refused if nothing would be left.
    """
    lock(pack.case)
    reread(pack)
    enforce(pack_rules.being_written(pack.state))
    out = {item.pk for item in take_out}
    left = [item for item in items_of(pack) if item.pk not in out]
    enforce(Answer() if left else Answer("Nothing would be left to tell. Decline it instead."))
    for item in pack.items.filter(pk__in=out, taken_out=False):
        item.taken_out = True
        keep(item)
    pack.version += 1
    record(
        Verb.PACK_CHANGED,
        by=by,
        at=at,
        subject=pack,
        case=pack.case.reference,
        changes={"reduced": sorted(out), "version": pack.version},
    )
    return make_file(by, at, pack, left)


@operation
def approve_pack(*, by: Actor, at: datetime, file: PackFile, words: str) -> PackApproval:
    """The second person's yes to exactly this file (doors D2, D4, D5, D6).  Raises Refused."""
    pack = file.pack
    lock(pack.case)
    reread(pack)
    enforce(pack_rules.being_written(pack.state))
    wrote = PackItem.history.filter(pack=pack).values_list("history_user_id", flat=True)
    makers = {pack.made_by_id, pack.ready_by_id, file.made_by_id, *wrote}
    enforce(pack_rules.may_approve(by, door=pack.door, made_by=makers))
    enforce(_no_conflict(pack.case, by))
    if pack.state != PackState.READY or file.version != pack.version:
        enforce(Answer("The page was changed since. Look at it again."))
    enforce(Answer() if words.strip() else Answer("Say why it may go."))
    if (there := PackApproval.objects.filter(file=file).first()) is not None:
        unchanged()
        return there
    yes = PackApproval(
        file=file,
        door=pack.door,
        made_by_id=file.made_by_id,
        by_id=by.user_id,
        at=at,
        words=words.strip(),
    )
    keep(yes)
    record(
        Verb.PACK_APPROVED,
        by=by,
        at=at,
        subject=pack,
        case=pack.case.reference,
        changes={"door": pack.door, "version": file.version, "seal": file.seal},
    )
    changed(Fact.PACK, pack.pk)
    return yes


@operation
def stop_pack(*, by: Actor, at: datetime, pack: Pack, why: str) -> Pack:
    """Have it never go.  A request about it is void with it."""
    lock(pack.case)
    reread(pack)
    enforce(pack_rules.may_send(by))
    enforce(Answer() if why.strip() else Answer("Say why it is stopped."))
    if pack.state == PackState.STOPPED:
        unchanged()
        return pack
    enforce(pack_rules.being_written(pack.state))
    return stop(by, at, pack, why.strip())


# --- what they ask ---


def _to(agency: Agency, contact: AgencyContact | None) -> Answer:
    if contact is not None and contact.agency_id != agency.pk:
        return Answer(f"{contact.unit} does not belong to {agency.name}.")
    return Answer()


def _of_case(case: Case, part: Involvement | None) -> Answer:
    if part is not None and part.case_id != case.pk:
        return Answer("Choose somebody of this case.")
    return Answer()


def _choosable(pack: Pack, field: str, whose: Involvement | None) -> Answer:
    """Whether the field is one, and is somebody's of this case where it is somebody's."""
    if field not in FIELDS:
        return Answer("Choose what they are told.")
    if not (ours := _of_case(pack.case, whose)):
        return ours
    one = FIELDS[field]
    if whose is None and one.personal and field != PackField.RESPONDENT:
        return Answer(f"Say whose it is: “{one.label}”.")
    if whose is not None and one.parts and whose.part not in one.parts:
        return Answer(f"“{one.label}” is not for the {whose.get_part_display().lower()}.")
    return Answer()


def _no_conflict(case: Case, by: Actor) -> Answer:
    if Conflict.objects.filter(case=case, user_id=by.user_id, lifted_at__isnull=True).exists():
        return Answer("You have a conflict of interest in this case, so somebody else approves it.")
    return Answer()
