"""The compliance map: each duty, who asks it of us, and where this application shows it.

Data alone: what a duty asks in our own words, and addresses by their names in the address map.
A test follows every link.  Source: HC-32, HC-49; domain 1.3 to 1.5 and 5.7; policy lines 147-154
and 200-210.
"""

from __future__ import annotations

from dataclasses import dataclass

from cases.access import Grant


@dataclass(frozen=True)
class Shown:
    """A page that shows something: its words, its address, and the grants that open it."""

    words: str
    route: str
    arguments: tuple[str, ...] = ()
    needs: tuple[Grant, ...] = (Grant.SEE_MONITORING,)


@dataclass(frozen=True)
class Duty:
    """One thing that is asked of us; ``where`` is where it stands, ``waits`` what is missing."""

    words: str
    where: str
    shown: tuple[Shown, ...]
    waits: str = ""


@dataclass(frozen=True)
class Asker:
    """Who asks: the regulator, a law, the Ombudsman, our own policy."""

    key: str
    title: str
    duties: tuple[Duty, ...]


MEASURES: dict[str, str] = {
    "M03": "Hate crime cases opened and open",
    "M04": "NM01 part 2: hate crime cases for each 1,000 homes",
    "M05": "NM01 part 1: antisocial behaviour cases for each 1,000 homes",
    "M07": "What became of reports at triage",
    "M08": "Why it happened was asked",
    "M09": "Triage in time",
    "M10": "First contact in time",
    "M11": "Hours to first contact",
    "M12": "Risk assessed in time",
    "M13": "Action plan in time, and agreed",
    "M14": "Third party and person harmed both spoken to",
    "M15": "Police: encouraged to report, and reported",
    "M16": "Support offered, and taken up",
    "M17": "Permission to tell other agencies",
    "M18": "Told without permission, and every door",
    "M19": "Risk: levels, changes by hand, and reviews on time",
    "M20": "Repeat victimisation",
    "M22": "Graffiti removed",
    "M23": "Keeping people informed",
    "M25": "Respondents and places that recur",
    "M29": "Told of the ASB case review",
    "M30": "What it was about: strands",
    "M32": "Are some ages harmed more than others?",
    "M33": "Are all ages served alike?",
    "M34": "Do all ages report?",
    "M37": "Training in date",
    "M38": "What the records do not say",
    "M39": "Conflicts of interest",
}
"""The measures that may show that something is to be done better, by code."""


def _measures(*codes: str) -> tuple[Shown, ...]:
    return tuple(Shown(f"{code} {MEASURES[code]}", "reporting:measure", (code,)) for code in codes)


IMPROVEMENTS = Shown(
    "What is to be done better",
    "improving:improvements",
    needs=(Grant.SEE_IMPROVEMENTS, Grant.WORK_CASES),
)
RECOMMENDATIONS = Shown(
    "The register of recommendations",
    "improving:recommendations",
    needs=(Grant.SEE_IMPROVEMENTS, Grant.WORK_CASES),
)
REVIEWS = Shown("Reviewing the policy", "improving:reasons", needs=(Grant.SEE_IMPROVEMENTS,))
PARTNERS = Shown("The partner directory", "partners:directory", needs=(Grant.SEE_PARTNERS,))
REGISTER = Shown("The register of disclosures", "workflow:register", needs=(Grant.SEE_REGISTER,))
LEDGER = Shown("The ledger", "audit:ledger", needs=(Grant.SEE_LEDGER,))
FIGURES = Shown("Figures from outside", "reporting:figures")
REPORTS = Shown("Kept reports", "reporting:reports")
ALL_MEASURES = Shown("Every measure, with its definition", "reporting:measures")

