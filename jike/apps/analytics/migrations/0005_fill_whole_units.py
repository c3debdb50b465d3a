"""Add up the months of whole units from those of managers that are there, so that boards need not wait for the night."""

from django.db import migrations

FILL = """
    INSERT INTO analytics_portfoliomonth (month, unit_id, owner_id, grade, customers, revenue, arrears,
        sound, watch, danger, frozen_customers, frozen_kept, frozen_mean, frozen_revenue, whole, batch)
    SELECT month, place.id, NULL, grade, sum(customers), sum(revenue), sum(arrears), sum(sound), sum(watch),
        sum(danger), sum(frozen_customers), sum(frozen_kept), sum(frozen_mean), sum(frozen_revenue), TRUE,
        min(batch::text)::uuid
    FROM analytics_portfoliomonth AS fact JOIN organisation_unit AS unit ON unit.id = fact.unit_id
    CROSS JOIN LATERAL unnest(unit.ancestors || unit.id) AS place(id)
    GROUP BY month, place.id, grade"""


class Migration(migrations.Migration):
    """Fills rows; going back, they vanish with their column."""

    dependencies = [("analytics", "0004_whole_units")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
