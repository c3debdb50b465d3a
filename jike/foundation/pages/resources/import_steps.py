"""What the pages of an import show beside the rows: how far it is, and the form that translates values."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from jike.foundation.exchange.translating import Unknown
from jike.foundation.models import ImportRun
from jike.foundation.resource.fields import form_field
from jike.foundation.scope import Actor

__all__ = ["TranslationForm", "import_steps"]

State = ImportRun.State
REACHED = {
    State.MAPPING: 1,
    State.CHECKING: 2,
    State.CHECKED: 2,
    State.RUNNING: 3,
    State.DONE: 3,
    State.UNDOING: 3,
    State.UNDONE: 3,
}


def import_steps(run: ImportRun | None) -> list[tuple[str, str]]:
    """Return each step with its mark: ``past``, ``now`` or nothing."""
    reached = REACHED[State(run.state)] if run else 0
    labels = (_("File"), _("Columns"), _("Check"), _("Result"))
    marks = {True: "past", False: ""}
    return [
        (label, "now" if place == reached else marks[place < reached]) for place, label in enumerate(labels)
    ]


class TranslationForm(forms.Form):
    """One choice for each value that was not recognised, and whether its cells are left out instead."""

    def __init__(
        self, unknown: Sequence[Unknown], actor: Actor, *, data: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(data=data, auto_id="import-%s")
        self.unknown = unknown
        for place, one in enumerate(unknown):
            field = form_field(one.attribute, actor)
            field.required, field.help_text, field.label = False, "", one.text
            if isinstance(field, forms.ChoiceField):
                field.choices = [("", _("Not decided")), *one.attribute.field.flatchoices]
            field.widget.attrs["aria-label"] = one.text
            self.fields[f"value-{place}"] = field
            self.fields[f"skip-{place}"] = forms.BooleanField(required=False, label=_("Leave out"))

    def said(self) -> dict[str, dict[str, str]]:
        """Return field → {text: what it stands for} of the values that were decided."""
        said: dict[str, dict[str, str]] = {}
        for place, one in enumerate(self.unknown):
            value = self.cleaned_data.get(f"value-{place}")
            meant = str(getattr(value, "uid", value or ""))
            if meant or self.cleaned_data.get(f"skip-{place}"):
                said.setdefault(one.name, {})[one.text] = meant
        return said

    def groups(self) -> list[tuple[str, list[tuple[Unknown, forms.BoundField, forms.BoundField]]]]:
        """Return the fields column by column: (column, [(value, its choice, whether it is left out)])."""
        found: dict[str, Any] = {}
        for place, one in enumerate(self.unknown):
            _label, rows = found.setdefault(one.name, (str(one.attribute.label), []))
            rows.append((one, self[f"value-{place}"], self[f"skip-{place}"]))
        return list(found.values())
