"""Lists of the partner directory.  Codes are stable, labels may change (domain 2.12, 2.13)."""

from __future__ import annotations

from django.db.models import TextChoices


class AgencyKind(TextChoices):
    """What an agency is.  The last three are teams of our own: nothing leaves the building."""

    POLICE = "POLICE", "Police"
    LOCAL_AUTHORITY = "LOCAL_AUTHORITY", "Council"
    CPS = "CPS", "Crown Prosecution Service"
    PROBATION = "PROBATION", "Probation"
    FIRE = "FIRE", "Fire and rescue"
    HEALTH = "HEALTH", "NHS, integrated care board or GP"
    SCHOOL = "SCHOOL", "School or college"
    OTHER_LANDLORD = "OTHER_LANDLORD", "Another landlord"
    VICTIM_SUPPORT = "VICTIM_SUPPORT", "Support for victims"
    HATE_SPECIALIST = "HATE_SPECIALIST", "Specialist hate crime service"
    DA_SERVICE = "DA_SERVICE", "Domestic abuse service"
    DISABILITY = "DISABILITY", "Disability organisation"
    LGBT = "LGBT", "LGBT+ organisation"
    FAITH = "FAITH", "Faith organisation"
    RACE = "RACE", "Race equality organisation"
    MIGRANT_LEGAL = "MIGRANT_LEGAL", "Migrant or legal advice"
    MENTAL_HEALTH = "MENTAL_HEALTH", "Mental health service"
    ADVOCACY = "ADVOCACY", "Advocacy"
    THIRD_PARTY_CENTRE = "THIRD_PARTY_CENTRE", "Third-party reporting centre"
    REPRESENTATIVE = "REPRESENTATIVE", "MP or councillor"
    SOLICITOR = "SOLICITOR", "Solicitor"
    CONTRACTOR = "CONTRACTOR", "Contractor"
    HR = "HR", "Human resources, ours"
    SAFEGUARDING_TEAM = "SAFEGUARDING_TEAM", "Safeguarding, ours"
    DA_TEAM = "DA_TEAM", "Domestic abuse, ours"
    ASB_TEAM = "ASB_TEAM", "Antisocial behaviour, ours"


OWN_KINDS = frozenset(
    {AgencyKind.HR, AgencyKind.SAFEGUARDING_TEAM, AgencyKind.DA_TEAM, AgencyKind.ASB_TEAM}
)
"""Teams of Amplius: told on need to know, and recorded like everybody else."""


class CouncilService(TextChoices):
    """The part of a council an entry is: permission for one is none for another."""

    COMMUNITY_SAFETY = "COMMUNITY_SAFETY", "Community safety"
    ASB = "ASB", "Antisocial behaviour"
    HOUSING_OPTIONS = "HOUSING_OPTIONS", "Housing options"
    ADULT_CARE = "ADULT_CARE", "Adult social care"
    CHILD_CARE = "CHILD_CARE", "Children’s social care"
    ENVIRONMENT = "ENVIRONMENT", "Environmental health"
