"""What each kind's declarations mean to the index: which values it reads, and whose changes it must follow."""

import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import F, QuerySet, TextField, Value
from django.db.models.functions import Cast

from jike.foundation.models.record import Record
from jike.foundation.search.rows import Layout

__all__ = ["Follower", "Kind", "followers_of", "kind_of", "kinds", "watched"]

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
MARK_LENGTH = 3


@dataclass(frozen=True)
class Kind:
    """One kind of record as the index knows it.

    Attributes
    ----------
    text
        Attribute names whose change makes new words.
    places
        Attribute names whose change moves the entry or alters what is shown beside its title.
    parents
        Paths of foreign keys over which `SCOPE` reaches owner and unit.
    """

    model: type[Record]
    layout: Layout
    paths: tuple[str, ...]
    text: frozenset[str]
    places: frozenset[str]
    parents: tuple[str, ...]
    context: tuple[str, ...]
    sealed: Mapping[str, str]
    """Searched field → permission without which it is not searched."""

    @property
    def name(self) -> str:
        """The kind."""
        return self.layout.kind

    @property
    def mark(self) -> str:
        """What its lexemes begin with."""
        return self.layout.mark

    @property
    def permission(self) -> str:
        """Who may find it."""
        return f"{self.name}:view"

    def rows(self) -> QuerySet[Record, Any]:
        """Return the kind's rows outside the recycle bin as tuples of texts, laid out as `rows.Layout` says."""
        values = [Cast(F(path) if path else Value(None), TextField()) for path in self.paths]
        return self.model._default_manager.filter(removed_at=None).order_by().values_list(*values)


@dataclass(frozen=True)
class Follower:
    """A kind whose entries show or lie by ``field`` of another model, which ``path`` leads to."""

    kind: Kind
    path: str
    field: str


@cache
def kinds() -> Mapping[str, Kind]:
    """Return every searched kind by name."""
    found = {
        model.kind(): _kind(model)
        for model in apps.get_models()
        if issubclass(model, Record) and model.SEARCH is not None
    }
    if len({kind.mark for kind in found.values()}) < len(found):
        raise LookupError(f"two of the kinds {', '.join(found)} have the same mark in the index; rename one")
    return found


def kind_of(model: type[Record]) -> Kind | None:
    """Return what the index knows of ``model``; None when it is not searched."""
    return kinds().get(model.kind())


@cache
def followers_of(model: type[Record]) -> tuple[Follower, ...]:
    """Return the kinds whose entries depend on fields of ``model`` over foreign keys."""
    return tuple(
        Follower(kind, path, field)
        for kind in kinds().values()
        for steps in kind.paths
        for path, target, field in _steps(kind.model, steps)
        if path and target is model
    )


@cache
def watched(model: type[Record]) -> frozenset[str]:
    """Return the attribute names of ``model`` whose change concerns the index."""
    kind = kind_of(model)
    own = kind.text | kind.places if kind else frozenset()
    return own | {follower.field for follower in followers_of(model)}


def _kind(model: type[Record]) -> Kind:
    search = model.SEARCH
    if search is None or search.title in model.SEALED:
        raise LookupError(f"{model.kind()}: the title of a search result cannot be sealed")
    open_ = {part: tuple(n for n in getattr(search, part) if n not in model.SEALED) for part in _PARTS}
    closed = tuple(name for part in _PARTS for name in getattr(search, part) if name in model.SEALED)
    masked = tuple(_masked(model, path) for path in search.context)
    own, unit = model.SCOPE.get("own", ""), model.SCOPE.get("unit", "")
    texts = (search.title, *open_["names"], *open_["codes"], *open_["phones"], *closed)
    crossing = [path.rpartition("__")[0] for path in (own, unit) if "__" in path]
    layout = Layout(
        model.kind(),
        _mark(model.kind()),
        names=len(open_["names"]),
        codes=len(open_["codes"]),
        phones=len(open_["phones"]),
        sealed=closed,
        masked=masked,
    )
    return Kind(
        model,
        layout,
        paths=("id", "uid", own, unit, *texts, *search.context),
        text=frozenset({"removed_at", *(_field(model, name).attname for name in texts)}),
        places=frozenset(_first(model, path) for path in (own, unit, *search.context) if path),
        parents=tuple(dict.fromkeys(crossing)),
        context=search.context,
        sealed={name: model.SEALED[name] for name in closed},
    )


_PARTS = ("names", "codes", "phones")


def _masked(model: type[Record], path: str) -> bool:
    """Whether a value of the context is shown covered; raises LookupError for sealed values that have no mask."""
    *_, (_, target, field) = _steps(model, path)
    name = target._meta.get_field(field).name
    if name not in getattr(target, "SEALED", {}):
        return False
    search = getattr(target, "SEARCH", None)
    if search is None or name not in search.phones:
        raise LookupError(f"{model.kind()}: sealed field {path!r} cannot be shown in search results")
    return True


def _mark(kind: str) -> str:
    """Return three letters or digits that stand for the kind in every database alike."""
    number, mark = binascii.crc32(kind.encode()), ""
    for _ in range(MARK_LENGTH):
        number, digit = divmod(number, len(_DIGITS))
        mark += _DIGITS[digit]
    return mark


def _steps(model: type[Any], path: str) -> list[tuple[str, type[Any], str]]:
    """Return each step of a path: the foreign keys that lead there, the model reached, the attribute read there."""
    steps, way = [], ""
    for name in path.split("__") if path else ():
        field = _field(model, name)
        steps.append((way, model, field.attname))
        way, model = f"{way}__{name}" if way else name, field.related_model
    return steps


def _first(model: type[Record], path: str) -> str:
    return _steps(model, path)[0][2]


def _field(model: type[Any], name: str) -> Any:
    return model._meta.get_field(name)
