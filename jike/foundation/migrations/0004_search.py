"""The search index, and how it is rebuilt by a role that does not own it.

Building from nothing is ten times quicker without the indexes, and entries of a unit are read together when they lie
together; so that the application's role may ask, through two
functions of the owner, to drop them and to make them again in order. The definitions here and on the model are the same; a test
compares them.
"""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.functions.text
from django.db import migrations, models

FORWARDS = """
ALTER TABLE foundation_searchentry ALTER COLUMN tokens SET STATISTICS 500;
ALTER TABLE foundation_searchentry ALTER COLUMN title SET STATISTICS 0;
ALTER TABLE foundation_searchentry ALTER COLUMN context SET STATISTICS 0;
ALTER TABLE foundation_searchentry ALTER COLUMN codes SET STATISTICS 0;

CREATE FUNCTION foundation_search_begin_rebuild() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    DROP INDEX IF EXISTS search_tokens;
    DROP INDEX IF EXISTS search_sample;
    DROP INDEX IF EXISTS search_unit;
    DROP INDEX IF EXISTS search_owner;
    DROP INDEX IF EXISTS search_beginning;
END $$;

CREATE FUNCTION foundation_search_end_rebuild() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public SET maintenance_work_mem = '512MB' AS $$
BEGIN
    CREATE INDEX IF NOT EXISTS search_unit ON foundation_searchentry (kind, unit);
    CLUSTER foundation_searchentry USING search_unit;
    CREATE INDEX IF NOT EXISTS search_tokens ON foundation_searchentry USING gin (tokens) WITH (fastupdate = off);
    CREATE INDEX IF NOT EXISTS search_sample ON foundation_searchentry (kind, turn);
    CREATE INDEX IF NOT EXISTS search_owner ON foundation_searchentry (owner) WHERE owner IS NOT NULL;
    CREATE INDEX IF NOT EXISTS search_beginning ON foundation_searchentry (left(names, 64));
    ANALYZE foundation_searchentry;
END $$;
"""
BACKWARDS = """
DROP FUNCTION foundation_search_begin_rebuild();
DROP FUNCTION foundation_search_end_rebuild();
"""


class Migration(migrations.Migration):
    dependencies = [("foundation", "0003_job_reports")]

    operations = [
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                ("uid", models.UUIDField(primary_key=True, serialize=False, verbose_name="uid")),
                ("kind", models.CharField(max_length=64, verbose_name="kind")),
                ("record", models.BigIntegerField(verbose_name="row")),
                ("owner", models.BigIntegerField(null=True, verbose_name="owner")),
                ("unit", models.BigIntegerField(null=True, verbose_name="unit")),
                ("turn", models.SmallIntegerField(verbose_name="turn")),
                ("title", models.TextField(verbose_name="title")),
                ("context", models.TextField(blank=True, verbose_name="context")),
                ("names", models.TextField(blank=True, db_collation="C", verbose_name="names as compared")),
                ("codes", models.TextField(blank=True, verbose_name="codes as compared")),
                ("tokens", django.contrib.postgres.search.SearchVectorField(verbose_name="words")),
            ],
            options={
                "verbose_name": "search entry",
                "verbose_name_plural": "search entries",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["tokens"], name="search_tokens"
                    ),
                    models.Index(fields=["kind", "turn"], name="search_sample"),
                    models.Index(fields=["kind", "unit"], name="search_unit"),
                    models.Index(
                        condition=models.Q(("owner__isnull", False)), fields=["owner"], name="search_owner"
                    ),
                    models.Index(django.db.models.functions.text.Left("names", 64), name="search_beginning"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "record"), name="search_record_once")
                ],
            },
        ),
        migrations.RunSQL(FORWARDS, BACKWARDS),
    ]
