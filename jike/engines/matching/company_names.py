"""A company's registered name taken apart: region, brand (字号), business, legal form, branch.

The order is that of the registration rules (企业名称登记管理规定, 2020, article 6): region, brand, business, form.
People leave parts out, put the region in brackets or behind the brand, and write numbers either way; `parts_of` takes
these apart, so that two spellings of one name can be compared part by part.
"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from jike.engines.matching.spelling import plain
from jike.engines.matching.words import BUSINESS, FORMS, FULL_FORMS
from jike.values.regions import Level, Region, regions

__all__ = ["CompanyName", "parts_of"]

_BRANCH = re.compile(
    r"[^()]{0,12}?(?:第[0-9]+)?(?:分公司|营业部|办事处|代表处|支行|分行|营业所|分店|分厂|分部)$"
)
_BRANCH_PLACE = re.compile(r"[省市区县](?=.*(?:公司|部|处|行|所|店|厂)$)")
_BRACKETED = re.compile(r"\(([^()]*)\)?")
_NATION = ("中华人民共和国", "中国")
_LONGEST_REGION = 11
_MOST_REGIONS = 3
_LONGEST_WORD = 6


@dataclass(frozen=True, slots=True)
class CompanyName:
    """The parts of a name; each may be empty.

    Attributes
    ----------
    place
        Six-digit code of the narrowest region that the name gives, "" where none is certain.
    brand
        What tells the company from others of its region and business.
    business
        What it does, as the name says it.
    form
        Legal form; 有限责任公司 and 有限公司 are one.
    branch
        What makes it a branch of the company: 合肥分公司.
    """

    place: str
    brand: str
    business: str
    form: str
    branch: str

    @property
    def core(self) -> str:
        """Brand and business: what is compared when region and form are left out."""
        return self.brand + self.business


@lru_cache(maxsize=20_000)
def parts_of(name: str) -> CompanyName:
    """Take a company's name apart; a name without a known form is all brand and business.

    >>> parts_of("福建省福州市闽江数据科技有限责任公司")
    CompanyName(place='350100', brand='闽江', business='数据科技', form='有限公司', branch='')
    >>> parts_of("閩江數據（福州）有限公司鼓楼区分公司")
    CompanyName(place='350100', brand='闽江', business='数据', form='有限公司', branch='鼓楼分公司')
    """
    text = plain(name)
    for nation in _NATION:
        text = text.removeprefix(nation) if len(text) > len(nation) + 2 else text
    text, places = _without_bracketed(text)
    text, branch = _without_branch(text)
    text, form = _without_form(text)
    text, before = _without_regions(text)
    places = [*before, *places]
    if not places:
        text, places = _without_region_behind(text)
    brand, business = _brand_and_business(text)
    return CompanyName(places[-1] if places else "", brand, business, form, branch)


def _without_bracketed(text: str) -> tuple[str, list[str]]:
    """Take regions in brackets out; other brackets lose their signs."""
    found: list[str] = []

    def bracketed(match: re.Match[str]) -> str:
        place = _whole_region(match[1])
        if place:
            found.append(place)
            return ""
        return "" if match[1] in _NATION else match[1]

    return _BRACKETED.sub(bracketed, text), found


def _whole_region(text: str) -> str:
    rest, places = _without_regions(text, whole=True)
    return places[-1] if places and not rest else ""


def _without_branch(text: str) -> tuple[str, str]:
    """Split a branch off behind the company's own form."""
    for form in ("有限责任公司", "有限公司", "集团", "公司", "控股", "银行"):
        at = text.find(form)
        if at > 0 and at + len(form) < len(text):
            rest = text[at + len(form) :]
            if _BRANCH.fullmatch(rest):
                return text[: at + len(form)], _BRANCH_PLACE.sub("", rest)
    return text, ""


def _without_form(text: str) -> tuple[str, str]:
    form = next((form for form in _longest_first() if text.endswith(form) and len(text) > len(form)), "")
    return text.removesuffix(form), FULL_FORMS.get(form, form)


@cache
def _longest_first() -> list[str]:
    return sorted(FORMS, key=len, reverse=True)


@cache
def _region_names() -> dict[str, list[Region]]:
    """Return the regions that each name, whole or short, may mean."""
    names: dict[str, list[Region]] = {}
    for region in regions().values():
        for name in {region.name, region.short_name}:
            if len(name) > 1:
                names.setdefault(name, []).append(region)
    return names


def _leading_region(text: str, above: str) -> tuple[str, str] | None:
    """Return the longest name of a region with which the text begins, and its code.

    A county's short name counts only behind the region above it (朝阳 is a brand more often than a district),
    unless the county is a city of its own right (昆山).
    """
    names = _region_names()
    for length in range(min(_LONGEST_REGION, len(text)), 1, -1):
        head = text[:length]
        found = [one for one in names.get(head, ()) if _may_mean(one, head, above)]
        if found:
            return head, found[0].code if len(found) == 1 else above or _joint(found)
    return None


def _may_mean(region: Region, name: str, above: str) -> bool:
    if above:
        return region.code.startswith(above.rstrip("0")[: len(above)]) and region.code != above
    return region.level is not Level.COUNTY or name == region.name or region.kind == "县级市"


def _joint(found: list[Region]) -> str:
    """Return the code of the region in which all of these lie, "" where they lie apart."""
    for length in (4, 2):
        heads = {one.code[:length] for one in found}
        if len(heads) == 1:
            return heads.pop().ljust(6, "0")
    return ""


def _without_regions(text: str, *, whole: bool = False) -> tuple[str, list[str]]:
    places: list[str] = []
    seen = 0
    while seen < _MOST_REGIONS:
        region = _leading_region(text, places[-1] if places else "")
        if region is None or (len(text) - len(region[0]) < 2 and not (whole and text == region[0])):
            break
        text = text[len(region[0]) :]
        seen += 1
        if region[1]:
            places.append(region[1])
    return text, places


def _without_region_behind(text: str) -> tuple[str, list[str]]:
    """Take off a region written behind brand and business, as in 环球航运青岛有限公司."""
    names = _region_names()
    for length in range(min(_LONGEST_REGION, len(text) - 2), 1, -1):
        tail = text[-length:]
        found = [one for one in names.get(tail, ()) if one.level is not Level.COUNTY or tail == one.name]
        if found and not any(text.endswith(word) for word in _words_ending(tail)):
            return text[:-length], [_joint(found)]
    return text, []


@lru_cache(maxsize=1_000)
def _words_ending(tail: str) -> tuple[str, ...]:
    return tuple(word for word in BUSINESS if word.endswith(tail))


def _brand_and_business(text: str) -> tuple[str, str]:
    """Take words of business off the end as long as at least two characters stay for the brand."""
    end = len(text)
    while True:
        lengths = range(_LONGEST_WORD, 1, -1)
        length = next((n for n in lengths if end - n >= 2 and text[end - n : end] in BUSINESS), 0)
        if not length:
            return text[:end], text[end:]
        end -= length
