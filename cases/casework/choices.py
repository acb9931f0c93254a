"""The lists cases are described with.  Codes are stable, labels may change (domain 2)."""

from __future__ import annotations

from django.db.models import TextChoices


class Strand(TextChoices):
    """The eight characteristics of the policy (line 117), and not yet clear (domain 2.1)."""

    AGE = "AGE", "Age"
    DISABILITY = "DISABILITY", "Disability"
    GENDER = "GENDER", "Gender"
    GENDER_ID = "GENDER_ID", "Gender identity"
    RACE = "RACE", "Race"
    RELIGION = "RELIGION", "Religion"
    SEX_ORIENT = "SEX_ORIENT", "Sexual orientation"
    APPEARANCE = "APPEARANCE", "Appearance"
    UNKNOWN_HATE = "UNKNOWN_HATE", "Not clear yet"


# The five strands the regulator and the police count (domain 2.1).
TSM_STRANDS = frozenset(
    {Strand.DISABILITY, Strand.RACE, Strand.RELIGION, Strand.SEX_ORIENT, Strand.GENDER_ID}
)


class Basis(TextChoices):
    """How a strand is linked to the person (HC-27): asked once a strand is named."""

    ACTUAL = "ACTUAL", "They are"
    PERCEIVED = "PERCEIVED", "They are thought to be"
    ASSOCIATION = "ASSOCIATION", "Somebody close to them is"
    NOT_STATED = "NOT_STATED", "Not said"


class IncidentType(TextChoices):
    """Forms of incident (domain 2.2a); the order puts what is heard most first."""

    VERBAL = "VERBAL", "Verbal abuse or insults"
    HARASS = "HARASS", "Harassment"
    SPITTING = "SPITTING", "Spitting"
    DAMAGE = "DAMAGE", "Damage to property"
    THREAT = "THREAT", "Threats"
    GRAFFITI = "GRAFFITI", "Offensive graffiti"
    ASSAULT = "ASSAULT", "Physical assault"
    ONLINE = "ONLINE", "Online abuse"
    BULLYING = "BULLYING", "Bullying"
    BELONG = "BELONG", "Damage to belongings"
    ARSON = "ARSON", "Arson"
    ARSON_ATT = "ARSON_ATT", "Attempted arson"
    RIDICULE = "RIDICULE", "Ridicule of cultural differences"
    JOKES = "JOKES", "Offensive jokes or comments"
    THREAT_BEH = "THREAT_BEH", "Threatening or abusive behaviour or gestures"
    MATERIAL = "MATERIAL", "Offensive letters, leaflets, posters or symbols"
    RUBBISH = "RUBBISH", "Rubbish or worse left at or put into the home"
    MALCOMP = "MALCOMP", "Complaints made because of who somebody is"
    PET = "PET", "Harm to a pet or assistance dog"
    DISCRIM_SERVICE = "DISCRIM_SERVICE", "Treated differently by a colleague or contractor"
    NOISE = "NOISE", "Noise or nuisance"
    OTHER = "OTHER", "Something else"


SERIOUSNESS = (
    IncidentType.ARSON,
    IncidentType.ASSAULT,
    IncidentType.THREAT,
    IncidentType.DAMAGE,
    IncidentType.HARASS,
)


class MateCrime(TextChoices):
    """Forms of mate crime (policy lines 137 to 143, domain 2.2b)."""

    FINANCIAL = "FINANCIAL", "Takes or borrows money or things"
    PHYSICAL = "PHYSICAL", "Hurts them"
    EMOTIONAL = "EMOTIONAL", "Misleads them, controls them or makes them feel worthless"
    SEXUAL = "SEXUAL", "Sexual"
    CRIMINAL_EXPLOIT = "CRIMINAL_EXPLOIT", "Gets them to break the law"
    CUCKOOING = "CUCKOOING", "Has taken over their home"


class Relationship(TextChoices):
    """Who the respondent is to the person harmed (domain 2.5)."""

    NEIGHBOUR_ADJ = "NEIGHBOUR_ADJ", "Next-door neighbour"
    NEIGHBOUR_BLOCK = "NEIGHBOUR_BLOCK", "Neighbour in the same block"
    NEIGHBOUR_AREA = "NEIGHBOUR_AREA", "Lives nearby"
    HOUSEHOLD_MEMBER = "HOUSEHOLD_MEMBER", "Lives in the same home"
    PARTNER_EX = "PARTNER_EX", "Partner or former partner"
    FAMILY = "FAMILY", "Family"
    FRIEND_ACQ = "FRIEND_ACQ", "Friend or somebody they know"
    CARER_SUPPORT = "CARER_SUPPORT", "Carer or support worker"
    VISITOR_OF_RESIDENT = "VISITOR_OF_RESIDENT", "Visits a neighbour"
    LANDLORD_COLLEAGUE = "LANDLORD_COLLEAGUE", "Works for us"
    CONTRACTOR = "CONTRACTOR", "Contractor"
    TENANT_OF_SAME_SCHEME = "TENANT_OF_SAME_SCHEME", "Lives in the same scheme"
    STRANGER_LOCAL = "STRANGER_LOCAL", "Stranger seen locally"
    STRANGER = "STRANGER", "Stranger"
    ONLINE_KNOWN = "ONLINE_KNOWN", "Known, online"
    ONLINE_UNKNOWN = "ONLINE_UNKNOWN", "Unknown, online"
    GROUP = "GROUP", "A group"
    UNKNOWN = "UNKNOWN", "Not known"


