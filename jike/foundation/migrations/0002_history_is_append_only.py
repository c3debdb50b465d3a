"""What makes the change stream append-only, and how a row of it becomes bytes.

`foundation_change_digest` is the one definition of a row's digest: the sealer and the verification both use it. The
triggers hold for every role; the application's role is also denied UPDATE and DELETE (jike.site.migrating).
"""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION foundation_change_digest(c foundation_change) RETURNS bytea
LANGUAGE sql STABLE PARALLEL SAFE
RETURN sha256(record_send(ROW(c.id, c.era, c.recorded_at, c.request, c.actor_kind, c.actor, c.actor_name, c.on_behalf,
                              c.kind, c.uid, c.version, c.verb, c.fields, c.digests)));

CREATE FUNCTION foundation_refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'history is append-only: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE FUNCTION foundation_only_forget() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.change_id <> OLD.change_id OR cardinality(NEW.payloads) <> cardinality(OLD.payloads) OR EXISTS (
        SELECT 1 FROM unnest(OLD.payloads, NEW.payloads) AS pair(was, becomes)
        WHERE becomes IS NOT NULL AND becomes IS DISTINCT FROM was)
    THEN
        RAISE EXCEPTION 'recorded values can be forgotten, not changed' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION foundation_forget(about_kind text, about uuid, names text[]) RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    WITH erased AS (
        UPDATE foundation_changevalues v
        SET payloads = CASE WHEN names IS NULL THEN array_fill(NULL::text, ARRAY[cardinality(v.payloads)]) ELSE ARRAY(
            SELECT CASE WHEN one.field = ANY (names) THEN NULL ELSE one.payload END
            FROM unnest(c.fields, v.payloads) WITH ORDINALITY AS one(field, payload, place) ORDER BY one.place) END
        FROM foundation_change c
        WHERE c.kind = about_kind AND c.uid = about AND v.change_id = c.id AND c.verb <> 'forget'
          AND (names IS NULL OR c.fields::text[] && names)
        RETURNING 1)
    SELECT count(*)::integer FROM erased
$$;
REVOKE EXECUTE ON FUNCTION foundation_forget(text, uuid, text[]) FROM PUBLIC;

CREATE TRIGGER change_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON foundation_change
    FOR EACH STATEMENT EXECUTE FUNCTION foundation_refuse_rewriting();
CREATE TRIGGER seal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON foundation_seal
    FOR EACH STATEMENT EXECUTE FUNCTION foundation_refuse_rewriting();
CREATE TRIGGER values_stay BEFORE DELETE OR TRUNCATE ON foundation_changevalues
    FOR EACH STATEMENT EXECUTE FUNCTION foundation_refuse_rewriting();
CREATE TRIGGER values_only_forget BEFORE UPDATE ON foundation_changevalues
    FOR EACH ROW EXECUTE FUNCTION foundation_only_forget();

INSERT INTO foundation_streamera (number) VALUES (1);
"""
BACKWARDS = """
DROP TRIGGER values_only_forget ON foundation_changevalues;
DROP TRIGGER values_stay ON foundation_changevalues;
DROP TRIGGER seal_append_only ON foundation_seal;
DROP TRIGGER change_append_only ON foundation_change;
DROP FUNCTION foundation_forget(text, uuid, text[]);
DROP FUNCTION foundation_only_forget();
DROP FUNCTION foundation_refuse_rewriting();
DROP FUNCTION foundation_change_digest(foundation_change);
DELETE FROM foundation_streamera;
"""


class Migration(migrations.Migration):
    dependencies = [("foundation", "0001_records")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
