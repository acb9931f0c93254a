"""Who may do what, and how a refusal speaks.

Roles are held by people for a period (``cases.staff``); each role carries grants, written
down once in ``ROLES``.  A rule takes values and returns an :class:`Answer`, which is falsy
when it carries a reason, so that "yes" has no text and "no" always explains itself.

Pure: no Django, no clock, no database.  Source: domain section 11.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """The roles of domain section 11 (its two leads are two), and the two of question 2 there.

    The policy sponsor decides where the Director cannot; whoever acts for the Director was
    named by the Director, for a time.
    """

    CALL_HANDLER = "CALL_HANDLER"
    HOUSING_OFFICER = "HOUSING_OFFICER"
    CASE_MANAGER = "CASE_MANAGER"
    DIRECTOR_CO = "DIRECTOR_CO"
    SAFEGUARDING_LEAD = "SAFEGUARDING_LEAD"
    DA_LEAD = "DA_LEAD"
    AUDITOR = "AUDITOR"
    DPO = "DPO"
    REPORT_VIEWER = "REPORT_VIEWER"
    HR_LINK = "HR_LINK"
    SYSADMIN = "SYSADMIN"
    POLICY_SPONSOR = "POLICY_SPONSOR"
    ACTING_DIRECTOR = "ACTING_DIRECTOR"

    @property
    def label(self) -> str:
        return ROLE_LABELS[self]


ROLE_LABELS: dict[Role, str] = {
    Role.CALL_HANDLER: "Call handler",
    Role.HOUSING_OFFICER: "Housing officer",
    Role.CASE_MANAGER: "Case manager",
    Role.DIRECTOR_CO: "Director of Customer Operations",
    Role.SAFEGUARDING_LEAD: "Safeguarding lead",
    Role.DA_LEAD: "Domestic abuse lead",
    Role.AUDITOR: "Auditor",
    Role.DPO: "Data protection officer",
    Role.REPORT_VIEWER: "Report viewer",
    Role.HR_LINK: "HR link",
    Role.SYSADMIN: "System administrator",
    Role.POLICY_SPONSOR: "Policy sponsor",
    Role.ACTING_DIRECTOR: "Acting for the Director",
}


class Grant(StrEnum):
    """One thing somebody may do.  The value is the sentence a person without it reads."""

    TAKE_REPORT = "Only call handlers, housing officers and case managers take reports."
    WORK_CASES = "Only the people who work a case can change it."
    OPEN_CASES = "Your role does not open cases."
    SEE_TEAM_CASES = "Only case managers see every case of their team."
    SEE_ALL_CASES = "Only the Director sees every case."
    ALLOCATE = "Only a case manager names the lead officer."
    APPROVE_EXCEPTION = "Only a case manager can approve an exception."
    CORRECT_RECEIVED = "Only a case manager can correct when a report was received."
    RESTRICT_CASE = "Only a case manager can restrict a case."
    PLACE_CASE = "Only a case manager changes which company a case belongs to."
    LIFT_CONFLICT = (
        "Only a case manager can clear a conflict of interest, and two people must agree."
    )
    LOWER_RISK = "Only a case manager sets the level of risk lower."
    RECEIVE_ASB = "Only a case manager accepts antisocial behaviour records."
    RECEIVE_SAFEGUARDING = "Only the Safeguarding lead accepts Safeguarding referrals."
    RECEIVE_DA = "Only the Domestic Abuse lead accepts domestic abuse referrals."
    SEE_PARTNERS = "Your role does not use the partner directory."
    KEEP_PARTNERS = (
        "Only a case manager or the data protection officer changes the partner directory."
    )
    APPROVE_SHARING = "Only a case manager approves telling what the law requires."
    DECIDE_DISCLOSURE = (
        "Only the Director of Customer Operations decides to tell the police without permission."
    )
    NAME_DELEGATE = "Only the Director names somebody to act for the Director."
    SEE_REGISTER = (
        "Only the Director and the data protection officer see the register of disclosures."
    )
    SEE_MONITORING = "Your role does not see the monitoring reports."
    SEE_FULL_NUMBERS = "Only case managers and the Director see the full numbers."
    SEE_WORKLOADS = "Only case managers and the Director see everybody’s work."
    MAKE_REPORTS = "Only case managers and the Director have a report made."
    KEEP_FIGURES = "Only a case manager enters figures from outside."
    SEE_IMPROVEMENTS = "Your role does not see what is to be done better."
    KEEP_IMPROVEMENTS = (
        "Only case managers and the Director keep the list of what is to be done better."
    )
    SEARCH = "Your role does not search cases or people."
    SEE_LEDGER = "Only the data protection officer reads the whole ledger."
    SEE_LOOKS = (
        "Only case managers, the Director and the data protection officer see each look at a case."
    )
    MANAGE_STAFF = "Only a system administrator looks after users and roles."
    SEE_SETTINGS = "Only a system administrator or a case manager sees the settings."
    CHANGE_SETTINGS = "Only a system administrator changes the settings."


_CASE_WORK = frozenset(
    {Grant.TAKE_REPORT, Grant.WORK_CASES, Grant.OPEN_CASES, Grant.SEARCH, Grant.SEE_PARTNERS}
)

ROLES: dict[Role, frozenset[Grant]] = {
    Role.CALL_HANDLER: frozenset(
        {Grant.TAKE_REPORT, Grant.OPEN_CASES, Grant.SEARCH, Grant.SEE_PARTNERS}
    ),
    Role.HOUSING_OFFICER: _CASE_WORK | {Grant.SEE_MONITORING},
    Role.CASE_MANAGER: _CASE_WORK
    | {
        Grant.SEE_TEAM_CASES,
        Grant.ALLOCATE,
        Grant.APPROVE_EXCEPTION,
        Grant.CORRECT_RECEIVED,
        Grant.RESTRICT_CASE,
        Grant.PLACE_CASE,
        Grant.LIFT_CONFLICT,
        Grant.LOWER_RISK,
        Grant.SEE_LOOKS,
        Grant.RECEIVE_ASB,
        Grant.SEE_SETTINGS,
        Grant.KEEP_PARTNERS,
        Grant.APPROVE_SHARING,
        Grant.SEE_MONITORING,
        Grant.SEE_FULL_NUMBERS,
        Grant.SEE_WORKLOADS,
        Grant.MAKE_REPORTS,
        Grant.KEEP_FIGURES,
        Grant.SEE_IMPROVEMENTS,
        Grant.KEEP_IMPROVEMENTS,
    },
    Role.DIRECTOR_CO: frozenset(
        {
            Grant.OPEN_CASES,
            Grant.SEE_ALL_CASES,
            Grant.SEARCH,
            Grant.SEE_LOOKS,
            Grant.SEE_PARTNERS,
            Grant.DECIDE_DISCLOSURE,
            Grant.NAME_DELEGATE,
            Grant.SEE_REGISTER,
            Grant.SEE_MONITORING,
            Grant.SEE_FULL_NUMBERS,
            Grant.SEE_WORKLOADS,
            Grant.MAKE_REPORTS,
            Grant.SEE_IMPROVEMENTS,
            Grant.KEEP_IMPROVEMENTS,
        }
    ),
    Role.SAFEGUARDING_LEAD: frozenset(
        {Grant.OPEN_CASES, Grant.RECEIVE_SAFEGUARDING, Grant.SEE_PARTNERS}
    ),
    Role.DA_LEAD: frozenset({Grant.OPEN_CASES, Grant.RECEIVE_DA, Grant.SEE_PARTNERS}),
    Role.AUDITOR: frozenset({Grant.OPEN_CASES, Grant.SEE_MONITORING, Grant.SEE_IMPROVEMENTS}),
    Role.DPO: frozenset(
        {
            Grant.SEE_LEDGER,
            Grant.SEE_LOOKS,
            Grant.SEE_PARTNERS,
            Grant.KEEP_PARTNERS,
            Grant.SEE_REGISTER,
            Grant.SEE_MONITORING,
            Grant.SEE_IMPROVEMENTS,
        }
    ),
    Role.REPORT_VIEWER: frozenset({Grant.SEE_MONITORING}),
    Role.HR_LINK: frozenset(),
    Role.SYSADMIN: frozenset({Grant.MANAGE_STAFF, Grant.SEE_SETTINGS, Grant.CHANGE_SETTINGS}),
    Role.POLICY_SPONSOR: frozenset(
        {Grant.DECIDE_DISCLOSURE, Grant.SEE_MONITORING, Grant.SEE_IMPROVEMENTS}
    ),
    Role.ACTING_DIRECTOR: frozenset({Grant.DECIDE_DISCLOSURE}),
}

CASE_ROLES = frozenset(
    {
        Role.CALL_HANDLER,
        Role.HOUSING_OFFICER,
        Role.CASE_MANAGER,
        Role.DIRECTOR_CO,
        Role.SAFEGUARDING_LEAD,
        Role.DA_LEAD,
    }
)


DECIDING_ROLES = frozenset({Role.DIRECTOR_CO, Role.ACTING_DIRECTOR, Role.POLICY_SPONSOR})
"""Roles that decide to tell the police without permission (policy line 172)."""


@dataclass(frozen=True)
class Answer:
    """Yes, or no with the sentence the user will read."""

    reason: str = ""

    def __bool__(self) -> bool:
        return not self.reason


YES = Answer()


class Refused(Exception):
    """Raised by :func:`enforce`; the page shows ``answer.reason`` with status 403."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.reason)
        self.answer = answer


