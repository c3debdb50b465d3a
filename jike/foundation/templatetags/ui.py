"""Template tags of the page framework; they show values and decide nothing."""

import datetime as dt
import json
from functools import cache
from pathlib import Path
from typing import Any

from django import forms, template
from django.conf import settings
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

from jike.foundation.bundles import SCRIPT_BUNDLE, SCRIPTS, STYLE_BUNDLE, STYLES
from jike.foundation.jobs import job_label
from jike.foundation.models.record import STOPPED

register = template.Library()

ICONS = Path(__file__).resolve().parents[1] / "static" / "vendor" / "icons.json"
# The more special mark first: Edge and WeCom call themselves Chrome, too.
BROWSERS = (
    ("wxwork", "WeCom"), ("MicroMessenger", "WeChat"), ("Edg", "Edge"), ("Firefox", "Firefox"),
    ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
    ("Mac OS", "macOS"), ("Linux", "Linux"),
)  # fmt: skip
MINUTES_A_DAY = 24 * 60
SOON = dt.timedelta(minutes=30)
CONTROL_CLASSES = {
    forms.CheckboxInput: "cb",
    forms.CheckboxSelectMultiple: "cb",
    forms.RadioSelect: "cb",
    forms.Widget: "inp",
}


@cache
def _drawings() -> dict[str, str]:
    drawings: dict[str, str] = json.loads(ICONS.read_text(encoding="utf-8"))
    return drawings


@register.simple_tag
def styles() -> SafeString:
    """Name the styles of every page: their bundle, or one by one while developing."""
    names = STYLES if settings.DEBUG else [STYLE_BUNDLE]
    return format_html_join("\n", '<link rel="stylesheet" href="{}">', ((static(name),) for name in names))


@register.simple_tag
def scripts() -> SafeString:
    """Name the scripts of every page: their bundle, or one by one while developing."""
    names = SCRIPTS if settings.DEBUG else [SCRIPT_BUNDLE]
    return format_html_join(
        "\n", '<script type="module" src="{}"></script>', ((static(name),) for name in names)
    )


@register.simple_tag
@cache
def icon(name: str, css: str = "") -> SafeString:
    """Inline the Tabler icon ``name`` of icons.txt, hidden from screen readers (say the meaning beside it)."""
    drawing = _drawings().get(name)
    if drawing is None:
        raise LookupError(
            f"The icon {name!r} is not in jike/foundation/icons.txt; add it and rebuild the assets."
        )
    classes = " ".join(filter(None, ("i", "i-fill" if name.startswith("filled/") else "", css)))
    return format_html(
        '<svg class="{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>',
        classes,
        mark_safe(drawing),  # noqa: S308  built from Tabler's files, never from input
    )


@register.simple_tag
def badge(text: object, tone: str = "") -> SafeString:
    """Show a status word as a tag; ``tone`` is "", ok, warn, bad, acc or line."""
    return format_html('<span class="st{}">{}</span>', f" st-{tone}" if tone else "", text)


@register.filter
def initials(name: object) -> str:
    """Return what an avatar shows: a Chinese given name, or the first letters of a Latin one."""
    text = str(name).strip()
    if not text:
        return "?"
    if text.isascii():
        return "".join(word[0] for word in text.split()[:2]).upper()
    return text[-2:]


@register.simple_tag
def avatar(name: object, css: str = "") -> SafeString:
    """Draw the avatar of ``name``, which itself stands beside it; only the sizes s32 and s40 hold two characters."""
    shown = initials(name) if css else initials(name)[-1]
    return format_html('<span class="ava {}" aria-hidden="true">{}</span>', css, shown)


@register.filter
def acting(name: str) -> str:
    """Return what somebody who acted is called: a job by its label, people by their names."""
    return job_label(name)


@register.filter
def day(value: dt.date | dt.datetime | None) -> str:
    """Return a day as 11-23 in this year, else 2027-01-31; near days are words."""
    if value is None:
        return ""
    own = timezone.localtime(value).date() if isinstance(value, dt.datetime) else value
    today = timezone.localdate()
    near = {0: gettext("today"), -1: gettext("yesterday"), 1: gettext("tomorrow")}.get((own - today).days)
    return near or own.strftime("%m-%d" if own.year == today.year else "%Y-%m-%d")


