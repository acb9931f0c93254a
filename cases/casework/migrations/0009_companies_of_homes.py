"""A case's company is that of its home, where both are known (HC-20)."""

from django.db import migrations

TAKEN = """
UPDATE casework_case c SET entity_id = p.entity_id FROM people_property p
WHERE p.id = c.home_id AND c.entity_id IS NULL AND p.entity_id IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0008_statuses_and_records")]

    operations = [migrations.RunSQL(TAKEN, migrations.RunSQL.noop)]
