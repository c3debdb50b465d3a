"""The database of a site: PostgreSQL run by Jike itself, or one run by others and named by DATABASE_URL.

Everything above asks one question, `open_database(config)`, and gets the connection parameters of the two
roles: the owner, which migrates, and the application, which the web and job processes use and which can't
touch history.
"""

from jike.site.postgres.database import (
    Database,
    DatabaseError,
    destroy,
    django_database,
    open_database,
    stop,
)

__all__ = ["Database", "DatabaseError", "destroy", "django_database", "open_database", "stop"]
