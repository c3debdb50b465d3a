"""Forms: made from the declaration, saved through the Resource's actions, merged when two people edit one record.

They are plain forms, not ModelForms: those change the instance while validating, and the old state would be lost.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from jike.foundation.audit import changing, creating
from jike.foundation.errors import Invalid, Stale
from jike.foundation.models.record import Record
from jike.foundation.resource.attributes import Attribute
from jike.foundation.resource.declaration import Resource
from jike.foundation.resource.fields import form_field
from jike.foundation.resource.presenting import words
from jike.foundation.scope import Actor, sealed_fields

__all__ = ["RecordForm", "build_form", "change_fields", "initial_of", "merge", "save"]


class RecordForm(forms.Form):
    """A form over some of a Resource's fields; ``attributes`` says which."""

    use_required_attribute = False

    def __init__(self, attributes: Sequence[Attribute], actor: Actor, **options: Any) -> None:
        super().__init__(**options)
        for attribute in attributes:
            self.fields[attribute.name] = form_field(attribute, actor)

    def tell(self, error: Invalid) -> None:
        """Put the sentences of a refusal beside the fields they concern, the rest above the form."""
        for name, sentences in error.fields.items():
            for sentence in sentences:
                self.add_error(name if name in self.fields else None, sentence)


def build_form(
    resource: Resource,
    actor: Actor,
    row: Record | None,
    *,
    names: Sequence[str] = (),
    data: Mapping[str, Any] | None = None,
    initial: Mapping[str, Any] | None = None,
) -> RecordForm:
    """Return the form for ``row`` (None: a new one) over ``names``, or all fields of the Resource's form.

    Fields sealed for the actor are left out: they can neither be read nor overwritten unseen.
    """
    hidden = sealed_fields(actor, row) if row else frozenset()
    attributes = [resource.attributes[name] for name in names or resource.form_fields if name not in hidden]
    start = initial_of(row, attributes) if row else dict(initial or _defaults(attributes))
    return RecordForm(attributes, actor, data=data, initial=start, prefix=None)


def initial_of(row: Record, attributes: Sequence[Attribute]) -> dict[str, Any]:
    """Return the row's values by field."""
    return {attribute.name: getattr(row, attribute.name) for attribute in attributes}


def _defaults(attributes: Sequence[Attribute]) -> dict[str, Any]:
    return {one.name: one.field.get_default() for one in attributes if one.field.has_default()}


def save(
    resource: Resource, form: RecordForm, row: Record | None, *, actor: Actor, version: int | None = None
) -> Record:
    """Store a valid form and return the row.

    Raises
    ------
    Invalid
        The action or the gate refuses values; the form already shows them.
    Stale
        Somebody saved the row since ``version``.
    """
    values = {
        name: form.cleaned_data[name] for name in form.fields if row is None or name in form.changed_data
    }
    try:
        return (
            _add(resource, values, actor)
            if row is None
            else change_fields(resource, row, values, actor=actor, version=version)
        )
    except Invalid as error:
        form.tell(error)
        raise


def _add(resource: Resource, values: dict[str, Any], actor: Actor) -> Record:
    action = resource.actions.get("add")
    if action:
        return action(actor=actor, **values)
    return creating(resource.model(**values), actor=actor)


def change_fields(
    resource: Resource, row: Record, values: dict[str, Any], *, actor: Actor, version: int | None
) -> Record:
    """Store ``values`` through the Resource's own action, or through the gate where it has none."""
    action = resource.actions.get("change")
    if action:
        return action(row, actor=actor, version=version, **values)
    with changing(row, actor=actor, version=version):
        for name, value in values.items():
            setattr(row, name, value)
    return row


def merge(
    resource: Resource, form: RecordForm, row: Record, *, base: Mapping[str, Any], error: Stale
) -> dict[str, str]:
    """Prepare the second editor's form after `Stale`: nothing typed is lost, nothing saved is overwritten unseen.

    Fields only the other changed take the stored value; fields both changed keep what was typed here, and the stored
    value is returned to be shown beside them.

    Parameters
    ----------
    base
        Field → the value, in words, that this editor began from.
    """
    row.refresh_from_db()
    data = form.data.copy()
    conflicts = {}
    for name in form.fields:
        attribute = resource.attributes[name]
        stored = words(attribute, getattr(row, name))
        if stored == base.get(name, ""):
            continue
        if name in form.changed_data:
            conflicts[name] = stored
        else:
            data[name] = form.fields[name].prepare_value(getattr(row, name))
    form.data = data
    sentence = _(
        "Somebody saved this record while you were editing it. Look at the marked fields and save again."
    )
    form.add_error(
        None,
        sentence if conflicts else _("Somebody saved other fields of this record meanwhile. Save again."),
    )
    return conflicts
