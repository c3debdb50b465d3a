"""Whether a database, embedded or external, is one Jike can work on; asked before migrating and by `jike doctor`."""

from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.types.string import TextLoader

from jike.site.postgres.database import Database
from jike.site.postgres.failure import DatabaseError

OLDEST_VERSION = 150000
FACTS = """
SELECT current_setting('server_version_num')::int, current_setting('server_version'),
       pg_encoding_to_char(encoding), datcollate, current_setting('max_connections')::int,
       has_schema_privilege(current_user, current_schema(), 'CREATE'),
       (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
FROM pg_database WHERE datname = current_database()
"""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a role sees of its database; `version` is a number such as 150014."""

    version: int
    version_text: str
    encoding: str
    collation: str
    connections: int
    may_create: bool
    is_superuser: bool


def connect(parameters: dict[str, str], **more: Any) -> psycopg.Connection[Any]:
    """A connection outside Django; raises DatabaseError with a sentence when there is none to be had."""
    options: dict[str, Any] = {"connect_timeout": "10", **parameters, **more}
    try:
        return psycopg.connect(**options)
    except psycopg.OperationalError as error:
        told = " ".join(str(error).split())
        raise DatabaseError(
            f"The database {parameters['dbname']} can't be reached as {parameters['user'] or 'this user'}: {told}"
        ) from error


def facts_of(parameters: dict[str, str]) -> Facts:
    with connect(parameters) as connection:
        connection.adapters.register_loader("name", TextLoader)
        row = connection.execute(FACTS).fetchone()
    assert row is not None
    return Facts(*row)


def complaints(database: Database) -> list[str]:
    """A sentence for each thing that makes the database unfit. Raises DatabaseError when it can't be reached."""
    owner, application = facts_of(database.owner), facts_of(database.app)
    found = []
    if owner.version < OLDEST_VERSION:
        found.append(f"The database is PostgreSQL {owner.version_text}; Jike needs 15 or newer.")
    if owner.encoding != "UTF8":
        found.append(
            f"The database is encoded in {owner.encoding}; Jike needs one made with "
            "CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0."
        )
    if not owner.may_create:
        role = database.owner["user"]
        found.append(f"The role {role} may not make tables: GRANT CREATE, USAGE ON SCHEMA public TO {role}.")
    if application.is_superuser:
        found.append(
            f"The role {database.app['user']} is a superuser, whom no protection of the history binds: name a "
            "plain role in DATABASE_URL."
        )
    return found


def verify(database: Database) -> None:
    """Raises DatabaseError, a sentence for each complaint, when the database is unfit or can't be reached."""
    found = complaints(database)
    if found:
        raise DatabaseError("\n".join(found))
