"""How values look: one function per look, made once per cell, so that row templates stay flat and quick."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from html import escape  # Django's own is asked for lazy texts each time; these are a page's thousand cells
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jike.foundation.drawing import bar, spark
from jike.foundation.resource.attributes import Attribute, Look
from jike.foundation.scope import SEALED
from jike.foundation.templatetags.ui import icon, moment, time_left
from jike.values import industries, regions
from jike.values.errors import InvalidValue
from jike.values.phones import Phone

__all__ = ["cells", "shown", "words"]

WAN = Decimal(10_000)
HEALTHY, WATCHED = 80, 60


def cells(attributes: Sequence[Attribute], values: Sequence[Any]) -> SafeString:
    """Return the cells of one row of a list: a template that went through them would take most of the page's time."""
    parts = []
    for attribute, value in zip(attributes, values, strict=True):
        css = "num" if attribute.look.numeric else "trend" if attribute.look is Look.TREND else ""
        parts.append(f'<td class="{css}">{shown(attribute, value)}</td>')
    return SafeString("".join(parts))  # `shown` gives safe HTML


def shown(attribute: Attribute, value: Any) -> SafeString:
    """Return the value as safe HTML, in lists and among facts alike."""
    if value is SEALED:
        return sealed_mark()
    if value is None or value in ("", []):
        return SafeString()
    render = _LOOKS.get(attribute.look)
    return SafeString(
        render(attribute, value) if render else escape(str(value))
    )  # each look escapes what it shows


def words(attribute: Attribute, value: Any) -> str:
    """Return the value as plain words, for chips, history and exports."""
    if value is SEALED:
        return str(SEALED)
    if value is None or value == "":
        return ""
    look = attribute.look
    if isinstance(value, list) and look.chosen:
        return _(", ").join(str(attribute.choices[one]) for one in value if one in attribute.choices)
    if look.chosen:
        return str(attribute.choices.get(value, value))
    if look is Look.YES_NO:
        return _("yes") if value else _("no")
    plain = _WORDS.get(look)
    return plain(value) if plain else str(value)


def sealed_mark() -> SafeString:
    """Return what stands for a value that one may not read: never blank, never zero."""
    return format_html('<span class="sealed">{}{}</span>', icon("lock"), SEALED)


def money(value: Decimal) -> str:
    """Return yuan with thousands and two decimals, with a true minus sign."""
    return f"{value:,.2f}".replace("-", "\N{MINUS SIGN}")


def in_wan(value: Decimal) -> str:
    """Return 万元 with two decimals."""
    return money((Decimal(value) / WAN).quantize(Decimal("0.01"), ROUND_HALF_UP))


def region_name(code: str) -> str:
    """Return the region's own name; an unknown code stays itself."""
    try:
        return regions.region(code).name
    except (InvalidValue, LookupError):
        return code


def phone_number(value: str) -> str:
    """Return a number as people write it; what is no number stays itself."""
    try:
        return Phone.parse(value).display
    except InvalidValue:
        return value


def industry_name(code: str) -> str:
    """Return the industry's name in the reader's language; an unknown code stays itself."""
    try:
        found = industries.industry(code[1:] if len(code) > 1 else code)
    except (InvalidValue, LookupError):
        return code
    return found.english if get_language() == "en" else found.name


def _choice(attribute: Attribute, value: Any) -> str:
    return escape(words(attribute, value))


def _grade(attribute: Attribute, value: Any) -> str:
    return f'<span class="gr gr-{escape(value)}">{escape(value)}</span>'


def _level(attribute: Attribute, value: Any) -> str:
    return f'<span class="lv lv-{escape(value)}">{_choice(attribute, value)}</span>'


def _state(attribute: Attribute, value: Any) -> str:
    return f'<span class="st">{_choice(attribute, value)}</span>'


def _health(attribute: Attribute, value: Any) -> str:
    tone = "ok" if value >= HEALTHY else "warn" if value >= WATCHED else "bad"
    word = {"ok": _("healthy"), "warn": _("watch"), "bad": _("at risk")}[tone]
    return f'<span class="hp hp-{tone}">{bar(value)}<b>{value}</b><span>{word}</span></span>'


def _trend(attribute: Attribute, value: Sequence[Any]) -> str:
    numbers = [Decimal(one) for one in value if one is not None]
    if len(numbers) < 2:
        return ""
    label = _("from %(first)s to %(last)s") % {"first": in_wan(numbers[0]), "last": in_wan(numbers[-1])}
    return spark(numbers, label=label)


def _percent(value: Any) -> str:
    return f"{Decimal(value):.1f}%".replace(".0%", "%")


def _tags(attribute: Attribute, value: Sequence[Any]) -> str:
    known = [one for tag in value if (one := attribute.choices.get(tag))]
    return "".join(f'<span class="tag tg tg-{escape(one.colour)}">{escape(str(one))}</span>' for one in known)


def _plain_day(value: Any) -> str:
    return value.isoformat() if isinstance(value, dt.date) else str(value)


_LOOKS: Mapping[Look, Callable[[Attribute, Any], str]] = {
    Look.CHOICE: _choice,
    Look.GRADE: _grade,
    Look.TAGS: _tags,
    Look.LEVEL: _level,
    Look.STATE: _state,
    Look.HEALTH: _health,
    Look.TREND: _trend,
    Look.MONEY: lambda attribute, value: money(value),
    Look.NUMBER: lambda attribute, value: f"{value:,}".replace("-", "\N{MINUS SIGN}"),
    Look.PERCENT: lambda attribute, value: _percent(value),
    Look.DATE: lambda attribute, value: _plain_day(value),
    Look.MOMENT: lambda attribute, value: moment(value),
    Look.CLOCK: lambda attribute, value: time_left(value),
    Look.YES_NO: lambda attribute, value: str(icon("check")) if value else "",
    Look.REGION: lambda attribute, value: escape(region_name(value)),
    Look.INDUSTRY: lambda attribute, value: escape(industry_name(value)),
    Look.PHONE: lambda attribute, value: escape(phone_number(value)),
    Look.LONG_TEXT: lambda attribute, value: escape(value),
}
_WORDS: Mapping[Look, Callable[[Any], str]] = {
    Look.MONEY: money,
    Look.PHONE: phone_number,
    Look.PERCENT: _percent,
    Look.DATE: _plain_day,
    Look.MOMENT: moment,
    Look.CLOCK: moment,
    Look.REGION: region_name,
    Look.INDUSTRY: industry_name,
}
