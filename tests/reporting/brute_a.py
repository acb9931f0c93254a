"""M01 to M06 counted by hand: plain loops over the rows of the tables, as the words of domain 5.

Nothing of ``cases.reporting`` is used, and no query but "all rows of a table".  A figure is a
tuple: ("count", n), ("share", n, of), ("middle", median, of), ("rate", n, of); a line that is not
given is nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

LONDON = ZoneInfo("Europe/London")
GONE = ("MERGED", "VOID")
SHUT = ("CLOSED", "AFTERCARE", "ARCHIVED")
FIVE = {"DISABILITY", "RACE", "RELIGION", "SEX_ORIENT", "GENDER_ID"}
ROWS = {
    "case": "casework_case",
    "past": "casework_historicalcase",
    "incident": "casework_incident",
    "perception": "casework_perception",
    "strand": "casework_perceptionstrand",
    "part": "casework_involvement",
    "clock": "casework_clock",
    "contact": "casework_contactentry",
    "crime": "casework_crimedecision",
    "person": "people_person",
    "home": "people_property",
    "entity": "people_entity",
    "report": "intake_report",
    "link": "intake_reportincident",
    "route": "intake_routerecord",
    "talk": "consent_talk",
    "said": "consent_said",
    "agency": "partners_agency",
    "send": "disclosures_send",
    "went": "disclosures_sendoutcome",
    "rung": "disclosures_emergency",
    "pack": "disclosures_pack",
    "referral": "referrals_referral",
    "homes": "reporting_homescount",
    "asb": "reporting_asbtotal",
    "exception": "audit_event WHERE verb = 'case.exception'",
}
Row = dict[str, Any]
Figures = dict[str, tuple[Any, ...]]


def london(at: datetime) -> date:
    return at.astimezone(LONDON).date()


def read(table: str) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")
        names = [column.name for column in cursor.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return sorted(rows, key=lambda row: row.get("history_id") or row["id"])


class Ground:
    """All rows of the tables as they are, by id and by what they belong to."""

    def __init__(self) -> None:
        self.rows = {name: read(table) for name, table in ROWS.items()}
        self.by = {
            name: {row["id"]: row for row in rows}
            for name, rows in self.rows.items()
            if name != "past"
        }
        self._found: dict[tuple[str, str], dict[Any, list[Row]]] = {}

    def of(self, name: str, field: str, value: Any) -> list[Row]:
        """The rows of a table whose field is this."""
        if (name, field) not in self._found:
            found: dict[Any, list[Row]] = defaultdict(list)
            for row in self.rows[name]:
                found[row[field]].append(row)
            self._found[name, field] = found
        return self._found[name, field].get(value, [])

    def code(self, row: Row) -> str:
        """The code of the company of a row, "" of none."""
        return self.by["entity"][row["entity_id"]]["code"] if row["entity_id"] else ""

    def home(self, case: Row) -> Row | None:
        """The home of a case, else the victim's, else that of who the victim turned out to be."""
        victim = self.by["person"][case["victim_id"]]
        now = self.by["person"].get(victim["merged_into_id"]) or {}
        for home in (case["home_id"], victim["home_id"], now.get("home_id")):
            if home:
                return self.by["home"][home]
        return None

    def views(self, case: Row) -> Iterator[Row]:
        """Views that stand, of the incidents of a case and of accounts found to be of one."""
        for incident in self.of("incident", "case_id", case["id"]):
            if incident["same_as_id"] is None:
                yield from self.views_of(incident)

    def views_of(self, incident: Row) -> Iterator[Row]:
        for account in (incident, *self.of("incident", "same_as_id", incident["id"])):
            for view in self.of("perception", "incident_id", account["id"]):
                if view["retracted_at"] is None and view["holds"] in ("YES", "NOT_SURE"):
                    yield view

    def strands(self, case: Row) -> set[str]:
        return {
            row["strand"]
            for view in self.views(case)
            for row in self.of("strand", "perception_id", view["id"])
        }

    def shut(self, case: int, at: datetime) -> bool:
        """Whether a case was closed at a moment: the last thing its history says by then."""
        before = [row for row in self.of("past", "id", case) if row["history_date"] <= at]
        return bool(before) and before[-1]["stage"] in SHUT


