"""`open_database`: the one answer to "where is the database", for both ways of running PostgreSQL."""

from dataclasses import dataclass, field
from typing import Any

from jike.site.config import Config
from jike.site.postgres.failure import DatabaseError

__all__ = ["Database", "DatabaseError", "destroy", "django_database", "open_database", "stop"]

OWNER_ROLE = "jike_owner"
APPLICATION_ROLE = "jike_app"
DATABASE_NAME = "jike"
PARAMETERS_OF_DJANGO = ("dbname", "user", "password", "host", "port")


@dataclass(frozen=True, slots=True)
class Database:
    """How to reach the database: libpq parameters as text, for the application's role and for the owner's.

    `app` and `owner` always hold host, port, user, password and dbname; further libpq parameters (sslmode
    …) when the address named them. `embedded` tells whose server it is.
    """

    app: dict[str, str] = field(repr=False)
    owner: dict[str, str] = field(repr=False)
    embedded: bool

    @property
    def separated(self) -> bool:
        """False when both roles are one, so that history is guarded by triggers only."""
        return self.app["user"] != self.owner["user"]


def open_database(config: Config) -> Database:
    """The database of this site; the embedded server is started when it does not run yet.

    This process counts as a user of the embedded server until it ends; the last user to end stops the
    server. Cheap when the server runs (below 1 ms), so settings may call it in every process. Raises
    DatabaseError with a sentence that says what to do.
    """
    if not config.embedded:
        return external_database(config)
    from jike.site.postgres import server
    from jike.site.postgres.place import find_place

    socket_folder = server.ensure_running(find_place(config.home))
    shared = {"host": str(socket_folder), "port": server.PORT, "password": "", "dbname": DATABASE_NAME}
    return Database(
        app={**shared, "user": APPLICATION_ROLE},
        owner={**shared, "user": OWNER_ROLE},
        embedded=True,
    )


def stop(config: Config) -> bool:
    """Stop the embedded server now, whoever uses it; True when one was running."""
    if not config.embedded:
        return False
    from jike.site.postgres import server
    from jike.site.postgres.place import find_place

    return server.stop(find_place(config.home))


def destroy(config: Config) -> None:
    """Stop the embedded server and delete its data for good; an external database is left alone."""
    if not config.embedded:
        return
    from jike.site.postgres import server
    from jike.site.postgres.place import find_place

    server.destroy(find_place(config.home))


def external_database(config: Config) -> Database:
    """The roles named by DATABASE_URL and DATABASE_OWNER_URL; without the latter both are the former."""
    app = parameters_of(config.database_url)
    owner = parameters_of(config.database_owner_url) if config.database_owner_url else app
    if (app["host"], app["port"], app["dbname"]) != (owner["host"], owner["port"], owner["dbname"]):
        raise DatabaseError(
            "DATABASE_URL and DATABASE_OWNER_URL must name the same server, port and database."
        )
    return Database(app=app, owner=owner, embedded=False)


def parameters_of(address: str) -> dict[str, str]:
    from psycopg.conninfo import conninfo_to_dict

    defaults = {"host": "", "port": "5432", "user": "", "password": ""}
    return defaults | {name: str(value) for name, value in conninfo_to_dict(address).items()}


def django_database(parameters: dict[str, str], *, pool_size: int) -> dict[str, Any]:
    """An entry of Django's DATABASES with a psycopg pool of at most `pool_size` connections a process."""
    known = {name: parameters.get(name, "") for name in PARAMETERS_OF_DJANGO}
    further = {name: value for name, value in parameters.items() if name not in PARAMETERS_OF_DJANGO}
    if "options" not in further:
        # The planner's compiler costs more than it saves on pages of fifty rows.
        further["options"] = "-c jit=off"
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": known["dbname"],
        "USER": known["user"],
        "PASSWORD": known["password"],
        "HOST": known["host"],
        "PORT": known["port"],
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **further,
            "pool": {"min_size": 1, "max_size": pool_size, "timeout": 10, "max_lifetime": 3600},
        },
    }
