"""The form field of tags: ticked on screen, typed with commas between by programs and in files."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from jike.foundation.resource.attributes import Attribute

__all__ = ["TagsField"]


class TagsField(forms.Field):
    """Tags by id or name, ticked or typed with commas between."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, attribute: Attribute, **options: Any) -> None:
        super().__init__(**options)
        known = attribute.choices
        self.by_text = {str(one): number for number, one in known.items() if isinstance(number, int)}
        self.by_text |= {str(number): number for number in known if isinstance(number, int)}
        self.widget.choices = [(n, str(one)) for n, one in known.items() if isinstance(n, int)]

    def to_python(self, value: Any) -> list[int]:
        """Return the ids; a word that is no tag is refused."""
        texts = [str(one) for one in value] if isinstance(value, list | tuple) else [str(value or "")]
        named = [one.strip(" []'\"") for one in re.split("[,，、;；]", ",".join(texts))]
        if unknown := [one for one in named if one and one not in self.by_text]:
            raise ValidationError(_("There is no tag “%(name)s”.") % {"name": unknown[0][:40]})
        return sorted({self.by_text[one] for one in named if one})

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare ids."""
        return self.to_python(initial) != self.to_python(data)
