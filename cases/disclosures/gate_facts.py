"""What the gate asks about a pack, read from the rows at one moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import sha256

from cases.access import Actor, Answer
from cases.calendar import london_date
from cases.casework.choices import Part, RiskLevel
from cases.casework.models import Case, Conflict, Involvement
from cases.consent import rules as consent_rules
from cases.consent.answers import newest
from cases.consent.choices import How, Scope
from cases.consent.models import Said
from cases.disclosures import leaks
from cases.disclosures.choices import Door, PhoneState, RequestState, Verdict
from cases.disclosures.fields import FIELDS
from cases.disclosures.models import Decision, Pack, PackApproval, PackFile, PackItem, PhoneApproval
from cases.disclosures.redacting import without
from cases.disclosures.rules import Approval, GateFacts, Need
from cases.disclosures.sealing import recipient_of, seal_of
from cases.partners.choices import AgencyKind
from cases.partners.queries import unit_checked
from cases.people.models import Person
from cases.people.queries import near_to, records_of
from cases.people.ties import possessive

PART_WORDS = {
    Part.VICTIM: "the person harmed",
    Part.THIRD_PARTY: "the third party",
    Part.WITNESS: "the witness",
    Part.RESPONDENT: "the respondent",
}
NEAR = "somebody of the household or family"


def gate_facts(pack: Pack, by: Actor, at: datetime) -> GateFacts:
    """Everything the rule asks, about the pack as it stands at that moment."""
    items = items_of(pack)
    agency, contact, case = pack.agency, pack.contact, pack.case
    file = file_of(pack)
    return GateFacts(
        state=pack.state,
        door=pack.door,
        citation=pack.citation,
        agency=agency.name,
        kind=agency.kind,
        service=agency.service,
        in_use=agency.ended_at is None,
        unit=contact.unit if contact else "",
        unit_of_agency=contact is not None and contact.agency_id == agency.pk,
        unit_checked=unit_checked(contact, at) if contact else GATE_CLOSED,
        conflicted=Conflict.objects.filter(
            case=case, user_id=by.id or 0, lifted_at__isnull=True
        ).exists(),
        reviewed=file is not None and pack.state == "READY",
        unchanged=file is not None and _as_made(file, pack),
        approval=_approval(pack, file, at),
        sent=hasattr(pack, "send"),
        high=case.risk == RiskLevel.HIGH,
        holds_anything=bool(items),
        needs=tuple(_needs(pack, items, at)) if pack.door == Door.PERMISSION else (),
        leaks=leaks_of(pack, items, at),
        personal=tuple(FIELDS[item.field].label for item in items if FIELDS[item.field].personal),
    )


GATE_CLOSED = Answer("Nobody is named to whom it goes.")


def items_of(pack: Pack) -> list[PackItem]:
    """What is in it, in the order of a page: what was taken out is left away."""
    rows = pack.items.filter(taken_out=False).select_related("whose__person__merged_into")
    order = list(FIELDS)
    return sorted(rows, key=lambda row: (order.index(row.field), row.pk))


def file_of(pack: Pack) -> PackFile | None:
    """The file of the pack as it stands: of this version, or none."""
    return pack.files.filter(version=pack.version).first()


def _as_made(file: PackFile, pack: Pack) -> bool:
    """Whether bytes, seal and recipient are still those that were made and looked at."""
    if pack.contact is None:
        return False
    own = sha256(bytes(file.content)).hexdigest()
    recipient = recipient_of(pack.contact)
    return (
        file.sha256 == own
        and file.recipient == recipient
        and (file.seal == seal_of(own, recipient))
    )


# --- permission ---


def giver(pack: Pack, item: PackItem) -> int | None:
    """Whose permission a thing needs: whom it belongs to, else whom the pack is about."""
    if FIELDS[item.field].whose and item.whose_id:
        return item.whose_id
    return pack.about_id


def wanted(pack: Pack, items: Iterable[PackItem]) -> list[tuple[int | None, Scope]]:
    """Each permission these things need, as the part it is of and the scope, each once."""
    return list(
        dict.fromkeys(
            (giver(pack, item), scope) for item in items for scope in FIELDS[item.field].scopes
        )
    )


def _needs(pack: Pack, items: list[PackItem], at: datetime) -> Iterator[Need]:
    asked = wanted(pack, items)
    ids = {part for part, _ in asked if part is not None}
    answers = newest(ids, pack.agency_id)
    today = london_date(at)
    parts = Involvement.objects.select_related("person__merged_into").in_bulk(ids)
    written = _written(ids, pack) if pack.agency.kind == AgencyKind.REPRESENTATIVE else set()
    for part, scope in asked:
        row = parts.get(part) if part is not None else None
        called = called_of(row) if row else ""
        yield Need(
            scope=scope,
            whose=part,
            called=called,
            their=_their(row),
            standing=consent_rules.standing(
                answers.get((part or 0, pack.agency_id), {}).get(scope), today
            ),
            written=(part, scope) in written,
        )


def _written(ids: Iterable[int], pack: Pack) -> set[tuple[int | None, str]]:
    """The parts and scopes whose newest answer was given in writing."""
    rows = Said.objects.filter(talk__about__in=ids, talk__agency=pack.agency_id)
    latest = rows.order_by("talk__about", "scope", "-talk", "-id").distinct("talk__about", "scope")
    found = latest.values_list("talk__about", "scope", "talk__how")
    return {(about, scope) for about, scope, how in found if how == How.IN_WRITING}


def called_of(part: Involvement) -> str:
    """What a sentence calls them, to begin with: never the name of somebody kept apart."""
    who = part.who
    if part.kept_apart or who is None or not who.full_name:
        said = PART_WORDS[Part(part.part)]
        return said[:1].upper() + said[1:]
    return who.call_them


def _their(part: Involvement | None) -> str:
    who = part.who if part else None
    told = possessive("", who.pronouns) if who else ""
    if told in ("her", "his"):
        return told
    # "Their" would be the agency's own: "the police may not have their address".
    if part is None:
        return "their"
    called = called_of(part)
    named = who is not None and called == who.call_them
    return possessive(called if named else called[:1].lower() + called[1:])


# --- who could be given away ---


def leaks_of(pack: Pack, items: list[PackItem], at: datetime) -> tuple[leaks.Leak, ...]:
    """Everybody the pack's words give away beyond what was chosen; of D7, anybody at all."""
    anonymous = pack.door == Door.ANONYMISED
    texts = [
        ("What the page is called", pack.title),
        ("What they are to do with it", pack.purpose),
        ("The law or order", pack.citation),
        *((FIELDS[item.field].label, item.text) for item in items),
    ]
    return leaks.find(
        [(where, without(text, pack.redactions)) for where, text in texts if text],
        known_people(pack.case, at),
        [] if anonymous else [leaks.Chosen(item.field, item.whose_id) for item in items],
        reference=pack.case.reference if anonymous else "",
    )


