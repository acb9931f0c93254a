"""The lists of what is recorded beside an incident or a part (domain 2.3, 2.4, HC-22, HC-39)."""

from __future__ import annotations

from django.db.models import IntegerChoices, TextChoices


class CrimeStatus(TextChoices):
    """Whether an incident is a crime, as far as anybody has said (domain 2.3, HC-24).

    It never changes whether we act, what we offer or what is counted.
    """

    NOT_ASSESSED = "NOT_ASSESSED", "Not assessed"
    POSSIBLE_CRIME = "POSSIBLE_CRIME", "May be a crime"
    REPORTED_AWAITING = "REPORTED_AWAITING", "Reported to the police, no answer yet"
    POLICE_CRIME = "POLICE_CRIME", "The police recorded a crime"
    POLICE_NOT_CRIME = "POLICE_NOT_CRIME", "The police say it is not a crime"
    POLICE_NOT_RECORDED = "POLICE_NOT_RECORDED", "The police did not record it"
    VICTIM_DECLINED_POLICE = "VICTIM_DECLINED_POLICE", "The victim does not want the police"
    CHARGED = "CHARGED", "Somebody is charged"
    CONVICTED = "CONVICTED", "Somebody was found guilty"
    NFA = "NFA", "The police take no further action"
    OUT_OF_COURT = "OUT_OF_COURT", "Settled out of court"
    ACQUITTED = "ACQUITTED", "Somebody was found not guilty"


class StrandKind(TextChoices):
    """What, within three of the characteristics, somebody says it was about (domain 2.1)."""

    PHYSICAL = "PHYSICAL", "Physical"
    LEARNING = "LEARNING", "Learning disability"
    MENTAL_HEALTH = "MENTAL_HEALTH", "Mental health"
    SENSORY = "SENSORY", "Sight or hearing"
    NEURODIVERGENCE = "NEURODIVERGENCE", "Neurodivergence"
    LONG_TERM = "LONG_TERM", "Long-term condition"
    VISIBLE = "VISIBLE_DIFFERENCE", "Visible difference"
    COLOUR = "COLOUR", "Colour"
    NATIONALITY = "NATIONALITY", "Nationality"
    ETHNICITY = "ETHNICITY", "Ethnicity"
    ORIGIN = "NATIONAL_ORIGIN", "National origin"
    GRT = "GYPSY_ROMA_TRAVELLER", "Gypsy, Roma or Traveller"
    MIGRANT = "MIGRANT", "Asylum, refugee or migrant status"
    MUSLIM = "MUSLIM", "Muslim"
    JEWISH = "JEWISH", "Jewish"
    SIKH = "SIKH", "Sikh"
    HINDU = "HINDU", "Hindu"
    CHRISTIAN = "CHRISTIAN", "Christian"
    SECTARIAN = "SECTARIAN", "Sectarian"
    OTHER_FAITH = "OTHER_RELIGION", "Another religion or belief"
    NO_FAITH = "NO_RELIGION", "No religion"


KINDS_OF: dict[str, tuple[StrandKind, ...]] = {
    "DISABILITY": (
        *(StrandKind.PHYSICAL, StrandKind.LEARNING, StrandKind.MENTAL_HEALTH),
        *(StrandKind.SENSORY, StrandKind.NEURODIVERGENCE, StrandKind.LONG_TERM),
        StrandKind.VISIBLE,
    ),
    "RACE": (
        *(StrandKind.COLOUR, StrandKind.NATIONALITY, StrandKind.ETHNICITY),
        *(StrandKind.ORIGIN, StrandKind.GRT, StrandKind.MIGRANT),
    ),
    "RELIGION": (
        *(StrandKind.MUSLIM, StrandKind.JEWISH, StrandKind.SIKH, StrandKind.HINDU),
        *(StrandKind.CHRISTIAN, StrandKind.SECTARIAN, StrandKind.OTHER_FAITH),
        StrandKind.NO_FAITH,
    ),
}
"""The kinds that can be named within a strand; the other strands have none."""


class Impact(IntegerChoices):
    """How it has affected the person harmed, as they say themselves (domain 2.4)."""

    NONE_STATED = 0, "None said"
    UPSET = 1, "Upset"
    CHANGED_LIFE = 2, "Changed how they live"
    AFRAID = 3, "Afraid or unwell, needed help"
    IN_DANGER = 4, "Cannot stay there tonight"
    NOT_ASKED = 9, "Not asked"


class CommunityImpact(IntegerChoices):
    """How it has affected others nearby (domain 2.4, HC-15)."""

    NONE_KNOWN = 0, "Nobody else that we know of"
    ONE_HOUSEHOLD = 1, "One other household"
    SEVERAL = 2, "Several households"
    TENSION = 3, "Tension in the area, or a risk of disorder"
    NOT_ASKED = 9, "Not asked"


class PropertyHarm(TextChoices):
    """What was done to the home (domain 2.4)."""

    NONE = "NONE", "None"
    COSMETIC = "COSMETIC", "Marked or dirtied"
    SECURITY = "SECURITY", "No longer secure"
    UNINHABITABLE = "UNINHABITABLE", "Nobody can live there"
    NOT_ASKED = "NOT_ASKED", "Not asked"


class Willing(TextChoices):
    """Whether somebody would be a witness (HC-39)."""

    YES = "YES", "Yes"
    NO = "NO", "No"
    NOT_SURE = "NOT_SURE", "Not decided"
    HEARSAY = "HEARSAY", "Only without their name, or only what others told them"


class PauseGround(TextChoices):
    """Why a clock may pause, and nothing else (domain 4.3)."""

    ASKED = "ASKED", "They asked for a later date"
    ATTEMPTS = "ATTEMPTS", "Three safe attempts, and no reply"


class Known(TextChoices):
    """What is known of somebody, without guessing."""

    YES = "YES", "Yes"
    NO = "NO", "No"
    NOT_KNOWN = "NOT_KNOWN", "Not known"


class RecordKind(TextChoices):
    """What is recorded about somebody's part, with a date and a person."""

    STATEMENT = "STATEMENT", "Statement taken"
    SELF_DESCRIBED = "SELF_DESCRIBED", "How they describe themselves"
    SPECIAL_MEASURES = "SPECIAL_MEASURES", "Special measures asked for"
    HR_REFERRED = "HR_REFERRED", "Referred to HR"
    HR_TOLD = "HR_TOLD", "HR told, with permission"


# HR's own business stays with HR: nothing but the day is kept here (HC-22).
HR_KINDS = frozenset({RecordKind.HR_REFERRED, RecordKind.HR_TOLD})
