"""The tree of units: added to, renamed, moved, cleared away.

`Unit.ancestors` is what breadths are resolved by. Whoever changes the tree's shape holds one advisory lock, so that two
moves at the same time can neither close a circle nor leave ancestors behind.
"""

from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from jike.apps.organisation.models import Unit
from jike.apps.organisation.models.unit import LEVEL_LABELS
from jike.apps.organisation.queries.units import contents_of, lock_standing_unit, lock_tree
from jike.apps.organisation.rules import UnitLevel, level_fits
from jike.foundation.audit import Under, changing, creating, removing, restoring
from jike.foundation.entering import entered
from jike.foundation.errors import Invalid, RuleBroken
from jike.foundation.scope import Actor, require
from jike.foundation.scope.reading import refusal
from jike.values.regions import region as known_region
from jike.values.text import clean_code, clean_line

__all__ = ["add_unit", "change_unit", "move_unit", "remove_unit", "restore_unit"]

DESCENDANTS = """
    UPDATE organisation_unit SET ancestors = %s::bigint[] || ancestors[%s:]
    WHERE ancestors @> ARRAY[%s::bigint]"""


@transaction.atomic
def add_unit(
    *,
    actor: Actor,
    code: str,
    name: str,
    level: str,
    parent: Unit | None,
    name_en: str = "",
    region: str = "",
) -> Unit:
    """Add a unit under ``parent``, or at the top."""
    lock_tree()
    above = _standing_parent(parent)
    unit = Unit(parent=above, ancestors=_ancestors_under(above))
    _fill(unit, code=code, name=name, level=level, name_en=name_en, region=region)
    _check_level(unit, above)
    if above is None:
        return creating(unit, actor=_reaching_everything(actor, "organisation.unit:add"))
    return creating(unit, actor=actor, under=Under(above, "add"))


@transaction.atomic
def change_unit(unit: Unit, *, actor: Actor, version: int | None = None, **fields: str) -> Unit:
    """Change the unit's code, names, level or region."""
    lock_tree()
    with changing(unit, actor=actor, version=version):
        _fill(unit, **fields)
        _check_level(unit, unit.parent)
        _check_children(unit)
    return unit


@transaction.atomic
def move_unit(unit: Unit, *, actor: Actor, parent: Unit | None, version: int | None = None) -> Unit:
    """Move the unit with everything below it under ``parent``, or to the top."""
    lock_tree()
    above = _standing_parent(parent)
    if above is None:
        _reaching_everything(actor, "organisation.unit:move")
    else:
        require(actor, "move", above)
        if above.pk == unit.pk or unit.pk in above.ancestors:
            sentence = _("“%(unit)s” cannot move under “%(parent)s”, which lies below it.")
            raise RuleBroken(sentence % {"unit": unit.name, "parent": above.name})
    with changing(unit, actor=actor, verb="move", version=version):
        _check_level(unit, above)
        former_depth = len(unit.ancestors)
        unit.parent, unit.ancestors = above, _ancestors_under(above)
    with connection.cursor() as cursor:
        cursor.execute(DESCENDANTS, [unit.ancestors, former_depth + 1, unit.pk])
    return unit


@transaction.atomic
def remove_unit(unit: Unit, *, actor: Actor, version: int | None = None) -> Unit:
    """Put an empty unit into the recycle bin."""
    lock_tree()
    lock_standing_unit(unit)
    units, people, posts = contents_of(unit)
    if units or people or posts:
        sentence = _(
            "“%(name)s” is not empty: it still has %(units)s units, %(people)s people and %(posts)s posts. "
            "Move them elsewhere first."
        )
        raise RuleBroken(sentence % {"name": unit.name, "units": units, "people": people, "posts": posts})
    return removing(unit, actor=actor, version=version)


@transaction.atomic
def restore_unit(unit: Unit, *, actor: Actor) -> Unit:
    """Take the unit out of the recycle bin, back under its parent."""
    lock_tree()
    _standing_parent(unit.parent)
    return restoring(unit, actor=actor)


def _fill(unit: Unit, **fields: str) -> None:
    limits = {"code": 32, "name": 80, "name_en": 120, "region": 6, "level": 12}
    for name, text in fields.items():
        clean: Any = clean_code if name == "code" else clean_line
        setattr(unit, name, entered(name, clean, text, limit=limits[name]))
    if unit.level not in LEVEL_LABELS:
        raise Invalid({"level": [_("Choose one of the levels.")]})
    if unit.region:
        entered("region", known_region, unit.region)


def _standing_parent(parent: Unit | None) -> Unit | None:
    return None if parent is None else lock_standing_unit(parent)


def _ancestors_under(parent: Unit | None) -> list[int]:
    return [] if parent is None else [*parent.ancestors, parent.pk]


def _check_level(unit: Unit, parent: Unit | None) -> None:
    if parent is not None and not level_fits(UnitLevel(unit.level), UnitLevel(parent.level)):
        sentence = _("A unit of the level “%(level)s” cannot lie under one of the level “%(parent)s”.")
        raise RuleBroken(sentence % {"level": _level_label(unit.level), "parent": _level_label(parent.level)})


def _check_children(unit: Unit) -> None:
    levels = (
        Unit.objects.filter(parent=unit, removed_at=None)
        .values_list("level", flat=True)
        .order_by()
        .distinct()
    )
    for level in levels:
        if not level_fits(UnitLevel(level), UnitLevel(unit.level)):
            sentence = _("Units of the level “%(level)s” lie below “%(name)s”; move them first.")
            raise RuleBroken(sentence % {"level": _level_label(level), "name": unit.name})


def _level_label(level: str) -> str:
    return str(LEVEL_LABELS[UnitLevel(level)])


def _reaching_everything(actor: Actor, permission: str) -> Actor:
    """Units at the top belong to nobody's part of the tree: only who reaches everything puts one there."""
    if not actor.reach(permission).everything:
        raise refusal(permission)
    return actor