def known_people(case: Case, at: datetime) -> list[leaks.Known]:
    """Everybody with a part in the case, then or now, and who lives with them or is family."""
    parts = list(case.involvements.select_related("person"))
    ids = {case.victim_id, *(row.person_id for row in parts if row.person_id)}
    stand = records_of({*ids, *near_to(ids, london_date(at))})
    people = Person.objects.filter(pk__in=list(stand)).select_related("home")
    by_survivor: dict[int, list[Person]] = {}
    for person in people:
        by_survivor.setdefault(stand[person.pk], []).append(person)
    theirs: dict[int, list[Involvement]] = {}
    for row in parts:
        if row.person_id:
            theirs.setdefault(stand[row.person_id], []).append(row)
    return [
        _known(records, theirs.get(root, []), case if root == stand[case.victim_id] else None)
        for root, records in sorted(by_survivor.items())
    ]


def _known(records: list[Person], parts: list[Involvement], victim_of: Case | None) -> leaks.Known:
    homes = [row.home for row in records if row.home]
    if victim_of is not None and victim_of.home:
        homes.append(victim_of.home)
    called = called_of(parts[0]) if parts else NEAR
    if any(part.kept_apart for part in parts):
        called = PART_WORDS[Part(parts[0].part)]
    return leaks.Known(
        called=called[:1].lower() + called[1:] if called.startswith("The ") else called,
        parts=frozenset(part.pk for part in parts),
        respondent=any(part.part == Part.RESPONDENT for part in parts),
        names=_texts(name for row in records for name in (row.full_name, row.known_as)),
        addresses=_texts(home.address for home in homes),
        postcodes=_texts(home.postcode for home in homes),
        phones=_texts(row.phone for row in records),
        emails=_texts(row.email for row in records),
        born=next((row.date_of_birth for row in records if row.date_of_birth), None),
    )


def _texts(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in found if text.strip()))


# --- the second person's yes ---


def _approval(pack: Pack, file: PackFile | None, at: datetime) -> Approval:
    if pack.door == Door.DIRECTOR:
        return _directors(pack, file, at)
    yes = PackApproval.objects.filter(file__pack=pack, door=pack.door)
    if file is not None and yes.filter(file=file).exists():
        return Approval.LIVE
    return Approval.OTHER if yes.exists() else Approval.NONE


def _directors(pack: Pack, file: PackFile | None, at: datetime) -> Approval:
    """The Director's yes to exactly this, by decision or by phone, in time (domain 7.5)."""
    said = (
        Decision.objects.filter(request__pack=pack)
        .exclude(verdict=Verdict.DECLINE)
        .select_related("request")
        .first()
    )
    if said is not None:
        standing = said.request.state in (RequestState.APPROVED, RequestState.REDUCED)
        return _of_these(said.seal, said.valid_until, standing, said.request.state, file, at)
    phoned = (
        PhoneApproval.objects.filter(request__pack=pack, state=PhoneState.WAITING)
        .select_related("request")
        .first()
    )
    if phoned is not None:
        state = phoned.request.state
        waits = state == RequestState.WAITING
        return _of_these(phoned.seal, phoned.valid_until, waits, state, file, at)
    return Approval.NONE


def _of_these(
    seal: str,
    valid_until: datetime | None,
    standing: bool,
    state: str,
    file: PackFile | None,
    at: datetime,
) -> Approval:
    if state == RequestState.VOID or file is None or file.seal != seal:
        return Approval.OTHER
    if state == RequestState.LAPSED or valid_until is None or valid_until < at:
        return Approval.LATE
    return Approval.LIVE if standing else Approval.NONE
