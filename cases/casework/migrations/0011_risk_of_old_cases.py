"""Before there were assessments, the risk was the outcome of its clock, recorded by hand."""

from django.db import migrations

TAKEN = """
UPDATE casework_case c SET risk = upper(split_part(k.outcome, ':', 1))
FROM (
    SELECT DISTINCT ON (case_id) case_id, outcome FROM casework_clock
    WHERE kind = 'RISK' AND state = 'MET' ORDER BY case_id, met_at DESC, id DESC
) k
WHERE k.case_id = c.id
    AND upper(split_part(k.outcome, ':', 1)) IN ('STANDARD', 'MEDIUM', 'HIGH')
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0010_risk_level")]

    operations = [migrations.RunSQL(TAKEN, migrations.RunSQL.noop)]
