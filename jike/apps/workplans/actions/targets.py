"""Targets are set for people and units, month by month."""

import datetime as dt
from decimal import Decimal

from django.utils.translation import gettext as _

from jike.apps.organisation.models import Person, Unit
from jike.apps.workplans.models import Target
from jike.apps.workplans.rules import Measure, is_share
from jike.foundation.audit import changing, creating
from jike.foundation.errors import Invalid
from jike.foundation.scope import Actor

__all__ = ["add_target", "change_target"]

WHOLE = Decimal(100)


def add_target(
    *,
    actor: Actor,
    measure: str,
    month: dt.date,
    value: Decimal,
    unit: Unit | None = None,
    owner: Person | None = None,
) -> Target:
    """Set what ``owner``, or else ``unit`` with all below it, is to reach in the month that holds ``month``."""
    place = owner.unit if owner is not None else unit
    if place is None:
        raise Invalid({"unit": [_("Say which unit or which person the target is for.")]})
    _check(measure, value)
    target = Target(unit=place, owner=owner, measure=measure, month=month.replace(day=1), value=value)
    return creating(target, actor=actor)


def change_target(
    target: Target, *, actor: Actor, version: int | None = None, value: Decimal | None = None
) -> Target:
    """Set another value; whose target of what it is stays."""
    with changing(target, actor=actor, version=version):
        if value is not None:
            _check(target.measure, value)
            target.value = value
    return target


def _check(measure: str, value: Decimal) -> None:
    try:
        known = Measure(measure)
    except ValueError as error:
        raise Invalid({"measure": [_("Choose one of the measures.")]}) from error
    if is_share(known) and value > WHOLE:
        raise Invalid({"value": [_("A share is at most 100 percent.")]})
