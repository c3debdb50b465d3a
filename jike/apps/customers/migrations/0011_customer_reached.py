"""Let what is reached through its customer find out whose it is without reading the customer's row."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds an index."""

    dependencies = [("customers", "0010_member_runs")]

    operations = [
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(fields=["id"], include=("unit", "owner", "uid"), name="customer_reached"),
        ),
    ]
