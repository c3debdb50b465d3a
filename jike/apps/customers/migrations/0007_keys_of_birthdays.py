"""Birthdays known before get the key by which those of the coming days are found; all of them are kept by the sun."""

from django.db import migrations

KEYS = """
UPDATE customers_keyperson SET birthday_key = extract(month FROM birthday) * 100 + extract(day FROM birthday)
WHERE birthday IS NOT NULL AND birthday_key IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0006_relationships_and_care"),
    ]

    operations = [
        migrations.RunSQL(KEYS, migrations.RunSQL.noop),
    ]
