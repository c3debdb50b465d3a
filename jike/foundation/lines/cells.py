"""One column of a grid: what its cells offer, and how a column of typed texts becomes values, set-wise.

Texts come from keyboards and from Excel alike: thousands separators, percent signs, full-width figures and the words of
a closed list are taken as they are. A text that cannot be read stays in its cell with a sentence beside it.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from jike.foundation.models.record import Record
from jike.foundation.resource.attributes import Attribute, Look, title_field
from jike.foundation.resource.fields import form_field
from jike.foundation.resource.presenting import words
from jike.foundation.scope import Actor, visible
from jike.values.errors import InvalidValue
from jike.values.text import clean_line

__all__ = ["Read", "Typed", "offered", "read_column", "text_of"]

TO_HALF = str.maketrans("０１２３４５６７８９．－％，", "0123456789.-%,")
LONGEST = 4000


class Typed(NamedTuple):
    """What a cell sent: its text, and the uid of the row that was chosen (or stored) for it."""

    text: str
    uid: str = ""


class Read(NamedTuple):
    """What became of a cell: a value, or the sentence that says why there is none."""

    value: Any = None
    problem: str = ""


def offered(attribute: Attribute) -> list[str]:
    """Return the words of a closed list, for the cell to offer."""
    if attribute.look is Look.YES_NO:
        return [words(attribute, True), words(attribute, False)]
    return [str(label) for label in attribute.choices.values()]


def text_of(attribute: Attribute, value: Any) -> str:
    """Return a value as the cell shows it and as it could be typed."""
    return str(value) if isinstance(value, Record) else words(attribute, value)


def read_column(attribute: Attribute, cells: Sequence[Typed], actor: Actor) -> list[Read]:
    """Return what each cell of the column means; references of all cells are looked up together."""
    if attribute.field.is_relation:
        return _references(attribute, cells, actor)
    field = form_field(attribute, actor)
    labels = {label: value for value, label in attribute.choices.items()}
    found = []
    for cell in cells:
        text = _plain(attribute, cell.text)
        try:
            found.append(Read(field.clean(_chosen(attribute, text, labels))))
        except ValidationError as error:
            found.append(Read(problem=" ".join(error.messages)))
    return found


def _plain(attribute: Attribute, text: str) -> str:
    """Take from figures what Excel writes around them."""
    if not (attribute.look.numeric or attribute.look is Look.HEALTH):
        return text
    plain = text.translate(TO_HALF).replace("\N{MINUS SIGN}", "-").strip()
    if attribute.look is Look.MONEY:
        return plain
    return plain.replace(",", "").removesuffix("%").strip()


def _chosen(attribute: Attribute, text: str, labels: Mapping[Any, Any]) -> Any:
    if attribute.look is Look.YES_NO:
        return text.strip().lower() in {words(attribute, True).lower(), "true", "1", "y", "是"}
    wanted = text.strip()
    exact = [value for label, value in labels.items() if str(label) == wanted]
    alike = exact or [value for label, value in labels.items() if wanted and wanted in str(label)]
    return alike[0] if len(alike) == 1 else text


def _references(attribute: Attribute, cells: Sequence[Typed], actor: Actor) -> list[Read]:
    related: Any = attribute.refers_to
    by_uid = {str(row.uid): row for row in _seen(related, actor, Q(uid__in=_uids(cells)))}
    loose = [
        _line(cell.text) for cell in cells if cell.uid not in by_uid or str(by_uid[cell.uid]) != cell.text
    ]
    by_text = _called(related, {text for text in loose if text}, actor)
    return [_reference(attribute, cell, by_uid=by_uid, by_text=by_text) for cell in cells]


def _reference(
    attribute: Attribute, cell: Typed, *, by_uid: Mapping[str, Record], by_text: Mapping[str, list[Record]]
) -> Read:
    text = _line(cell.text)
    if not text:
        needed = not (attribute.field.null or attribute.field.blank)
        return Read(problem=_("This field is required.")) if needed else Read()
    chosen = by_uid.get(cell.uid)
    if chosen is not None and str(chosen) == cell.text:
        return Read(chosen)
    known = by_text.get(text, [])
    if len(known) == 1:
        return Read(known[0])
    if known:
        return Read(problem=_("Several are called “%(text)s”; type the code.") % {"text": text})
    return Read(problem=_("There is no “%(text)s” to choose.") % {"text": text})


def _called(related: Any, texts: set[str], actor: Actor) -> Mapping[str, list[Record]]:
    """Return the rows of each name or code; one query, however many cells were pasted."""
    if not texts:
        return {}
    fields = {field.name for field in related._meta.concrete_fields}
    codes = related.SEARCH.codes if related.SEARCH else ()
    names = [name for name in (title_field(related), *codes) if name in fields and name not in related.SEALED]
    condition = Q()
    for name in names:
        condition |= Q(**{f"{name}__in": sorted(texts)})
    found: dict[str, list[Record]] = {}
    for row in _seen(related, actor, condition) if names else ():
        for text in {getattr(row, name) for name in names} & texts:
            found.setdefault(text, []).append(row)
    return found


def _seen(related: Any, actor: Actor, condition: Q) -> Any:
    return visible(related, actor).filter(condition)


def _uids(cells: Sequence[Typed]) -> list[UUID]:
    found = []
    for cell in cells:
        try:
            found.append(UUID(cell.uid))
        except ValueError:
            continue
    return found


def _line(text: str) -> str:
    """Return the text as names are kept; what cannot be kept names nothing."""
    try:
        return clean_line(text, limit=LONGEST)
    except InvalidValue:
        return ""
