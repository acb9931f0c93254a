"""What was done to a case, where a verb alone does not say of what: for the timeline."""

from __future__ import annotations

from collections.abc import Callable

from cases.audit.models import Event
from cases.audit.naming import label_of as code_words
from cases.audit.verbs import Verb
from cases.consent.choices import Reply, Scope
from cases.intake.choices import Route
from cases.partners.choices import AgencyKind, CouncilService
from cases.workflow.case_read import Read
from cases.workflow.case_words import capital, label_of, name_on_page

Said = tuple[str, str]
ROUTE_TITLES = {
    Verb.ROUTE_OPENED: "Sent on to {route}",
    Verb.ROUTE_ACCEPTED: "{route} accepted it",
    Verb.ROUTE_DECLINED: "{route} declined it",
}


def _code(event: Event, key: str) -> str:
    """A code of the event in words: as the field of its own row, or of any row, calls it."""
    value = event.changes.get(key)
    return code_words(event.subject_kind, key, value) if isinstance(value, str) and value else ""


def _route(found: Read, event: Event, title: str) -> Said:
    """Which route: the case's own is where it was opened, any other was sent on."""
    route = str(event.changes.get("route", ""))
    name = label_of(Route, route)
    if not name:
        return title, ""
    if route == Route.HATE and event.verb == Verb.ROUTE_OPENED:
        return "Opened as a hate crime case", ""
    return ROUTE_TITLES[Verb(event.verb)].format(route=name), ""


def _rerouted(found: Read, event: Event, title: str) -> Said:
    before = label_of(Route, str(event.changes.get("from", "")))
    return title, f"It was {before} until then." if before else ""


def _words_added(found: Read, event: Event, title: str) -> Said:
    """Whose words were written down, and in which incident; the words stand with it."""
    for whole in found.incidents:
        for account in whole.accounts:
            if account.pk != event.subject_id:
                continue
            hidden = account.kept_apart or account.person_id in found.apart
            who = account.person.survivor.name if account.person and not hidden else ""
            told = f"What {who} said" if who else "What was said"
            return f"{told} was written down", f"Incident {whole.row.number}."
    return title, ""


def _conflict(found: Read, event: Event, title: str) -> Said:
    names = {member.user_id: member.user.full_name for member in found.members}
    who = names.get(event.changes.get("user"), "")
    why = _code(event, "source")
    said = [f"{who}." if who else "", f"{why}." if why else ""]
    return title, " ".join(filter(None, said))


def _joined(found: Read, event: Event, title: str) -> Said:
    """The other case is named where the reader already may: on its own page they may not."""
    if event.changes.get("into"):
        return f"Joined to {event.changes['into']}", "The work goes on there."
    if event.changes.get("joined"):
        return f"{event.changes['joined']} was joined to this case", ""
    return title, ""


def _level(found: Read, event: Event, title: str) -> Said:
    """The level of risk that was found, and whether it is provisional."""
    level = _code(event, "level") or _code(event, "to")
    said = ["Provisional: some answers are not known."] if event.changes.get("provisional") else []
    return (f"Risk: {level}" if level else title), " ".join(said)


def _repeat(found: Read, event: Event, title: str) -> Said:
    """What it is now and what it was: a flag never changes without a line here."""
    now, before = _code(event, "to"), _code(event, "from")
    return (f"Counted as: {now.lower()}" if now else title), f"Before: {before}." if before else ""


REPLIES = {
    Reply.GIVEN: "yes to",
    Reply.REFUSED: "no to",
    Reply.WITHDRAWN: "taken back:",
    Reply.LACKS_CAPACITY: "cannot decide about",
}


def _told_whom(found: Read, event: Event) -> tuple[str, str]:
    """Who was asked, and about which kind of agency: neither needs a look in the directory."""
    part = next((one for one in found.parts if one.pk == event.changes.get("about")), None)
    who = name_on_page(part) if part else "Somebody on the case"
    service = label_of(CouncilService, str(event.changes.get("service", "")))
    kind = label_of(AgencyKind, str(event.changes.get("kind", ""))) or "An agency"
    return who, f"{kind}, {service.lower()}" if service else kind


def _asked(found: Read, event: Event, title: str) -> Said:
    """What was answered, as the matrix says it: "Yes to what happened; no to name"."""
    who, agency = _told_whom(found, event)
    said = event.changes.get("replies") or {}
    found_answers = []
    for reply, head in REPLIES.items():
        scopes = [Scope(one).label.lower() for one in Scope.values if said.get(one) == reply]
        if scopes:
            found_answers.append(f"{head} {', '.join(scopes)}")
    answers = capital("; ".join(found_answers))
    first = "On the first call." if event.changes.get("from_sheet") else ""
    words = " ".join(filter(None, [f"{answers}." if answers else "", first]))
    return f"{who} was asked who may be told: {agency}", words


def _withdrawn(found: Read, event: Event, title: str) -> Said:
    who, agency = _told_whom(found, event)
    scopes = [label_of(Scope, str(one)).lower() for one in event.changes.get("scopes", [])]
    tell = " Whoever was told is to know." if event.changes.get("tell_recipients") else ""
    return f"{who} took back permission: {agency}", f"{capital(', '.join(scopes))}.{tell}"


def _paper(found: Read, event: Event, title: str) -> Said:
    return title, "It carries their name and the time."


DEEDS: dict[str, Callable[[Read, Event, str], Said]] = {
    Verb.ROUTE_OPENED: _route,
    Verb.ROUTE_ACCEPTED: _route,
    Verb.ROUTE_DECLINED: _route,
    Verb.REPORT_REROUTED: _rerouted,
    Verb.ACCOUNT_ADDED: _words_added,
    Verb.CONFLICT_FOUND: _conflict,
    Verb.CASE_MERGED: _joined,
    Verb.RISK_LEVEL: _level,
    Verb.RISK_FINISHED: _level,
    Verb.REPEAT_CHANGED: _repeat,
    Verb.CASE_PRINTED: _paper,
    Verb.PERMISSION_ASKED: _asked,
    Verb.PERMISSION_WITHDRAWN: _withdrawn,
}
