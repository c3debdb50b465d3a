"""How typed values of customers and key persons become plain, and what is refused.

The `plain_…` functions stand in DERIVED (a field made plain from itself), so that forms, edits in place, bulk edits and
imports all store the same text. They never refuse: what they cannot read stays as it is for the `valid_…` validators.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from jike.foundation.entering import (
    LONGEST,
    plain,
    plain_code,
    plain_line,
    plain_text,
    sentence_of,
    valid_line,
)
from jike.values import industries, regions
from jike.values.company_size import SizeResult, classify, size_industry
from jike.values.errors import InvalidValue
from jike.values.identifiers import CreditCode
from jike.values.money import Money
from jike.values.phones import Phone
from jike.values.text import clean_line

__all__ = [
    "doubtful_credit_code",
    "plain_code",
    "plain_credit_code",
    "plain_line",
    "plain_mail",
    "plain_phone",
    "plain_text",
    "size_class",
    "size_result",
    "valid_birthday",
    "valid_credit_code",
    "valid_industry",
    "valid_line",
    "valid_phone",
    "valid_region",
]

plain_mail = plain(lambda text: clean_line(text, limit=LONGEST).lower())
plain_phone = plain(Phone.parse)
plain_credit_code = plain(CreditCode.parse)


def valid_phone(text: str) -> None:
    """Refuse what is no telephone number in use."""
    _read(Phone.parse, text)


def valid_credit_code(text: str) -> None:
    """Refuse a wrong length or alphabet; a wrong check character is only asked about."""
    _read(CreditCode.parse, text)


def valid_region(code: str) -> None:
    """Refuse codes that GB/T 2260 does not know."""
    _read(regions.region, code)


def doubtful_credit_code(text: str) -> str:
    """Say what is odd of a code whose check character does not fit; such codes have been issued."""
    try:
        notice = CreditCode.parse(text).notice
    except InvalidValue:
        return ""
    return sentence_of(notice) if notice is not None else ""


def _read(read: Callable[[str], object], text: str) -> None:
    try:
        read(text)
    except InvalidValue as error:
        raise ValidationError(sentence_of(error)) from error


def valid_industry(code: str) -> None:
    """Refuse what is not a section letter followed by one of its divisions."""
    found = industries.divisions().get(code[1:])
    if found is None or found.section != code[:1]:
        raise ValidationError(
            _("“%(code)s” is not an industry; choose one from the list.") % {"code": code[:20]}
        )


def valid_birthday(day: date) -> None:
    """Refuse years in which nobody alive was born."""
    if day.year < 1900:
        raise ValidationError(_("The year of birth must be 1900 or later."))


def size_result(
    industry: str, staff: int | None, *, turnover: Decimal | None, assets: Decimal | None
) -> SizeResult | None:
    """Return the size class with its reasons; None where the industry or a figure cannot be read."""
    try:
        kind = size_industry(industry[1:])
        money = [None if amount is None else Money(Decimal(amount)) for amount in (turnover, assets)]
        return classify(kind, staff=staff, turnover=money[0], assets=money[1])
    except (InvalidValue, ArithmeticError, TypeError):
        return None


def size_class(*figures: Any) -> str:
    """Return the size class of (industry, staff, yearly turnover, total assets), or "" while it cannot be told."""
    industry, staff, turnover, assets = figures
    result = size_result(industry or "", staff, turnover=turnover, assets=assets) if industry else None
    return str(result.size) if result is not None and result.size is not None else ""
