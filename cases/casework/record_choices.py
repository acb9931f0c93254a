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
    SPECIAL_MEASURES = "SPECIAL_MEASURES", "Special measures asked for"
    HR_REFERRED = "HR_REFERRED", "Referred to HR"
    HR_TOLD = "HR_TOLD", "HR told, with permission"


# HR's own business stays with HR: nothing but the day is kept here (HC-22).
HR_KINDS = frozenset({RecordKind.HR_REFERRED, RecordKind.HR_TOLD})
