"""Two indexes of people fewer, since each costs every edit of a row.

Another index begins with the unit; the pattern index of staff numbers, which Django makes beside every unique text,
serves case-sensitive beginnings, and nobody searches for those.
"""

import django.db.models.deletion
from django.db import migrations, models

PATTERNS = "organisation_person_staff_no_351d6acf_like"


class Migration(migrations.Migration):
    dependencies = [("organisation", "0001_organisation")]

    operations = [
        migrations.RunSQL(
            f"DROP INDEX IF EXISTS {PATTERNS}",
            f"CREATE INDEX {PATTERNS} ON organisation_person (staff_no varchar_pattern_ops)",
        ),
        migrations.AlterField(
            model_name="person",
            name="unit",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="people",
                to="organisation.unit",
                verbose_name="home unit",
            ),
        ),
    ]
