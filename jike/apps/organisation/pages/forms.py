"""Forms of the organisation's pages: plain forms; what they choose from is what the actor may see."""

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jike.apps.organisation.models import Person, Role, Unit
from jike.apps.organisation.models.role import DOMAIN_LABELS
from jike.apps.organisation.models.unit import LEVEL_LABELS
from jike.apps.organisation.queries import permissions_held, tree_lines
from jike.apps.organisation.queries.actors import CHINA
from jike.foundation.scope import Actor, visible

__all__ = [
    "DeputyForm",
    "EndPostForm",
    "MovePersonForm",
    "MoveUnitForm",
    "PersonForm",
    "PostForm",
    "RoleForm",
    "TokenForm",
    "UnitForm",
]

DAY = forms.DateInput({"type": "date"}, format="%Y-%m-%d")


class UnitField(forms.ChoiceField):
    """Chooses a unit from what the actor sees of the tree; cleans to the unit, or None where it is optional."""

    def __init__(
        self, actor: Actor, *, none: str = "", leave_out: Unit | None = None, **options: Any
    ) -> None:
        self.units: dict[str, Unit] = {}
        choices = [("", none)]
        for line in tree_lines(actor):
            unit = line.unit
            if leave_out is not None and (unit.pk == leave_out.pk or leave_out.pk in unit.ancestors):
                continue
            self.units[str(unit.uid)] = unit
            choices.append((str(unit.uid), "　" * line.depth + unit.label))
        super().__init__(choices=choices, **options)

    def clean(self, value: Any) -> Unit | None:
        return self.units.get(super().clean(value))


class RoleField(forms.ModelChoiceField):
    """Chooses a role, named in the reader's language."""

    def label_from_instance(self, obj: Any) -> str:
        """Return the role's name."""
        return str(obj.label)


class PersonField(forms.ChoiceField):
    """Chooses somebody whom the actor may see, searched by name, pinyin, initials or staff number."""

    def __init__(self, actor: Actor, **options: Any) -> None:
        self.actor = actor
        super().__init__(widget=forms.Select({"data-choices": Person.kind()}), **options)

    def prepare_value(self, value: Any) -> str:
        """Offer the chosen person, so that the select has the name before anything is searched."""
        person = self._find(value)
        self.widget.choices = [("", ""), *([(str(person.uid), person.name)] if person else [])]
        return str(person.uid) if person else ""

    def clean(self, value: Any) -> Person | None:
        """Return the person; one who is hidden from the actor looks like one who is not there."""
        if value in self.empty_values:
            return super().clean(value)
        person = self._find(value)
        if person is None:
            raise forms.ValidationError(gettext("Choose one of those offered."))
        return person

    def _find(self, value: Any) -> Person | None:
        try:
            uid = UUID(str(value or ""))
        except ValueError:
            return None
        return visible(Person, self.actor).filter(uid=uid).first()


class Versioned(forms.Form):
    """Carries the version that its editor saw."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class PersonForm(Versioned):
    """A person's own facts; the home unit is asked of new ones only, later it is a move."""

    staff_no = forms.CharField(label=_("Staff number"), max_length=32)
    name = forms.CharField(label=_("Name"), max_length=60)
    phone = forms.CharField(label=_("Phone"), max_length=32, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)

    def __init__(self, *args: Any, actor: Actor, person: Person | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        if person is None:
            self.fields["unit"] = UnitField(actor, label=_("Home unit"))
        elif not actor.reach("organisation.person:see_phone").covers(owner=person.pk, unit=person.unit_id):
            del self.fields["phone"]


class MovePersonForm(Versioned):
    """The unit that becomes somebody's home."""

    def __init__(self, *args: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["unit"] = UnitField(actor, label=_("Home unit"))


class UnitForm(Versioned):
    """A unit's own facts; its place is asked of new ones only, later it is a move."""

    code = forms.CharField(label=_("Code"), max_length=32)
    name = forms.CharField(label=_("Name"), max_length=80)
    name_en = forms.CharField(label=_("English name"), max_length=120, required=False)
    level = forms.ChoiceField(label=_("Level"), choices=list(LEVEL_LABELS.items()))
    region = forms.CharField(
        label=_("Region"), max_length=6, required=False, help_text=_("Six digits after GB/T 2260")
    )

    def __init__(self, *args: Any, actor: Actor, unit: Unit | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        if unit is None:
            self.fields["parent"] = UnitField(
                actor, none=str(_("At the top")), label=_("Under"), required=False
            )


class MoveUnitForm(Versioned):
    """Where a unit goes, with everything below it."""

    def __init__(self, *args: Any, actor: Actor, unit: Unit, **options: Any) -> None:
        super().__init__(*args, **options)
        top = str(_("At the top"))
        self.fields["parent"] = UnitField(actor, none=top, leave_out=unit, label=_("Under"), required=False)


class RoleForm(Versioned):
    """A role's names, purpose and side."""

    code = forms.SlugField(label=_("Code"), max_length=40)
    name = forms.CharField(label=_("Name"), max_length=60)
    name_en = forms.CharField(label=_("English name"), max_length=60)
    purpose = forms.CharField(label=_("Purpose"), max_length=200, required=False)
    domain = forms.ChoiceField(label=_("Domain"), choices=list(DOMAIN_LABELS.items()))


class PostForm(forms.Form):
    """Which role somebody gets in which unit, from when until when."""

    since = forms.DateField(label=_("Since"), widget=DAY)
    until = forms.DateField(
        label=_("Until"), widget=DAY, required=False, help_text=_("The first day on which it no longer holds")
    )

    def __init__(self, *args: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["role"] = RoleField(
            visible(Role, actor), to_field_name="uid", label=_("Role"), empty_label=None
        )
        self.fields["unit"] = UnitField(actor, label=_("Unit"))
        self.order_fields(["role", "unit", "since", "until"])


class EndPostForm(Versioned):
    """When a post ends."""

    on = forms.DateField(label=_("First day without it"), widget=DAY)


class DeputyForm(forms.Form):
    """Who stands in, on which days (both included), and why."""

    since = forms.DateField(label=_("From"), widget=DAY)
    until = forms.DateField(label=_("To and including"), widget=DAY)
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)

    def __init__(self, *args: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["deputy"] = PersonField(actor, label=_("Deputy"))
        self.order_fields(["deputy", "since", "until", "reason"])

    def moments(self) -> dict[str, dt.datetime]:
        """Return the days as moments: from now when that is today, until the midnight after the last day."""
        since, until = self.cleaned_data["since"], self.cleaned_data["until"]
        now = timezone.now()
        begin = now if since == now.astimezone(CHINA).date() else _midnight(since)
        return {"since": begin, "until": _midnight(until + dt.timedelta(days=1))}


class TokenForm(forms.Form):
    """A token's name, its rights out of those one holds, and its last day."""

    name = forms.CharField(label=_("Name"), max_length=80)
    expires = forms.DateField(label=_("Last day"), widget=DAY)
    scopes = forms.MultipleChoiceField(label=_("Rights"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["scopes"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = list(_named(permissions_held(actor)))

    def expires_at(self) -> dt.datetime:
        """Return the midnight after the last day."""
        return _midnight(self.cleaned_data["expires"] + dt.timedelta(days=1))


def _named(permissions: Iterable[Any]) -> Iterable[tuple[str, str]]:
    return ((one.name, f"{one.kind_label} · {one.label}") for one in permissions)


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), tzinfo=CHINA)