@register.filter
def moment(value: dt.datetime | None) -> str:
    """Return a time as people say it: 14:05 today, 11-23 14:05 this year, 2025-11-23 14:05 before."""
    if value is None:
        return ""
    if value == STOPPED:
        return gettext("clock stopped")
    own = timezone.localtime(value)
    if own.date() == timezone.localdate():
        return own.strftime("%H:%M")
    return f"{day(own)} {own:%H:%M}"


@register.filter
def ago(value: dt.datetime | None) -> str:
    """Return how long ago within the last day, the moment before that."""
    if value is None:
        return ""
    minutes = int((timezone.now() - value).total_seconds() // 60)
    if 0 <= minutes < 1:
        return gettext("just now")
    if 0 <= minutes < 60:
        return ngettext("%d minute ago", "%d minutes ago", minutes) % minutes
    return moment(value)


def span(time: dt.timedelta) -> str:
    """Return a length of time in its two largest units."""
    minutes = int(abs(time).total_seconds() // 60)
    days, rest = divmod(minutes, MINUTES_A_DAY)
    hours, minutes = divmod(rest, 60)
    if days:
        return gettext("%(days)s d %(hours)s h") % {"days": days, "hours": hours}
    if hours:
        return gettext("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes}
    return ngettext("%(number)s minute", "%(number)s minutes", minutes) % {"number": minutes}


def ticking(left: dt.timedelta) -> SafeString:
    """Return how long is left, or by how much it is overdue; clock.js counts on while the page stands open."""
    words = gettext("overdue %(span)s") if left < dt.timedelta(0) else gettext("%(span)s left")
    return format_html(
        '<span data-left="{}">{}</span>', int(left.total_seconds()), words % {"span": span(left)}
    )


@register.simple_tag
def clock_words() -> SafeString:
    """Return what clock.js fills in as time passes, as attributes."""
    minute = "%(number)s minute", "%(number)s minutes"
    told = {
        "days": gettext("%(days)s d %(hours)s h"),
        "hours": gettext("%(hours)s h %(minutes)s min"),
        "one": ngettext(*minute, 1),
        "many": ngettext(*minute, 2),
        "left": gettext("%(span)s left"),
        "over": gettext("overdue %(span)s"),
        "soon": str(int(SOON.total_seconds())),
    }
    return format_html_join(" ", 'data-{}="{}"', told.items())


def time_left(due: dt.datetime) -> SafeString:
    """Return how long is left until ``due``, red once it is past; `STOPPED` stands for a clock that stands still."""
    if due == STOPPED:
        return format_html('<span class="clk">{}{}</span>', icon("player-pause", "i-s"), moment(due))
    left = due - timezone.now()
    tone = "bad" if left < dt.timedelta(0) else "warn" if left < SOON else "ok"
    return format_html(
        '<time class="clk{}" datetime="{}" title="{}">{}</time>',
        "" if tone == "ok" else f" clk-{tone}",
        due.isoformat(timespec="minutes"),
        moment(due),
        ticking(left),
    )


@register.filter
def device(user_agent: str) -> str:
    """Return browser and system of a session in two words, as its owner would name them."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), gettext("Browser"))
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    return f"{browser} · {system}" if system else browser


@register.simple_tag
def today_heading() -> str:
    """Return today's date in words, for the head of the home page."""
    return date_format(timezone.localdate(), gettext("l, F j"))


@register.simple_tag
def control(bound: forms.BoundField, css: str = "") -> SafeString:
    """Render a form field's control in our classes; Django adds aria-describedby and aria-invalid."""
    widget = bound.field.widget
    own = next(name for kind, name in CONTROL_CLASSES.items() if isinstance(widget, kind))
    given = widget.attrs.get("class", "")
    return bound.as_widget(attrs={"class": " ".join(filter(None, (own, css, given)))})


@register.inclusion_tag("ui/_field.html")
def field(bound: forms.BoundField, css: str = "") -> dict[str, Any]:
    """Render label, control, help and errors of one form field."""
    widget = bound.field.widget
    return {
        "bound": bound,
        "css": css,
        "single": isinstance(widget, forms.CheckboxInput),
        "many": isinstance(widget, forms.CheckboxSelectMultiple | forms.RadioSelect),
        "optional": not bound.field.required and not isinstance(widget, forms.CheckboxInput),
    }
