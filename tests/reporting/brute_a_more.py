"""M07 to M17 counted by hand, like :mod:`tests.reporting.brute_a`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from tests.reporting import brute_a
from tests.reporting.brute_a import GONE, Asking, Figures, Row, london

SUPPORT = {
    *("VICTIM_SUPPORT", "HATE_SPECIALIST", "DA_SERVICE", "DISABILITY", "LGBT", "FAITH", "RACE"),
    *("MIGRANT_LEGAL", "MENTAL_HEALTH", "ADVOCACY"),
}
POLICE_KNOW = {
    *("REPORTED_AWAITING", "POLICE_CRIME", "POLICE_NOT_CRIME", "POLICE_NOT_RECORDED", "CHARGED"),
    *("CONVICTED", "NFA", "OUT_OF_COURT", "ACQUITTED"),
}
OURS = {"HR", "SAFEGUARDING_TEAM", "DA_TEAM", "ASB_TEAM"}
LATER = timedelta(microseconds=1)


def share(rows: Iterable[bool]) -> tuple[str, int, int]:
    found = list(rows)
    return ("share", sum(found), len(found))


def triaged(asking: Asking) -> list[Row]:
    return [one for one in asking.reports() if asking.within(one["triaged_at"])]


def m07(asking: Asking) -> Figures:
    def takes(report: Row, route: str) -> bool:
        return any(
            row["route"] == route and row["state"] != "SUPERSEDED"
            for row in asking.ground.of("route", "report_id", report["id"])
        )

    routes = ("HATE", "SAFEGUARDING", "DA", "ASB", "SIGNPOST")
    return {key: share(takes(one, key) for one in triaged(asking)) for key in routes}


def m08(asking: Asking) -> Figures:
    def answered(report: Row) -> bool:
        return any(
            asking.ground.of("perception", "incident_id", link["incident_id"])
            for link in asking.ground.of("link", "report_id", report["id"])
        )

    return {"": share(answered(one) for one in triaged(asking))}


def m09(asking: Asking) -> Figures:
    due = [one for one in asking.reports() if asking.within(one["triage_due_at"])]
    return {
        "": share(
            one["triaged_at"] is not None and one["triaged_at"] <= one["triage_due_at"]
            for one in due
        )
    }


def clocks(asking: Asking, kind: str) -> list[Row]:
    """Every promise of a kind on our hate cases."""
    mine = {case["id"] for case in asking.hate()}
    return [one for one in asking.all("clock") if one["kind"] == kind and one["case_id"] in mine]


def replaced(asking: Asking, clock: Row) -> bool:
    """Whether the same was promised again later, to the same person."""
    return clock["state"] == "NOT_APPLICABLE" and any(
        other["kind"] == clock["kind"]
        and other["about_id"] == clock["about_id"]
        and other["id"] > clock["id"]
        for other in asking.ground.of("clock", "case_id", clock["case_id"])
    )


def promised(asking: Asking, kind: str) -> tuple[Figures, list[Row]]:
    owed, aside = [], {"na": 0, "paused": 0}
    for clock in clocks(asking, kind):
        if not asking.within(clock["due_at"]) or replaced(asking, clock):
            continue
        if clock["state"] == "NOT_APPLICABLE":
            aside["na"] += 1
        elif clock["state"] == "PAUSED":
            aside["paused"] += 1
        else:
            owed.append(clock)
    found: Figures = {key: ("count", each) for key, each in aside.items()}
    return {"": share(in_time(one) for one in owed), **found}, owed


def in_time(clock: Row) -> bool:
    return clock["met_at"] is not None and clock["met_at"] <= clock["due_at"]


def m10(asking: Asking) -> Figures:
    return promised(asking, "FIRST_CONTACT")[0]


def m11(asking: Asking) -> Figures:
    lengths = []
    for clock in clocks(asking, "FIRST_CONTACT"):
        if asking.within(clock["met_at"]):
            case = asking.ground.by["case"][clock["case_id"]]
            lengths.append((clock["met_at"] - case["received_at"]).total_seconds() / 3600)
    return {"": ("middle", median(lengths) if lengths else None, len(lengths))}


def m12(asking: Asking) -> Figures:
    return promised(asking, "RISK")[0]


def m13(asking: Asking) -> Figures:
    found, owed = promised(asking, "ACTION_PLAN")
    ends = [clock["outcome"].partition(":")[0] for clock in owed]
    found["agreed"] = share(end == "Agreed" for end in ends)
    found["part"] = share(end == "Agreed in part" for end in ends)
    return found


def m14(asking: Asking) -> Figures:
    both = []
    aside = {"exception": 0, "none": 0, "paused": 0}
    excepted = {row["subject_id"] for row in asking.all("exception")}
    for clock in clocks(asking, "THIRD_PARTY_CONTACT"):
        if not asking.within(clock["due_at"]) or replaced(asking, clock):
            continue
        mine = asking.ground.of("clock", "case_id", clock["case_id"])
        contact = [one for one in mine if one["kind"] in ("FIRST_CONTACT", "THIRD_PARTY_CONTACT")]
        if any(one["state"] == "NOT_APPLICABLE" and one["id"] in excepted for one in contact):
            aside["exception"] += 1
        elif clock["state"] == "NOT_APPLICABLE":
            aside["none"] += 1
        elif clock["state"] == "PAUSED":
            aside["paused"] += 1
        else:
            met = {one["kind"] for one in contact if one["state"] == "MET"}
            spoken = any(
                entry["kind"] == "INTERACTION"
                and asking.ground.by["part"][entry["involvement_id"]]["part"] == "VICTIM"
                for entry in asking.ground.of("contact", "case_id", clock["case_id"])
            )
            both.append(clock["state"] == "MET" and {"FIRST_CONTACT"} <= met and spoken)
    counts: Figures = {key: ("count", each) for key, each in aside.items()}
    return {"": share(both), **counts}


# --- the police ---


def ways(asking: Asking, incident: Row, told: datetime) -> set[str]:
    """How the police came to know of an incident, and whether the person was encouraged."""
    found = talked(asking, incident, told) | sent(asking, incident, told)
    for call in asking.ground.of("rung", "case_id", incident["case_id"]):
        if call["rung_at"] >= told and call["recorded_at"] <= asking.at:
            found.add("emergency")
    return found | ({"known"} if known(asking, incident) else set())


def talked(asking: Asking, incident: Row, told: datetime) -> set[str]:
    found = set()
    for clock in asking.ground.of("clock", "case_id", incident["case_id"]):
        if clock["kind"] != "POLICE" or clock["state"] != "MET" or clock["met_at"] > asking.at:
            continue
        since = clock["met_at"] >= told
        if since or clock["outcome"].startswith("Asked not to be asked again"):
            found.add("encouraged")
        if since and clock["outcome"].startswith("Reported already"):
            found.add("victim")
    return found


DOORS = {
    **{"D1": "permission", "D3": "director", "D8": "emergency"},
    **dict.fromkeys(("D2", "D4", "D5", "D6"), "law"),
}


def sent(asking: Asking, incident: Row, told: datetime) -> set[str]:
    return {
        DOORS[send["door"]]
        for send in asking.ground.of("send", "case_id", incident["case_id"])
        if asking.ground.by["agency"][send["agency_id"]]["kind"] == "POLICE"
        and told <= send["sent_at"] <= asking.at
        and send["door"] in DOORS
        and went(asking, send)
    }


def went(asking: Asking, send: Row) -> bool:
    outcomes = [
        row for row in asking.ground.of("went", "send_id", send["id"]) if row["at"] <= asking.at
    ]
    last = max(outcomes, key=lambda row: (row["at"], row["id"]), default=None)
    return last is None or last["channel"] != "NOT_SENT"


def known(asking: Asking, incident: Row) -> bool:
    ground = asking.ground
    accounts = (incident, *ground.of("incident", "same_as_id", incident["id"]))
    if any(account["crime_reference"] for account in accounts):
        return True
    for row in ground.of("crime", "incident_id", incident["id"]):
        if row["status"] in POLICE_KNOW and row["at"] <= asking.at:
            return True
    return any(
        ground.by["report"][link["report_id"]]["channel"] == "PARTNER_POLICE"
        for link in ground.of("link", "incident_id", incident["id"])
    )


def m15(asking: Asking) -> Figures:
    each = [ways(asking, incident, told) for incident, told in asking.incidents()]
    by_somebody = ("victim", "permission", "director", "emergency", "law")
    found: Figures = {
        key: share(key in one for one in each) for key in ("encouraged", *by_somebody)
    }
    found["reported"] = share(bool(one - {"encouraged"}) for one in each)
    found["other"] = share(one - {"encouraged"} == {"known"} for one in each)
    return found


# --- support and permission ---


def support(asking: Asking, case: Row, kind: str, parts: tuple[str, ...]) -> set[str]:
    found = set()
    for clock in asking.ground.of("clock", "case_id", case["id"]):
        if clock["kind"] == kind and clock["state"] == "MET" and clock["met_at"] <= asking.at:
            end = clock["outcome"].partition(":")[0]
            found |= {"offered"} if end in ("Accepted", "Declined", "Considering it") else set()
            found |= {"taken"} if end == "Accepted" else set()
    for sent in asking.ground.of("referral", "case_id", case["id"]):
        about = asking.ground.by["part"].get(sent["about_id"])
        named = asking.ground.by["pack"][sent["pack_id"]]["door"] != "D7"
        gone = sent["sent_at"] is not None and sent["sent_at"] <= asking.at
        kind_of = asking.ground.by["agency"][sent["agency_id"]]["kind"]
        if about and about["part"] in parts and named and gone and kind_of in SUPPORT:
            found |= {"offered", "taken"}
    return found


def m16(asking: Asking) -> Figures:
    found: Figures = {}
    for key, kind, parts in (
        ("own", "SUPPORT_OWN", ()),
        ("specialist", "SUPPORT_SPECIALIST", ("VICTIM",)),
        ("third", "SUPPORT_THIRD_PARTY", ("THIRD_PARTY", "WITNESS")),
    ):
        cases = asking.opened()
        if key == "third":
            cases = [
                case
                for case in cases
                if any(
                    clock["kind"] == kind and clock["state"] != "NOT_APPLICABLE"
                    for clock in asking.ground.of("clock", "case_id", case["id"])
                )
            ]
        each = [support(asking, case, kind, parts) for case in cases]
        found[key] = share("offered" in one for one in each)
        found[f"{key}_taken"] = share("taken" in one for one in each if "offered" in one)
    return found


def answers(asking: Asking, case: Row) -> list[tuple[Row, Row]]:
    """The newest answer of everybody harmed about each agency and scope, by the end."""
    newest: dict[tuple[int, int, str], tuple[Row, Row]] = {}
    for part in asking.ground.of("part", "case_id", case["id"]):
        ended = part["ended_at"] is not None and part["ended_at"] < asking.end
        talks = asking.ground.of("talk", "about_id", part["id"])
        for talk in () if ended or part["part"] != "VICTIM" else talks:
            ours = asking.ground.by["agency"][talk["agency_id"]]["kind"] in OURS
            said = asking.ground.of("said", "talk_id", talk["id"])
            for one in () if ours or talk["recorded_at"] >= asking.end else said:
                newest[part["id"], talk["agency_id"], one["scope"]] = (talk, one)
    return list(newest.values())


def permission(asking: Asking, case: Row) -> str:
    newest = answers(asking, case)
    if not newest:
        return "not_asked"
    given = [counts(asking, case, *one) for one in newest]
    if any(given):
        return "all" if all(given) else "some"
    replies = {said["reply"] for _, said in newest}
    if "WITHDRAWN" in replies:
        return "withdrawn"
    return "refused" if "REFUSED" in replies else "none"


def counts(asking: Asking, case: Row, talk: Row, said: Row) -> bool:
    """Whether it is a yes that still counted at the end."""
    if said["reply"] != "GIVEN":
        return False
    if talk["until"] != "CLOSE":
        return bool(talk["until_on"] >= london(asking.end - LATER))
    return not any(
        talk["recorded_at"] <= row["history_date"] < asking.end
        and row["stage"] in (*brute_a.SHUT, *GONE)
        for row in asking.ground.of("past", "id", case["id"])
    )


def m17(asking: Asking) -> Figures:
    standing = []
    for case in asking.hate():
        if case["opened_at"] >= asking.end:
            continue
        live = not asking.ground.shut(case["id"], asking.end)
        if live or asking.within(case["opened_at"]):
            standing.append(permission(asking, case))
    lines = ("all", "some", "refused", "withdrawn", "none", "not_asked")
    return {key: share(one == key for one in standing) for key in lines}


BY_HAND: dict[str, Callable[[Asking], Any]] = {
    **{f"M0{n}": getattr(brute_a, f"m0{n}") for n in range(1, 7)},
    **{"M07": m07, "M08": m08, "M09": m09, "M10": m10, "M11": m11, "M12": m12, "M13": m13},
    **{"M14": m14, "M15": m15, "M16": m16, "M17": m17},
}
