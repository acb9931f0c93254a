"""Until it has gone a referral is as its pack is: ready, changed, gone or stopped.

Settled at the end of whatever changed the pack, in its transaction: a withdrawal that stops a
pack stops its referral in the same moment (domain 7.3).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from cases.access import Actor
from cases.audit.ledger import operation, record, unchanged
from cases.audit.verbs import Verb
from cases.casework.case_operations import end_access
from cases.casework.choices import Access
from cases.casework.locking import lock
from cases.casework.models import Case
from cases.casework.operations import give_access, meet_clocks
from cases.disclosures.choices import Door, PackState
from cases.disclosures.models import Pack, Send
from cases.intake.choices import Route
from cases.intake.owners import owner_of
from cases.partners.choices import AgencyKind
from cases.policy.queries import holidays, settings_at
from cases.referrals import rules
from cases.referrals.choices import ReferralState
from cases.referrals.models import Referral
from cases.rows import keep
from cases.staff.models import User

_LEADS: dict[str, str] = {
    Door.SAFEGUARDING: Route.SAFEGUARDING,
    Door.DA: Route.DA,
    AgencyKind.SAFEGUARDING_TEAM: Route.SAFEGUARDING,
    AgencyKind.DA_TEAM: Route.DA,
}


def follow_packs(by: Actor, at: datetime, packs: Collection[int]) -> None:
    """Settle the referrals of these packs (ids)."""
    rows = Referral.objects.filter(pack__in=packs, state__in=rules.BEFORE_IT_WENT)
    _settle(by, at, rows.values_list("pk", flat=True))


def follow_permission(by: Actor, at: datetime, parts: Collection[int]) -> None:
    """Settle the referrals about these parts (ids), after their packs were stopped."""
    stopped = Referral.objects.filter(
        pack__state=PackState.STOPPED,
        pack__about__in=parts,
        state__in=rules.BEFORE_IT_WENT,
    )
    _settle(by, at, stopped.values_list("pk", flat=True))


def _settle(by: Actor, at: datetime, ids: Collection[int]) -> None:
    if found := sorted(ids):
        settle_referrals(by=by, at=at, ids=found)


@operation
def settle_referrals(*, by: Actor, at: datetime, ids: Collection[int]) -> None:
    """Have these referrals be as their packs are."""
    unchanged()
    for case in Case.objects.filter(referrals__in=ids).distinct().order_by("pk"):
        lock(case)
        theirs = Referral.objects.select_for_update(of=("self",), no_key=True)
        theirs = theirs.select_related("case", "pack", "agency", "about")
        for referral in theirs.filter(pk__in=ids, case=case).order_by("pk"):
            referral.case = case
            follow(by, at, referral)


def follow(by: Actor, at: datetime, referral: Referral) -> None:
    """Bring one referral to where its pack is.  Its case is locked."""
    if referral.state not in rules.BEFORE_IT_WENT:
        return
    pack = Pack.objects.select_related("agency").get(pk=referral.pack_id)
    referral.pack, referral.agency, referral.about_id = pack, pack.agency, pack.about_id
    if pack.state == PackState.STOPPED:
        _stopped(by, at, referral)
    elif pack.state == PackState.GONE:
        _ready(by, at, referral)
        _gone(by, at, referral)
    elif pack.state == PackState.READY:
        _ready(by, at, referral)
    elif referral.state == ReferralState.QUEUED:
        referral.state = ReferralState.DRAFT
        keep(referral)
        end_leads(by, at, referral)


def _ready(by: Actor, at: datetime, referral: Referral) -> None:
    """Waiting to go; the lead who must approve it may read the case, to decide (domain 7.1)."""
    if referral.state != ReferralState.DRAFT:
        return
    referral.state = ReferralState.QUEUED
    keep(referral)
    keep_with(Verb.REFERRAL_QUEUED, by, at, referral, agency=referral.agency_id)
    for lead in leads_of(referral, at):
        give_access(by=by, at=at, case=referral.case, user=lead, why=Access.REFERRED)


def _gone(by: Actor, at: datetime, referral: Referral) -> None:
    send = Send.objects.get(pack=referral.pack_id)
    days = settings_at(at)["REFERRAL_CHASE_DAYS"]
    referral.state, referral.sent_at = ReferralState.SENT, send.sent_at
    referral.chase_on = rules.chase_on(send.sent_at, days, holidays())
    keep(referral)
    keep_with(Verb.REFERRAL_SENT, by, at, referral, send=send.pk, agency=referral.agency_id)
    part = referral.about.part if referral.about else None
    if kinds := rules.met_by_sending(referral.agency.kind, part, referral.pack.door):
        meet_clocks(
            by=by,
            at=at,
            case=referral.case,
            kinds=kinds,
            about=referral.about,
            outcome="Accepted",
        )


def _stopped(by: Actor, at: datetime, referral: Referral) -> None:
    referral.state, referral.ended_at = ReferralState.REVOKED, at
    referral.ended_why = referral.pack.stopped_why
    keep(referral)
    keep_with(Verb.REFERRAL_REVOKED, by, at, referral, agency=referral.agency_id)
    end_leads(by, at, referral)


def leads_of(referral: Referral, at: datetime) -> list[User]:
    """The Safeguarding or Domestic Abuse lead who must decide about it, if one must."""
    route = _LEADS.get(referral.agency.kind) or _LEADS.get(referral.pack.door)
    lead = owner_of(route, referral.case.team, at) if route else None
    return [lead] if lead else []


def end_leads(by: Actor, at: datetime, referral: Referral) -> None:
    """No longer theirs to decide, unless the case reached them in another way as well."""
    case = referral.case
    others = case.referrals.exclude(pk=referral.pk).exclude(
        state__in=[ReferralState.REVOKED, ReferralState.DECLINED, ReferralState.DRAFT]
    )
    still = {lead.pk for each in others for lead in leads_of(each, at)}
    routed = set(
        case.reports.filter(
            routes__state__in=["OFFERED", "ACCEPTED"], routes__owner__isnull=False
        ).values_list("routes__owner", flat=True)
    )
    for lead in leads_of(referral, at):
        if lead.pk not in still | routed:
            end_access(by, at, case, Access.REFERRED, user_id=lead.pk)


def keep_with(verb: Verb, by: Actor, at: datetime, referral: Referral, **changes: object) -> None:
    """One event of a referral: codes, days and ids only."""
    record(
        verb,
        by=by,
        at=at,
        subject=referral,
        case=referral.case.reference,
        changes=changes,
    )
