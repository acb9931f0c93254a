"""Referrals: begun, made ready, sent through the gate, answered, asked after, ended, stopped.

A referral is its pack and what became of it: until it has gone it follows the pack
(:mod:`cases.referrals.following`), so that the two can never disagree.
"""

from __future__ import annotations

from datetime import date, datetime

from cases import calendar
from cases.access import Actor, enforce
from cases.audit.ledger import operation, record, unchanged
from cases.audit.verbs import Verb
from cases.casework.locking import lock
from cases.casework.models import Case, Involvement
from cases.casework.operations import meet_clocks
from cases.disclosures import gate
from cases.disclosures.choices import PackState
from cases.disclosures.models import Blocked, PackFile, Send, SendOutcome
from cases.disclosures.pack_operations import make_ready, start_pack, stop_pack
from cases.partners.models import Agency, AgencyContact
from cases.policy.queries import holidays, settings_at
from cases.referrals import rules
from cases.referrals.choices import ReferralState
from cases.referrals.following import end_leads, follow, keep_with
from cases.referrals.models import Chase, Referral
from cases.rows import keep


@operation
def start_referral(
    *,
    by: Actor,
    at: datetime,
    case: Case,
    about: Involvement | None,
    agency: Agency,
    contact: AgencyContact | None,
    door: str,
    purpose: str,
    citation: str = "",
) -> Referral:
    """Begin a referral: its page is empty, and nothing has gone.

    Raises Refused for somebody who does not work the case, or a door that does not lead there;
    ValidationError without a purpose.
    """
    lock(case)
    enforce(
        rules.start(
            by,
            stage=case.stage,
            kind=agency.kind,
            door=door,
            part=about.part if about else None,
            ended=agency.ended_at is not None,
        )
    )
    pack = start_pack(
        by=by,
        at=at,
        case=case,
        about=about,
        agency=agency,
        contact=contact,
        door=door,
        title=f"Referral to {agency.name}",
        purpose=purpose,
        citation=citation,
    )
    referral = Referral(
        case=case, about=about, agency=agency, pack=pack, made_by_id=by.user_id, made_at=at
    )
    keep(referral)
    record(
        Verb.REFERRAL_STARTED,
        by=by,
        at=at,
        subject=referral,
        case=case.reference,
        changes={"agency": agency.pk, "pack": pack.pk, "door": door},
    )
    return referral


def _locked(referral: Referral) -> Referral:
    """The referral as it is now, its case locked first.  Raises Referral.DoesNotExist."""
    lock(referral.case)
    rows = Referral.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("case", "pack", "agency", "about").get(pk=referral.pk)


@operation
def queue_referral(
    *, by: Actor, at: datetime, referral: Referral, reviewed: bool, redactions_confirmed: bool
) -> PackFile:
    """Make its page ready: the bytes that would go are made, once, and looked at."""
    referral = _locked(referral)
    enforce(rules.start(by, stage=referral.case.stage))
    file = make_ready(
        by=by,
        at=at,
        pack=referral.pack,
        reviewed=reviewed,
        redactions_confirmed=redactions_confirmed,
    )
    follow(by, at, referral)
    unchanged()
    return file


@operation
def send_referral(*, by: Actor, at: datetime, referral: Referral) -> Send | Blocked:
    """Send it, through the gate and no other way.  Blocked, it stays where it was.

    Raises Refused for one that is not ready, or that has gone already.
    """
    referral = _locked(referral)
    follow(by, at, referral)
    enforce(rules.send(by, stage=referral.case.stage, state=referral.state))
    result = gate.send_pack(by=by, at=at, pack=referral.pack)
    follow(by, at, referral)
    unchanged()
    return result


@operation
def record_sent(
    *,
    by: Actor,
    at: datetime,
    referral: Referral,
    channel: str,
    to_whom: str,
    their_reference: str,
    words: str,
    went_at: datetime,
) -> SendOutcome:
    """How it went and to whom.  Raises Refused before it has gone."""
    referral = _locked(referral)
    enforce(rules.chase(by, stage=referral.case.stage, state=referral.state))
    unchanged()
    return gate.record_outcome(
        by=by,
        at=at,
        send=Send.objects.get(pack=referral.pack_id),
        channel=channel,
        to_whom=to_whom,
        their_reference=their_reference,
        words=words,
        went_at=went_at,
    )


