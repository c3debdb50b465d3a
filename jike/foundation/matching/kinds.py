"""What a kind's ``MATCH`` declaration means: which columns are read, and the party that they describe."""

import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from django.apps import apps

from jike.engines.matching import HASH_BITS, Party, Profile, hashed_keys, keys_of_parties, profile_of
from jike.foundation.beside import ask
from jike.foundation.models.record import Matchable, Record

__all__ = ["MatchKind", "match_kind", "matched_models"]

MARK_BITS = 15
MOST_FORESEEN = 20_000
_PARTS = ("companies", "people", "codes", "phones", "addresses", "domains", "mails")


@dataclass(frozen=True)
class MatchKind:
    """One kind of record as the search for doubles knows it.

    Attributes
    ----------
    names
        Attribute names of the columns that it reads.
    mark
        What its keys begin with.
    parts
        What of a party it tells.
    within
        Attribute name of the record below which people are compared.
    """

    model: type[Record]
    match: Matchable
    names: tuple[str, ...]
    mark: int
    parts: tuple[str, ...]
    within: str

    @property
    def least(self) -> int:
        """The smallest key of the kind."""
        return self.mark << HASH_BITS

    @property
    def beyond(self) -> int:
        """The smallest key above those of the kind."""
        return (self.mark + 1) << HASH_BITS

    @property
    def sealed(self) -> Mapping[str, str]:
        """Field that it reads → the permission without which one may not."""
        return {name: right for name, right in self.model.SEALED.items() if name in self.names}

    def profile(self, values: Mapping[str, Any]) -> Profile:
        """Return the party that a row's values describe, ready to be compared."""
        return profile_of(self.party(values))

    def keys(self, values: Mapping[str, Any]) -> list[int]:
        """Return the keys of a row's values as stored."""
        return [self.least | one for one in _hashed_keys(self.party(values))]

    def foresee(self, rows: Iterable[Mapping[str, Any]]) -> Callable[[], None]:
        """Begin to work out the keys of rows that will be asked for; what is returned waits and remembers them."""
        parties = [self.party(values) for values in rows]
        answer = ask(keys_of_parties, parties)

        def remember() -> None:
            if len(_foreseen) > MOST_FORESEEN:
                _foreseen.clear()
            _foreseen.update(zip(parties, answer(), strict=True))

        return remember

    def party(self, values: Mapping[str, Any]) -> Party:
        """Return the party that a row's values describe."""
        texts = {part: _texts(values, getattr(self.match, part)) for part in self.parts}
        region = str(values.get(self.match.region) or "") if self.match.region else ""
        within = str(values.get(self.within) or "") if self.match.within else ""
        return Party(**texts, region=region, within=within)


def match_kind(model: type[Record]) -> MatchKind | None:
    """Return how doubles of ``model`` are found; None when they are not looked for."""
    return _kinds().get(model)


def matched_models() -> list[type[Record]]:
    """Return every model whose doubles are looked for, by kind."""
    return sorted(_kinds(), key=lambda model: model.kind())


@cache
def _kinds() -> dict[type[Record], MatchKind]:
    found = {}
    for model in apps.get_models():
        if issubclass(model, Record) and model.MATCH is not None:
            found[model] = _kind(model, model.MATCH)
    if len({kind.mark for kind in found.values()}) < len(found):
        raise LookupError("two kinds whose doubles are looked for have the same mark; rename one")
    return found


def _kind(model: type[Record], match: Matchable) -> MatchKind:
    fields = [name for part in _PARTS for name in getattr(match, part)]
    fields += [name for name in (match.region, match.within) if name]
    missing = {"merge", "split"} - model.ACTIONS.keys()
    if missing:
        raise LookupError(f"{model.kind()} declares MATCH but not the actions {', '.join(sorted(missing))}")
    names = tuple(_attribute(model, name) for name in dict.fromkeys(fields))
    mark = zlib.crc32(model.kind().encode()) & ((1 << MARK_BITS) - 1)
    within = _attribute(model, match.within) if match.within else ""
    return MatchKind(
        model, match, names, mark, tuple(part for part in _PARTS if getattr(match, part)), within
    )


def _attribute(model: type[Record], name: str) -> str:
    return str(model._meta.get_field(name).attname)  # type: ignore[union-attr]


def _texts(values: Mapping[str, Any], names: Sequence[str]) -> tuple[str, ...]:
    return tuple(str(values[name]) for name in names if values.get(name))


_foreseen: dict[Party, tuple[int, ...]] = {}


def _hashed_keys(party: Party) -> tuple[int, ...]:
    """Return a party's keys; an import asks for them when it looks for doubles and when it stores."""
    found = _foreseen.get(party)
    return _remembered_keys(party) if found is None else found


@lru_cache(maxsize=20_000)
def _remembered_keys(party: Party) -> tuple[int, ...]:
    return hashed_keys(party)