class Location(TextChoices):
    """Where it happened (domain 2.6)."""

    VICTIM_HOME = "VICTIM_HOME", "In the home"
    VICTIM_GARDEN_BALCONY = "VICTIM_GARDEN_BALCONY", "Garden or balcony"
    COMMUNAL_INSIDE = "COMMUNAL_INSIDE", "Inside the block"
    COMMUNAL_OUTSIDE = "COMMUNAL_OUTSIDE", "Outside the block"
    ESTATE_STREET = "ESTATE_STREET", "Street or estate"
    ONLINE_PHONE = "ONLINE_PHONE", "Online or by phone"
    CAR_PARK = "CAR_PARK", "Car park"
    SCHEME_CARE_SUPPORT = "SCHEME_CARE_SUPPORT", "Care and Support scheme"
    AMPLIUS_OFFICE = "AMPLIUS_OFFICE", "Our office"
    COLLEAGUE_SITE_VISIT = "COLLEAGUE_SITE_VISIT", "On a visit by a colleague"
    SHOP = "SHOP", "Shop"
    TRANSPORT = "TRANSPORT", "Bus, train or taxi"
    EDUCATION = "EDUCATION", "School or college"
    WORKPLACE = "WORKPLACE", "Work"
    WORSHIP = "WORSHIP", "Place of worship"
    PARK = "PARK", "Park"
    OTHER_PUBLIC = "OTHER_PUBLIC", "Somewhere else"
    UNKNOWN = "UNKNOWN", "Not known"


# Places that are ours to look after: they bring a report into scope (domain 10, rule 7).
OUR_LAND = frozenset(
    {
        Location.VICTIM_HOME,
        Location.VICTIM_GARDEN_BALCONY,
        Location.COMMUNAL_INSIDE,
        Location.COMMUNAL_OUTSIDE,
        Location.CAR_PARK,
        Location.SCHEME_CARE_SUPPORT,
        Location.AMPLIUS_OFFICE,
        Location.COLLEAGUE_SITE_VISIT,
    }
)


class When(TextChoices):
    """How well the date is known."""

    EXACT = "EXACT", "Exact"
    ABOUT = "ABOUT", "About"
    UNKNOWN = "UNKNOWN", "Not known"


class Capacity(TextChoices):
    """In what capacity somebody holds a view (HC-23)."""

    VICTIM = "VICTIM", "victim"
    THIRD_PARTY = "THIRD_PARTY", "third party"
    WITNESS = "WITNESS", "witness"
    OFFICER = "OFFICER", "took the report"
    AGENCY = "AGENCY", "another agency"


class Holds(TextChoices):
    """What somebody thinks about whether hate was part of it."""

    YES = "YES", "Thinks so"
    NOT_SURE = "NOT_SURE", "Not sure"
    NO = "NO", "Does not think so"


class Part(TextChoices):
    """A person's part in a case.  "Respondent" is always alleged (HC-02)."""

    VICTIM = "VICTIM", "Victim"
    THIRD_PARTY = "THIRD_PARTY", "Third party"
    WITNESS = "WITNESS", "Witness"
    RESPONDENT = "RESPONDENT", "Respondent, alleged"


class VictimRole(TextChoices):
    """Who the victim is to Amplius (HC-13)."""

    TENANT = "TENANT", "Holds the tenancy or lease"
    HOUSEHOLD = "HOUSEHOLD", "Lives in the home"
    FAMILY = "FAMILY", "Family, lives elsewhere"
    VISITOR = "VISITOR", "Visitor"
    CARER = "CARER", "Carer"
    COLLEAGUE = "COLLEAGUE", "Colleague"
    CONTRACTOR = "CONTRACTOR", "Contractor"
    UNKNOWN = "UNKNOWN", "Not known yet"
    NONE = "NONE", "No link to us"


class Stage(TextChoices):
    """The stages of domain 2.10."""

    RECEIVED = "RECEIVED", "Received"
    TRIAGE = "TRIAGE", "Triage"
    CONTACT = "CONTACT", "Contact"
    ASSESS = "ASSESS", "Assess"
    PLAN = "PLAN", "Plan"
    INVESTIGATE = "INVESTIGATE", "Investigate and act"
    MONITOR = "MONITOR", "Monitor"
    CLOSE_PROPOSED = "CLOSE_PROPOSED", "Closing proposed"
    CLOSED = "CLOSED", "Closed"
    AFTERCARE = "AFTERCARE", "Aftercare"
    ARCHIVED = "ARCHIVED", "Archived"
    ON_HOLD = "ON_HOLD", "On hold"
    REOPENED = "REOPENED", "Reopened"
    MERGED = "MERGED", "Joined to another"
    VOID = "VOID", "Void"


