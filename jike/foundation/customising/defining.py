"""Custom fields are defined, changed and put away. Their values stay: under a key that never changes.

A change of type goes through only when every stored value has a meaning in the new type; then all are rewritten.
"""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from jike.foundation.audit import changing, changing_many, creating, removing, restoring
from jike.foundation.custom.formula import FUNCTIONS, TODAY, Sort, read
from jike.foundation.custom.options import options_of
from jike.foundation.custom.storing import MARK
from jike.foundation.customising.attributes import CustomAttribute, field_of, look_of, path_of
from jike.foundation.customising.completing import definitions_of
from jike.foundation.customising.formulas import Formulas, usable
from jike.foundation.errors import Invalid, RuleBroken
from jike.foundation.models.custom_field import COLUMN, CustomField, Shape
from jike.foundation.resource.attributes import title_field
from jike.foundation.resource.declaration import Resource
from jike.foundation.resource.fields import form_field
from jike.foundation.resource.presenting import words
from jike.foundation.resource.registry import resource_of_kind
from jike.foundation.scope import Actor, system_actor
from jike.foundation.scope.reading import model_of
from jike.values.pinyin import syllables

__all__ = ["add_field", "change_field", "remove_field", "restore_field"]

MOST, TOLD, AT_ONCE = 60, 5, 2_000
"""Fields of a kind; values told that do not fit; rows rewritten at a time."""
LOCK_SPACE = 0x63757374
FIXED = ("of_kind", "data_key")
CONVERTIBLE = frozenset({Shape.TEXT, Shape.NUMBER, Shape.MONEY, Shape.DATE, Shape.CHOICE})


@transaction.atomic
def add_field(*, actor: Actor, **details: Any) -> CustomField:
    """Give a kind of record a further field."""
    field = CustomField(**details)
    _take_turns()
    known = CustomField.objects.filter(of_kind=field.of_kind)
    if known.filter(removed_at=None).count() >= MOST:
        raise RuleBroken(_("A kind of record takes at most %(most)s custom fields.") % {"most": MOST})
    field.data_key = field.data_key or _key(field, set(known.values_list("data_key", flat=True)))
    _check(field)
    return creating(field, actor=actor)


@transaction.atomic
def change_field(
    field: CustomField, *, actor: Actor, version: int | None = None, **details: Any
) -> CustomField:
    """Rename, move, or give another type; the values follow or the change is refused with those that cannot."""
    _take_turns()
    before = CustomField.objects.get(pk=field.pk)
    if fixed := [name for name in FIXED if name in details and details[name] != getattr(before, name)]:
        raise Invalid({name: [_("This stays as it was: values are kept under it.")] for name in fixed})
    with changing(field, actor=actor, version=version):
        for name, value in details.items():
            setattr(field, name, value)
        _check(field)
    if _kept_otherwise(before, field):
        _convert(before, field)
    return field


@transaction.atomic
def remove_field(field: CustomField, *, actor: Actor) -> CustomField:
    """Put the field away; no page shows it, its values stay until it is restored."""
    _take_turns()
    _check_users(field, away=True)
    return removing(field, actor=actor)


@transaction.atomic
def restore_field(field: CustomField, *, actor: Actor) -> CustomField:
    """Bring the field back, with its values."""
    _take_turns()
    return restoring(field, actor=actor)


