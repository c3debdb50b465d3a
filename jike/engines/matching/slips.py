"""Generated truth: companies, their doubles by documented slips, and strangers that look alike.

What finds doubles is measured on this. Slips follow what sheets of several systems do to one customer: parts of
the name left out or moved, other scripts and widths, characters misheard or lost, and other details filled in.
Strangers are as near as the registry allows: the same brand in another city or another trade, sisters of
one group under one roof, branches.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from random import Random

from opencc import OpenCC
from pypinyin import Style, lazy_pinyin

from jike.engines.matching.profile import Party
from jike.engines.matching.spelling import folded
from jike.values.identifiers import credit_check_character
from jike.values.regions import Level, Region, regions

__all__ = ["Company", "Slip", "Truth", "generated_truth", "party_of", "slipped"]


class Slip(StrEnum):
    """What happens to a name between two systems."""

    REGION_LEFT_OUT = "region_left_out"
    REGION_IN_BRACKETS = "region_in_brackets"
    REGION_IN_FULL = "region_in_full"
    FORM_CHANGED = "form_changed"
    FORM_LEFT_OUT = "form_left_out"
    TRADITIONAL = "traditional"
    FULL_WIDTH = "full_width"
    NUMERALS = "numerals"
    BUSINESS_SHORTENED = "business_shortened"
    HOMOPHONE = "homophone"
    NEAR_SOUND = "near_sound"
    CHARACTER_LOST = "character_lost"
    CHARACTERS_SWAPPED = "characters_swapped"
    SPACES = "spaces"


SHARES = {
    Slip.REGION_LEFT_OUT: 16,
    Slip.REGION_IN_BRACKETS: 12,
    Slip.REGION_IN_FULL: 12,
    Slip.FORM_CHANGED: 16,
    Slip.FORM_LEFT_OUT: 10,
    Slip.TRADITIONAL: 4,
    Slip.FULL_WIDTH: 4,
    Slip.NUMERALS: 3,
    Slip.BUSINESS_SHORTENED: 12,
    Slip.HOMOPHONE: 8,
    Slip.NEAR_SOUND: 4,
    Slip.CHARACTER_LOST: 3,
    Slip.CHARACTERS_SWAPPED: 2,
    Slip.SPACES: 6,
}
"""How often each slip is drawn, in parts."""
TRADES = (
    ("信息", "技术"),
    ("网络", "科技"),
    ("电子", "商务"),
    ("生物", "科技"),
    ("建筑", "工程"),
    ("园林", "绿化"),
    ("汽车", "销售"),
    ("物业", "管理"),
    ("文化", "传媒"),
    ("企业", "管理"),
    ("国际", "贸易"),
    ("医疗", "器械"),
    ("商贸", ""),
    ("物流", ""),
    ("食品", ""),
    ("机械", "设备"),
    ("环保", "科技"),
    ("教育", "咨询"),
    ("房地产", "开发"),
    ("纺织", ""),
)
FORMS = ("有限公司", "有限责任公司", "股份有限公司", "公司")
_FIGURES = dict(zip("0123456789", "〇一二三四五六七八九", strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """A company as the registry knows it, with what may be known of it beside."""

    region: Region
    brand: str
    trade: tuple[str, str]
    form: str = FORMS[0]
    branch: str = ""
    code: str = ""
    phone: str = ""
    address: str = ""
    domain: str = ""

    @property
    def name(self) -> str:
        """The registered name."""
        return f"{self.region.short_name}{self.brand}{''.join(self.trade)}{self.form}{self.branch}"


@dataclass(frozen=True, slots=True)
class Truth:
    """Parties, and which of them are one.

    Attributes
    ----------
    parties
        In an order by chance.
    doubles
        Pairs of places in ``parties``, the smaller first.
    slips
        What was done to the name of the double in each pair.
    """

    parties: tuple[Party, ...]
    doubles: frozenset[tuple[int, int]]
    slips: dict[tuple[int, int], tuple[Slip, ...]]


def generated_truth(companies: int, *, seed: int, brands: Sequence[str] = (), share: float = 0.2) -> Truth:
    """Make up so many registered companies, some with strangers alike, and a ``share`` of them with one double.

    Parameters
    ----------
    brands
        Names to draw brands from; made up of frequent characters where there are none.
    """
    chance = Random(seed)  # noqa: S311  made-up companies, no secrets
    known = _registered(companies, chance, brands)
    entries: list[tuple[Party, int, tuple[Slip, ...]]] = []
    for number, company in enumerate(known):
        entries.append((party_of(company, company.name, chance, filled=0.9), number, ()))
        if chance.random() < share:
            name, slips = slipped(company, chance)
            double = replace(company, phone=_maybe_other(company.phone, chance, _phone))
            entries.append((party_of(double, name, chance, filled=0.5), number, slips))
    chance.shuffle(entries)
    first: dict[int, int] = {}
    found: dict[tuple[int, int], tuple[Slip, ...]] = {}
    for place, (_party, number, slips) in enumerate(entries):
        if number in first:
            found[first[number], place] = slips or entries[first[number]][2]
        else:
            first[number] = place
    return Truth(tuple(party for party, _, _ in entries), frozenset(found), found)


def party_of(company: Company, name: str, chance: Random, *, filled: float) -> Party:
    """Return the company under ``name``, each detail known with the chance ``filled``."""

    def known(text: str) -> tuple[str, ...]:
        return (text,) if text and chance.random() < filled else ()

    region = company.region.code if chance.random() < filled else ""
    return Party(
        companies=(name,),
        region=region,
        codes=known(company.code),
        phones=known(company.phone),
        addresses=known(company.address),
        domains=known(company.domain),
    )


def slipped(company: Company, chance: Random) -> tuple[str, tuple[Slip, ...]]:
    """Write the company's name with one to three slips; return it with those that were made."""
    wanted = chance.choices((1, 2, 3), (55, 33, 12))[0]
    drawn = chance.choices(list(SHARES), list(SHARES.values()), k=wanted)
    made = [slip for slip in dict.fromkeys(drawn) if _fits(slip, company)] or [Slip.FORM_CHANGED]
    brand = company.brand
    for slip in made:
        if slip in _ON_BRANDS:
            brand = _ON_BRANDS[slip](brand, chance)
    return _written(company, brand, made, chance=chance), tuple(made)


