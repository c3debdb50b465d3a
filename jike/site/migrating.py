"""Migrating: as the owner, and then telling the database what the application's role may do.

The application reads and writes rows, but owns nothing: it can neither change the schema nor touch history, on which it
may only INSERT and SELECT.
"""

from django.apps import apps
from django.core.management import call_command
from django.db import connection
from psycopg import sql

__all__ = ["APPEND_ONLY", "grant_application_role", "leave_room_for_edits", "migrate"]

APPEND_ONLY = ("foundation_change", "foundation_changevalues", "foundation_seal")
READ_ONLY = ("foundation_streamera", "django_migrations")
FILLED_PERCENT = 90


def migrate(application_role: str, *, verbosity: int = 0) -> None:
    """Bring the schema up to date (this process must be the owner) and grant the application role its part."""
    call_command("migrate", verbosity=verbosity, interactive=False)
    leave_room_for_edits()
    grant_application_role(application_role)


def leave_room_for_edits() -> None:
    """Fill the pages of records only to a part: an edited row that stays on its page leaves the indexes alone.

    Halves the time of bulk edits; tables for which a migration chose otherwise keep their choice.
    """
    from jike.foundation.models import Record  # the doctor reads this module before Django is set up

    tables = [model._meta.db_table for model in apps.get_models() if issubclass(model, Record)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relname = ANY(%s) AND relkind = 'r'"
            " AND relnamespace = 'public'::regnamespace"
            " AND NOT coalesce(array_to_string(reloptions, ','), '') LIKE '%%fillfactor%%'",
            [tables],
        )
        for (table,) in cursor.fetchall():
            statement = sql.SQL("ALTER TABLE {} SET (fillfactor = {})")
            cursor.execute(statement.format(sql.Identifier(table), sql.Literal(FILLED_PERCENT)))


def grant_application_role(role: str) -> None:
    """Grant ``role`` what the web and job processes need; nothing to do where it is the owner itself."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        if cursor.fetchone()[0] == role:
            return
        name = sql.Identifier(role)
        history = sql.SQL(", ").join(map(sql.Identifier, APPEND_ONLY))
        read_only = sql.SQL(", ").join(map(sql.Identifier, READ_ONLY))
        for statement in (
            sql.SQL("GRANT USAGE ON SCHEMA public TO {role}"),
            sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}"),
            sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}"),
            sql.SQL("GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {role}"),
            sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {history} FROM {role}"),
            sql.SQL("REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON {read_only} FROM {role}"),
        ):
            cursor.execute(statement.format(role=name, history=history, read_only=read_only))
