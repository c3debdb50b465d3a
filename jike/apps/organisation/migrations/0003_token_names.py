"""Whoever takes a token back must be able to tell it from the others: its name is given once per person."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organisation", "0002_fewer_indexes_of_people")]

    operations = [
        migrations.AddConstraint(
            model_name="token",
            constraint=models.UniqueConstraint(
                condition=models.Q(("removed_at", None)),
                fields=("person", "name"),
                name="token_name_once_per_person",
                violation_error_message="You already have a token of this name.",
            ),
        ),
    ]
