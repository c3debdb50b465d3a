"""Who took part in an interaction: lists without a length in their type, which set-wise writing cannot name."""

import django.contrib.postgres.fields
from django.db import migrations, models


def _people(label: str) -> django.contrib.postgres.fields.ArrayField:
    return django.contrib.postgres.fields.ArrayField(
        base_field=models.UUIDField(), blank=True, default=list, editable=False, size=None, verbose_name=label
    )


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0011_customer_reached"),
    ]

    # PostgreSQL keeps no length with a list's type, so that the columns are so already.
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField("partyinteraction", "colleagues", _people("our people")),
                migrations.AlterField("partyinteraction", "people", _people("key persons")),
            ]
        ),
    ]
