"""Custom fields and tags as administrators and heads keep them: ordinary lists and forms."""

from django.utils.translation import gettext_lazy as _

from jike.foundation.customising.defining import add_field, change_field, remove_field, restore_field
from jike.foundation.customising.tagging import add_tag, change_tag, remove_tag
from jike.foundation.models import CustomField, Tag
from jike.foundation.resource import Resource, Section, Verb

__all__ = ["CUSTOM_FIELDS", "TAGS"]

CUSTOM_FIELDS = Resource(
    model=CustomField,
    slug="custom-fields",
    icon="forms",
    columns=("label", "label_en", "of_kind", "shape", "section", "required", "active", "position"),
    more_columns=("data_key", "see", "change", "formula"),
    sorts=("position",),
    form=(
        Section(_("Basics"), ("label", "label_en", "of_kind", "shape", "hint", "required")),
        Section(_("What it holds"), ("options", "decimals", "formula", "result")),
        Section(
            _("Place and rights"),
            ("section", "section_en", "position", "see", "change", "active", "data_key"),
        ),
    ),
    inline=("label", "label_en", "section", "section_en", "hint", "position", "required", "active"),
    actions={
        "add": add_field,
        "change": change_field,
        "remove": remove_field,
        "restore": restore_field,
    },
)

TAGS = Resource(
    model=Tag,
    slug="tags",
    icon="tags",
    columns=("name", "of_kind", "colour", "managed", "position"),
    sorts=("position",),
    form=(Section(_("Basics"), ("name", "of_kind", "colour", "managed", "position")),),
    inline=("name", "colour", "managed", "position"),
    actions={"add": add_tag, "change": change_tag, "remove": remove_tag},
    panels=(Verb("merge", _("Merge into another"), "arrows-join", "foundation:merge_tag"),),
)
