"""Forms: made from the declaration, saved through the Resource's actions, merged when two people edit one record.

They are plain forms, not ModelForms: those change the instance while validating, and the old state would be lost.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from jike.foundation.audit import changing, creating
from jike.foundation.custom.storing import kept_new, packed
from jike.foundation.errors import Invalid, RuleBroken
from jike.foundation.models.record import Record
from jike.foundation.resource.attributes import Attribute
from jike.foundation.resource.declaration import Resource
from jike.foundation.resource.fields import form_field
from jike.foundation.resource.presenting import words
from jike.foundation.scope import Actor

__all__ = ["RecordForm", "base_of", "build_form", "change_fields", "merge", "save"]


class RecordForm(forms.Form):
    """A form over some of a Resource's fields; ``attributes`` says which."""

    use_required_attribute = False

    def __init__(self, attributes: Sequence[Attribute], actor: Actor, **options: Any) -> None:
        super().__init__(**options)
        self.attributes = {attribute.name: attribute for attribute in attributes}
        for attribute in attributes:
            self.fields[attribute.name] = form_field(
                attribute, actor, stored=self.initial.get(attribute.name)
            )

    def tell(self, error: RuleBroken) -> None:
        """Put the sentences of a refusal beside the fields they concern, the rest above the form."""
        told = error.fields if isinstance(error, Invalid) else {"": [str(error)]}
        for name, sentences in told.items():
            for sentence in sentences:
                self.add_error(name if name in self.fields else None, str(sentence))


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

    ``initial`` goes before the row's values and the fields' defaults. Fields sealed for the actor are left out: they
    can neither be read nor overwritten unseen.
    """
    known = (resource.attributes[name] for name in names or resource.form_fields)
    attributes = [one for one in known if one.may_fill(actor, row)]
    if row:
        start = {one.name: one.of(row) for one in attributes}
    else:
        start = {one.name: one.field.get_default() for one in attributes if one.field.has_default()}
    return RecordForm(attributes, actor, data=data, initial={**start, **(initial or {})})


def save(
    resource: Resource, form: RecordForm, row: Record | None, *, actor: Actor, version: int | None = None
) -> Record:
    """Store a valid form and return the row.

    Raises
    ------
    RuleBroken
        The action or the gate refuses values; the form already says why.
    Stale
        Somebody saved the row since ``version``.
    """
    values = {
        name: form.cleaned_data[name] for name in form.fields if row is None or name in form.changed_data
    }
    try:
        return (
            add_row(resource, values, actor)
            if row is None
            else change_fields(resource, row, values, actor=actor, version=version)
        )
    except RuleBroken as error:
        form.tell(error)
        raise


def add_row(resource: Resource, values: dict[str, Any], actor: Actor) -> Record:
    kept = kept_new(resource.model, values, actor=actor, known=resource.attributes)
    action = resource.actions.get("add")
    return action(actor=actor, **kept) if action else creating(resource.model(**kept), actor=actor)


def change_fields(
    resource: Resource, row: Record, values: dict[str, Any], *, actor: Actor, version: int | None
) -> Record:
    """Store ``values`` through the Resource's own action, or through the gate where it has none."""
    action = resource.actions.get("change")
    with packed(row, values, actor=actor, known=resource.attributes) as kept:
        if action:
            return action(row, actor=actor, version=version, **kept)
        with changing(row, actor=actor, version=version):
            for name, value in kept.items():
                setattr(row, name, value)
    return row


def base_of(form: RecordForm, row: Record | None) -> dict[str, str]:
    """Return what an editor of ``row`` begins from, as the form would send it back untouched."""
    known = form.attributes
    return {name: _raw(form.fields[name], known[name].of(row)) for name in form.fields} if row else {}


def merge(form: RecordForm, row: Record, *, base: Mapping[str, str]) -> dict[str, str]:
    """Prepare the second editor's form after `Stale`: nothing typed is lost, nothing saved is overwritten unseen.

    Fields only the other changed take the stored value; fields both changed keep what was typed here, and the stored
    value is returned to be shown beside them.

    Parameters
    ----------
    base
        What this editor began from (`base_of`); without it every difference counts as changed by both.
    """
    row.refresh_from_db()
    data = QueryDict(mutable=True)
    data.update(form.data)
    conflicts = {}
    for name, field in form.fields.items():
        stored, typed = _raw(field, form.attributes[name].of(row)), form[name].data
        if not _differs(field, stored, typed) or not _differs(field, base.get(name), stored):
            continue
        if _differs(field, base.get(name), typed):
            conflicts[name] = words(form.attributes[name], form.attributes[name].of(row))
        else:
            data[name] = stored
    form.data = data
    return conflicts


def _raw(field: forms.Field, value: Any) -> str:
    """Return the value as the browser sends it; a box that is not ticked sends nothing."""
    prepared = field.prepare_value(value)
    return "" if prepared is None or prepared is False else str(prepared)


def _differs(field: forms.Field, before: str | None, now: Any) -> bool:
    try:
        return before is None or field.has_changed(field.to_python(before), now)
    except ValidationError:
        return True
