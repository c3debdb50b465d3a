"""Tasks may have come from an interaction, or from care for a key person."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tasks", "0001_tasks"),
    ]

    operations = [
        migrations.AlterField(
            model_name="task",
            name="source",
            field=models.CharField(
                choices=[
                    ("hand", "Entered by hand"),
                    ("visit", "Visit"),
                    ("interaction", "Interaction"),
                    ("opportunity", "Opportunity"),
                    ("quote", "Quote"),
                    ("agreement", "Agreement"),
                    ("order", "Order"),
                    ("ticket", "Ticket"),
                    ("warning", "Early warning"),
                    ("plan", "Plan of the week"),
                    ("care", "Care for a key person"),
                ],
                default="hand",
                editable=False,
                max_length=11,
                verbose_name="came from",
            ),
        ),
    ]