def _written(company: Company, brand: str, slips: Sequence[Slip], *, chance: Random) -> str:
    region, form = company.region.short_name, company.form
    if Slip.REGION_IN_FULL in slips:
        above = regions()[company.region.parent].name if company.region.parent else ""
        region = above + company.region.name
    if Slip.FORM_CHANGED in slips:
        form = chance.choice([one for one in FORMS if one != company.form])
    if Slip.FORM_LEFT_OUT in slips:
        form = ""
    trade = company.trade[0] if Slip.BUSINESS_SHORTENED in slips else "".join(company.trade)
    if Slip.REGION_LEFT_OUT in slips:
        name = f"{brand}{trade}{form}"
    elif Slip.REGION_IN_BRACKETS in slips:
        name = f"{brand}{trade}({region}){form}"
    else:
        name = f"{region}{brand}{trade}{form}"
    for slip in slips:
        name = _ON_NAMES[slip](name) if slip in _ON_NAMES else name
    return name + company.branch


def _fits(slip: Slip, company: Company) -> bool:
    needs: dict[Slip, bool] = {
        Slip.BUSINESS_SHORTENED: bool(company.trade[1]),
        Slip.CHARACTER_LOST: len(company.brand) > 2,
        Slip.CHARACTERS_SWAPPED: len(set(company.brand[:2])) == 2,
        Slip.NUMERALS: any(one in _FIGURES or one in _FIGURES.values() for one in company.brand),
        Slip.FORM_LEFT_OUT: not company.branch,
    }
    return needs.get(slip, True)


def _traditional(name: str) -> str:
    return _to_traditional().convert(name)


@cache
def _to_traditional() -> OpenCC:
    return OpenCC("s2t")


def _full_width(name: str) -> str:
    return "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in name)


def _spaced(name: str) -> str:
    middle = len(name) // 2
    return f"{name[:middle]} {name[middle:]} "


def _homophone(brand: str, chance: Random) -> str:
    """Change one character for another that is read the same."""
    return _changed(brand, chance, _alike()[0])


def _near_sound(brand: str, chance: Random) -> str:
    """Change one character for another that many speakers do not tell apart from it."""
    return _changed(brand, chance, _alike()[1])


def _changed(brand: str, chance: Random, alike: dict[str, tuple[str, ...]]) -> str:
    places = [at for at, one in enumerate(brand) if len(alike.get(one, ())) > 1]
    if not places:
        return brand
    at = chance.choice(places)
    return brand[:at] + chance.choice([one for one in alike[brand[at]] if one != brand[at]]) + brand[at + 1 :]


def _lost(brand: str, chance: Random) -> str:
    at = chance.randrange(len(brand))
    return brand[:at] + brand[at + 1 :]


def _swapped(brand: str, chance: Random) -> str:
    return brand[1] + brand[0] + brand[2:]


