"""Tariffs written as YAML, read strictly: an unknown key or a wrong unit is a sentence that names its place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from jike.engines.rating import tariff as t
from jike.engines.rating.checks import check
from jike.engines.rating.errors import TariffInvalid
from jike.engines.rating.reading import Section
from jike.engines.rating.reading_parts import tariff as read_tariff

__all__ = ["load", "loads"]


class _Strict(yaml.SafeLoader):
    """A loader that refuses a key written twice, which YAML would silently let win."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key, _ in node.value:
            name = self.construct_object(key, deep=True)
            if name in seen:
                raise yaml.constructor.ConstructorError(None, None, f"key {name!r} twice", key.start_mark)
            seen.add(name)
        return super().construct_mapping(node, deep)


def load(path: str | Path) -> t.Tariff:
    """Read and check a tariff file.

    Raises
    ------
    TariffInvalid
        With every problem found, each naming its place.
    """
    return loads(Path(path).read_text(encoding="utf-8"), place=Path(path).name)


def loads(source: str, *, place: str = "tariff") -> t.Tariff:
    """Read and check a tariff written as YAML text.

    Raises
    ------
    TariffInvalid
        With every problem found, each naming its place.

    Examples
    --------
    >>> print(loads("name: T\\nfees: [{name: rent, price: '30', prorat: days}]"))
    Traceback (most recent call last):
    ...
    jike.engines.rating.errors.TariffInvalid: tariff.fees[1]: unknown key 'prorat'; prorate is meant?
    """
    problems: list[str] = []
    try:
        data = yaml.load(source, Loader=_Strict)  # noqa: S506 - a SafeLoader that refuses doubled keys
    except yaml.YAMLError as error:
        raise TariffInvalid([f"{place}: not YAML: {error}"]) from error
    found = read_tariff(Section(data, place, problems))
    if problems:
        raise TariffInvalid(problems)
    check(found)
    return found
