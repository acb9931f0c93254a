"""The directory begins with these (domain 2.12), and with our own teams.

Nobody has checked any of them: verified_on stays empty, so that each is shown as not checked yet
until somebody rings.  A number stands here only where the source gives one.  Whoever reads later
what the directory said sees the job that wrote this: migrate.
"""

from django.db import migrations

RING_FIRST = "Numbers and the area it covers are to be found out."

# Name, short name, kind, characteristics (none: all), for what one goes there, note, number.
ENTRIES = (
    (
        "Police: 999, 101 and True Vision",
        *("police", "POLICE", ()),
        "999 while anybody is in danger. 101, or True Vision online, to report what has happened.",
        "True Vision is the website of the police for reporting hate. To tell a force anything, "
        "add that force and the unit that takes it.",
        "999 or 101",
    ),
    (
        "Victim Support",
        *("victim-support", "VICTIM_SUPPORT", ()),
        "Somebody to talk to and practical help, whether or not the police are told.",
        *(RING_FIRST, ""),
    ),
    (
        "Stop Hate UK",
        *("stop-hate-uk", "HATE_SPECIALIST", ()),
        "Reporting to somebody other than the police, and support.",
        "The number is its line for people with a learning disability, from an older page. Which "
        "areas it covers is to be found out.",
        "0800 138 1625",
    ),
    (
        "Crimestoppers",
        *("crimestoppers", "THIRD_PARTY_CENTRE", ()),
        "Telling what one knows about a crime without giving a name.",
        *("", "0800 555 111"),
    ),
    (
        "British Muslim Trust",
        *("british-muslim-trust", "HATE_SPECIALIST", ("RELIGION",)),
        "Hatred against Muslims: reporting it, and support.",
        "Funded by the government since autumn 2025 to keep count of hatred against Muslims; "
        "opened in February 2026.",
        "",
    ),
    (
        "Tell MAMA",
        *("tell-mama", "HATE_SPECIALIST", ("RELIGION",)),
        "Hatred against Muslims: reporting it, and support.",
        "Its government funding ended in 2025; it works on by itself.",
        "",
    ),
    (
        "CST, the Community Security Trust",
        *("cst", "HATE_SPECIALIST", ("RACE", "RELIGION")),
        "Hatred against Jews: reporting it, support, and safety of places.",
        *(RING_FIRST, ""),
    ),
    (
        "Galop",
        *("galop", "LGBT", ("GENDER_ID", "SEX_ORIENT")),
        "Abuse of LGBT+ people: support and advice.",
        *(RING_FIRST, ""),
    ),
    (
        "Mencap",
        *("mencap", "DISABILITY", ("DISABILITY",)),
        "People with a learning disability, mate crime among it.",
        *(RING_FIRST, ""),
    ),
    (
        "Dimensions",
        *("dimensions", "DISABILITY", ("DISABILITY",)),
        "People with a learning disability or autism, mate crime among it.",
        *(RING_FIRST, ""),
    ),
    (
        "ARC and its local Safety Net groups",
        *("arc-safety-net", "DISABILITY", ("DISABILITY",)),
        "Mate crime: spotting it, and staying safe.",
        "Whether there is a group near is to be found out.",
        "",
    ),
    (
        "Age UK",
        *("age-uk", "ADVOCACY", ("AGE",)),
        "Older people: advice, and somebody to speak for them.",
        *(RING_FIRST, ""),
    ),
    (
        "Hourglass",
        *("hourglass", "ADVOCACY", ("AGE",)),
        "Harm and abuse of older people.",
        *(RING_FIRST, ""),
    ),
    (
        "The Sophie Lancaster Foundation",
        *("sophie-lancaster-foundation", "HATE_SPECIALIST", ("APPEARANCE",)),
        "People hated for how they dress or look, alternative subcultures among them.",
        *(RING_FIRST, ""),
    ),
    (
        "Changing Faces",
        *("changing-faces", "ADVOCACY", ("APPEARANCE",)),
        "People with a visible difference: a mark, a scar, a condition.",
        *(RING_FIRST, ""),
    ),
    (
        "Friends, Families and Travellers",
        *("friends-families-and-travellers", "RACE", ("RACE",)),
        "Gypsies, Roma and Travellers: advice and support.",
        *(RING_FIRST, ""),
    ),
    (
        "Report Racism GRT",
        *("report-racism-grt", "RACE", ("RACE",)),
        "Racism against Gypsies, Roma and Travellers: reporting it.",
        *(RING_FIRST, ""),
    ),
    (
        "ASB Help",
        *("asb-help", "ADVOCACY", ()),
        "Advice on asking a council for an ASB case review.",
        *(RING_FIRST, ""),
    ),
    (
        "Safeguarding team",
        *("safeguarding-team", "SAFEGUARDING_TEAM", ()),
        "A child or an adult who may be at risk of harm.",
        *("", ""),
    ),
    (
        "Domestic Abuse team",
        *("domestic-abuse-team", "DA_TEAM", ()),
        "Harm from a partner, a former partner or family.",
        *("", ""),
    ),
    (
        "Antisocial Behaviour team",
        *("antisocial-behaviour-team", "ASB_TEAM", ()),
        "Antisocial behaviour that nobody thinks is hate.",
        *("", ""),
    ),
    (
        "Human Resources",
        *("human-resources", "HR", ()),
        "A colleague of ours is involved.",
        *("", ""),
    ),
)


def add(apps, schema_editor):
    """Add those that are not there by name or address; the write says who and what for."""
    agency = apps.get_model("partners", "Agency")
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('app.actor', 'migrate', true),"
            " set_config('app.purpose', 'partners.first_entries', true)"
        )
    for name, slug, kind, strands, helps_with, note, number in ENTRIES:
        there = agency.objects.filter(name__iexact=name) | agency.objects.filter(slug=slug)
        if not there.exists():
            agency.objects.create(
                name=name,
                slug=slug,
                kind=kind,
                strands=list(strands),
                helps_with=helps_with,
                note=note,
                public_phone=number,
            )


class Migration(migrations.Migration):
    dependencies = [("partners", "0002_strands_known")]

    # Nothing is taken away again: entries are ended, never removed.
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
