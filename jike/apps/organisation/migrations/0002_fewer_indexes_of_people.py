"""Two indexes of people fewer: others begin with the same column, and each costs every edit of a row.

Django keeps the pattern index of a text column whose collation changes; it is dropped by its name.
"""

import django.db.models.deletion
from django.db import migrations, models

PATTERNS = "organisation_person_staff_no_351d6acf_like"


class Migration(migrations.Migration):
    dependencies = [("organisation", "0001_organisation")]

    operations = [
        migrations.AlterField(
            model_name="person",
            name="staff_no",
            field=models.CharField(db_collation="C", max_length=32, unique=True, verbose_name="staff number"),
        ),
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