_WORKING = (
    Stage.CONTACT,
    Stage.ASSESS,
    Stage.PLAN,
    Stage.INVESTIGATE,
    Stage.MONITOR,
)
OPEN_STAGES = frozenset(
    {*_WORKING, Stage.RECEIVED, Stage.TRIAGE, Stage.ON_HOLD, Stage.REOPENED, Stage.CLOSE_PROPOSED}
)

STAGES: dict[str, frozenset[str]] = {
    Stage.RECEIVED: frozenset({Stage.TRIAGE, Stage.VOID}),
    Stage.TRIAGE: frozenset({Stage.CONTACT, Stage.MERGED, Stage.VOID}),
    Stage.CONTACT: frozenset({Stage.ASSESS, Stage.ON_HOLD, Stage.MERGED, Stage.VOID}),
    Stage.ASSESS: frozenset({Stage.PLAN, Stage.ON_HOLD, Stage.MERGED, Stage.VOID}),
    Stage.PLAN: frozenset({Stage.INVESTIGATE, Stage.ON_HOLD, Stage.MERGED, Stage.VOID}),
    Stage.INVESTIGATE: frozenset({Stage.MONITOR, Stage.ON_HOLD, Stage.MERGED, Stage.VOID}),
    Stage.MONITOR: frozenset(
        {Stage.INVESTIGATE, Stage.CLOSE_PROPOSED, Stage.ON_HOLD, Stage.MERGED, Stage.VOID}
    ),
    Stage.CLOSE_PROPOSED: frozenset({Stage.CLOSED, Stage.MONITOR}),
    Stage.CLOSED: frozenset({Stage.AFTERCARE, Stage.REOPENED}),
    Stage.AFTERCARE: frozenset({Stage.ARCHIVED, Stage.REOPENED}),
    Stage.ARCHIVED: frozenset(),
    Stage.REOPENED: frozenset({Stage.CONTACT}),
    Stage.ON_HOLD: frozenset(_WORKING),
    # Back to where it was, when the two accounts turn out to be of two incidents after all.
    Stage.MERGED: frozenset({Stage.TRIAGE, *_WORKING}),
    Stage.VOID: frozenset(),
}


class RiskLevel(TextChoices):
    """The three bands of risk (domain 3.3), least first."""

    STANDARD = "STANDARD", "Standard"
    MEDIUM = "MEDIUM", "Medium"
    HIGH = "HIGH", "High"


class Access(TextChoices):
    """Why somebody may see a case (domain 7.1: need to know, by assignment)."""

    LEAD = "LEAD", "Lead officer"
    COVER = "COVER", "Covers for the lead"
    INTAKE = "INTAKE", "Took the report"
    REFERRED = "REFERRED", "The case was referred to them"
    NAMED = "NAMED", "Named on a restricted case"
    SAMPLE = "SAMPLE", "Audit sample"


class ConflictSource(TextChoices):
    """How a conflict of interest came to be known."""

    SELF = "SELF", "Their own record"
    RELATIVE = "RELATIVE", "A declared relative or friend"
    ADDRESS = "ADDRESS", "Lives, or lived, at the address"
    DECLARED = "DECLARED", "They said so"


class ContactKind(TextChoices):
    """Attempts are logged but never meet a clock (domain 4.2)."""

    INTERACTION = "INTERACTION", "We spoke or wrote to each other"
    ATTEMPT = "ATTEMPT", "An attempt: no reply yet"


class NoteKind(TextChoices):
    """Every note is internal; its kind says what for."""

    CASE = "CASE", "Case note"
    ADVICE = "ADVICE", "Advice from a colleague"
    HANDOVER = "HANDOVER", "Hand-over"
    SUPERVISION = "SUPERVISION", "Manager's note"


class ClockState(TextChoices):
    """Whether a promise still runs."""

    RUNNING = "RUNNING", "Running"
    PAUSED = "PAUSED", "On hold"
    MET = "MET", "Met"
    NOT_APPLICABLE = "NOT_APPLICABLE", "Does not apply"


CLOCK_STATES: dict[str, frozenset[str]] = {
    ClockState.RUNNING: frozenset({ClockState.PAUSED, ClockState.MET, ClockState.NOT_APPLICABLE}),
    ClockState.PAUSED: frozenset({ClockState.RUNNING, ClockState.MET, ClockState.NOT_APPLICABLE}),
    ClockState.MET: frozenset(),
    ClockState.NOT_APPLICABLE: frozenset({ClockState.RUNNING}),
}
