"""The key of a custom field's values has a name of its own, beside the key of its row; the column stays."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("foundation", "0018_custom_field_formula")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveConstraint("customfield", "custom_field_key_once"),
                migrations.RenameField("customfield", "key", "data_key"),
                migrations.AlterField(
                    "customfield",
                    "data_key",
                    models.CharField(
                        blank=True,
                        db_column="key",
                        help_text="Names the field to programs and in formulas; it never changes. Made from the name if left empty.",
                        max_length=32,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z][a-z0-9_]*\\Z", "Small letters, figures and _ only."
                            )
                        ],
                        verbose_name="key",
                    ),
                ),
                migrations.AddConstraint(
                    "customfield",
                    models.UniqueConstraint(
                        fields=("of_kind", "data_key"),
                        name="custom_field_key_once",
                        violation_error_message="Another field has, or had, this key; its values are still kept.",
                    ),
                ),
            ]
        )
    ]