@dataclass
class Asking:
    """The days asked for, as at when, and of which company."""

    ground: Ground
    first: date
    last: date
    at: datetime
    entity: str = ""

    def within(self, at: datetime | None) -> bool:
        return at is not None and at <= self.at and self.first <= london(at) <= self.last

    @property
    def end(self) -> datetime:
        """The first moment after the period, or the moment of asking."""
        night = datetime.combine(self.last + timedelta(days=1), datetime.min.time(), LONDON)
        return min(night, self.at)

    def all(self, name: str) -> list[Row]:
        return self.ground.rows[name]

    def ours(self, case: Row | None) -> bool:
        return not self.entity or (case is not None and self.ground.code(case) == self.entity)

    def case_of(self, row: Row, field: str = "case_id") -> Row | None:
        return self.ground.by["case"].get(row[field])

    def hate(self, everybody: bool = False) -> list[Row]:
        return [
            case
            for case in self.all("case")
            if case["stage"] not in GONE
            and case["opened_at"] <= self.at
            and (everybody or self.ours(case))
            and any(self.ground.views(case))
        ]

    def opened(self) -> list[Row]:
        return [case for case in self.hate() if self.within(case["opened_at"])]

    def reports(self) -> list[Row]:
        """Reports received by now that are not of a void case."""
        found = []
        for report in self.all("report"):
            case = self.case_of(report)
            void = case is not None and case["stage"] == "VOID"
            if report["received_at"] <= self.at and not void and self.ours(case):
                found.append(report)
        return found

    def incidents(self) -> list[tuple[Row, datetime]]:
        """Distinct hate incidents, with when the first report of each was received."""
        found = []
        for incident in self.all("incident"):
            case = self.case_of(incident)
            gone = case is not None and case["stage"] in GONE
            if incident["same_as_id"] is not None or gone or not self.ours(case):
                continue
            if not any(self.ground.views_of(incident)):
                continue
            told = first_told(self.ground, incident)
            if self.within(told):
                found.append((incident, told))
        return found


def first_told(ground: Ground, incident: Row) -> datetime:
    """When the first report of an incident was received; if none tells of it, when we heard."""
    heard = [
        ground.by["report"][link["report_id"]]["received_at"]
        for link in ground.of("link", "incident_id", incident["id"])
    ]
    for again in ground.of("incident", "same_as_id", incident["id"]):
        case = ground.by["case"].get(again["case_id"])
        if not ground.of("link", "incident_id", again["id"]) and (
            case is None or case["stage"] != "VOID"
        ):
            heard.append(again["reported_at"])
    return min(heard, default=incident["reported_at"])


def number(rows: Iterable[Any]) -> tuple[str, int]:
    return ("count", sum(1 for _ in rows))


def m01(asking: Asking) -> Figures:
    reports = [one for one in asking.reports() if asking.within(one["received_at"])]
    found: Figures = {"total": number(reports)}
    for one in reports:
        for key in (f"capacity.{one['capacity']}", f"channel.{one['channel']}"):
            found[key] = ("count", found.get(key, ("count", 0))[1] + 1)
    return found


def m02(asking: Asking) -> Figures:
    return {"": number(asking.incidents())}


def m03(asking: Asking) -> Figures:
    live = [
        case
        for case in asking.hate()
        if case["opened_at"] < asking.end and not asking.ground.shut(case["id"], asking.end)
    ]
    return {"opened": number(asking.opened()), "live": number(live)}


# --- the regulator's ---


def in_stock(asking: Asking, case: Row) -> bool:
    home = asking.ground.home(case)
    return home is not None and home["stock_class"] in ("LCRA", "LCHO")


def accused(asking: Asking, case: Row) -> set[int]:
    """Respondents of a case that we know, as the record that stands for each."""
    people = asking.ground.by["person"]
    return {
        people[part["person_id"]]["merged_into_id"] or part["person_id"]
        for part in asking.ground.of("part", "case_id", case["id"])
        if part["part"] == "RESPONDENT" and part["person_id"] and part["ended_at"] is None
    }


