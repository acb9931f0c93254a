"""M30 to M40 counted by hand, as :mod:`tests.reporting.brute_b` counts M18 to M29."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, time, timedelta

from tests.reporting.brute_b import (
    LONDON,
    Figures,
    Hand,
    Row,
    band,
    counted,
    hours,
    kept,
    london,
    m18,
    m19,
    m20,
    m22,
    m23,
    m25,
    m26,
    m29,
)

STRANDS = [
    *("AGE", "DISABILITY", "GENDER", "GENDER_ID", "RACE", "RELIGION", "SEX_ORIENT"),
    *("APPEARANCE", "UNKNOWN_HATE"),
]
GRAVEST = ("ARSON", "ASSAULT", "THREAT", "DAMAGE", "HARASS")
BANDS = ("UNDER_25", "FROM_25", "FROM_45", "FROM_65")
WORKS = {"CALL_HANDLER", "HOUSING_OFFICER", "CASE_MANAGER", "SAFEGUARDING_LEAD", "DA_LEAD"} | {
    "DIRECTOR_CO"
}


def strands_of(hand: Hand) -> dict[int, set[str]]:
    said = defaultdict(set)
    for view, incident in hand.views():
        for row in hand.strand:
            if row["perception_id"] == view["id"]:
                said[incident["case_id"]].add(row["strand"])
    return said


def m30(hand: Hand) -> Figures:
    cases, said = hand.opened(), strands_of(hand)
    known = [len(said[case["id"]] - {"UNKNOWN_HATE"}) for case in cases]
    found = {
        strand: ("share", sum(strand in said[case["id"]] for case in cases), len(cases))
        for strand in STRANDS
    }
    return {
        **found,
        "none": ("share", known.count(0), len(cases)),
        "one": ("share", known.count(1), len(cases)),
        "several": ("share", sum(number > 1 for number in known), len(cases)),
    }


def tenure_of(hand: Hand, case: int) -> str | None:
    parts = [
        part
        for part in hand.part
        if part["case_id"] == case
        and part["part"] == "VICTIM"
        and part["ended_at"] is None
        and part["tenure"]
    ]
    parts.sort(key=lambda part: (part["added_at"], part["id"]))
    return parts[0]["tenure"] if parts else None


def m31(hand: Hand) -> Figures:
    keys = []
    for one in hand.told():
        row = hand.rows["incident"][one]
        grave = [kind for kind in GRAVEST if kind in row["types"]]
        keys.append(f"type-{(grave or row['types'] or ['OTHER'])[0]}")
        keys.append(f"location-{row['location']}")
    for case in hand.opened():
        keys.append(f"tenure-{tenure_of(hand, case['id']) or 'UNKNOWN'}")
        keys.append(f"entity-{hand.code(case['id']) or 'UNKNOWN'}")
        own = hand.rows["home"].get(case["home_id"], {}).get("area")
        victim = hand.rows["person"][case["victim_id"]]
        survivor = hand.rows["person"][hand.who(case["victim_id"])]
        theirs = [
            hand.rows["home"].get(each["home_id"], {}).get("area") for each in (victim, survivor)
        ]
        keys.append(f"area-{own or theirs[0] or theirs[1] or 'UNKNOWN'}")
        reports = [row for row in hand.report if row["case_id"] == case["id"]]
        reports.sort(key=lambda row: (row["received_at"], row["id"]))
        keys.append(f"channel-{reports[0]['channel'] if reports else 'UNKNOWN'}")
    return counted(keys)


def m32(hand: Hand) -> Figures:
    """How many people of each age were harmed, without the residents."""
    people = {who for case in hand.opened() for who in hand.harmed(case["id"])}
    on = min(hand.last, london(hand.at))
    born = [hand.rows["person"][who]["date_of_birth"] for who in people]
    bands = [band(day, on) for day in born]
    found: Figures = {key: ("harmed", bands.count(key)) for key in BANDS}
    return {**found, "known": ("share", len(bands) - bands.count("UNKNOWN"), len(bands))}


def m33(hand: Hand) -> Figures:
    found = {}
    for prefix, kind in (("contact-", "FIRST_CONTACT"), ("plan-", "ACTION_PLAN")):
        due = defaultdict(list)
        for clock in hand.due(kind):
            case = hand.rows["case"][clock["case_id"]]
            on = london(case["opened_at"])
            due[f"{prefix}{band(hand.born(case['victim_id']), on)}"].append(clock)
        found |= {key: kept(clocks) for key, clocks in due.items()}
    return found


def m34(hand: Hand) -> Figures:
    keys, cases = [], hand.hate_cases()
    for row in hand.report:
        case = hand.rows["case"].get(row["case_id"])
        of = case and (case["merged_into_id"] or case["id"])
        if of not in cases or not hand.ours(row["case_id"]) or not row["victim_id"]:
            continue
        if hand.within(row["received_at"]):
            keys.append(band(hand.born(row["victim_id"]), london(row["received_at"])))
    return counted(keys)


def m37(hand: Hand) -> Figures:
    end = datetime.combine(hand.last + timedelta(days=1), time(0), LONDON)
    moment = min(end - timedelta(microseconds=1), hand.at)
    people = {
        row["user_id"] for row in hand.holding if row["role"] in WORKS and moment in row["period"]
    }
    people = {
        who
        for who in people
        if hand.rows["user"][who]["is_active"]
        and (
            not hand.entity
            or not hand.rows["user"][who]["entities"]
            or hand.entity in hand.rows["user"][who]["entities"]
        )
    }
    found = {}
    for course in ("HATE_CRIME", "SAFE_CONTACT"):
        day = min(hand.last, london(hand.at))
        valid = {
            row["user_id"]
            for row in hand.training
            if row["course"] == course and row["completed_on"] <= day < row["expires_on"]
        }
        found[course] = ("share", len(people & valid), len(people))
    return found


def m38(hand: Hand) -> Figures:
    cases, said = hand.opened(), strands_of(hand)
    spoken = {
        clock["case_id"]
        for clock in hand.clock
        if clock["kind"] in ("POLICE", "POLICE_DECISION") and clock["state"] == "MET"
    } | {row["case_id"] for row in hand.incident if row["crime_reference"]}
    missing = {
        "strand": [case for case in cases if not said[case["id"]] - {"UNKNOWN_HATE"}],
        "age": [case for case in cases if hand.born(case["victim_id"]) is None],
        "police": [case for case in cases if case["id"] not in spoken],
        "tenure": [case for case in cases if tenure_of(hand, case["id"]) is None],
    }
    return {key: ("share", len(found), len(cases)) for key, found in missing.items()}


def m39(hand: Hand) -> Figures:
    keys = [
        "declared" if row["source"] == "DECLARED" else "detected"
        for row in hand.conflict
        if hand.ours(row["case_id"]) and hand.within(row["found_at"])
    ]
    times = [
        (clock["started_at"], clock["met_at"])
        for clock in hand.clock
        if clock["kind"] == "REASSIGN" and hand.ours(clock["case_id"])
        if hand.within(clock["met_at"])
    ]
    return {
        **counted(keys),
        "hours": hours(times),
        "in-time": kept(hand.due("REASSIGN", hate=False)),
    }


def m40(hand: Hand) -> Figures:
    day = min(hand.last, london(hand.at))

    def by_then(at: datetime | None) -> bool:
        return at is not None and at <= hand.at and london(at) <= hand.last

    def still(rows: list[Row], begun: str, ended: str) -> list[Row]:
        return [row for row in rows if by_then(row[begun]) and not by_then(row[ended])]

    actions = still(hand.action, "added_at", "ended_at")
    late = [row for row in actions if (day - row["due_on"]).days > 0]
    to_do = {
        "open": ("count", len(actions)),
        "late": ("count", len(late)),
        "recommended": ("count", len(still(hand.recommended, "added_at", "ended_at"))),
        "undecided": ("count", len(still(hand.reason, "found_at", "decided_at"))),
    }
    versions = sorted(hand.policy, key=lambda row: row["effective_on"])
    begun = [row for row in versions if row["effective_on"] <= day] or versions[:1]
    if not begun:
        return to_do
    left = (begun[-1]["review_on"] - day).days
    return {**to_do, "to": ("count", max(left, 0)), "after": ("count", max(-left, 0))}


BY_HAND = {
    **{"M18": m18, "M19": m19, "M20": m20, "M22": m22, "M23": m23, "M25": m25, "M26": m26},
    **{"M29": m29, "M30": m30, "M31": m31, "M32": m32, "M33": m33, "M34": m34, "M37": m37},
    **{"M38": m38, "M39": m39, "M40": m40},
}
