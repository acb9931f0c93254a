"""The sealed ledger's own tables and functions (docs/decisions/0020-sealed-at-commit.md)."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql" / "ledger.sql"


def build(apps, schema_editor):
    schema_editor.execute(SQL.read_text(), params=None)


class Migration(migrations.Migration):
    dependencies = [("audit", "0006_told_their_level")]

    operations = [migrations.RunPython(build, migrations.RunPython.noop)]
