"""Reading what was found unusual, and the looks behind each finding."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Min, OuterRef, Q, QuerySet, Subquery

from cases.access import Actor
from cases.audit.finding_models import Finding, FindingDecision, Verdict
from cases.audit.models import Access, Event, Outcome
from cases.audit.naming import names_of
from cases.audit.presenters import Entry, entry_of_access, entry_of_event
from cases.audit.queries import start_of
from cases.audit.unusual import Pattern
from cases.audit.verbs import Verb

PER_PAGE = 25
MOST_LOOKS = 200
SHOWS = (("waiting", "To look into"), ("decided", "Looked into"), ("all", "All"))


@dataclass(frozen=True)
class AskedFindings:
    """Which findings somebody asked for; empty means all of them."""

    show: str = "waiting"
    pattern: str = ""
    who: str = ""
    case_reference: str = ""
    from_on: date | None = None
    to_on: date | None = None
    before: int | None = None


@dataclass(frozen=True)
class FindingsPage:
    """Some findings, newest first, each with ``verdict``; and the id to go on from, if any."""

    findings: list[Finding]
    older: int | None


def findings_page(actor: Actor, asked: AskedFindings, *, per_page: int = PER_PAGE) -> FindingsPage:
    """One page of the findings the actor may read: two queries whatever their number."""
    rows = _narrowed(Finding.objects.visible_to(actor), asked)
    newest = FindingDecision.objects.filter(finding=OuterRef("pk")).order_by("-pk")
    judged = rows.annotate(verdict=Subquery(newest.values("verdict")[:1]))
    if asked.show != "all":
        judged = judged.filter(verdict__isnull=asked.show == "waiting")
    found: list[Finding] = list(judged.order_by("-pk")[: per_page + 1])
    more = len(found) > per_page
    found = found[:per_page]
    return FindingsPage(found, found[-1].pk if more else None)


def _narrowed(rows: QuerySet[Finding], asked: AskedFindings) -> QuerySet[Finding]:
    if asked.pattern:
        rows = rows.filter(pattern=asked.pattern)
    if asked.who:
        rows = rows.filter(actor_name__icontains=asked.who)
    if asked.case_reference:
        rows = rows.filter(case_reference=asked.case_reference)
    if asked.from_on:
        rows = rows.filter(ended_at__gte=start_of(asked.from_on))
    if asked.to_on:
        rows = rows.filter(began_at__lt=start_of(asked.to_on + timedelta(days=1)))
    if asked.before is not None:
        rows = rows.filter(pk__lt=asked.before)
    return rows


def waiting_for(actor: Actor) -> int:
    """How many findings wait for this actor to look into them."""
    return Finding.objects.visible_to(actor).waiting().count()


def load_finding(actor: Actor, pk: int) -> Finding | None:
    """The finding, if the actor may read it."""
    return Finding.objects.visible_to(actor).filter(pk=pk).first()


def decisions_of(finding: Finding) -> list[tuple[str, FindingDecision]]:
    """What came of it, the newest first, each with its words."""
    return [(Verdict(row.verdict).label, row) for row in finding.decisions.order_by("-pk")]


def behind(finding: Finding, now: datetime) -> list[Entry]:
    """The lines of the ledger the finding was made from, the newest first, at most 200.

    One line for each page that was opened, however much of the case it showed.
    """
    within = Q(at__gte=finding.began_at, at__lte=finding.ended_at)
    if finding.pattern == Pattern.OUT_OF_HOURS:
        done = Event.objects.filter(
            within,
            actor_id=finding.actor_id,
            case_reference=finding.case_reference,
            verb__in=(Verb.CASE_PRINTED, Verb.LOOKS_EXTRACTED),
        )
        events = list(done.order_by("-pk")[:MOST_LOOKS])
        names = names_of(events)
        return [entry_of_event(event, now, names) for event in events]
    rows = Access.objects.filter(within, actor_id__in=finding.people).exclude(case_reference="")
    if finding.case_reference:
        rows = rows.filter(case_reference=finding.case_reference)
    if finding.pattern in (Pattern.REFUSALS, Pattern.CONFLICT_TRIED):
        rows = rows.exclude(outcome=Outcome.SHOWN)
    else:
        rows = rows.filter(outcome=Outcome.SHOWN)
    heads = rows.order_by().values("request_id", "case_reference").annotate(head=Min("pk"))
    shown = Access.objects.filter(pk__in=heads.values("head")).order_by("-pk")[:MOST_LOOKS]
    return [entry_of_access(row) for row in shown]
