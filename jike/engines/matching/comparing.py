"""How likely two parties are one: evidence for and against, added up as Fellegi and Sunter do.

Each comparison falls into one level, and each level weighs so many bits: the logarithm of how much more often it is
met between doubles than between strangers that share a key. The sum and what strangers are to doubles beforehand
give a probability. Weights were set by the rule of the registry (one region holds no two companies of the same brand
and business) and measured on `slips`; see docs/decisions/matching.md.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import product

from rapidfuzz.distance import OSA

from jike.engines.matching.company_names import CompanyName
from jike.engines.matching.profile import Profile
from jike.engines.matching.spelling import sounds
from jike.values.identifiers import CreditCode

__all__ = ["LIKELY", "POSSIBLE", "Match", "Reason", "compare"]

LIKELY, POSSIBLE = 90, 60
"""From which score on a pair is probably, or possibly, one party."""
_STRANGERS = -7.0
"""Bits by which strangers outnumber doubles among those that share a key."""
_AGREEING_ADDRESS = 0.85


class Reason(StrEnum):
    """What speaks for or against two records meaning the same party."""

    SAME_NAME = "same_name"
    SAME_SOUND = "same_sound"
    SHORTENED = "shortened"
    NEAR_NAME = "near_name"
    SAME_BRAND = "same_brand"
    SHORT_NAME = "short_name"
    OTHER_NAME = "other_name"
    OTHER_REGION = "other_region"
    OTHER_BRANCH = "other_branch"
    SAME_PERSON = "same_person"
    SAME_CODE = "same_code"
    OTHER_CODE = "other_code"
    SAME_PHONE = "same_phone"
    SAME_ADDRESS = "same_address"
    NEAR_ADDRESS = "near_address"
    SAME_DOMAIN = "same_domain"
    SAME_MAIL = "same_mail"


@dataclass(frozen=True, slots=True)
class Match:
    """How likely it is, in percent, and why, the weightiest first."""

    score: int
    reasons: tuple[Reason, ...]


Evidence = tuple[float, Reason | None]


def compare(one: Profile, other: Profile) -> Match:
    """Weigh what two parties have in common and what parts them; the order of the two does not count.

    >>> from jike.engines.matching.profile import Party, profile_of
    >>> first = profile_of(Party(companies=("福建省福州市闽江数据科技有限责任公司",)))
    >>> match = compare(first, profile_of(Party(companies=("闽江数据科技（福州）有限公司",))))
    >>> match.score > 90, match.reasons
    (True, (<Reason.SAME_NAME: 'same_name'>,))
    """
    found = [
        *_companies(one, other),
        _people(one, other),
        _codes(one, other),
        _shared(one.phones, other.phones, (6.0, Reason.SAME_PHONE)),
        _addresses(one, other),
        _shared(one.domains, other.domains, (4.5, Reason.SAME_DOMAIN)),
        _shared(one.mails, other.mails, (7.0, Reason.SAME_MAIL)),
    ]
    bits = _STRANGERS + sum(weight for weight, _ in found)
    telling = sorted((-abs(weight), reason) for weight, reason in found if reason is not None)
    return Match(round(100 / (1 + 2**-bits)), tuple(reason for _, reason in telling))


def _companies(one: Profile, other: Profile) -> list[Evidence]:
    if not one.companies or not other.companies:
        return []
    best = max(
        (_names(mine, theirs, first=not (at or to)) for (at, mine), (to, theirs) in _pairs(one, other)),
        key=lambda evidence: evidence[0],
    )
    found = [best]
    if one.companies[0].branch != other.companies[0].branch:
        found.append((-12.0, Reason.OTHER_BRANCH))
    found.append(_regions(one, other))
    return found


def _pairs(one: Profile, other: Profile) -> list[tuple[tuple[int, CompanyName], tuple[int, CompanyName]]]:
    return list(product(enumerate(one.companies), enumerate(other.companies)))


def _names(one: CompanyName, other: CompanyName, *, first: bool) -> Evidence:
    """Compare two names by their cores; a short name meeting another one tells less than two registered ones."""
    if not one.core or not other.core:
        return 0.0, None
    if not first:
        return (5.0, Reason.SHORT_NAME) if one.core == other.core else (-9.0, Reason.OTHER_NAME)
    if one.core == other.core:
        return min(13.0, 2.5 * len(one.brand) + 1.0 * len(one.business) + 1.0), Reason.SAME_NAME
    distance = OSA.distance(one.brand, other.brand)
    by_sound = sounds(one.brand) == sounds(other.brand)
    business = _business(one.business, other.business)
    length = min(len(one.brand), len(other.brand))
    if business is None:
        return (-2.0, Reason.SAME_BRAND) if distance == 0 else (-9.0, Reason.OTHER_NAME)
    if distance == 0:
        return 2.0 * min(length, 4) + business, Reason.SHORTENED
    if by_sound:
        return 1.7 * min(length, 4) + 2.0 + business, Reason.SAME_SOUND
    if distance == 1 and _slip(one.brand, other.brand):
        return 1.5 * min(length, 4) + business, Reason.NEAR_NAME
    return -9.0, Reason.OTHER_NAME


def _business(one: str, other: str) -> float | None:
    """Return what the two businesses add, None where they differ: the same, or one left short."""
    if one == other:
        return min(4.0, len(one) * 1.0)
    if sounds(one) == sounds(other):
        return min(3.0, len(one) * 0.8)
    short, long = sorted((one, other), key=len)
    if not short:
        return 0.5
    if long.startswith(short) or long.endswith(short) or _subsequence(short, long):
        return 2.0
    return None


def _subsequence(short: str, long: str) -> bool:
    letters = iter(long)
    return all(letter in letters for letter in short)


def _slip(one: str, other: str) -> bool:
    """Whether one step leads from one brand to the other that a hand makes: two changed places, or of three or more
    characters one lost or mistyped. Of two characters one that sounds otherwise is another brand.
    """
    return sorted(one) == sorted(other) or min(len(one), len(other)) >= 3 or len(one) != len(other)


def _regions(one: Profile, other: Profile) -> Evidence:
    if one.city and other.city:
        if one.city == other.city:
            return 2.0, None
        if not one.city.startswith(other.city) and not other.city.startswith(one.city):
            named = one.named_city and other.named_city and one.named_city != other.named_city
            return (-9.0 if named else -5.0), Reason.OTHER_REGION
    return 0.0, None


def _people(one: Profile, other: Profile) -> Evidence:
    if not one.people or not other.people:
        return 0.0, None
    together = bool(one.within) and one.within == other.within
    if one.people[0][0] == other.people[0][0]:
        return (9.0 if together else 4.0), Reason.SAME_PERSON
    if one.people[0][1] == other.people[0][1]:
        return (8.5 if together else 2.5), Reason.SAME_SOUND
    return -7.0, Reason.OTHER_NAME


def _codes(one: Profile, other: Profile) -> Evidence:
    """An official code names one party; two that both check out name two."""
    if one.codes & other.codes:
        return 17.0, Reason.SAME_CODE
    if any(map(_checks_out, one.codes)) and any(map(_checks_out, other.codes)):
        return -12.0, Reason.OTHER_CODE
    return 0.0, None


@lru_cache(maxsize=20_000)
def _checks_out(code: str) -> bool:
    try:
        return CreditCode.parse(code).verified
    except ValueError:
        return False


def _addresses(one: Profile, other: Profile) -> Evidence:
    found = _shared(one.addresses, other.addresses, (4.0, Reason.SAME_ADDRESS))
    if found[1] or not one.addresses or not other.addresses:
        return found
    near = max(OSA.normalized_similarity(a, b) for a in one.addresses for b in other.addresses)
    return (2.5, Reason.NEAR_ADDRESS) if near >= _AGREEING_ADDRESS else (-0.5, None)


def _shared(one: frozenset[str], other: frozenset[str], agreeing: Evidence) -> Evidence:
    if one and other:
        return agreeing if one & other else (-0.5, None)
    return 0.0, None
