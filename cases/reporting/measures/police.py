"""Whether people were encouraged to report to the police, and how the police came to know (M15)."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, Subquery

from cases.casework.choices import ClockState
from cases.casework.clocks import ClockKind
from cases.casework.models import Clock, CrimeDecision, Incident
from cases.casework.record_choices import CrimeStatus
from cases.disclosures.choices import Channel as SentBy
from cases.disclosures.choices import Door
from cases.disclosures.models import Emergency, Send, SendOutcome
from cases.intake.choices import Channel
from cases.intake.models import ReportIncident
from cases.partners.choices import AgencyKind
from cases.reporting.measure import Asked, Chapter, Line, Measure, Rows, Together
from cases.reporting.measures.base import incidents_told
from cases.reporting.measures.flags import Part, Which, behind, parts

STOP = "Asked not to be asked again"
TOLD_ALREADY = "Reported already"
KNOWN_TO_POLICE = (
    CrimeStatus.REPORTED_AWAITING,
    CrimeStatus.POLICE_CRIME,
    CrimeStatus.POLICE_NOT_CRIME,
    CrimeStatus.POLICE_NOT_RECORDED,
    CrimeStatus.CHARGED,
    CrimeStatus.CONVICTED,
    CrimeStatus.NFA,
    CrimeStatus.OUT_OF_COURT,
    CrimeStatus.ACQUITTED,
)
"""What can only be said of an incident that the police know of."""
OTHER_DOORS = (Door.LEGAL_REQUIREMENT, Door.SAFEGUARDING, Door.DA, Door.PROCEEDINGS)
WAYS = ("victim", "permission", "director", "emergency", "law")
FLAGS = ("encouraged", *WAYS, "known")
LINES = {
    "encouraged": Part(
        "Encouraged to report it, or asked not to be asked again", Which(("encouraged",))
    ),
    "reported": Part("The police know of it", Which(some=(*WAYS, "known"))),
    "victim": Part("Reported already, as the person harmed said", Which(("victim",))),
    "permission": Part("Told by us, with permission", Which(("permission",))),
    "director": Part("Told by us, as the Director approved", Which(("director",))),
    "emergency": Part("Told by a 999 call", Which(("emergency",))),
    "law": Part("Told by us, as the law or another policy asks", Which(("law",))),
    "other": Part(
        "Told by somebody else, or nobody recorded by whom", Which(("known",), none=WAYS)
    ),
}


def _talks(asked: Asked) -> Any:
    return Clock.objects.filter(
        case=OuterRef("case"), kind=ClockKind.POLICE, state=ClockState.MET, met_at__lte=asked.at
    )


def _sent(asked: Asked, *doors: Door) -> Q:
    """Whether the case went to the police through one of the doors after the incident was told.

    Few cases are told to anybody, so those are looked for first.
    """
    to_police = Send.objects.filter(
        agency__kind=AgencyKind.POLICE, door__in=doors, sent_at__lte=asked.at
    )
    outcome = SendOutcome.objects.filter(send=OuterRef("pk"), at__lte=asked.at)
    newest = Subquery(outcome.order_by("-at", "-id").values("channel")[:1])
    went = to_police.annotate(how=newest).filter(Q(how__isnull=True) | ~Q(how=SentBy.NOT_SENT))
    since = went.filter(case=OuterRef("case"), sent_at__gte=OuterRef("told_at"))
    return Q(case__in=to_police.values("case")) & Q(Exists(since))


def _rung(asked: Asked) -> Q:
    calls = Emergency.objects.filter(recorded_at__lte=asked.at)
    since = calls.filter(case=OuterRef("case"), rung_at__gte=OuterRef("told_at"))
    return Q(case__in=calls.values("case")) & Q(Exists(since))


def _known(asked: Asked) -> Q:
    """Whether the police are on record as knowing of an incident, whoever told them."""
    decided = CrimeDecision.objects.filter(
        incident=OuterRef("pk"), status__in=KNOWN_TO_POLICE, at__lte=asked.at
    )
    by_them = ReportIncident.objects.filter(
        incident=OuterRef("pk"), report__channel=Channel.PARTNER_POLICE
    )
    again = Incident.objects.filter(same_as__isnull=False).exclude(crime_reference="")
    return (
        ~Q(crime_reference="")
        | Q(pk__in=again.values("same_as"))
        | Q(Exists(decided))
        | Q(Exists(by_them))
    )


def _flagged(asked: Asked) -> Rows:
    """Hate incidents with what is known of each, told to the police in any number of ways."""
    since = Q(met_at__gte=OuterRef("told_at"))
    found: Rows = (
        incidents_told(asked)
        .annotate(told_at=F("at"))
        .annotate(
            encouraged=Exists(_talks(asked).filter(since | Q(outcome__startswith=STOP))),
            victim=Exists(_talks(asked).filter(since, outcome__startswith=TOLD_ALREADY)),
            permission=_sent(asked, Door.PERMISSION),
            director=_sent(asked, Door.DIRECTOR),
            emergency=_sent(asked, Door.EMERGENCY) | _rung(asked),
            law=_sent(asked, *OTHER_DOORS),
            known=_known(asked),
        )
    )
    return found


def told_to_police(asked: Asked) -> Together:
    """Hate incidents, once for each line; ``counts`` if that is so of the incident."""
    return behind(_flagged(asked), LINES)


def _police(asked: Asked) -> list[Line]:
    return parts(asked, _flagged(asked), FLAGS, LINES)


MEASURES = (
    Measure(
        code="M15",
        name="Police: encouraged to report, and reported",
        chapter=Chapter.POLICE,
        definition="We encourage people to report to the police, once, and accept a no. Which "
        "incidents they were encouraged about, and how the police came to know, if they did.",
        numerator="Encouraged: we talked about the police after the incident was told of, or they "
        "had asked not to be asked again. Told: by each way; one incident can be told in several.",
        denominator="Hate incidents first told of in the period.",
        cohort="By the moment the first report of it was received, in London; what was done about "
        "it, by now.",
        exclusions="Talks, sendings and 999 calls from before the incident was told of; what was "
        "made ready and did not go. A talk, a sending and a call are recorded on the case, so they "
        "stand for each incident of it told of by then.",
        source="Policy lines 161 and 172; HC-35, HC-44; domain 5.3 M15",
        count=_police,
        behind=told_to_police,
        headline="encouraged",
        unit="incidents",
    ),
)
