"""Small dialogs of tags: which ones hang on a record, and into which other one a tag is merged."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from jike.foundation.customising.completing import tags_of
from jike.foundation.customising.tagging import give_tags, merge_tags
from jike.foundation.models import Record, Tag
from jike.foundation.pages.entry import PageRequest, page
from jike.foundation.pages.resources.dialogs import ask
from jike.foundation.scope import fetch

__all__ = ["merge", "tags"]


class TagForm(forms.Form):
    """The tags there are, ticked where they hang, and words for new ones."""

    tags = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Tags"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    words = forms.CharField(
        label=gettext_lazy("New tags"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("Several with commas between."),
    )


class MergeForm(forms.Form):
    """The tag that stays."""

    into = forms.TypedChoiceField(label=gettext_lazy("Into which tag"), coerce=int)


@page("GET", "POST")
def tags(request: PageRequest, uid: UUID, *, model: type[Record]) -> HttpResponse:
    """Ask which tags a record of ``model`` has, and hang them on it."""
    record: Any = fetch(model, uid, request.actor, action="change")
    form = TagForm(request.POST or None, initial={"tags": record.tags})
    known = tags_of(model.kind())
    form.fields["tags"].choices = [(number, str(tag)) for number, tag in known.items()]  # type: ignore[attr-defined]

    def act(given: dict[str, Any]) -> str:
        words = given["words"].replace("\N{FULLWIDTH COMMA}", ",").replace("\N{IDEOGRAPHIC COMMA}", ",")
        give_tags(record, actor=request.actor, tags=given["tags"], words=words.split(","))
        return _("The tags of “%(name)s” are as you chose them.") % {"name": record}

    return ask(request, record, form, title=_("Tags"), act=act)


@page("GET", "POST", permission="foundation.tag:merge")
def merge(request: PageRequest, uid: UUID) -> HttpResponse:
    """Ask into which tag this one is merged, and merge it."""
    tag = fetch(Tag, uid, request.actor, action="merge")
    others = {number: one for number, one in tags_of(tag.of_kind).items() if number != tag.pk}
    form = MergeForm(request.POST or None)
    form.fields["into"].choices = [(number, str(one)) for number, one in others.items()]  # type: ignore[attr-defined]

    def act(given: dict[str, Any]) -> str:
        outcome = merge_tags(tag, actor=request.actor, into=others[given["into"]])
        written = len(outcome.written)
        return (
            ngettext("%d record has the other tag now.", "%d records have the other tag now.", written)
            % written
        )

    return ask(request, tag, form, title=_("Merge into another"), act=act)
