"""The one error of the value types, and the notice that is not an error.

Values are refused where they enter. The layers above translate the sentence, so an error carries a code and
its parameters beside the English text: ``gettext(MESSAGES[error.code]) % error.params``. All sentences stand
here together, so that a translator sees every one and a test can prove that each is used.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

MESSAGES: Mapping[str, str] = {
    "money.not_an_amount": "“%(text)s” is not an amount of money; write for example 1,234.50 or 12.5万.",
    "money.not_finite": "An amount of money must be a finite number.",
    "money.too_large": "An amount of money must lie below 1,000,000,000,000,000 yuan.",
    "money.too_precise": "An amount of money may have at most %(places)s decimal places.",
    "money.not_whole_li": "%(amount)s yuan is not a whole number of 厘 (0.001 yuan).",
    "money.bad_ratios": "Ratios must be zero or more and their sum must be above zero.",
    "period.backwards": "A period must begin before it ends; %(start)s is not before %(end)s.",
    "period.open": "This needs a period with both a first and a last day.",
    "date.out_of_range": "The date lies outside the years that can be written.",
    "date.not_a_day": "“%(text)s” is not a day; write for example 2027-01-31, 11-23, 明天 or 下周五.",
    "time.naive": "A moment must state its time zone.",
    "calendar.bad_hours": "Working hours must be spans of one day, in order and without overlap.",
    "calendar.out_of_range": "The working time leads outside the years that can be calculated.",
    "calendar.year_unknown": (
        "The public holidays of %(years)s are not known yet; Monday to Friday were taken as working days."
    ),
    "uid.time_out_of_range": "An identifier can only be made for a moment after 1970 and before 10889.",
    "credit_code.length": "A unified social credit code has 18 characters, not %(length)s.",
    "credit_code.alphabet": "A unified social credit code cannot contain “%(character)s”.",
    "credit_code.first": "A unified social credit code cannot begin with “%(character)s”.",
    "credit_code.check": (
        "The last character of the unified social credit code should be %(expected)s, not %(found)s; "
        "please compare it with the certificate."
    ),
    "organisation_code.form": "“%(text)s” is not an organisation code of 8 characters and a check character.",
    "phone.not_a_number": "“%(text)s” is not a telephone number.",
    "phone.no_area_code": "“%(text)s” lacks its area code; write for example 010-62771234.",
    "phone.not_valid": "“%(text)s” is not a telephone number in use; please check its digits.",
    "region.unknown": "“%(code)s” is not a region code of GB/T 2260.",
    "industry.unknown": "“%(code)s” is not a section or division of GB/T 4754-2017.",
    "size.negative": "Staff, turnover and assets cannot be negative.",
    "text.too_long": "The text has %(length)s characters; at most %(limit)s fit.",
    "text.control_character": "The text contains a character that cannot be stored (U+%(character)s).",
}


class InvalidValue(ValueError):
    """A value that cannot be accepted, with a sentence its author can act on.

    ``code`` names the sentence in ``MESSAGES``; ``params`` fills it in.
    """

    def __init__(self, code: str, /, **params: object) -> None:
        self.code = code
        self.params = params
        super().__init__(MESSAGES[code] % params)

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuilt, (self.code, self.params)


def _rebuilt(code: str, params: Mapping[str, object]) -> InvalidValue:
    """Make the error again on the other side of a pickle."""
    return InvalidValue(code, **params)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to tell or to have confirmed, while the value is accepted."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """The English sentence."""
        return MESSAGES[self.code] % self.params

    def __str__(self) -> str:
        return self.message


def excerpt(text: str, limit: int = 40) -> str:
    """Shorten what somebody typed so that it can be quoted in a sentence."""
    shown = "".join(character if character.isprintable() else "�" for character in text[:limit])
    return shown + "…" if len(text) > limit else shown
