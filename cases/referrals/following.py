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
from cases.disclosures.choices import PackState
from cases.disclosures.models import Pack, Send
from cases.intake.choices import Route, RouteState
from cases.intake.models import RouteRecord
from cases.intake.owners import owner_of
from cases.partners.choices import AgencyKind
from cases.policy.queries import holidays, settings_at
from cases.referrals import rules
from cases.referrals.choices import ReferralState
from cases.referrals.models import Referral
from cases.rows import keep
from cases.staff.models import User

_LEADS: dict[str, str] = {
    AgencyKind.SAFEGUARDING_TEAM: Route.SAFEGUARDING,
    AgencyKind.DA_TEAM: Route.DA,
}


def follow_packs(by: Actor, at: datetime, packs: Collection[int]) -> None:
    """Settle the referrals of these packs (ids)."""
    rows = Referral.objects.filter(pack__in=packs, state__in=rules.BEFORE_IT_WENT)
    _settle(by, at, rows.values_list("pk", flat=True))


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


def _ready(by: Actor, at: datetime, referral: Referral) -> None:
    """Waiting to go."""
    if referral.state != ReferralState.DRAFT:
        return
    referral.state = ReferralState.QUEUED
    keep(referral)
    keep_with(Verb.REFERRAL_QUEUED, by, at, referral, agency=referral.agency_id)


def _gone(by: Actor, at: datetime, referral: Referral) -> None:
    send = Send.objects.get(pack=referral.pack_id)
    days = settings_at(at)["REFERRAL_CHASE_DAYS"]
    referral.state, referral.sent_at = ReferralState.SENT, send.sent_at
    referral.chase_on = rules.chase_on(send.sent_at, days, holidays())
    keep(referral)
    keep_with(Verb.REFERRAL_SENT, by, at, referral, send=send.pk, agency=referral.agency_id)
    # Whoever it is offered to may read the case, to decide, as with a route (domain 7.1).
    for lead in leads_of(referral, at):
        give_access(by=by, at=at, case=referral.case, user=lead, why=Access.REFERRED)
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


def leads_of(referral: Referral, at: datetime) -> list[User]:
    """The lead of our own team that it goes to: Safeguarding or Domestic Abuse."""
    route = _LEADS.get(referral.agency.kind)
    lead = owner_of(route, referral.case.team, at) if route else None
    return [lead] if lead else []


def end_leads(by: Actor, at: datetime, referral: Referral) -> None:
    """No longer theirs, unless the case reached them in another way as well."""
    case, leads = referral.case, leads_of(referral, at)
    if not leads:
        return
    theirs = [ReferralState.SENT, ReferralState.ACCEPTED, ReferralState.ENDED]
    others = case.referrals.select_related("agency", "case").exclude(pk=referral.pk)
    still = {lead.pk for each in others.filter(state__in=theirs) for lead in leads_of(each, at)}
    open_routes = RouteRecord.objects.filter(
        report__case=case, state__in=[RouteState.OFFERED, RouteState.ACCEPTED]
    )
    still.update(open_routes.filter(owner__in=leads).values_list("owner", flat=True))
    for lead in leads:
        if lead.pk not in still:
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
