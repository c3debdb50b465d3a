"""The members that a file brought or took away are found without reading everybody's."""

import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0014_hand_over_words"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="member",
            index=django.contrib.postgres.indexes.BrinIndex(
                autosummarize=True, fields=["batch"], name="member_joined_by"
            ),
        ),
        migrations.AddIndex(
            model_name="member",
            index=models.Index(
                condition=models.Q(left_batch__isnull=False), fields=["left_batch"], name="member_left_by"
            ),
        ),
    ]
