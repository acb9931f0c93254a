"""When each account first reached us: of its report where it has one, else when it was recorded.

Reports belong to a higher app, which is why this migration comes after theirs.
"""

from django.db import migrations, models

HELP = "When this account of it first reached us."
TAKEN = """
UPDATE casework_incident i SET reported_at = COALESCE(
    (SELECT min(r.received_at) FROM intake_report r
     JOIN intake_reportincident t ON t.report_id = r.id WHERE t.incident_id = i.id),
    i.recorded_at
);
-- History is never altered, except here, where it gains a column.
ALTER TABLE casework_historicalincident DISABLE TRIGGER USER;
UPDATE casework_historicalincident h SET reported_at = COALESCE(
    (SELECT i.reported_at FROM casework_incident i WHERE i.id = h.id), h.recorded_at
);
ALTER TABLE casework_historicalincident ENABLE TRIGGER USER;
"""


def moment(null):
    return models.DateTimeField(help_text=HELP, null=null)


def of_both(operation, **options):
    return [
        operation(model_name=name, name="reported_at", **options)
        for name in ("incident", "historicalincident")
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0011_risk_of_old_cases"),
        ("intake", "0003_facts_stay"),
    ]

    operations = [
        *of_both(migrations.AddField, field=moment(True)),
        migrations.RunSQL(TAKEN, migrations.RunSQL.noop),
        *of_both(migrations.AlterField, field=moment(False)),
    ]
