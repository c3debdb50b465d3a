"""Count the months billed so far; runs and payments keep the sums from here on."""

from django.db import migrations

COUNT = """
INSERT INTO inventory_billmonth (month, bills, amount, owed)
SELECT month, count(*), sum(amount), sum(owed) FROM inventory_bill WHERE removed_at IS NULL GROUP BY month
ON CONFLICT (month) DO UPDATE SET bills = excluded.bills, amount = excluded.amount, owed = excluded.owed"""


class Migration(migrations.Migration):
    dependencies = [("inventory", "0002_bill_months")]

    operations = [migrations.RunSQL(COUNT, migrations.RunSQL.noop)]