def _renumbered(brand: str, chance: Random) -> str:
    back = {chinese: figure for figure, chinese in _FIGURES.items()}
    return "".join(back.get(one) or _FIGURES.get(one) or one for one in brand)


_ON_BRANDS: dict[Slip, Callable[[str, Random], str]] = {
    Slip.HOMOPHONE: _homophone,
    Slip.NEAR_SOUND: _near_sound,
    Slip.CHARACTER_LOST: _lost,
    Slip.CHARACTERS_SWAPPED: _swapped,
    Slip.NUMERALS: _renumbered,
}
_ON_NAMES: dict[Slip, Callable[[str], str]] = {
    Slip.TRADITIONAL: _traditional,
    Slip.FULL_WIDTH: _full_width,
    Slip.SPACES: _spaced,
}


@cache
def _frequent() -> str:
    """Return the 3,755 frequent characters of GB 2312, level 1."""
    return "".join(
        bytes((high, low)).decode("gb2312", "ignore")
        for high in range(0xB0, 0xD8)
        for low in range(0xA1, 0xFF)
    )


@cache
def _alike() -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """Return for each frequent character those read the same, and those of the same folded sound."""
    found: tuple[dict[str, list[str]], dict[str, list[str]]] = ({}, {})
    readings = {one: lazy_pinyin(one, style=Style.NORMAL)[0] for one in _frequent()}
    for one, reading in readings.items():
        found[0].setdefault(reading, []).append(one)
        found[1].setdefault(folded(reading), []).append(one)
    same = {one: tuple(found[0][reading]) for one, reading in readings.items()}
    near = {one: tuple(found[1][folded(reading)]) for one, reading in readings.items()}
    return same, near


def _registered(count: int, chance: Random, brands: Sequence[str]) -> list[Company]:
    """Return companies that the registry may hold side by side: no two of one region, brand and trade."""
    places = [one for one in regions().values() if one.level is Level.CITY and not one.name.startswith("省")]
    found: dict[tuple[str, str, tuple[str, str]], Company] = {}
    while len(found) < count:
        company = _company(chance, places, brands)
        family = [company, *_strangers(company, chance, places)] if chance.random() < 0.3 else [company]
        for one in family[: count - len(found)]:
            found.setdefault((one.region.code + one.branch, one.brand, one.trade), one)
    return list(found.values())


def _company(chance: Random, places: Sequence[Region], brands: Sequence[str]) -> Company:
    brand = chance.choice(brands) if brands else _brand(chance)
    return Company(
        region=chance.choice(places),
        brand=brand,
        trade=chance.choice(TRADES),
        form=chance.choices(FORMS[:3], (80, 12, 8))[0],
        code=_credit_code(chance),
        phone=_phone(chance),
        address=f"{''.join(chance.sample(_frequent(), 2))}路{chance.randrange(1, 999)}号{chance.randrange(1, 30)}层",
        domain=f"www.{chance.randrange(36**6):06x}.com.cn" if chance.random() < 0.4 else "",
    )


def _brand(chance: Random) -> str:
    length = chance.choices((2, 3, 4), (60, 28, 12))[0]
    brand = "".join(chance.sample(_frequent(), length))
    return brand[:-1] + chance.choice("一二三五八九") if chance.random() < 0.06 else brand


def _strangers(company: Company, chance: Random, places: Sequence[Region]) -> list[Company]:
    """Return another company that looks like this one: elsewhere, of another trade, a sister, or its branch."""
    fresh = _company(chance, places, ())
    kind = chance.randrange(5)
    if kind == 0:
        return [replace(fresh, brand=company.brand, trade=company.trade)]
    if kind == 1:
        return [replace(fresh, region=company.region, brand=company.brand)]
    if kind == 2:
        roof = replace(fresh, region=company.region, phone=company.phone)
        return [replace(roof, address=company.address, domain=company.domain)]
    if kind == 3:
        branch = f"{chance.choice(places).short_name}分公司"
        return [replace(company, branch=branch, phone=fresh.phone, address=fresh.address, code=fresh.code)]
    return [replace(fresh, brand=_homophone(company.brand, chance), region=company.region)]


def _maybe_other(text: str, chance: Random, make: Callable[[Random], str]) -> str:
    return text if chance.random() < 0.7 else make(chance)


def _phone(chance: Random) -> str:
    return f"1{chance.choice('3578')}{chance.randrange(10**9):09d}"


def _credit_code(chance: Random) -> str:
    body = f"91{chance.randrange(110000, 659999)}{chance.randrange(10**9):09d}"
    return body + credit_check_character(body)
