"""A workbook to fill in: one column a field, with its choices as lists, and a sheet that explains the columns."""

import io

import xlsxwriter
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from jike.foundation.exchange.cells import clean
from jike.foundation.exchange.mapping import importable
from jike.foundation.exchange.related import related_fields
from jike.foundation.resource.attributes import Attribute, Look
from jike.foundation.resource.declaration import Resource
from jike.foundation.scope import Actor

__all__ = ["blank_file"]

ROWS = 10_000
"""Down to this row the lists of choices are offered."""
WIDTH = 18


def blank_file(resource: Resource, actor: Actor) -> io.BytesIO:
    """Return the workbook, in the language in force; what must be filled is marked with an asterisk."""
    columns = [(str(one.label), one) for one in importable(resource, actor)]
    columns += [(f"{one.label}{field.label}", field) for _name, one, field in related_fields(resource, actor)]
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False}) as book:
        bold, text = book.add_format({"bold": True, "bottom": 1}), book.add_format({"num_format": "@"})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet(clean(capfirst(str(resource.plural)))[:31])
        lists = book.add_worksheet(clean(_("Columns"))[:31])
        lists.write_row(0, 0, [_("Column"), _("What it takes"), _("Choices")], bold)
        sheet.freeze_panes(1, 0)
        for place, (title, one) in enumerate(columns):
            sheet.write_string(0, place, clean(f"{title}{'*' if _needed(one) else ''}"), bold)
            form = {Look.DATE: day, Look.MONEY: None, Look.NUMBER: None}.get(one.look, text)
            sheet.set_column(place, place, WIDTH, form)
            lists.write_row(place + 1, 0, [clean(title), _taken(one)])
            if choices := _choices(one):
                lists.write_row(place + 1, 2, choices)
                area = (place + 2, xlsxwriter.utility.xl_col_to_name(len(choices) + 1))
                source = f"='{lists.get_name()}'!$C${area[0]}:${area[1]}${area[0]}"
                sheet.data_validation(1, place, ROWS, place, {"validate": "list", "source": source})
        lists.set_column(0, 0, WIDTH)
        lists.set_column(1, 1, 48)
    content.seek(0)
    return content


def _needed(one: Attribute) -> bool:
    return not (one.field.blank or one.field.null or one.field.has_default())


def _choices(one: Attribute) -> list[str]:
    if one.look is Look.YES_NO:
        return [_("Yes"), _("No")]
    return [clean(str(label)) for label in one.choices.values()]


def _taken(one: Attribute) -> str:
    """Return what the column takes, in words."""
    if one.choices or one.look is Look.YES_NO:
        return _("One of the choices at the right")
    if one.refers_to is not None:
        return _("Code or full name of one that you may see")
    words = {
        Look.REGION: _("Name or code of GB/T 2260"),
        Look.INDUSTRY: _("Name or code of GB/T 4754"),
        Look.DATE: _("A day, such as 2026-11-23"),
        Look.MONEY: _("An amount in yuan"),
        Look.NUMBER: _("A whole number"),
        Look.PHONE: _("A telephone number"),
    }
    return words.get(one.look) or _("Text of at most %(most)s characters") % {
        "most": one.field.max_length or 4000
    }
