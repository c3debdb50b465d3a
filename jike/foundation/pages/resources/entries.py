"""An entry of a timeline, written at once as rows of lists and cards of boards are.

A page has twenty of them, of ten parts each; a template that went through them took twice the time.
"""

from collections.abc import Iterator

from django.template.defaultfilters import linebreaksbr
from django.utils import timezone
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from jike.foundation.happenings import Happening, Source
from jike.foundation.templatetags.ui import badge, icon, moment

__all__ = ["entry"]

CHANGES_SHOWN, OLD_LENGTH, NEW_LENGTH = 6, 40, 60


def entry(source: Source, one: Happening, *, history: str) -> SafeString:
    """Return one entry, ready to print; ``history`` is the address of all changes of the record."""
    below = "".join(_below(one, history))
    return SafeString(  # each part escapes what it shows
        f'<div class="tl-e"><span class="tl-i {one.tone}">{icon(one.icon or source.icon)}</span><div>'
        f'<div class="tl-h">{"".join(_head(one))}</div>{below}</div></div>'
    )


def _head(one: Happening) -> Iterator[str]:
    """Yield who did what to which object, and when."""
    yield f"<b>{conditional_escape(one.who)}</b>"
    if one.act:
        yield f"<span>{conditional_escape(str(one.act))}</span>"
    if one.link:
        yield f'<a class="lk el" href="{conditional_escape(one.link)}">{conditional_escape(one.title)}</a>'
    elif one.title:
        yield f'<span class="el">{conditional_escape(one.title)}</span>'
    if one.status:
        yield badge(one.status, one.tone)
    if one.of:
        yield f'<span class="tok">{conditional_escape(one.of)}</span>'
    yield f'<time datetime="{timezone.localtime(one.moment).isoformat()}">{moment(one.moment)}</time>'


def _below(one: Happening, history: str) -> Iterator[str]:
    """Yield what was said, which fields changed, and what follows."""
    if one.words:
        yield f'<div class="tl-b said">{linebreaksbr(one.words)}</div>'
    if one.changes:
        yield f'<div class="tl-b">{"".join(_changes(one, history))}</div>'
    if one.next_step:
        label = _("Next step") + _(":")
        drawing = icon("corner-down-right", "i-s")
        yield f'<div class="tl-n">{drawing}{label} {conditional_escape(one.next_step)}</div>'


def _changes(one: Happening, history: str) -> Iterator[str]:
    for change in one.changes[:CHANGES_SHOWN]:
        old = f'<span class="was">{_short(change.old, OLD_LENGTH)}</span> → ' if change.old else ""
        label = conditional_escape(change.label)
        yield f'<span class="tl-c"><span class="t3">{label}</span> {old}{_short(change.new, NEW_LENGTH)}</span>'
    if len(one.changes) > CHANGES_SHOWN:
        words = _("all fields")
        yield f' <a class="lk" href="{conditional_escape(one.link or history)}">{words}</a>'


def _short(text: object, length: int) -> str:
    told = str(text)
    return conditional_escape(told if len(told) <= length else Truncator(told).chars(length))
