"""Authority tables are entered before they come into force, and taken back until then; what was in force stays."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jike.apps.quoting.models import AuthorityTable
from jike.apps.quoting.models.labels import LEVELS
from jike.apps.quoting.rules import AuthorityProblem, Level, authority_problems
from jike.foundation.audit import Under, changing, creating, removing
from jike.foundation.errors import Invalid, RuleBroken
from jike.foundation.scope import Actor

__all__ = ["add_authority", "change_authority", "remove_authority"]

BELOW_HEADQUARTERS = tuple(level for level in Level if level is not Level.HEADQUARTERS)


@transaction.atomic
def add_authority(
    *, actor: Actor, name: str, valid_from: dt.date, on: dt.date | None = None, **limits: Any
) -> AuthorityTable:
    """Enter the table that takes over on ``valid_from``, which lies ahead; quotes submitted before keep theirs."""
    table = AuthorityTable(name=name, valid_from=valid_from, **limits)
    _check(table, on=on or timezone.localdate())
    _standing()
    creating(table, actor=actor)
    return _chained(table, actor=actor, action="add")


@transaction.atomic
def change_authority(
    table: AuthorityTable,
    *,
    actor: Actor,
    version: int | None = None,
    on: dt.date | None = None,
    **limits: Any,
) -> AuthorityTable:
    """Correct a table that is not yet in force."""
    today = on or timezone.localdate()
    with changing(table, actor=actor, version=version):
        _require_ahead(table, on=today)
        for name, value in limits.items():
            setattr(table, name, value)
        _check(table, on=today)
        table.valid_until = None
    return _chained(table, actor=actor, action="change")


@transaction.atomic
def remove_authority(table: AuthorityTable, *, actor: Actor, on: dt.date | None = None) -> AuthorityTable:
    """Take back a table that is not yet in force; the one before it goes on."""
    _require_ahead(table, on=on or timezone.localdate())
    removing(table, actor=actor)
    _chain(actor=actor, under=Under(table, "remove"))
    return table


def _check(table: AuthorityTable, *, on: dt.date) -> None:
    problems: dict[str, list[str]] = {}
    if isinstance(table.valid_from, dt.date) and table.valid_from <= on:
        problems["valid_from"] = [
            _("A table comes into force tomorrow at the earliest: quotes submitted today keep theirs.")
        ]
    least: dict[Level, Any] = {level: getattr(table, f"{level}_least") for level in BELOW_HEADQUARTERS}
    if all(isinstance(one, Decimal) for one in least.values()):
        ratios = {level: one / 100 for level, one in least.items()}
        for problem in authority_problems(ratios):
            problems[f"{problem.level}_least"] = [_sentence(problem)]
    if problems:
        raise Invalid(problems)


def _sentence(problem: AuthorityProblem) -> str:
    if problem.lower is None:
        return _("A share of the list price lies between 0 and 100 %.")
    words = {
        "level": LEVELS[problem.level],
        "lower": LEVELS[problem.lower],
        "least": f"{(problem.least * 100).normalize():f}%",
    }
    if problem.gap:
        return _("“%(lower)s” grants from %(least)s already: nothing would be left to “%(level)s”.") % words
    return _("“%(lower)s” grants down to %(least)s: the two would overlap. Begin lower.") % words


def _require_ahead(table: AuthorityTable, *, on: dt.date) -> None:
    if table.valid_from <= on:
        raise RuleBroken(_("This table is or was in force; quotes rest on it. Enter a new one instead."))


def _standing() -> list[AuthorityTable]:
    """Return the tables in their order, locked, so that two who enter one see each other's."""
    rows = AuthorityTable.objects.select_for_update(no_key=True).filter(removed_at=None)
    return list(rows.order_by("valid_from", "id"))


def _chained(table: AuthorityTable, *, actor: Actor, action: str) -> AuthorityTable:
    _chain(actor=actor, under=Under(table, action))
    table.refresh_from_db()
    return table


def _chain(*, actor: Actor, under: Under) -> None:
    """Let each table end on the day before the next one begins."""
    tables = _standing()
    for table, until in zip(tables, _ends(tables), strict=True):
        if table.valid_until != until:
            with changing(table, actor=actor, verb="follow", under=under):
                table.valid_until = until


def _ends(tables: Iterable[AuthorityTable]) -> list[dt.date | None]:
    starts = [one.valid_from for one in tables]
    return [*(start - dt.timedelta(days=1) for start in starts[1:]), None]
