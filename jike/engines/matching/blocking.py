"""Which records are worth comparing: those that share a key. Never all pairs.

Each key survives some of the slips that `slips` documents: another legal form, a region left out, a homophone, a
business left short, one character lost or changed. Two spellings need only one key in common.
"""

from collections.abc import Iterator

from jike.engines.matching.profile import Profile

__all__ = ["block_keys"]

_LONG = 6
"""Brands longer than this are met by their halves: deleting each character would make too many keys."""
_TELLING = 3
"""From so many characters on, a brand tells its company without region or business."""


def block_keys(profile: Profile) -> tuple[str, ...]:
    """Return the keys of a party, without doubles, in a steady order; about nine of a company.

    >>> from jike.engines.matching.profile import Party, profile_of
    >>> one = profile_of(Party(companies=("福州闽江数据科技有限公司",), phones=("0591-87654321",)))
    >>> two = profile_of(Party(companies=("敏江数据（福州）公司",)))
    >>> sorted(set(block_keys(one)) & set(block_keys(two)))
    ['a:minjian:suju', 'p:3501:minjian']
    """
    return tuple(dict.fromkeys(_keys(profile)))


def _keys(profile: Profile) -> Iterator[str]:
    yield from _name_keys(profile)
    for company in profile.companies[1:]:
        if len(company.core) > 1:
            yield f"s:{company.core}"
    if profile.companies and not profile.companies[0].form and len(profile.companies[0].core) > 1:
        yield f"s:{profile.companies[0].core}"
    for _written, sound in profile.people:
        if profile.within:
            yield f"n:{profile.within}:{sound}"
    yield from (f"u:{one}" for one in sorted(profile.codes))
    yield from (f"x:{one}" for one in sorted(profile.phones))
    yield from (f"t:{profile.city[:4]}:{one}" for one in sorted(profile.addresses))
    yield from (f"w:{one}" for one in sorted(profile.domains))
    yield from (f"m:{one}" for one in sorted(profile.mails))


def _name_keys(profile: Profile) -> Iterator[str]:
    brand, business = profile.sound, "".join(profile.business_sound)
    if not brand:
        return
    whole = "".join(brand)
    yield f"a:{whole}:{''.join(profile.business_sound[:2])}"
    if profile.city and len(brand) > 1:
        yield f"p:{profile.city}:{whole}"
    if len(brand) >= _TELLING:
        yield f"b:{whole}"
    place = profile.city if len(brand) < _TELLING else ""
    if business:
        yield from (f"d:{variant}:{business}:{place}" for variant in _variants(brand))


def _variants(brand: tuple[str, ...]) -> Iterator[str]:
    """Give the brand with each one character left out, and whole where something may be missing from it already."""
    if len(brand) > _LONG:
        middle = len(brand) // 2
        yield "".join(brand[:middle])
        yield "".join(brand[middle:])
        return
    yield "".join(brand)
    if len(brand) > 1:
        yield from ("".join(brand[:at] + brand[at + 1 :]) for at in range(len(brand)))
