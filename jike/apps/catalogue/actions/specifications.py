"""Specifications are entered, described by their characteristics, and removed when nothing sells them."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jike.apps.catalogue.models import ProductOffering, ProductSpecification
from jike.apps.catalogue.rules import Mistake, characteristics_of
from jike.foundation.audit import changing, creating, removing
from jike.foundation.entering import only_known
from jike.foundation.errors import Invalid, RuleBroken
from jike.foundation.scope import Actor

__all__ = ["add_specification", "change_specification", "describe_specification", "remove_specification"]

CHANGEABLE = frozenset({"code", "name", "name_en", "family"})
SENTENCES = {
    "parts": gettext_lazy("Line %(line)s: write code, Chinese name and English name, parted by “|”."),
    "code": gettext_lazy("Line %(line)s: the code is made of small Latin letters, digits and “_”."),
    "twice": gettext_lazy("Line %(line)s: this code stands twice."),
    "many": gettext_lazy("Line %(line)s: twenty characteristics are enough."),
}


def add_specification(*, actor: Actor, lines: str = "", **details: Any) -> ProductSpecification:
    """Add a specification with its characteristics, one a line."""
    only_known(details, CHANGEABLE)
    return creating(ProductSpecification(characteristics=_read(lines), **details), actor=actor)


@transaction.atomic
def change_specification(
    specification: ProductSpecification, *, actor: Actor, version: int | None = None, **details: Any
) -> ProductSpecification:
    """Correct a specification; its offerings keep the family that they were entered with unless it changes."""
    only_known(details, CHANGEABLE)
    with changing(specification, actor=actor, version=version):
        for name, value in details.items():
            setattr(specification, name, value)
    offerings = ProductOffering.objects.filter(specification=specification, removed_at=None)
    for offering in offerings.exclude(family=specification.family):
        with changing(offering, actor=actor):
            offering.family = specification.family
    return specification


def describe_specification(
    specification: ProductSpecification, *, actor: Actor, lines: str, version: int | None = None
) -> ProductSpecification:
    """Set the characteristics, one a line."""
    read = _read(lines)
    with changing(specification, actor=actor, verb="change", version=version):
        specification.characteristics = read
    return specification


@transaction.atomic
def remove_specification(specification: ProductSpecification, *, actor: Actor) -> ProductSpecification:
    """Put a specification that no offering sells into the recycle bin."""
    if ProductOffering.objects.filter(specification=specification, removed_at=None).exists():
        raise RuleBroken(_("Offerings still sell “%(name)s”. Remove them first.") % {"name": specification})
    return removing(specification, actor=actor)


def _read(lines: str) -> list[dict[str, Any]]:
    try:
        found = characteristics_of(lines.splitlines())
    except Mistake as mistake:
        raise Invalid({"lines": [str(SENTENCES[mistake.kind]) % {"line": mistake.line}]}) from mistake
    return [{**one._asdict(), "values": list(one.values)} for one in found]
