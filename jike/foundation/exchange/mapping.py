"""Which column of a file fills which field: by heading and its usual other words, by content, by the last choice."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from django.conf import settings
from django.utils import translation

from jike.foundation.exchange.converting import Unfit, industry_code, region_code
from jike.foundation.exchange.headings import HEADINGS
from jike.foundation.exchange.tables import Cell
from jike.foundation.resource.attributes import Attribute, Look
from jike.foundation.resource.declaration import Resource
from jike.foundation.scope import Actor
from jike.values.errors import InvalidValue
from jike.values.phones import Phone

__all__ = ["importable", "plain_title", "proposed"]

SURE, USUAL, LIKELY = 1.0, 0.9, 0.5
AGAINST = -0.05
"""Values that contradict decide between two fields, but not against a heading: they may just be wrong."""
SAMPLE = 50
CODED: Mapping[Look, Callable[[Cell], str]] = {Look.REGION: region_code, Look.INDUSTRY: industry_code}
NOISE = str.maketrans("", "", " \t_-*:：()（）[]【】*")


def importable(resource: Resource, actor: Actor) -> list[Attribute]:
    """Return the fields that a file may fill: those of the form which the actor may read and write."""
    found = [resource.attributes[name] for name in resource.form_fields]
    return [one for one in found if one.editable and one.open_to(actor)]


def proposed(
    fields: Sequence[Attribute],
    header: Sequence[Cell],
    rows: Sequence[Sequence[Cell]],
    *,
    known: Mapping[str, str] | None = None,
) -> dict[int, str]:
    """Return column → name of the field it probably fills, each field once, the surest first.

    Parameters
    ----------
    known
        Header → field, as it was chosen before.
    """
    known, marks = known or {}, []
    names, titles = {one.name for one in fields}, _titles(fields)
    for column, title in enumerate(header):
        text = plain_title(title)
        if known.get(text) in names:
            marks.append((2.0, column, known[text]))
            continue
        sample = [row[column] for row in rows[:SAMPLE] if row[column] is not None]
        told: dict[str, float] = {}
        for one in fields:
            alike = one.name if one.choices else one.look
            if alike not in told:
                told[alike] = _by_content(one, sample)
            mark = _by_title(one, titles[one.name], text) + told[alike]
            if mark >= LIKELY:
                marks.append((mark, column, one.name))
    chosen: dict[int, str] = {}
    for _mark, column, name in sorted(marks, key=lambda mark: (-mark[0], mark[1])):
        if column not in chosen and name not in chosen.values():
            chosen[column] = name
    return chosen


def plain_title(title: Cell) -> str:
    """Return a header as it is compared and remembered."""
    return str(title or "").translate(NOISE).casefold()


def _by_title(attribute: Attribute, titles: Sequence[str], text: str) -> float:
    """Compare with the field's name and its label in each language: the same, one within the other, or alike."""
    if not text:
        return 0.0
    best = USUAL if text in _usual(attribute) else 0.0
    for title in titles:
        if title == text:
            return SURE
        if len(title) > 1 and (title in text or text in title):
            shorter, longer = sorted((len(title), len(text)))
            best = max(best, 0.5 + 0.4 * shorter / longer)
    return best


def _usual(attribute: Attribute) -> set[str]:
    return {plain_title(heading) for heading in HEADINGS.get(attribute.name, ())}


def _titles(fields: Sequence[Attribute]) -> dict[str, list[str]]:
    """Return each field's name and its label in each language, as headings are compared."""
    found = {one.name: [one.name.replace("_", "")] for one in fields}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for one in fields:
                found[one.name].append(plain_title(str(one.label)))
    return found


def _by_content(attribute: Attribute, sample: Sequence[Cell]) -> float:
    """Add to a title's mark what the values themselves tell."""
    if not sample:
        return 0.0
    fits = sum(_fits(attribute, cell) for cell in sample) / len(sample)
    if attribute.look in (Look.PHONE, Look.REGION, Look.INDUSTRY):
        return 0.6 if fits > 0.6 else AGAINST
    if attribute.look in (Look.DATE, Look.MONEY, Look.NUMBER, Look.PERCENT):
        return 0.1 if fits > 0.6 else AGAINST
    if attribute.choices:
        return 0.4 if fits > 0.8 else AGAINST
    return 0.0


def _fits(attribute: Attribute, cell: Cell) -> bool:
    if attribute.look is Look.PHONE:
        return _is_phone(str(cell))
    if attribute.look in CODED:
        return _is_coded(CODED[attribute.look], cell)
    if attribute.look is Look.DATE:
        return isinstance(cell, dt.date) or any(mark in str(cell) for mark in "-/年.")
    if attribute.look in (Look.MONEY, Look.NUMBER, Look.PERCENT):
        text = str(cell).replace(",", "").rstrip("%万元")
        return isinstance(cell, int | Decimal) or text.replace(".", "", 1).isdigit()
    labels = {str(label).casefold() for label in attribute.choices.values()}
    return str(cell).casefold() in labels | {str(value).casefold() for value in attribute.choices}


def _is_coded(convert: Callable[[Cell], str], cell: Cell) -> bool:
    try:
        convert(cell)
    except Unfit:
        return False
    return True


def _is_phone(text: str) -> bool:
    try:
        Phone.parse(text)
    except InvalidValue:
        return False
    return True
