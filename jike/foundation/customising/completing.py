"""A Resource completed for one request: custom fields among its columns, filters, sorts and form; tags as a column.

A Resource is data, so completing it is copying it with more names in it. Definitions are read each time: what an
administrator changes counts from the next request on, in every process.
"""

from collections.abc import Mapping
from copy import copy
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jike.foundation.custom.storing import MARK
from jike.foundation.customising.attributes import (
    CustomAttribute,
    TagPart,
    TagsAttribute,
    field_of,
    label_of,
    look_of,
    path_of,
    tags_field,
)
from jike.foundation.customising.formulas import Formulas
from jike.foundation.models.custom_field import COLUMN, CustomField, Shape
from jike.foundation.models.tag import COLUMN as TAGS
from jike.foundation.models.tag import Tag
from jike.foundation.prepared import Prepared
from jike.foundation.resource.attributes import Attribute, Look
from jike.foundation.resource.declaration import Resource, Section
from jike.foundation.resource.registry import all_resources

__all__ = ["customised", "definitions_of", "opened", "tags_of"]

SORTED = (Look.NUMBER, Look.MONEY, Look.DATE)
MOST_SORTED = 200_000
"""Rows, as the database estimates them, up to which lists sort by custom fields, which have no index."""


def opened(slug: str) -> Resource | None:
    """Return the Resource of that slug, completed; None when there is none."""
    found = all_resources().get(slug)
    return customised(found) if found else None


def definitions_of(kind: str) -> QuerySet[CustomField]:
    """Return the custom fields in use upon records of ``kind``, in their order."""
    return CustomField.objects.filter(of_kind=kind, active=True, removed_at=None).order_by("position", "id")


def _sized(kind: str, table: str) -> QuerySet[CustomField]:
    size = RawSQL("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [table])
    return definitions_of(kind).annotate(size=size)


_SIZED = Prepared(_sized, "a kind", "a table")


def tags_of(kind: str) -> dict[int, Tag]:
    """Return the tags of a kind by id, managed ones first."""
    tags = Tag.objects.filter(of_kind=kind, removed_at=None).order_by("-managed", "position", "name")
    return {tag.pk: tag for tag in tags}


def customised(resource: Resource) -> Resource:
    """Return the Resource with its custom fields and tags; itself where its kind takes none."""
    columns = {one.name for one in resource.model._meta.concrete_fields}
    found: dict[str, Attribute] = {}
    definitions: list[CustomField] = []
    if COLUMN in columns:
        definitions = _SIZED.rows(resource.kind, resource.model._meta.db_table)
        found |= attributes_of(resource, definitions)
    if TAGS in columns:
        found |= _tags(resource)
    return _completed(resource, definitions, found) if found else resource


def attributes_of(resource: Resource, definitions: list[CustomField]) -> dict[str, Attribute]:
    """Return the custom fields as attributes by name."""
    people: dict[int, Any] = {}
    found: dict[str, Attribute] = {}
    for one in definitions:
        if one.shape != Shape.FORMULA:
            sealed = f"{resource.kind}:{one.see}" if one.see else ""
            name = f"{MARK}{one.data_key}"
            known = (label_of(one), look_of(one), field_of(one), path_of(one), sealed, one, people)
            found[name] = CustomAttribute(name, *known)
    made = Formulas(resource, definitions, found, today=timezone.localdate()).attributes()
    return {
        f"{MARK}{one.data_key}": (found | made)[f"{MARK}{one.data_key}"]
        for one in definitions
        if _there(one, found, made)
    }


def _there(one: CustomField, *known: Mapping[str, Attribute]) -> bool:
    return any(f"{MARK}{one.data_key}" in some for some in known)


def _tags(resource: Resource) -> dict[str, Attribute]:
    column: Any = resource.model._meta.get_field(TAGS)
    known: Any = SimpleLazyObject(partial(tags_of, resource.kind))
    labels = {TAGS: _("Tags"), f"{TAGS}.add": _("Tags: give"), f"{TAGS}.take": _("Tags: take")}
    kinds = {TAGS: TagsAttribute}
    return {
        name: kinds.get(name, TagPart)(name, label, Look.TAGS, tags_field(column, name), TAGS, "", known)
        for name, label in labels.items()
    }


def _completed(
    resource: Resource, definitions: list[CustomField], found: Mapping[str, Attribute]
) -> Resource:
    own = [one for one in found if not getattr(found[one], "many_only", False)]
    typed = [one for one in own if found[one].editable]
    few = all(one.size <= MOST_SORTED for one in definitions)  # type: ignore[attr-defined]
    sorted_by = [one for one in own if few and "." in one and found[one].look in SORTED]
    made = copy(resource)
    vars(made).update(
        more_columns=(*resource.more_columns, *own),
        form=(*resource.form, *_sections(resource, definitions, found)) if resource.form else (),
        inline=(*resource.inline, *(one for one in typed if "." in one)) if resource.form else (),
        sorts=(*resource.sorts, *sorted_by),
        totals=(*resource.totals, *(one for one in typed if found[one].look is Look.MONEY)),
        attributes={**resource.attributes, **found},
    )
    return made


def _sections(
    resource: Resource, definitions: list[CustomField], found: Mapping[str, Attribute]
) -> list[Section]:
    """Return the custom fields by their groups, those without one last, the tags beside them."""
    groups: dict[str, list[str]] = {}
    for one in sorted(definitions, key=lambda one: not one.section):
        if f"{MARK}{one.data_key}" in found:
            groups.setdefault(one.group, []).append(f"{MARK}{one.data_key}")
    if TAGS in found:
        groups.setdefault("", []).append(TAGS)
    return [Section(label or gettext_lazy("Further"), tuple(names)) for label, names in groups.items()]
