"""Comments are notes alone, for calls, messages and mails are interactions; a calendar may be read from outside.

The column ``way`` stays with its default until a later release, so that the code before this one goes on running.
"""

import django.db.models.functions.datetime
from django.db import migrations, models

import jike.values.identifiers


class Migration(migrations.Migration):
    dependencies = [
        ("foundation", "0012_held_exports"),
    ]

    operations = [
        migrations.CreateModel(
            name="CalendarFeed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=jike.values.identifiers.uid7, editable=False, unique=True)),
                ("person", models.UUIDField(unique=True)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("read_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "calendar feed",
                "verbose_name_plural": "calendar feeds",
            },
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField(model_name="comment", name="way")],
        ),
    ]
