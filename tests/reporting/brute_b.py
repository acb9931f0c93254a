"""M18 to M40 counted by hand: plain loops over the rows of the tables, as the words of domain 5.3.

Nothing of ``cases.reporting`` is used, and no query but "all rows of a table".  A figure is a
tuple: ("count", n), ("share", n, of), ("middle", median, of); a line that is not given is zero.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

LONDON = ZoneInfo("Europe/London")
TABLES = {
    "case": "casework_case",
    "incident": "casework_incident",
    "perception": "casework_perception",
    "strand": "casework_perceptionstrand",
    "part": "casework_involvement",
    "clock": "casework_clock",
    "conflict": "casework_conflict",
    "person": "people_person",
    "home": "people_property",
    "entity": "people_entity",
    "membership": "people_householdmembership",
    "flag": "repeats_repeatflag",
    "level": "risk_level",
    "judgement": "risk_judgement",
    "assessment": "risk_assessment",
    "request": "disclosures_request",
    "decision": "disclosures_decision",
    "emergency": "disclosures_emergency",
    "send": "disclosures_send",
    "report": "intake_report",
    "review": "referrals_reviewtold",
    "user": "staff_user",
    "holding": "staff_roleholding",
    "training": "staff_trainingrecord",
    "policy": "policy_policyversion",
    "action": "improving_improvement",
    "recommended": "improving_recommendation",
    "reason": "improving_reviewreason",
}
OPEN = {"RECEIVED", "TRIAGE", "CONTACT", "ASSESS", "PLAN", "INVESTIGATE", "MONITOR"} | {
    "ON_HOLD",
    "REOPENED",
    "CLOSE_PROPOSED",
}
Row = dict[str, Any]
Figures = dict[str, tuple[Any, ...]]


def london(at: datetime) -> date:
    return at.astimezone(LONDON).date()


def years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return date(day.year - years, 2, 28)


def band(born: date | None, on: date) -> str:
    if born is None:
        return "UNKNOWN"
    if born > years_before(on, 25):
        return "UNDER_25"
    if born > years_before(on, 45):
        return "FROM_25"
    return "FROM_45" if born > years_before(on, 65) else "FROM_65"


def hours(rows: list[tuple[datetime, datetime]]) -> tuple[Any, ...]:
    lengths = [(end - start).total_seconds() / 3600 for start, end in rows]
    return ("middle", median(lengths) if lengths else None, len(lengths))


class Hand:
    """All rows of the tables as they are at a moment, and the days asked for."""

    def __init__(self, first: date, last: date, at: datetime, entity: str = "") -> None:
        self.first, self.last, self.at, self.entity = first, last, at, entity
        self.rows = {name: read(table) for name, table in TABLES.items()}

    def __getattr__(self, name: str) -> list[Row]:
        return list(self.rows[name].values())

    def within(self, at: datetime | None) -> bool:
        return at is not None and at <= self.at and self.first <= london(at) <= self.last

    def code(self, case: int | None) -> str:
        entity = self.rows["case"][case]["entity_id"] if case else None
        return self.rows["entity"][entity]["code"] if entity else ""

    def ours(self, case: int | None) -> bool:
        return not self.entity or self.code(case) == self.entity

    def mine(self, name: str) -> list[Row]:
        """The rows of a table whose case is of the company asked for."""
        return [row for row in self.rows[name].values() if self.ours(row["case_id"])]

    def who(self, person: int) -> int:
        return self.rows["person"][person]["merged_into_id"] or person

    def born(self, person: int) -> date | None:
        theirs = self.rows["person"][self.who(person)]["date_of_birth"]
        return theirs or self.rows["person"][person]["date_of_birth"]

    # --- what is hate ---

    def first_of(self, incident: int) -> Row:
        row = self.rows["incident"][incident]
        return self.rows["incident"][row["same_as_id"] or incident]

    def views(self) -> Iterator[tuple[Row, Row]]:
        """Every view that makes it hate, with the incident it counts for."""
        for view in self.perception:
            if view["retracted_at"] is None and view["holds"] in ("YES", "NOT_SURE"):
                yield view, self.first_of(view["incident_id"])

    def hate_cases(self) -> dict[int, Row]:
        hated = {incident["case_id"] for _, incident in self.views()}
        return {
            row["id"]: row
            for row in self.case
            if row["id"] in hated
            and row["stage"] not in ("MERGED", "VOID")
            and row["opened_at"] <= self.at
            and self.ours(row["id"])
        }

    def opened(self) -> list[Row]:
        return [row for row in self.hate_cases().values() if self.within(row["opened_at"])]

    def open_at_end(self) -> list[Row]:
        return [
            row
            for row in self.hate_cases().values()
            if row["stage"] in OPEN and london(row["opened_at"]) <= self.last
        ]

    def told(self, first: date | None = None) -> dict[int, datetime]:
        """Distinct hate incidents, with the moment each was first told of, in the days asked."""
        hated = {incident["id"] for _, incident in self.views()}
        found = {}
        for row in self.incident:
            case = self.rows["case"].get(row["case_id"])
            if row["id"] not in hated or row["same_as_id"] is not None:
                continue
            if (case and case["stage"] in ("MERGED", "VOID")) or not self.ours(row["case_id"]):
                continue
            heard = [row["reported_at"]]
            for again in self.incident:
                void = self.rows["case"].get(again["case_id"], {}).get("stage") == "VOID"
                if again["same_as_id"] == row["id"] and not void:
                    heard.append(again["reported_at"])
            day = london(min(heard))
            if min(heard) <= self.at and (first or self.first) <= day <= self.last:
                found[row["id"]] = min(heard)
        return found

    def harmed(self, case: int) -> set[int]:
        """Who was harmed in a case, joined records as one."""
        found = {self.who(self.rows["case"][case]["victim_id"])}
        for part in self.part:
            if part["case_id"] == case and part["part"] == "VICTIM" and part["ended_at"] is None:
                found |= {self.who(part["person_id"])} if part["person_id"] else set()
        return found

    def due(self, *kinds: str, hate: bool = True) -> list[Row]:
        """Promises that fell due and were owed."""
        cases = self.hate_cases() if hate else self.rows["case"]
        return [
            clock
            for clock in self.clock
            if clock["kind"] in kinds
            and clock["case_id"] in cases
            and self.ours(clock["case_id"])
            and clock["state"] not in ("NOT_APPLICABLE", "PAUSED")
            and self.within(clock["due_at"])
        ]


def kept(clocks: list[Row]) -> tuple[Any, ...]:
    """How many were met, and not after they were due."""
    met = [clock for clock in clocks if clock["met_at"] and clock["met_at"] <= clock["due_at"]]
    return ("share", len(met), len(clocks))


def counted(keys: list[str]) -> Figures:
    return {key: ("count", number) for key, number in Counter(keys).items()}


def read(table: str) -> dict[int, Row]:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}"')
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return {row["id"]: row for row in rows}


# --- each measure ---


def m18(hand: Hand) -> Figures:
    keys, times = [], []
    for row in hand.mine("request"):
        keys += ["asked"] * hand.within(row["asked_at"])
        keys += ["lapsed"] * (row["state"] == "LAPSED" and hand.within(row["valid_until"]))
    names = {"APPROVE": "approved", "APPROVE_REDUCED": "reduced", "DECLINE": "declined"}
    for row in hand.mine("decision"):
        if hand.within(row["decided_at"]):
            keys.append(names[row["verdict"]])
            times.append((hand.rows["request"][row["request_id"]]["asked_at"], row["decided_at"]))
    for row in hand.mine("emergency"):
        keys += ["called", "door-D8"] * (
            hand.within(row["rung_at"]) and row["recorded_at"] <= hand.at
        )
    for row in hand.mine("send"):
        keys += [f"door-{row['door']}"] * (bool(row["door"]) and hand.within(row["sent_at"]))
    return {**counted(keys), "time": hours(times)}


def m19(hand: Hand) -> Figures:
    keys = []
    order = ["STANDARD", "MEDIUM", "HIGH"]
    levels = defaultdict(list)
    for row in sorted(hand.level, key=lambda one: one["id"]):
        if row["at"] <= hand.at:
            levels[hand.rows["part"][row["about_id"]]["case_id"]].append(row)
    for case in hand.opened():
        found = levels[case["id"]]
        keys.append(f"first-{found[0]['level'] if found else 'NONE'}")
    for case in hand.open_at_end():
        newest = {
            row["about_id"]: row["level"]
            for row in levels[case["id"]]
            if london(row["at"]) <= hand.last and row["at"] < hand.at
        }
        keys.append(f"end-{max(newest.values(), key=order.index) if newest else 'NONE'}")
    cases = hand.hate_cases()
    for row in hand.judgement:
        of = hand.rows["assessment"][row["assessment_id"]]["case_id"]
        if of in cases and hand.within(row["at"]) and row["kind"] in ("RAISED", "LOWERED"):
            keys.append(row["kind"].lower())
    return {**counted(keys), "reviews": kept(hand.due("RISK_REVIEW"))}


def m20(hand: Hand) -> Figures:
    told = hand.told()
    level = {row["incident_id"]: row["level"] for row in hand.flag if row["incident_id"]}
    repeat = [one for one in told if level.get(one) == "REPEAT"]
    people, households = set(), set()
    for one in repeat:
        happened = hand.rows["incident"][one]["occurred_on"] or london(told[one])
        for account in hand.incident:
            if one not in (account["id"], account["same_as_id"]) or not account["case_id"]:
                continue
            if hand.rows["case"][account["case_id"]]["stage"] == "VOID":
                continue
            harmed = hand.harmed(account["case_id"])
            people |= harmed
            households |= {
                stay["household_id"]
                for stay in hand.membership
                if hand.who(stay["person_id"]) in harmed and happened in stay["period"]
            }
    return {
        "repeat": ("share", len(repeat), len(told)),
        "people": ("count", len(people)),
        "households": ("count", len(households)),
        "pattern": ("count", sum(level.get(one) == "PATTERN" for one in told)),
    }


def m22(hand: Hand) -> Figures:
    cases, times, photographed = hand.hate_cases(), [], 0
    for clock in hand.clock:
        removed = clock["kind"] == "GRAFFITI_REMOVE" and clock["state"] == "MET"
        if removed and clock["case_id"] in cases and hand.within(clock["met_at"]):
            times.append((clock["started_at"], clock["met_at"]))
            photographed += any(
                other["case_id"] == clock["case_id"]
                and other["kind"] == "GRAFFITI_PHOTO"
                and other["started_at"] == clock["started_at"]
                and other["met_at"] is not None
                and other["met_at"] <= clock["met_at"]
                for other in hand.clock
            )
    return {
        "removed": kept(hand.due("GRAFFITI_REMOVE")),
        "hours": hours(times),
        "photographed": ("share", photographed, len(times)),
    }


def m23(hand: Hand) -> Figures:
    return {"": kept(hand.due("UPDATE"))}


def m25(hand: Hand) -> Figures:
    """The twelve months that end with the days asked."""
    day_after = hand.last + timedelta(days=1)
    told = hand.told(years_before(day_after, 1))
    incidents, victims, places = defaultdict(set), defaultdict(set), Counter()
    for one in told:
        row = hand.rows["incident"][one]
        case = hand.rows["case"].get(row["case_id"])
        if case is None:
            continue
        for part in hand.part:
            if part["case_id"] != case["id"] or part["part"] != "RESPONDENT" or part["ended_at"]:
                continue
            who = hand.who(part["person_id"]) if part["person_id"] else None
            if who and hand.rows["person"][who]["full_name"]:
                incidents[who].add(one)
                victims[who] |= hand.harmed(case["id"])
        home = row["location"] in ("VICTIM_HOME", "VICTIM_GARDEN_BALCONY")
        places[row["place_id"] or (case["home_id"] if home else None)] += 1
    del places[None]
    often = {who for who in incidents if len(incidents[who]) >= 2}
    many = {who for who in victims if len(victims[who]) >= 2}
    return {
        "either": ("count", len(often | many)),
        "incidents": ("count", len(often)),
        "victims": ("count", len(many)),
        "places": ("count", sum(number >= 3 for number in places.values())),
    }


def m26(hand: Hand) -> Figures:
    last = min(hand.last, london(hand.at))
    ages = [(last - london(row["received_at"])).days for row in hand.open_at_end()]
    return {f"over-{n}": ("count", sum(age > n for age in ages)) for n in (90, 180)}


def m29(hand: Hand) -> Figures:
    cases, first = hand.hate_cases(), {}
    for row in sorted(hand.review, key=lambda one: one["id"]):
        if row["may_be_eligible"]:
            first.setdefault(row["about_id"], row)
    mine = [r for r in first.values() if r["case_id"] in cases and hand.within(r["at"])]
    told = {r["about_id"] for r in hand.review if r["told"] and r["at"] <= hand.at}
    return {"told": ("share", sum(row["about_id"] in told for row in mine), len(mine))}
