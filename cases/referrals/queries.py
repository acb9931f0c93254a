"""Referrals and meetings as their pages read them: scoped to the reader, few queries."""

from __future__ import annotations

from datetime import date

from django.db.models import Prefetch, QuerySet

from cases.access import Actor
from cases.audit.models import Event
from cases.casework.models import Case
from cases.disclosures.choices import Channel
from cases.disclosures.models import Send
from cases.partners.models import Agency
from cases.referrals.choices import ReferralState
from cases.referrals.models import Attendee, Chase, Meeting, MeetingAction, Referral, Shared

NEWEST = 30


def referrals_of(case: Case) -> list[Referral]:
    """Every referral of a case, newest first.  One query."""
    rows = Referral.objects.filter(case=case).select_related("agency", "about__person", "pack")
    return list(rows.order_by("-made_at", "-id"))


def whole() -> QuerySet[Referral]:
    """Referrals with all their page needs, for the case's own loader."""
    chases = Prefetch("chases", Chase.objects.select_related("by").order_by("-at", "-id"))
    return Referral.objects.select_related(
        *("agency", "about__person", "made_by"),
        *("pack__agency", "pack__contact", "pack__about__person"),
        *("pack__send__sent_by", "pack__made_by", "pack__ready_by"),
    ).prefetch_related(chases)


def late_for(actor: Actor, today: date) -> QuerySet[Referral]:
    """Referrals without an answer that are to be asked after today or were before, across every
    case the reader may open; the latest first.
    """
    visible = Case.objects.visible_to(actor).values("pk")
    rows = Referral.objects.filter(
        state__in=[ReferralState.SENT, ReferralState.ACCEPTED],
        chase_on__lte=today,
        case__in=visible,
    )
    return rows.select_related("case__lead", "case__victim__merged_into", "agency").order_by(
        "chase_on", "pk"
    )


def events_about(referral: Referral) -> list[Event]:
    """What was done to a referral and its page, newest first.  One query."""
    of_it = Event.objects.filter(subject_kind="referrals.referral", subject_id=referral.pk)
    of_pack = Event.objects.filter(subject_kind="disclosures.pack", subject_id=referral.pack_id)
    both = of_it | of_pack
    rows = both.filter(case_reference=referral.case.reference)
    return list(rows.order_by("-pk")[:NEWEST])


def meetings_of(case: Case) -> list[Meeting]:
    """Every meeting about a case, newest first, with its actions.  Two queries."""
    return list(Meeting.objects.filter(case=case).prefetch_related("actions"))


def whole_meetings() -> QuerySet[Meeting]:
    """Meetings with all their page needs, for the case's own loader."""
    told = Shared.objects.select_related("agency", "by", "send__pack", "send__sent_by")
    return Meeting.objects.select_related("made_by").prefetch_related(
        Prefetch("attendees", Attendee.objects.select_related("agency")),
        Prefetch("shared", told.order_by("id")),
        Prefetch("actions", MeetingAction.objects.select_related("owner", "agency")),
    )


def untold_sends(case: Case) -> list[Send]:
    """Pages of the case that were read at a meeting, and no meeting has yet.  Two queries."""
    sends = Send.objects.filter(case=case, shared__isnull=True).select_related("pack", "agency")
    found = []
    for send in sends.prefetch_related("outcomes").order_by("-sent_at"):
        outcomes = list(send.outcomes.all())
        if outcomes and outcomes[-1].channel == Channel.MEETING:
            found.append(send)
    return found


def agencies_in_use() -> list[Agency]:
    """Every entry of the directory in use, by name.  One query."""
    return list(Agency.objects.in_use().order_by("name"))


def own_teams() -> list[Agency]:
    """The teams of our own that one may refer to, by name.  One query."""
    outside = Agency.objects.in_use().outside().values("pk")
    return list(Agency.objects.in_use().exclude(pk__in=outside).order_by("name"))
