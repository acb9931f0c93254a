from django.db import migrations

# What `manage.py createcachetable` would make; here, so that migrating is enough.
TABLE = """
CREATE TABLE IF NOT EXISTS cache (
    cache_key varchar(255) NOT NULL PRIMARY KEY,
    value text NOT NULL,
    expires timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS cache_expires ON cache (expires);
"""


class Migration(migrations.Migration):
    """The table behind the shared cache, which counts wrong passwords."""

    dependencies = [("staff", "0002_withdrawn_roles")]

    operations = [migrations.RunSQL(TABLE, "DROP TABLE IF EXISTS cache")]
