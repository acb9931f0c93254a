"""Short, attributed quotations of the policy, by the line they stand on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Clause:
    """A quotation, the heading it stands under and its line in the policy."""

    words: str
    heading: str
    line: int


DEFINITION = Clause(
    "Any incident, which may or may not constitute a criminal offence, which is perceived by "
    "the victim or any other person, as being motivated by prejudice or hate.",
    "Definition of Hate Crime / Incident",
    105,
)
THIRD_PARTY = Clause(
    "If a third party perceives an incident to be motivated by prejudice or hate then this "
    "same definition will apply.",
    "Definition of Hate Crime / Incident",
    109,
)
NOT_HATE = Clause(
    "Behaviour identified as harassment but not a hate incident / crime will be dealt with "
    "through our Anti-Social Behaviour policy, but when we receive a report our initial call "
    "handling templates will seek to establish if hate is a likely motivator.",
    "Definition of Hate Crime / Incident",
    129,
)
MATE_CRIME = Clause(
    "For instances of 'mate crime' please refer to the Safeguarding Adults and Children policy "
    "and referral process if applicable.",
    "Mate Crime",
    133,
)
VICTIM_LED = Clause(
    "if a person or a third party feels that they or someone else has experience a hate crime "
    "we will deal with it under this policy",
    "Responding to Reports of Hate Incidents / Crime",
    160,
)
EMERGENCY = Clause(
    "We condemn all forms of hate incidents and crime and will treat all incidents reported to "
    "us as an emergency.",
    "Policy statement",
    74,
)
DOMESTIC_ABUSE = Clause("Domestic Abuse Policy", "Related policies", 219)
WITHOUT_PERMISSION = Clause(
    "Where we do not have the victims' consent and we consider there is a high risk of serious "
    "harm to anyone involved, we may make a report to the Police without the victim's consent. "
    "The Director of Customer Operations will approve any such disclosure.",
    "Confidentiality",
    172,
)
