"""A party ready to be compared: what is known of it, brought into the forms in which two spellings meet."""

import re
import unicodedata
from dataclasses import dataclass, field

from jike.engines.matching.company_names import CompanyName, parts_of
from jike.engines.matching.spelling import plain, sounds
from jike.values.mail_hosts import PUBLIC_MAIL_HOSTS
from jike.values.pinyin import syllables
from jike.values.regions import Level, regions

__all__ = ["Party", "Profile", "profile_of"]

_MUNICIPALITIES = ("11", "12", "31", "50")
_HOST = re.compile(r"^(?:https?://)?(?:www\.)?([a-z0-9.-]+\.[a-z]{2,})(?:[:/?#].*)?$")
_SEPARATORS = re.compile(r"[\s()-]+")
_DIGITS = re.compile(r"\D+")
_SHORTEST_PHONE, _SHORTEST_ADDRESS = 7, 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """What a record says of a company or a person; every entry may be empty.

    Attributes
    ----------
    companies
        Names of the company, the registered one first.
    people
        Names of the person.
    region
        Six-digit code of the region where it lies.
    codes
        What names it officially: credit code, certificate.
    within
        The record below which names of people are compared: the customer of a key person.
    """

    companies: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    region: str = ""
    codes: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    mails: tuple[str, ...] = ()
    within: str = ""


@dataclass(frozen=True, slots=True)
class Profile:
    """A `Party` in comparable form.

    Attributes
    ----------
    city
        Code of the city, shortened to what a comparison needs: "3501", "11" for a municipality, "35" where only the
        province is known, "" where nothing is.
    named_city
        The same, as far as the name itself says it.
    sound, business_sound
        Brand and business by sound, one entry a character.
    people
        Pinyin of each person's name, toneless.
    """

    companies: tuple[CompanyName, ...] = ()
    city: str = ""
    named_city: str = ""
    sound: tuple[str, ...] = ()
    business_sound: tuple[str, ...] = ()
    people: tuple[tuple[str, str], ...] = ()
    codes: frozenset[str] = field(default_factory=frozenset)
    phones: frozenset[str] = field(default_factory=frozenset)
    addresses: frozenset[str] = field(default_factory=frozenset)
    domains: frozenset[str] = field(default_factory=frozenset)
    mails: frozenset[str] = field(default_factory=frozenset)
    within: str = ""


def profile_of(party: Party) -> Profile:
    """Bring what is known of a party into comparable form."""
    companies = tuple(parts_of(name) for name in party.companies if name.strip())
    named = _city(companies[0].place) if companies else ""
    known = _city(party.region)
    return Profile(
        companies=companies,
        city=known if len(known) > len(named) else named or known,
        named_city=named,
        sound=sounds(companies[0].brand) if companies else (),
        business_sound=sounds(companies[0].business) if companies else (),
        people=tuple((plain(name), "".join(syllables(name, person=True))) for name in party.people if name),
        codes=frozenset(_code(one) for one in party.codes if one),
        phones=frozenset(_phone(one) for one in party.phones if len(_phone(one)) >= _SHORTEST_PHONE),
        addresses=frozenset(one for one in map(_address, party.addresses) if one),
        domains=frozenset(one for one in map(_domain, party.domains) if one and one not in PUBLIC_MAIL_HOSTS),
        mails=frozenset(one.strip().lower() for one in party.mails if "@" in one),
        within=party.within,
    )


def _city(place: str) -> str:
    if not place or place not in regions():
        return ""
    if place.startswith(_MUNICIPALITIES) or regions()[place].level is Level.PROVINCE:
        return place[:2]
    return place[:4]


def _code(text: str) -> str:
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()


def _phone(text: str) -> str:
    """Return the national digits: 0086 and +86 stripped."""
    digits = _DIGITS.sub("", text.split("转", maxsplit=1)[0].split("#", maxsplit=1)[0])
    for prefix in ("0086", "86"):
        if digits.startswith(prefix) and len(digits) - len(prefix) >= 10:
            return digits.removeprefix(prefix)
    return digits


def _address(text: str) -> str:
    """Return the address without regions at its beginning and signs; "" for one without a number."""
    found = plain(text).replace("(", "").replace(")", "")
    stripped = _REGIONS.sub("", found)
    return stripped if len(stripped) >= _SHORTEST_ADDRESS and any(map(str.isdigit, stripped)) else ""


_REGIONS = re.compile(
    r"^(?:[^\d省市区县]{2,8}(?:省|自治区))?(?:[^\d省市区县]{2,6}(?:市|州|盟))?(?:[^\d省市区县]{1,6}(?:区|县))?"
)


def _domain(text: str) -> str:
    found = _HOST.match(text.strip().lower())
    return found[1] if found else ""