ASKERS = (
    Asker(
        "regulator",
        "The Regulator of Social Housing",
        (
            Duty(
                "Work with other agencies to deter and deal with antisocial behaviour and hate "
                "incidents where our homes are.",
                "Neighbourhood and Community Standard 1.3.1",
                (*_measures("M15", "M16", "M17", "M29"), PARTNERS),
            ),
            Duty(
                "Have a policy on how we work with others to do so, and keep to it.",
                "Neighbourhood and Community Standard 2.2",
                (REVIEWS, *_measures("M09", "M10", "M12", "M13")),
            ),
            Duty(
                "Report antisocial behaviour cases, and those that involve hate, for each 1,000 "
                "homes.",
                "Tenant satisfaction measure NM01",
                (*_measures("M04", "M05"), FIGURES),
            ),
        ),
    ),
    Asker(
        "equality",
        "The Equality Act",
        (
            Duty(
                "Put an end to discrimination, harassment and victimisation: record hate as hate.",
                "Policy lines 147 to 154",
                _measures("M03", "M07", "M08"),
            ),
            Duty(
                "Give people the same chances, whichever group they belong to.",
                "Policy lines 147 to 154",
                (*_measures("M33"), IMPROVEMENTS),
            ),
            Duty(
                "Make smaller what people suffer because of who they are.",
                "Policy lines 147 to 154",
                _measures("M20", "M30", "M32"),
            ),
            Duty(
                "Meet needs that are different: support, and adjustments.",
                "Policy lines 147 to 154 and 182",
                _measures("M16", "M33"),
            ),
            Duty(
                "Encourage people to come forward where few of a group do.",
                "Policy lines 147 to 154",
                _measures("M34"),
            ),
            Duty(
                "Help people of different groups to get on with each other.",
                "Policy lines 147 to 154",
                _measures("M25"),
                "work in neighbourhoods",
            ),
            Duty(
                "Nobody is treated worse because of this policy, directly or indirectly.",
                "Policy line 182",
                (*_measures("M32", "M33"), IMPROVEMENTS),
                "whether enforcement is alike",
            ),
        ),
    ),
    Asker(
        "ombudsman",
        "The Housing Ombudsman",
        (
            Duty(
                "Record hate by itself, act early, look across all homes, and see who is reported "
                "again and again.",
                "Learning report, July 2025",
                _measures("M03", "M23", "M25"),
                "what action was taken",
            ),
            Duty(
                "Assess risk early and act on it; agree plans; work with others; keep in touch.",
                "Learning report, November 2024",
                _measures("M11", "M12", "M13", "M23"),
            ),
            Duty(
                "Record vulnerability well, train people, and be able to say what the records "
                "hold.",
                "Spotlight on knowledge and information, May 2023",
                (*_measures("M37", "M38"), ALL_MEASURES, RECOMMENDATIONS),
            ),
            Duty(
                "Take account of what is recommended to us.",
                "Policy line 186",
                (RECOMMENDATIONS, IMPROVEMENTS),
            ),
            Duty(
                "Record, answer and learn from complaints.",
                "Complaint Handling Code",
                _measures("M29"),
                "complaints",
            ),
        ),
    ),
    Asker(
        "data",
        "Data protection",
        (
            Duty(
                "Tell others nothing without permission or another lawful door.",
                "Policy lines 170 to 172; Data Protection Act 2018",
                (*_measures("M17", "M18"), REGISTER),
            ),
            Duty(
                "Know who saw and did what, and when.",
                "Data Protection Act 2018",
                (LEDGER, *_measures("M39")),
            ),
            Duty(
                "Publish no figure in which somebody can be recognised.",
                "Data Protection Act 2018",
                (REPORTS,),
            ),
        ),
    ),
    Asker(
        "policy",
        "Our own policy",
        (
            Duty(
                "Treat every incident as an emergency.",
                "Policy line 74",
                _measures("M09", "M10", "M11"),
            ),
            Duty(
                "Assess risk, and look again.", "Policy lines 82 and 162", _measures("M12", "M19")
            ),
            Duty("Agree the action with whom it happened to.", "Policy line 161", _measures("M13")),
            Duty("Encourage people to tell the police.", "Policy line 161", _measures("M15")),
            Duty(
                "Speak with the person harmed and with the third party.",
                "Policy line 166",
                _measures("M14"),
            ),
            Duty("See who is harmed again.", "Policy lines 67 and 113", _measures("M20")),
            Duty(
                "Train everybody who works with hate.", "Policy lines 176 to 178", _measures("M37")
            ),
            Duty(
                "Watch how well it works, and see to what is found.",
                "Policy lines 83 and 208",
                (REPORTS, ALL_MEASURES, IMPROVEMENTS),
                "audits and one-to-ones",
            ),
            Duty(
                "Review the policy on its day, and sooner where there is reason to.",
                "Policy lines 208 to 213",
                (REVIEWS,),
            ),
        ),
    ),
)
