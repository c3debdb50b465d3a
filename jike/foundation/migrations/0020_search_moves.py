"""Where the search index keeps which records changed hands by the thousand, until their entries have followed."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("foundation", "0019_custom_field_data_key")]

    operations = [
        migrations.CreateModel(
            name="SearchMove",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=64)),
                (
                    "records",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                (
                    "fields",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80), size=None
                    ),
                ),
            ],
            options={
                "verbose_name": "search entries to be moved",
                "verbose_name_plural": "search entries to be moved",
            },
        ),
    ]
