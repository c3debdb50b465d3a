"""Imports that nobody watches: by the command, from a folder, by a program. The same steps as on the pages."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from django.utils.translation import gettext as _

from jike.foundation.errors import RuleBroken
from jike.foundation.exchange import uploads
from jike.foundation.exchange.running import check_rows, store_rows
from jike.foundation.exchange.tallying import Tally
from jike.foundation.models import ImportRun
from jike.foundation.resource.declaration import Resource
from jike.foundation.scope import Actor

__all__ = ["How", "read_in", "take_in"]

State = ImportRun.State


@dataclass(frozen=True)
class How:
    """How a file is read; what is left empty follows from its headings."""

    mapping: str = ""
    """A mapping kept by name."""
    sheet: str = ""
    mode: str = ""
    key: str = ""


def read_in(resource: Resource, name: str, content: IO[bytes], *, how: How, actor: Actor) -> ImportRun:
    """Keep the file and settle how its columns are read.

    Raises
    ------
    RuleBroken
        It is no table, or its columns say too little; NotFound where the mapping or the right to import is missing.
    """
    run = uploads.receive(resource, name, content, actor=actor)
    if how.sheet:
        uploads.look_again(run, resource, actor=actor, sheet=how.sheet)
    if how.mapping:
        uploads.apply_saved(run, how.mapping)
    mode, key = how.mode or run.mode, how.key or run.key
    uploads.map_columns(run, resource, dict(run.columns), actor=actor, mode=mode, key=key)
    return run


def take_in(
    run: ImportRun,
    resource: Resource,
    *,
    actor: Actor,
    dry_run: bool = False,
    report: Callable[[int, int], None] = lambda done, total: None,
) -> Tally:
    """Check the rows (``dry_run``) or store them, and return what became of them."""
    work, reached = (check_rows, State.CHECKED) if dry_run else (store_rows, State.DONE)
    tally = work(run, resource, report, actor=actor)
    if run.state != reached:
        run.state = reached
        run.save(update_fields=["state"])
    return tally


def resource_named(slug: str, known: dict[str, Resource]) -> Resource:
    """Return the list of that name.

    Raises
    ------
    RuleBroken
        There is none; the sentence names those there are.
    """
    if slug not in known:
        words = {"name": slug, "lists": ", ".join(sorted(known))}
        raise RuleBroken(_("There is no list “%(name)s”; there are: %(lists)s.") % words)
    return known[slug]
