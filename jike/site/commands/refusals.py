"""Which errors are the operator's to mend, and the sentences they are told."""

import errno

import click

__all__ = ["CommandRefused", "told"]


class CommandRefused(Exception):
    """A command declines to go on; the message says why and what to do."""


def told(error: Exception) -> list[str] | None:
    """The sentences for an error the operator can mend; None for a defect of ours (and for click's own errors)."""
    from jike.site.config import ConfigError
    from jike.site.postgres.failure import DatabaseError

    if isinstance(error, click.ClickException | click.exceptions.Exit | click.Abort):
        return None
    if isinstance(error, ConfigError):
        return error.problems
    if isinstance(error, DatabaseError | CommandRefused):
        return [str(error)]
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return [f"The disk is full ({error.filename or 'while writing'}): free some space and try again."]
    return lost_database(error)


def lost_database(error: Exception) -> list[str] | None:
    """A database that went away in the middle, by whichever layer it is reported."""
    cause: BaseException | None = error
    while cause is not None:
        if type(cause).__module__.startswith(("psycopg", "django.db")) and type(cause).__name__ in (
            "OperationalError",
            "InterfaceError",
            "AdminShutdown",
            "PoolTimeout",
        ):
            return [f"The database did not answer: {' '.join(str(cause).split())}. Ask jike doctor."]
        cause = cause.__cause__
    return None
