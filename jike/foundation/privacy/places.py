"""Where a person's data may lie: every text of every model, declared once by the site; a test finds what is not.

A person hangs on a subject (a key person on a customer), and free texts around that subject may name them. Each model
with texts is either looked through or kept as it is for a reason; a column of documents or lists always needs a reason.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, QuerySet

from jike.foundation.models.custom_field import COLUMN
from jike.values.blotting import Words

__all__ = [
    "Finding",
    "Places",
    "around",
    "findings",
    "places",
    "register_places",
    "text_fields",
    "undeclared",
]

ABOUT = "about_uid"
PLAIN = ("about_kind",)
Model = type[models.Model]


@dataclass(frozen=True)
class Places:
    """Where data of persons of one kind may lie.

    Attributes
    ----------
    person
        The model of the persons.
    texts
        Label of a model → the path from its rows to the subject, or ``about_uid`` where rows name records by uid.
    rows
        "label.field" of the references to the person whose rows are the person's own and go with them.
    kept
        Label of a model, or "label.field", → why nothing of the person lies there, or why it must stay.
    documents
        "label.field" of columns of JSON whose texts are looked through as well; keys name nobody.
    originals
        Labels of models whose attachments repeat their texts (the original of a mail): they go where a text names them.
    """

    person: Model
    texts: Mapping[str, str] = field(default_factory=dict)
    rows: Collection[str] = ()
    kept: Mapping[str, str] = field(default_factory=dict)
    documents: Collection[str] = ()
    originals: Collection[str] = ()


class Finding(NamedTuple):
    """A text that names the person, or texts of which one does: in a list, or by the key of a custom field."""

    row: Any
    field: str
    held: Any

    @property
    def text(self) -> str:
        """All that stands there, a line for each text."""
        return joined(self.held)

    def blotted(self, words: Words) -> Any:
        """Return what stands there without what names the person."""
        if isinstance(self.held, dict):
            texts = {key: one for key, one in self.held.items() if isinstance(one, str)}
            return {**self.held, **{key: words.blotted(one) for key, one in texts.items()}}
        if isinstance(self.held, list):
            return [words.blotted(one) for one in self.held]
        return words.blotted(self.held)


class _Registered:
    places: Places | None = None


def register_places(declared: Places) -> None:
    """Name the places; the last call counts."""
    _Registered.places = declared


def places() -> Places:
    """Return what was declared."""
    if _Registered.places is None:
        raise LookupError("nobody has declared where data of persons lies (register_places)")
    return _Registered.places


def text_fields(model: Model) -> list[str]:
    """Return the columns of a model in which anything may be written."""
    return [one.name for one in model._meta.concrete_fields if _is_text(one) and one.name not in PLAIN]


def findings(
    model: Model, words: Words, *, subject: Any, uids: Collection[UUID], declared: Places
) -> Iterator[Finding]:
    """Return the texts of ``model`` around the subject that name the person, rows in the recycle bin too."""
    label = model._meta.label_lower
    names = [name for name in text_fields(model) if f"{label}.{name}" not in declared.kept]
    names += [one.rpartition(".")[2] for one in declared.documents if one.rpartition(".")[0] == label]
    for row in around(model, declared.texts[label], subject=subject, uids=uids).iterator(2000):
        for name in names:
            held = getattr(row, name)
            if held and words.name(joined(held)):
                yield Finding(row, name, held)


def joined(held: Any) -> str:
    """Return a text, the texts of a list, or those of custom fields, a line for each."""
    texts = held.values() if isinstance(held, dict) else held if isinstance(held, list) else [held]
    return "\n".join(one for one in texts if isinstance(one, str))


def around(model: Model, path: str, *, subject: Any, uids: Collection[UUID]) -> QuerySet[Any]:
    """Return the rows of ``model`` that lie around the subject, or that name one of the records ``uids``."""
    rows = model._base_manager.order_by("pk")
    if path == ABOUT:
        return rows.filter(Q(about_uid__in=list(uids)))
    return rows.filter(Q(**{path: subject}))


def undeclared(declared: Places, known: Collection[Model]) -> list[str]:
    """Return a sentence for everything in which a person's data could lie and about which nothing is said."""
    problems = []
    for model in known:
        label = model._meta.label_lower
        if label in declared.kept or model is declared.person:
            continue
        problems += [
            f"{label}.{name}: say whether rows that refer to a person go with them (rows) or stay (kept)"
            for name in _references(model, declared.person)
            if f"{label}.{name}" not in declared.rows and f"{label}.{name}" not in declared.kept
        ]
        texts, structured = text_fields(model), _structured(model)
        if texts and label not in declared.texts and not _own(label, declared):
            problems.append(f"{label}: say by which path its texts are looked through, or why not")
        problems += [
            f"{label}.{name}: say why no person is named in it"
            for name in structured
            if f"{label}.{name}" not in {*declared.kept, *declared.documents} and not _own(label, declared)
        ]
    return problems


def _own(label: str, declared: Places) -> bool:
    return any(one.rpartition(".")[0] == label for one in declared.rows)


def _references(model: Model, person: Model) -> list[str]:
    return [one.name for one in model._meta.concrete_fields if one.related_model is person]


def _structured(model: Model) -> list[str]:
    kinds = (models.JSONField, ArrayField)
    return [one.name for one in model._meta.concrete_fields if isinstance(one, kinds) and not _is_text(one)]


def _is_text(one: Any) -> bool:
    if one.name == COLUMN:
        return True
    kind = one.base_field if isinstance(one, ArrayField) else one
    return isinstance(kind, models.CharField | models.TextField) and not kind.choices and not one.choices
