"""Telephone numbers: read as people write them, kept in one normal form, shown as people read them.

``phonenumbers`` knows lengths and area codes; Chinese service numbers (95588, 10086), number ranges of things
and extensions are ours.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneMetadata, PhoneNumber, PhoneNumberFormat, PhoneNumberType

from jike.values.errors import InvalidValue, excerpt
from jike.values.mobile_prefixes import NumberRange, number_range

_CHINA = 86
# Operators, banks and insurers, public services: dialled without an area code.
_SERVICE = re.compile(r"1[012]\d{3}|9[56]\d{3,4}|1[12]\d")
_EXTENSION = re.compile(r"(?:转|分机|ext\.?|x|#|,)\s*(\d{1,6})$", re.IGNORECASE)
_HYPHEN_EXTENSION = re.compile(r"^(\(?0\d{2,3}\)?[-\s]?\d{7,8}|\d{3}-\d{3,4}-\d{4})-(\d{1,6})$")
_ALLOWED = re.compile(r"[\d\s()+./-]+")
_LOCAL = re.compile(r"[2-8]\d{6,7}")
# How most files write most numbers: an eleventh of the work of an import was reading them with every care.
_USUAL_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_USUAL_LANDLINE = re.compile(r"0([1-9][0-9]{1,2})-?([2-8][0-9]{6,7})")


class PhoneKind(StrEnum):
    """What a number reaches."""

    MOBILE = "mobile"
    LANDLINE = "landline"
    SERVICE = "service"
    """400 and 800 numbers, and short numbers such as 95588."""
    THINGS = "things"
    """Cards of the internet of things."""
    FOREIGN = "foreign"


@dataclass(frozen=True, slots=True)
class Phone:
    """A telephone number: ``e164`` (``+8613812345678``), its kind, and an extension or ``""``."""

    e164: str
    kind: PhoneKind
    extension: str = ""

    @classmethod
    def parse(cls, text: str) -> "Phone":
        """Read a number as people write it; without a country code it is Chinese.

        Raises ``InvalidValue`` for what is no number, lacks its area code or is not in use.
        """
        return _read(text)

    @classmethod
    def _read(cls, text: str) -> "Phone":
        plain = unicodedata.normalize("NFKC", text[:100]).strip()
        plain = re.sub("[\u200b-\u200f\u202a-\u202e\u2010-\u2015\u2212]", _as_hyphen, plain)
        plain, extension = _split_extension(plain)
        if len(text) > 100 or not _ALLOWED.fullmatch(plain) or not plain.isascii():
            raise InvalidValue("phone.not_a_number", text=excerpt(text))
        try:
            number = phonenumbers.parse(plain, "CN")
        except NumberParseException:
            raise InvalidValue("phone.not_a_number", text=excerpt(text)) from None
        return cls(
            phonenumbers.format_number(number, PhoneNumberFormat.E164), _kind_of(number, text), extension
        )

    @property
    def national(self) -> str:
        """The digits without +86; a foreign number keeps its country code."""
        return self.e164.removeprefix(f"+{_CHINA}")

    @property
    def range(self) -> NumberRange | None:
        """The mobile range and so the operator it was given to; None unless it is a Chinese mobile number."""
        return number_range(self.national) if self.kind in (PhoneKind.MOBILE, PhoneKind.THINGS) else None

    @property
    def display(self) -> str:
        """As people read it: ``138 1234 5678``, ``010 6277 1234 转 801``, ``+852 2345 6789``."""
        if self.kind is PhoneKind.THINGS or (self.kind is PhoneKind.SERVICE and len(self.national) < 7):
            shown = self.national
        else:
            foreign = self.kind is PhoneKind.FOREIGN
            form = PhoneNumberFormat.INTERNATIONAL if foreign else PhoneNumberFormat.NATIONAL
            shown = phonenumbers.format_number(phonenumbers.parse(self.e164), form)
        return f"{shown} 转 {self.extension}" if self.extension else shown

    def __str__(self) -> str:
        return f"{self.e164};ext={self.extension}" if self.extension else self.e164


_READ: dict[str, Phone] = {}
_MOST_READ = 20_000


def _read(text: str) -> Phone:
    """One number is read several times on its way: typed, made plain, then judged in its plain form."""
    found = _READ.get(text)
    if found is None:
        found = _usual(text) or Phone._read(text)
        if len(_READ) >= _MOST_READ:
            _READ.clear()
        _READ[text] = found
        if not found.extension:
            _READ[found.e164] = found
    return found


def _usual(text: str) -> Phone | None:
    """Return a number in its usual spelling, as `Phone._read` would; None for any other, and for those not in use."""
    if _USUAL_MOBILE.fullmatch(text):
        assigned = number_range(text)
        kind = PhoneKind.THINGS if assigned is not None and assigned.things else PhoneKind.MOBILE
        return None if assigned is None else Phone(f"+{_CHINA}{text}", kind)
    match = _USUAL_LANDLINE.fullmatch(text)
    if match is None or not _landlines().fullmatch(match[1] + match[2]):
        return None
    return Phone(f"+{_CHINA}{match[1]}{match[2]}", PhoneKind.LANDLINE)


@cache
def _landlines() -> re.Pattern[str]:
    """Return what Chinese landline numbers look like, by the tables of ``phonenumbers``; nothing where it has none."""
    china = PhoneMetadata.metadata_for_region("CN")
    told = (
        china.fixed_line.national_number_pattern if china is not None and china.fixed_line is not None else ""
    )
    return re.compile(told or "(?!)")


def _as_hyphen(match: re.Match[str]) -> str:
    """Unseen marks vanish, dashes of all kinds become the plain one."""
    return "-" if match[0] >= "\u2010" and match[0] not in "\u202a\u202b\u202c\u202d\u202e" else ""


def _split_extension(text: str) -> tuple[str, str]:
    if match := _EXTENSION.search(text):
        return text[: match.start()].strip(), match[1]
    if match := _HYPHEN_EXTENSION.match(text):
        return match[1], match[2]
    return text, ""


def _kind_of(number: PhoneNumber, text: str) -> PhoneKind:
    """The kind of a number in use; raises ``InvalidValue`` for the others."""
    national = str(number.national_number)
    if number.country_code != _CHINA:
        if phonenumbers.is_valid_number(number):
            return PhoneKind.FOREIGN
        raise InvalidValue("phone.not_valid", text=excerpt(text))
    if _SERVICE.fullmatch(national):
        return PhoneKind.SERVICE
    assigned = number_range(national)
    if assigned is not None and assigned.things:
        return PhoneKind.THINGS
    if (known := phonenumbers.number_type(number)) != PhoneNumberType.UNKNOWN:
        return _VALID_KINDS.get(known, PhoneKind.SERVICE)
    if assigned is not None:
        return PhoneKind.MOBILE
    code = "phone.no_area_code" if _LOCAL.fullmatch(national) else "phone.not_valid"
    raise InvalidValue(code, text=excerpt(text))


_VALID_KINDS = {
    PhoneNumberType.MOBILE: PhoneKind.MOBILE,
    PhoneNumberType.FIXED_LINE: PhoneKind.LANDLINE,
    PhoneNumberType.FIXED_LINE_OR_MOBILE: PhoneKind.LANDLINE,
}
