"""Whether people were encouraged to report to the police, and how the police came to know (M15)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Case as Choose
from django.db.models import CharField, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Concat

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
from cases.reporting.tally import counts
from cases.reporting.values import Count, Share
from cases.reporting.values import Value as Figure

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
BY_US = ("permission", "director", "emergency", "law")
WAYS = ("victim", *BY_US)
FLAGS = ("encouraged", *WAYS, "known")
LABELS = {
    "encouraged": "Encouraged to report it, or asked not to be asked again",
    "reported": "The police know of it",
    "victim": "Reported already, as the person harmed said",
    "permission": "Told by us, with permission",
    "director": "Told by us, as the Director approved",
    "emergency": "Told by a 999 call",
    "law": "Told by us, as the law or another policy asks",
    "other": "Told by somebody else, or nobody recorded by whom",
}
LINES: dict[str, Q] = {
    **{key: Q(**{key: True}) for key in ("encouraged", *WAYS)},
    "other": Q(known=True, **dict.fromkeys(WAYS, False)),
    "reported": Q(known=True) | Q(*((way, True) for way in WAYS), _connector=Q.OR),
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
    went = to_police.annotate(how=newest).exclude(how=SentBy.NOT_SENT)
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
            law=_sent(asked, *_OTHER_DOORS),
            known=_known(asked),
        )
    )
    return found


_OTHER_DOORS = (Door.LEGAL_REQUIREMENT, Door.SAFEGUARDING, Door.DA, Door.PROCEEDINGS)


def told_to_police(asked: Asked) -> Together:
    """Hate incidents, once for each line; ``counts`` if that is so of the incident."""
    rows = _flagged(asked)
    return Together(*(rows.annotate(line=Value(key), counts=LINES[key]) for key in LABELS))


def _police(asked: Asked) -> list[Line]:
    """One statement: incidents counted by which of the flags they have, and added up here."""
    letters = (
        Choose(When(Q(**{flag: True}), then=Value(f"{flag} ")), default=Value("")) for flag in FLAGS
    )
    coded = _flagged(asked).annotate(line=Concat(*letters, output_field=CharField()))
    found = {frozenset(line.key.split()): line for line in counts(asked, coded, {})}
    return [
        Line(
            key,
            label,
            {
                name: _share(key, {flags: line.values[name] for flags, line in found.items()})
                for name in asked.windows
            },
            [
                _share(key, {flags: line.months[number] for flags, line in found.items()})
                for number in range(len(asked.months))
            ],
        )
        for key, label in LABELS.items()
    ]


def _share(key: str, numbers: Mapping[frozenset[str], Figure]) -> Share:
    sums = {flags: value.number for flags, value in numbers.items() if isinstance(value, Count)}
    of_line = sum(number for flags, number in sums.items() if _on_line(key, flags))
    return Share(of_line, sum(sums.values()))


def _on_line(key: str, flags: frozenset[str]) -> bool:
    """What :data:`LINES` asks of the database, of one set of flags."""
    ways = flags & set(WAYS)
    if key == "reported":
        return bool(ways) or "known" in flags
    if key == "other":
        return "known" in flags and not ways
    return key in flags


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
