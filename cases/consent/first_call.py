"""What was said of permission on the first call, kept when the case is opened (domain 7.3).

The call sheet asks of the police, the council and a support service, each once.  A yes there is
a yes to telling what happened and to nothing more; a no is a no to everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from cases.access import Actor
from cases.audit.ledger import operation, record, unchanged
from cases.audit.verbs import Verb
from cases.calendar import london_date
from cases.casework.locking import lock
from cases.casework.models import Involvement
from cases.consent import asking, rules
from cases.consent.choices import Reply, Scope, Until
from cases.consent.models import Said, Talk
from cases.partners.models import Agency
from cases.policy.queries import settings_at
from cases.rows import keep_all


@dataclass(frozen=True)
class OnTheCall:
    """One answer of the sheet: about which kind of agency, a yes or a no, and when.

    ``answer`` is "YES", "NO", or "" where only ``not_again`` was said: not to ask again.
    """

    kind: str
    answer: str
    said_at: datetime
    not_again: bool = False

    @property
    def replies(self) -> dict[str, str]:
        """What it says of each scope: never more than was asked."""
        if self.answer == "YES":
            return {Scope.FACTS.value: Reply.GIVEN.value}
        return dict.fromkeys(Scope.values, Reply.REFUSED.value) if self.answer == "NO" else {}


def the_one(agencies: Sequence[Agency], kind: str, area: str) -> Agency | None:
    """The one agency of a kind that serves an area, or the only one there is; else None.

    Permission is given to somebody in particular: where it is not plain whom they meant,
    nothing is kept and they are asked.
    """
    same = [agency for agency in agencies if agency.kind == kind]
    wanted = area.strip().casefold()
    near = [one for one in same if wanted and wanted in {name.casefold() for name in one.areas}]
    if len(near) == 1:
        return near[0]
    return same[0] if len(same) == 1 else None


@operation
def keep_first_call(
    *, by: Actor, at: datetime, about: Involvement, how: str, said: Iterable[OnTheCall]
) -> list[Talk]:
    """Keep what the sheet says of permission about whoever spoke, each about one agency.

    A child's yes needs whoever may answer for them, whom the sheet does not ask: only their no
    is kept.
    """
    case = lock(about.case)
    area = case.home.local_authority if case.home else ""
    kept = [
        (_talk(by, at, about, agency, how, one), one)
        for one, agency in _meant(about, area, london_date(at), said)
    ]
    if not kept:
        unchanged()
        return []
    keep_all([talk for talk, _ in kept])
    keep_all(
        [
            Said(talk=talk, scope=scope, reply=reply)
            for talk, one in kept
            for scope, reply in one.replies.items()
        ]
    )
    for talk, one in kept:
        record(
            Verb.PERMISSION_ASKED,
            by=by,
            at=at,
            subject=talk,
            case=case.reference,
            changes={
                "about": about.pk,
                "agency": talk.agency_id,
                "kind": talk.agency.kind,
                "service": talk.agency.service,
                "replies": one.replies,
                "from_sheet": True,
            },
        )
    return [talk for talk, _ in kept]


def _meant(
    about: Involvement, area: str, today: date, said: Iterable[OnTheCall]
) -> list[tuple[OnTheCall, Agency]]:
    """The answers that count, each with the agency it is plain they meant: one query."""
    child = rules.is_child(about.who.date_of_birth if about.who else None, today)
    answers = [one for one in said if one.not_again or one.answer in _counts(child)]
    kinds = {one.kind for one in answers}
    agencies = list(Agency.objects.in_use().filter(kind__in=kinds)) if kinds else []
    chosen = ((one, the_one(agencies, one.kind, area)) for one in answers)
    return [(one, agency) for one, agency in chosen if agency is not None]


def _counts(child: bool) -> tuple[str, ...]:
    return ("NO",) if child else ("YES", "NO")


def _talk(
    by: Actor, at: datetime, about: Involvement, agency: Agency, how: str, said: OnTheCall
) -> Talk:
    """One answer of the sheet as a conversation, from when it was said."""
    name = about.who.call_them if about.who and not about.kept_apart else "them"
    months = settings_at(at)["PERMISSION_MONTHS"]
    day = london_date(said.said_at)
    return Talk(
        about=about,
        agency=agency,
        purpose=asking.purpose(agency.kind, agency.service, name),
        asked_by_id=by.user_id,
        asked_at=said.said_at,
        how=how,
        until=Until.MONTHS,
        until_on=rules.last_day(Until.MONTHS, day, months=months, chosen=None),
        informed_by=asking.SHEET_VERSION,
        not_again=said.not_again,
        from_sheet=True,
        recorded_at=at,
    )