def again(asking: Asking, case: Row, counting: list[Row]) -> bool:
    """Whether an earlier of these cases, about the same respondent, was still open."""
    whom = accused(asking, case)
    for other in counting if whom else ():
        earlier = (other["opened_at"], other["id"]) < (case["opened_at"], case["id"])
        shut = asking.ground.shut(other["id"], case["opened_at"])
        if earlier and not shut and whom & accused(asking, other):
            return True
    return False


def owned(asking: Asking, classes: Iterable[str] | None) -> dict[tuple[str, str], int]:
    """Homes by company and area, of these classes: the newest of each by the last day."""
    newest: dict[tuple[str, str, str], Row] = {}
    rows = sorted(asking.all("homes"), key=lambda row: (row["counted_on"], row["id"]))
    for row in rows:
        if row["counted_on"] <= asking.last and row["at"] <= asking.at:
            newest[asking.ground.code(row), row["area"], row["stock_class"]] = row
    found: dict[tuple[str, str], int] = {}
    for (code, area, stock), row in newest.items():
        wanted = classes is None or stock in classes
        if wanted and (not asking.entity or code == asking.entity):
            found[code, area] = found.get((code, area), 0) + row["homes"]
    return found


def m04(asking: Asking) -> Figures:
    stocked = [case for case in asking.hate(everybody=True) if in_stock(asking, case)]
    countable = [case for case in stocked if asking.ground.strands(case) & FIVE]
    found = dict.fromkeys(("policy", "outside", "strands", "same", "counted"), 0)
    for case in asking.opened():
        found["policy"] += 1
        if not in_stock(asking, case):
            found["outside"] += 1
        elif not asking.ground.strands(case) & FIVE:
            found["strands"] += 1
        elif again(asking, case, countable):
            found["same"] += 1
        else:
            found["counted"] += 1
    homes = owned(asking, ("LCRA", "LCHO"))
    figures: Figures = {key: ("count", each) for key, each in found.items()}
    if homes:
        figures["rate"] = ("rate", found["counted"], sum(homes.values()))
    return figures


def totals(asking: Asking) -> dict[tuple[str, date], Row]:
    """The antisocial behaviour team's totals: the last row entered of a company and month."""
    return {
        (asking.ground.code(row), row["month"]): row
        for row in asking.all("asb")
        if row["at"] <= asking.at
        and (not asking.entity or asking.ground.code(row) == asking.entity)
    }


def m05(asking: Asking) -> Figures:
    stocked = [case for case in asking.hate(everybody=True) if in_stock(asking, case)]
    told = totals(asking)
    found = dict.fromkeys(("outside", "same", "theirs", "added"), 0)
    for case in asking.opened():
        month = london(case["opened_at"]).replace(day=1)
        total = told.get((asking.ground.code(case), month)) or told.get(("", month))
        if not in_stock(asking, case):
            found["outside"] += 1
        elif again(asking, case, stocked):
            found["same"] += 1
        else:
            found["theirs" if total and total["with_hate"] else "added"] += 1
    figures: Figures = {key: ("count", each) for key, each in found.items()}
    opened = sum(
        row["opened"] for (_, month), row in told.items() if asking.first <= month <= asking.last
    )
    # Where a month is missing, the figures say so instead; the tests look at that apart.
    figures["asb"] = ("count", opened)
    figures["total"] = ("count", opened + found["added"])
    homes = owned(asking, ("LCRA", "LCHO"))
    figures["rate"] = ("rate", opened + found["added"], sum(homes.values()))
    return figures


def m06(asking: Asking) -> Figures:
    homes: dict[str, int] = defaultdict(int)
    cases: dict[str, int] = defaultdict(int)
    for (code, area), each in owned(asking, None).items():
        homes["all"] += each
        homes[f"area.{area}"] += each
        homes[f"entity.{code}"] += each
    for case in asking.opened():
        home = asking.ground.home(case)
        cases["all"] += 1
        cases[f"area.{home['area'] if home else ''}"] += 1
        cases[f"entity.{asking.ground.code(case)}"] += 1
    return {key: ("rate", cases[key], homes[key]) for key in {*homes, *cases}}
