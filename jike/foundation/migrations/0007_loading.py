"""Loading empty tables without their indexes, and rebuilding the search index in the order in which it is read.

Copying a million customers into 20 indexes takes several times as long as making the indexes afterwards. The
application's role owns no table, so that it asks two functions of the owner. What was set aside stands in a temporary
table of the owner's, which nobody else can write; only empty tables are stripped, so that no data is ever without
its constraints.
"""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION foundation_begin_load(target regclass) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    filled boolean;
    statement text;
BEGIN
    EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', target);
    EXECUTE format('SELECT EXISTS (SELECT FROM %s)', target) INTO filled;
    IF filled THEN
        RETURN;
    END IF;
    SET CONSTRAINTS ALL IMMEDIATE;
    SET CONSTRAINTS ALL DEFERRED;
    CREATE TEMPORARY TABLE foundation_set_aside ON COMMIT DROP AS
        SELECT 1 AS turn, format('DROP INDEX %s', indexrelid::regclass) AS removing,
               pg_get_indexdef(indexrelid) AS making
        FROM pg_index
        WHERE indrelid = target AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
        UNION ALL
        SELECT 2, format('ALTER TABLE %s DROP CONSTRAINT %I', target, conname),
               format('ALTER TABLE %s ADD CONSTRAINT %I %s', target, conname, pg_get_constraintdef(oid))
        FROM pg_constraint
        WHERE conrelid = target AND contype = 'f';
    FOR statement IN SELECT removing FROM pg_temp.foundation_set_aside LOOP
        EXECUTE statement;
    END LOOP;
END $$;

CREATE FUNCTION foundation_end_load(target regclass) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET maintenance_work_mem = '512MB' AS $$
DECLARE
    statement text;
BEGIN
    IF EXISTS (SELECT FROM pg_class WHERE oid = to_regclass('pg_temp.foundation_set_aside')
               AND relowner = current_user::regrole) THEN
        FOR statement IN SELECT making FROM pg_temp.foundation_set_aside ORDER BY turn LOOP
            EXECUTE statement;
        END LOOP;
        DROP TABLE pg_temp.foundation_set_aside;
    END IF;
    EXECUTE format('ANALYZE %s', target);
END $$;

CREATE FUNCTION foundation_search_empty() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    TRUNCATE foundation_searchentry;
$$;

DROP FUNCTION foundation_search_end_rebuild();
CREATE FUNCTION foundation_search_end_rebuild(in_order boolean DEFAULT FALSE) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET maintenance_work_mem = '512MB' AS $$
BEGIN
    CREATE INDEX IF NOT EXISTS search_unit ON foundation_searchentry (kind, unit);
    IF NOT in_order THEN
        CLUSTER foundation_searchentry USING search_unit;
    END IF;
    CREATE INDEX IF NOT EXISTS search_tokens ON foundation_searchentry USING gin (tokens) WITH (fastupdate = off);
    CREATE INDEX IF NOT EXISTS search_sample ON foundation_searchentry (kind, turn);
    CREATE INDEX IF NOT EXISTS search_owner ON foundation_searchentry (owner) WHERE owner IS NOT NULL;
    CREATE INDEX IF NOT EXISTS search_beginning ON foundation_searchentry (left(names, 64));
    ANALYZE foundation_searchentry;
END $$;
"""
BACKWARDS = """
DROP FUNCTION foundation_begin_load(regclass);
DROP FUNCTION foundation_end_load(regclass);
DROP FUNCTION foundation_search_empty();
DROP FUNCTION foundation_search_end_rebuild(boolean);
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


class Migration(migrations.Migration):
    dependencies = [("foundation", "0006_task_attempts")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