def _take_turns() -> None:
    """Let one definition change after the other, so that no two formulas come to need each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [LOCK_SPACE])


def _key(field: CustomField, taken: set[str]) -> str:
    """Return a key made from the English name, or from the pinyin of the other."""
    words_of = re.findall(r"[a-z0-9]+", (field.label_en or " ".join(syllables(field.label))).lower())
    stem = "_".join(words_of)[:28].strip("_")
    stem = stem if stem[:1].isalpha() else f"f_{stem}".strip("_")
    known = {one.name for one in model_of(field.of_kind)._meta.concrete_fields} | {*FUNCTIONS, TODAY}
    free = (name for name in (stem, *(f"{stem}_{number}" for number in range(2, 200))) if name not in known)
    return next(name for name in free if name not in taken)


def _check(field: CustomField) -> None:
    problems: dict[str, list[str]] = {}
    model = model_of(field.of_kind)
    own = {one.name for one in model._meta.concrete_fields} | {*FUNCTIONS, TODAY}
    if field.data_key in own:
        problems["data_key"] = [_("The record has a field of this key; choose another.")]
    for name in ("see", "change"):
        if getattr(field, name) and getattr(field, name) not in model.ACTIONS:
            problems[name] = [_("Such records know no right of this name.")]
    if field.shape == Shape.CHOICE and not options_of(field.options):
        problems["options"] = [_("Say what can be chosen.")]
    if any(len(value) > 60 for value, _name in options_of(field.options)):
        problems["options"] = [_("A choice has at most 60 characters.")]
    if field.shape == Shape.FORMULA and field.required:
        problems["required"] = [_("A formula is worked out; nobody fills it in.")]
    if problems:
        raise Invalid(problems)
    if field.shape == Shape.FORMULA:
        field.formula = _formula(field)
    if field.pk is not None:
        _check_users(field)


def _formula(field: CustomField) -> str:
    """Return the formula as it is stored; refuse one that cannot be read, or that would follow from itself."""
    model, others = model_of(field.of_kind), _others(field)
    may_use = usable(field, model, others)
    typed = field.formula
    try:
        found = read(typed, {**may_use.known, field.data_key: Sort.NUMBER}, labels=may_use.labels)
        field.formula = found.text
        if field.data_key in found.names:
            raise RuleBroken(_("“%(field)s” would follow from itself.") % {"field": field.name})
        if (field.result == Shape.DATE) is not (found.root.sort is Sort.DAY):
            raise RuleBroken(
                _("The formula gives a day where a figure is asked for, or the other way round.")
            )
        Formulas(_resource(field), [*others, field], {}, today=dt.date(2000, 1, 1)).expression(field)
    except RuleBroken as error:
        field.formula = typed
        raise Invalid({"formula": [str(error)]}) from error
    return found.text


def _others(field: CustomField) -> list[CustomField]:
    return [one for one in definitions_of(field.of_kind) if one.pk != field.pk]


def _resource(field: CustomField) -> Resource:
    found = resource_of_kind(field.of_kind)
    if found is None:
        raise Invalid({"of_kind": [_("Choose one of those offered.")]})
    return found


def _check_users(field: CustomField, *, away: bool = False) -> None:
    """Refuse what formulas that use the field could not bear."""
    others = _others(field)
    present = [] if away or not field.active else [field]
    for user in others:
        if user.shape != Shape.FORMULA or field.data_key not in re.findall(r"\w+", user.formula):
            continue
        try:
            read(user.formula, usable(user, model_of(field.of_kind), [*others, *present]).known)
        except RuleBroken as error:
            sentence = _("The formula “%(name)s” needs this field as it is; change that first.")
            raise Invalid({"": [sentence % {"name": user.name}]}) from error


def _kept_otherwise(before: CustomField, field: CustomField) -> bool:
    """Whether stored values must be read in another way than they were written."""
    if before.shape == field.shape == Shape.CHOICE:
        return {one for one, _name in options_of(before.options)} > {
            one for one, _name in options_of(field.options)
        }
    fewer = before.shape == field.shape == Shape.NUMBER and before.decimals > field.decimals
    return before.shape != field.shape or fewer


def _convert(before: CustomField, field: CustomField) -> None:
    """Rewrite every stored value in the new type; refuse with those that have no meaning in it."""
    held = _stored(field)
    if not held:
        return
    if {Shape(before.shape), Shape(field.shape)} - CONVERTIBLE:
        sentence = _("%(count)s records have a value; it cannot become one of this type.")
        raise Invalid({"shape": [sentence % {"count": len(held)}]})
    old, new = _attribute(before), _attribute(field)
    typed = form_field(new, system_actor("custom fields"))
    typed.required = False
    rewritten: dict[int, Any] = {}
    unfit: list[str] = []
    for number, title, values in held:
        text = words(old, _read(old, values[field.data_key]))
        try:
            value = typed.clean(_choice_named(new, text))
            new.field.clean(value, None)
        except ValidationError:
            unfit.append(f"“{text or values[field.data_key]}” ({title})")
            continue
        rewritten[number] = new.combined(values, value)
    if unfit:
        more = "…" if len(unfit) > TOLD else ""
        sentence = _("%(count)s values have no meaning in this type: %(values)s")
        told = {"count": len(unfit), "values": _(", ").join(unfit[:TOLD]) + more}
        raise Invalid({"shape": [sentence % told]})
    _rewrite(field, rewritten)


def _stored(field: CustomField) -> list[tuple[int, str, dict[str, Any]]]:
    """Return (row id, title, column) of every record that has a value, those in the recycle bin among them."""
    model: Any = model_of(field.of_kind)
    rows = model._default_manager.filter(**{f"{COLUMN}__has_key": field.data_key}).order_by("pk")
    return list(rows.values_list("pk", title_field(model), COLUMN))


def _rewrite(field: CustomField, rewritten: Mapping[int, Any]) -> None:
    """Store the values through the gate; a value in the recycle bin is left, and must fit as it is."""
    model, actor = model_of(field.of_kind), system_actor("custom fields")
    standing = model._default_manager.filter(pk__in=list(rewritten), removed_at=None).values_list(
        "pk", flat=True
    )
    ids = list(standing)
    for start in range(0, len(ids), AT_ONCE):
        edits = {number: {COLUMN: rewritten[number]} for number in ids[start : start + AT_ONCE]}
        outcome = changing_many(model, edits, actor=actor, verb="change")
        if outcome.refused:
            raise RuleBroken(next(iter(outcome.refused.values())))


def _attribute(field: CustomField) -> CustomAttribute:
    given = (field.name, look_of(field), field_of(field), path_of(field), "", field)
    return CustomAttribute(f"{MARK}{field.data_key}", *given)


def _read(attribute: CustomAttribute, value: Any) -> Any:
    try:
        return attribute.field.to_python(value)
    except (ValidationError, ValueError, ArithmeticError):
        return value


def _choice_named(attribute: CustomAttribute, text: str) -> str:
    """Return the value of the choice that bears the name."""
    return next((str(value) for value, name in attribute.choices.items() if text in (value, name)), text)