def enforce(answer: Answer) -> None:
    """Let a yes pass; raise :class:`Refused` for a no."""
    if not answer:
        raise Refused(answer)


def first_no(*answers: Answer) -> Answer:
    """The first refusal among the answers, or yes."""
    return next((answer for answer in answers if not answer), YES)


@dataclass(frozen=True)
class Actor:
    """Somebody (or a named job) at one moment: who, which roles held, which team.

    ``entities`` are the codes of the companies whose cases their roles let them see; none
    means all (HC-20).
    """

    id: int | None
    name: str
    roles: frozenset[Role] = frozenset()
    team_id: int | None = None
    entities: tuple[str, ...] = ()
    grants: frozenset[Grant] = field(init=False)

    def __post_init__(self) -> None:
        grants = frozenset(grant for role in self.roles for grant in ROLES[role])
        object.__setattr__(self, "grants", grants)

    def may(self, grant: Grant) -> Answer:
        return YES if grant in self.grants else Answer(grant.value)

    @property
    def user_id(self) -> int:
        """The account that signs what is written.  Raises ValueError for a job, which has none."""
        if self.id is None:
            raise ValueError(f"{self.name} has no account to sign with")
        return self.id

    def holds(self, role: Role) -> bool:
        return role in self.roles


def job(name: str) -> Actor:
    """A scheduled job or command as a named principal (bar row 37)."""
    return Actor(id=None, name=name)


Rule = Callable[..., Answer]
RULES: dict[str, Rule] = {}


def rule(name: str) -> Callable[[Rule], Rule]:
    """Register a pure rule under the name templates and operations ask for."""

    def register(function: Rule) -> Rule:
        if name in RULES:
            raise ValueError(f"two rules are called {name}")
        RULES[name] = function
        return function

    return register


def incompatible(roles: frozenset[Role]) -> Answer:
    """Roles nobody may hold together (domain 11, separation of duties)."""
    if Role.AUDITOR in roles and roles & (CASE_ROLES | DECIDING_ROLES):
        return Answer("An auditor cannot also hold a role that works cases.")
    if Role.SYSADMIN in roles and Role.DIRECTOR_CO in roles:
        return Answer("The Director and the system administrator are never the same account.")
    if Role.SYSADMIN in roles and roles & DECIDING_ROLES:
        return Answer("A system administrator never decides what the police are told.")
    return YES
