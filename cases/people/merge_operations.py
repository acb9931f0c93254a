"""Joining two records of one person, and taking them apart again (ADR 14)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection

from cases.access import Actor, enforce
from cases.audit.ledger import operation, record, unchanged
from cases.audit.settling import Fact, changed
from cases.audit.verbs import Verb
from cases.people import merging
from cases.people.choices import Reach
from cases.people.contact_details import apart
from cases.people.models import Merge, NotSame, Person, SafeContact
from cases.people.rules import may_merge
from cases.people.saving import said_of, save

ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('cases.people.merge'))"


@operation
def merge_people(
    *,
    by: Actor,
    at: datetime,
    survivor: Person,
    loser: Person,
    take: Collection[str] = (),
    reason: str = "",
) -> Merge:
    """Let ``survivor`` stand for ``loser`` too, with the details in ``take`` from the latter.

    Nothing is moved: the pointer says it, and whoever asks about one is answered about both.
    Of each way of making contact the safer answer holds until somebody asks again.  Raises
    ValidationError if either already stands for nobody.
    """
    enforce(may_merge(by))
    if unknown := set(take) - set(merging.FIELDS):
        raise TypeError(f"not chosen in a merge: {sorted(unknown)}")
    survivor, loser, others = _locked_group(survivor, loser)
    if survivor.pk == loser.pk:
        raise ValidationError("These are already one record.")
    if survivor.merged_into_id or loser.merged_into_id:
        raise ValidationError("One of these was joined to another record. Look again.")
    before = {"details": _take(survivor, loser, take, at)}
    before["safe"] = _safer_of_all(survivor, [loser, *others], set(before["details"]), at)
    for row in (*others, loser):
        _point(row, survivor, at)
    merge = Merge(
        loser=loser,
        survivor=survivor,
        merged_at=at,
        merged_by_id=by.id,
        before=before,
        reason=reason.strip(),
    )
    save(merge, at)
    changed(Fact.PERSON, survivor.pk, loser.pk, *(row.pk for row in others))
    codes = {"merged_away": loser.pk, "took": sorted(before["details"])}
    record(Verb.PEOPLE_MERGED, by=by, at=at, subject=survivor, changes=codes)
    return merge


@operation
def unmerge_people(*, by: Actor, at: datetime, merge: Merge, reason: str = "") -> Merge:
    """Take two records apart: both say again what they said, but for what was said since.

    The last joined is the first to be taken apart.  Raises ValidationError otherwise, or when
    it was done before.
    """
    enforce(may_merge(by))
    survivor, loser, _ = _locked_group(merge.survivor, merge.loser)
    merge = Merge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
    if merge.undone_at is not None:
        raise ValidationError("These records were already taken apart.")
    _is_last(merge, survivor)
    left = _say_again_how_to_reach(merge, at)
    _give_back(survivor, merge.before["details"], at, in_doubt=survivor.pk in left)
    merge.undone_at, merge.undone_by_id, merge.undone_reason = at, by.id, reason.strip()
    save(merge, at)
    _point(loser, None, at)
    theirs = _merged_into(loser.pk, Merge.objects.filter(undone_at__isnull=True))
    for row in Person.objects.filter(pk__in=theirs).order_by("pk"):
        _point(row, loser, at)
    changed(Fact.PERSON, survivor.pk, loser.pk, *theirs)
    codes = {"taken_apart": loser.pk}
    record(Verb.PEOPLE_UNMERGED, by=by, at=at, subject=survivor, changes=codes)
    return merge


@operation
def not_the_same(*, by: Actor, at: datetime, one: Person, other: Person) -> NotSame:
    """Remember that two records are of two people, so that nobody is asked again."""
    enforce(may_merge(by))
    low, high = sorted((one.survivor, other.survivor), key=lambda person: person.pk)
    _locked_group(low, high)  # Of two who say so at once, the second finds it said.
    if known := NotSame.objects.filter(one=low, other=high).first():
        unchanged()
        return known
    row = NotSame(one=low, other=high, decided_at=at, decided_by_id=by.id)
    save(row, at)
    record(Verb.NOT_THE_SAME, by=by, at=at, subject=low, changes={"other": high.pk})
    return row


def _locked_group(survivor: Person, loser: Person) -> tuple[Person, Person, list[Person]]:
    """Both, and whoever was merged into the second before.

    One merge at a time: who is merged into whom says what is locked.  Locked as what is not
    deleted, so that whoever only points at them (a case being opened) is not waited for.
    """
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME)
    ids = {survivor.pk, loser.pk}
    rows = Person.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    found = {row.pk: row for row in rows.filter(pk__in=ids)}
    others = [row for row in rows.filter(merged_into=loser.pk) if row.pk not in ids]
    return found[survivor.pk], found[loser.pk], others


def _point(row: Person, at_whom: Person | None, at: datetime) -> None:
    row.merged_into = at_whom
    save(row, at)


def _take(survivor: Person, loser: Person, take: Collection[str], at: datetime) -> dict[str, Any]:
    """Write the chosen details on the survivor; what each said before and says now."""
    told: dict[str, Any] = {}
    for name in (name for name in merging.FIELDS if name in take):
        column = "home_id" if name == "home" else name
        before, after = getattr(survivor, column), getattr(loser, column)
        if before != after:
            told[name] = [_plain(before), _plain(after)]
            setattr(survivor, column, after)
    if told:
        save(survivor, at)
    return told


def _give_back(survivor: Person, told: Mapping[str, Any], at: datetime, *, in_doubt: bool) -> None:
    given = []
    for name, (before, after) in told.items():
        column = "home_id" if name == "home" else name
        if _plain(getattr(survivor, column)) == after:
            value = date.fromisoformat(before) if name == "date_of_birth" and before else before
            setattr(survivor, column, value)
            given.append(name)
    if given:
        save(survivor, at)
    row = SafeContact.objects.filter(person=survivor).first()
    ways = [way for name in given for way in merging.STANDS_ON.get(name, ())]
    if in_doubt and row is not None and any(getattr(row, way) == Reach.SAFE for way in ways):
        _write(row, (said_of(row) or {}) | dict.fromkeys(ways, Reach.NOT_ASKED.value), at)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _safer_of_all(
    survivor: Person, gone: list[Person], taken: Collection[str], at: datetime
) -> dict[str, Any]:
    """Write the safer answers on every record; what each said before, by person."""
    people = [survivor, *gone]
    rows = {row.person_id: row for row in SafeContact.objects.filter(person__in=people)}
    said = merging.safer(said_of(rows.get(survivor.pk)), said_of(rows.get(gone[0].pk)), taken)
    told: dict[str, Any] = {}
    for person in people if said else ():
        row = rows.get(person.pk)
        own = said_of(row)
        now = said
        if person is not survivor:
            now = merging.no_looser(own, said, apart(person, survivor))
        row = row or SafeContact(person=person, asked_at=at)
        if own != now:
            _write(row, now, at)
        # Of the one that stays even if it is unchanged: whether anybody asked since is told by it.
        if own != now or person is survivor:
            told[str(person.pk)] = [own, now, row.asked_at.isoformat()]
    return told


def _write(row: SafeContact, said: Mapping[str, str], at: datetime) -> None:
    for name, value in said.items():
        setattr(row, name, value)
    if row.first_choice and said[row.first_choice] != Reach.SAFE:
        row.first_choice = ""
    save(row, at)


def _say_again_how_to_reach(merge: Merge, at: datetime) -> set[int]:
    """Put back what each record said of reaching them; whoever was asked since is left."""
    left = set()
    for person_id, (before, now, asked) in merge.before["safe"].items():
        row = SafeContact.objects.select_for_update().get(person=int(person_id))
        if said_of(row) == now and row.asked_at.isoformat() == asked:
            if before != now:
                _write(row, before or _NOBODY_ASKED, at)
        else:
            left.add(int(person_id))
    if str(merge.survivor_id) not in merge.before["safe"]:
        left.add(merge.survivor_id)
    return left


_NOBODY_ASKED = dict.fromkeys(merging.WAYS, Reach.NOT_ASKED.value) | dict.fromkeys(
    ("first_choice", "safe_times", "say_we_are", "who_could_find_out", "if_cut_off"), ""
)


def _is_last(merge: Merge, survivor: Person) -> None:
    if survivor.merged_into is not None:
        reference = survivor.merged_into.reference
        raise ValidationError(
            f"This record was joined to {reference} since. Take those apart first."
        )
    live = Merge.objects.filter(survivor=survivor, undone_at__isnull=True)
    last = live.order_by("-pk").select_related("loser")[0]
    if last.pk != merge.pk:
        raise ValidationError(f"{last.loser.reference} was joined later. Take that apart first.")


def _merged_into(root: int, live: Any) -> set[int]:
    """Everybody merged into a record by merges still in force, directly or through others."""
    found: set[int] = set()
    new = {root}
    while new:
        losers = set(live.filter(survivor__in=new).values_list("loser", flat=True))
        new = losers - found
        found |= new
    return found
