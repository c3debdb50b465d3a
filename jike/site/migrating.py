"""Migrating: as the owner, and then telling the database what the application's role may do.

The application reads and writes rows, but owns nothing: it can neither change the schema nor touch history, on which it
may only INSERT and SELECT.
"""

from django.core.management import call_command
from django.db import connection
from psycopg import sql

__all__ = ["APPEND_ONLY", "grant_application_role", "migrate"]

APPEND_ONLY = ("foundation_change", "foundation_changevalues", "foundation_seal")
READ_ONLY = ("foundation_streamera", "django_migrations")


def migrate(application_role: str, *, verbosity: int = 0) -> None:
    """Bring the schema up to date (this process must be the owner) and grant the application role its part."""
    call_command("migrate", verbosity=verbosity, interactive=False)
    grant_application_role(application_role)


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
