"""New search entries wait in the index's pending list and are put in order many at a time.

An entry has some sixty lexemes; placing them one entry after the other costs about five times as much as ten thousand
entries together. The application's role owns no index, so that it asks a function of the owner to put them in order.
"""

import django.contrib.postgres.indexes
from django.db import migrations

PENDING = "fastupdate = on, gin_pending_list_limit = 65536"
REBUILD = """
CREATE OR REPLACE FUNCTION foundation_search_end_rebuild(in_order boolean DEFAULT FALSE) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET maintenance_work_mem = '512MB' AS $$
BEGIN
    CREATE INDEX IF NOT EXISTS search_unit ON foundation_searchentry (kind, unit);
    IF NOT in_order THEN
        CLUSTER foundation_searchentry USING search_unit;
    END IF;
    CREATE INDEX IF NOT EXISTS search_tokens ON foundation_searchentry USING gin (tokens) WITH (%s);
    CREATE INDEX IF NOT EXISTS search_sample ON foundation_searchentry (kind, turn);
    CREATE INDEX IF NOT EXISTS search_owner ON foundation_searchentry (owner) WHERE owner IS NOT NULL;
    CREATE INDEX IF NOT EXISTS search_beginning ON foundation_searchentry (left(names, 64));
    ANALYZE foundation_searchentry;
END $$;
"""
SETTLE = """
CREATE FUNCTION foundation_search_settle() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET maintenance_work_mem = '256MB' SET lock_timeout = '500ms' AS $$
BEGIN
    PERFORM gin_clean_pending_list('search_tokens');
EXCEPTION WHEN lock_not_available OR undefined_table OR undefined_object THEN
    NULL;  -- the index is being made anew, and then nothing waits in it
END $$;
"""
FORWARDS = f"ALTER INDEX search_tokens SET ({PENDING});{REBUILD % PENDING}{SETTLE}"
BACKWARDS = (
    "DROP FUNCTION foundation_search_settle();"
    "ALTER INDEX search_tokens RESET (gin_pending_list_limit);"
    f"ALTER INDEX search_tokens SET (fastupdate = off);{REBUILD % 'fastupdate = off'}"
)


class Migration(migrations.Migration):
    dependencies = [("foundation", "0014_custom_fields_and_tags")]

    operations = [
        migrations.RunSQL(
            FORWARDS,
            BACKWARDS,
            state_operations=[
                migrations.RemoveIndex(model_name="searchentry", name="search_tokens"),
                migrations.AddIndex(
                    model_name="searchentry",
                    index=django.contrib.postgres.indexes.GinIndex(
                        fields=["tokens"], gin_pending_list_limit=65536, name="search_tokens"
                    ),
                ),
            ],
        )
    ]