@operation
def accept_referral(
    *, by: Actor, at: datetime, referral: Referral, answered_on: date, answered_by: str
) -> Referral:
    """They took it on.  A team of our own answers for itself."""
    return _answer(by, at, referral, ReferralState.ACCEPTED, answered_on, answered_by, "")


@operation
def decline_referral(
    *, by: Actor, at: datetime, referral: Referral, answered_on: date, answered_by: str, why: str
) -> Referral:
    """They did not take it on, and why.  Raises Refused without a reason."""
    return _answer(by, at, referral, ReferralState.DECLINED, answered_on, answered_by, why)


def _answer(
    by: Actor,
    at: datetime,
    referral: Referral,
    to: ReferralState,
    answered_on: date,
    answered_by: str,
    why: str,
) -> Referral:
    referral = _locked(referral)
    if referral.state == to:
        unchanged()
        return referral
    kind = referral.agency.kind
    enforce(
        rules.answer(by, stage=referral.case.stage, kind=kind, state=referral.state, to=to, why=why)
    )
    enforce(rules.answered(answered_on, _went_on(referral), calendar.london_date(at)))
    referral.state = to
    referral.answered_on, referral.answered_by = answered_on, answered_by.strip()
    referral.declined_why, referral.chase_on = why.strip(), None
    keep(referral)
    accepted = to == ReferralState.ACCEPTED
    verb = Verb.REFERRAL_ACCEPTED if accepted else Verb.REFERRAL_DECLINED
    keep_with(verb, by, at, referral)
    _settle_case(by, at, referral, accepted=accepted)
    return referral


def _went_on(referral: Referral) -> date:
    return calendar.london_date(referral.sent_at or referral.made_at)


def _settle_case(by: Actor, at: datetime, referral: Referral, *, accepted: bool) -> None:
    """As a route's answer does: the promise is kept, and who declines no longer looks in."""
    case = referral.case
    kinds = rules.met_by_answer(referral.agency.kind)
    if kinds:
        outcome = ReferralState(referral.state).label
        meet_clocks(by=by, at=at, case=case, kinds=kinds, outcome=outcome)
    if not accepted:
        end_leads(by, at, referral)


@operation
def chase_referral(
    *,
    by: Actor,
    at: datetime,
    referral: Referral,
    how: str,
    words: str,
    happened_at: datetime,
    next_on: date | None = None,
) -> Chase:
    """Somebody asked what became of it; without a day, it is asked again as usual."""
    referral = _locked(referral)
    enforce(rules.chase(by, stage=referral.case.stage, state=referral.state))
    enforce(rules.next_chase(next_on, calendar.london_date(at)))
    chase = Chase(
        referral=referral,
        how=how.strip(),
        words=words.strip(),
        happened_at=happened_at,
        next_on=next_on,
        by_id=by.user_id,
        at=at,
    )
    keep(chase)
    days = settings_at(at)["REFERRAL_CHASE_DAYS"]
    referral.chase_on = next_on or rules.chase_on(at, days, holidays())
    keep(referral)
    changes = {"next_on": referral.chase_on.isoformat()}
    keep_with(Verb.REFERRAL_CHASED, by, at, referral, **changes)
    return chase


@operation
def end_referral(*, by: Actor, at: datetime, referral: Referral, why: str) -> Referral:
    """It is over: their help ended, or nothing came of it."""
    referral = _locked(referral)
    if referral.state == ReferralState.ENDED:
        unchanged()
        return referral
    enforce(rules.end(by, stage=referral.case.stage, state=referral.state, why=why))
    referral.state, referral.ended_at, referral.ended_why = ReferralState.ENDED, at, why.strip()
    referral.chase_on = None
    keep(referral)
    keep_with(Verb.REFERRAL_ENDED, by, at, referral)
    return referral


@operation
def revoke_referral(*, by: Actor, at: datetime, referral: Referral, why: str) -> Referral:
    """Stop it before it goes.  Raises Refused once it has gone."""
    referral = _locked(referral)
    if referral.state == ReferralState.REVOKED:
        unchanged()
        return referral
    enforce(rules.revoke(by, stage=referral.case.stage, state=referral.state, why=why))
    if referral.pack.state in (PackState.DRAFT, PackState.READY):
        stop_pack(by=by, at=at, pack=referral.pack, why=why)
    follow(by, at, referral)
    unchanged()
    return referral
