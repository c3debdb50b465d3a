"""The order by what is due next holds running tickets alone, a hundredth of all; it serves the watch over them, too.

Boards read a city's finished tickets in that order, and PostgreSQL walked past everything that runs before it met the
first. What counts them finds the customer in the index.
"""

from django.db import migrations, models

STANDING = models.Q(("removed_at", None))
WATCHED = models.Q(("next_due_at__isnull", False), ("removed_at", None))


class Migration(migrations.Migration):
    dependencies = [("servicedesk", "0003_board_of_tickets")]

    operations = [
        migrations.RemoveIndex(model_name="ticket", name="ticket_by_due"),
        migrations.RemoveIndex(model_name="ticket", name="ticket_watched"),
        migrations.RemoveIndex(model_name="ticket", name="ticket_on_board"),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=WATCHED,
                fields=["next_due_at", "id"],
                include=("escalation",),
                name="ticket_by_due",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=STANDING,
                fields=["state", "next_due_at", "id"],
                include=("customer",),
                name="ticket_on_board",
            ),
        ),
    ]
