"""What the form page and the edit in place share: store, say why not, and merge when somebody was quicker.

The page sends back the version its editor began from and what the fields then held (``base``), so that a merge knows
who changed what. Both stay as they are until a merge has shown the newer values.
"""

import json
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from jike.foundation.entering import whole_number
from jike.foundation.errors import Refused, RuleBroken, Stale
from jike.foundation.models.record import Record
from jike.foundation.resource.declaration import Resource
from jike.foundation.resource.editing import RecordForm, base_of, build_form, merge, save
from jike.foundation.scope import Actor

__all__ = ["Editor", "base_in", "read_base", "version_in"]

UNSEEN = 0
"""The version of an editor that names none: whatever is stored counts as newer."""


class Editor:
    """One attempt to store a form."""

    def __init__(
        self,
        resource: Resource,
        actor: Actor,
        row: Record | None,
        *,
        form: RecordForm,
        version: int = UNSEEN,
        base: dict[str, str] | None = None,
    ) -> None:
        self.resource, self.actor, self.row, self.form = resource, actor, row, form
        self.begun = not form.is_bound
        self.version, self.base = version, base or {}
        self.conflicts: dict[str, str] = {}

    def stored(self, *, again: bool = False) -> Record | None:
        """Store the form; None when it was not, and then it says why.

        With ``again`` a form whose fields nobody else touched is stored upon the newer version at once.
        """
        if not self.form.is_valid():
            return None
        try:
            return save(self.resource, self.form, self.row, actor=self.actor, version=self.version)
        except Stale:
            return self._merged(again)
        except Refused as error:
            self.form.add_error(None, str(error))
        except RuleBroken:
            return None
        return None

    def context(self) -> dict[str, Any]:
        """Return what the form's template needs of the editor."""
        if self.begun and self.row is not None:
            self.version, self.base = self.row.version, base_of(self.form, self.row)
        return {
            "form": self.form,
            "version": self.version,
            "base": json.dumps(self.base),
            "conflicts": [(self.form[name].label, stored) for name, stored in self.conflicts.items()],
        }

    def _merged(self, again: bool) -> Record | None:
        row = self.row
        if row is None:
            return None
        self.conflicts = merge(self.form, row, base=self.base)
        self.version, self.base = row.version, base_of(self.form, row)
        if again and not self.conflicts:
            names = tuple(self.form.fields)
            self.form = build_form(self.resource, self.actor, row, names=names, data=self.form.data)
            return self.stored()
        sentence = _(
            "Somebody saved this record while you were editing it. Look at the marked fields and save again."
        )
        other = _("Somebody saved other fields of this record meanwhile. Save again.")
        self.form.add_error(None, sentence if self.conflicts else other)
        return None


def version_in(request: HttpRequest) -> int:
    """Return the version the editor saw."""
    return whole_number(request.POST.get("version", "")) or UNSEEN


def base_in(request: HttpRequest) -> dict[str, str]:
    """Return what the editor began from."""
    return read_base(request.POST.get("base", ""))


def read_base(text: str) -> dict[str, str]:
    """Read what an editor began from; what somebody else wrote there counts as nothing."""
    try:
        base = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    return {name: str(value) for name, value in base.items()} if isinstance(base, dict) else {}
