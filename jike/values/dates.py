"""Days as people type them, in Chinese and English: 明天, 下周五, 月底, 3天后, 11-23, next friday.

Each form is one pattern with one function; the table at the end is tried from top to bottom. Weeks begin on
Monday, as in Chinese usage; 下周五 and "next friday" both mean the Friday of the following week.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import date, timedelta

from jike.values.errors import InvalidValue, excerpt
from jike.values.period import add_months, month_end

_YEARS = range(1900, 2200)
_NAMED = {
    "大前天": -3, "前天": -2, "前日": -2, "昨天": -1, "昨日": -1, "今天": 0, "今日": 0, "今": 0,
    "明天": 1, "明日": 1, "明": 1, "后天": 2, "后日": 2, "大后天": 3,
    "the day before yesterday": -2, "day before yesterday": -2, "yesterday": -1, "today": 0, "now": 0,
    "tomorrow": 1, "tmr": 1, "day after tomorrow": 2, "the day after tomorrow": 2,
}  # fmt: skip
# As numbers, and as days of the week (周日, 周天; 周末 is taken as Saturday).
_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {
    "两": 2,
    "日": 7,
    "天": 7,
    "末": 6,
}
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NUMBER = (
    r"(?P<n>\d{1,4}|[一二两三四五六七八九十]{1,3}|a|an|one|two|three|four|five|six|seven|eight|nine|ten)"
)
_ENGLISH = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_UNIT = r"(?P<unit>天|日|周|星期|礼拜|个?月|年|days?|weeks?|months?|years?|d|w)"
_WEEKDAY_EN = (
    r"(?P<day>mon(?:day)?|tue(?:s|sday)?|wed(?:nesday)?|thu(?:r|rs|rsday)?|fri(?:day)?|sat(?:urday)?"
    r"|sun(?:day)?)"
)
_BACK_OR_ON = r"(?P<back>后|以后|之后|前|以前|之前|ago|earlier|later|from now|from today)"
_MONTH_EN = (
    r"(?P<m>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)


def parse_day(text: str, today: date) -> date:
    """The day that somebody means who types ``text`` on ``today``.

    A day without a year is the nearest such day (1-5 typed in December is next January's), 5号 lies in this
    month, 周五 is the coming Friday or today. Raises ``InvalidValue`` with a sentence for anything else.

    >>> parse_day("下周五", date(2026, 11, 23))
    datetime.date(2026, 12, 4)
    """
    plain = " ".join(unicodedata.normalize("NFKC", text[:60]).casefold().split())
    for pattern, meaning in _FORMS:
        if match := pattern.fullmatch(plain):
            try:
                day = meaning(match, today)
            except (ValueError, OverflowError):
                # 31 June, the year 20270: the form is right, the day does not exist.
                break
            if len(text) <= 60 and day.year in _YEARS:
                return day
    raise InvalidValue("date.not_a_day", text=excerpt(text))


def _named(match: re.Match[str], today: date) -> date:
    return today + timedelta(days=_NAMED[match[0]])


def _full(match: re.Match[str], _today: date) -> date:
    return date(int(match["y"]), _month(match["m"]), int(match["d"]))


def _without_year(match: re.Match[str], today: date) -> date:
    days = _existing((today.year + step, _month(match["m"]), int(match["d"])) for step in range(-4, 5))
    return min(days, key=lambda day: (abs(day - today), day < today))


def _relative_year(match: re.Match[str], today: date) -> date:
    return date(
        today.year + {"去": -1, "今": 0, "明": 1, "后": 2}[match["which"]], int(match["m"]), int(match["d"])
    )


def _of_month(match: re.Match[str], today: date) -> date:
    return add_months(today.replace(day=1), _steps(match["which"])).replace(day=_number(match["d"]))


def _edge_of_month(match: re.Match[str], today: date) -> date:
    first = add_months(today.replace(day=1), _steps(match["which"]))
    return first if match["edge"] in ("初", "start", "beginning") else month_end(first)


def _edge_of_year(match: re.Match[str], today: date) -> date:
    year = today.year + {"去": -1, "明": 1, "last": -1, "next": 1}.get(match["which"] or "", 0)
    return date(year, 1, 1) if match["edge"] in ("初", "start", "beginning") else date(year, 12, 31)


def _weekday(match: re.Match[str], today: date) -> date:
    name = match["day"]
    index = _WEEKDAYS.index(name[:3]) if name.isascii() else _DIGITS[name] - 1
    monday = today - timedelta(days=today.weekday())
    if match["which"]:
        return monday + timedelta(days=7 * _steps(match["which"]) + index)
    return today + timedelta(days=(index - today.weekday()) % 7)


def _counted(match: re.Match[str], today: date) -> date:
    number, unit = _number(match["n"]), match["unit"]
    signed = -number if match["back"] in ("前", "以前", "之前", "ago", "earlier", "before") else number
    if unit.startswith(("年", "year")):
        return add_months(today, 12 * signed)
    if unit.endswith("月") or unit.startswith("month"):
        return add_months(today, signed)
    return today + timedelta(days=signed * (1 if unit in ("天", "日", "d", "day", "days") else 7))


def _half(match: re.Match[str], today: date) -> date:
    sign = -1 if match["back"].endswith("前") else 1
    return add_months(today, 6 * sign) if match["unit"] == "年" else today + timedelta(days=15 * sign)


def _ahead(match: re.Match[str], today: date) -> date:
    step = _steps(match["which"])
    if match["unit"] in ("week", "周", "星期", "礼拜"):
        return today + timedelta(days=7 * step)
    return add_months(today, step * (12 if match["unit"] in ("year", "年") else 1))


def _steps(which: str | None) -> int:
    """How many weeks or months a word leads on: 下下 two, 上 one back, 本 or nothing none."""
    word = (which or "").strip().removesuffix("个").removesuffix("一")
    if set(word) <= set("上下"):
        return len(word) * (1 if word.startswith("下") else -1)
    return {"next": 1, "last": -1, "明": 1, "去": -1}.get(word, 0)


def _number(text: str) -> int:
    """A whole number in digits, Chinese up to 99, or English words up to ten."""
    if text.isascii():
        return int(text) if text.isdigit() else max(1, _ENGLISH.index(text) if text in _ENGLISH else 1)
    tens, ten, ones = text.partition("十")
    if not ten:
        tens, ones = "", text
    if len(tens) > 1 or len(ones) > 1:
        raise ValueError(text)
    return (_DIGITS[tens] if tens else 1 if ten else 0) * 10 + (_DIGITS[ones] if ones else 0)


def _month(text: str) -> int:
    return int(text) if text.isdigit() else _MONTHS.index(text[:3]) + 1


def _existing(days: Iterable[tuple[int, int, int]]) -> list[date]:
    """Those that exist; 29 February does not in most years."""
    found = []
    for year, month, day in days:
        try:
            found.append(date(year, month, day))
        except ValueError:
            continue
    return found


Meaning = Callable[[re.Match[str], date], date]
_SOURCES: tuple[tuple[str, Meaning], ...] = (
    ("|".join(map(re.escape, sorted(_NAMED, key=len, reverse=True))), _named),
    (r"(?P<y>\d{4})(?P<s>[-/.])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})", _full),
    (r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})", _full),
    (r"(?P<y>\d{4}) ?年 ?(?P<m>\d{1,2}) ?月 ?(?P<d>\d{1,2}) ?[日号]?", _full),
    (rf"{_MONTH_EN} (?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y>\d{{4}})", _full),
    (rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th)? {_MONTH_EN},? (?P<y>\d{{4}})", _full),
    (r"(?P<m>\d{1,2})[-/.](?P<d>\d{1,2})", _without_year),
    (r"(?P<m>\d{1,2}) ?月 ?(?P<d>\d{1,2}) ?[日号]?", _without_year),
    (rf"{_MONTH_EN} (?P<d>\d{{1,2}})(?:st|nd|rd|th)?", _without_year),
    (rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th)? {_MONTH_EN}", _without_year),
    (r"(?P<which>[去今明后])年 ?(?P<m>\d{1,2}) ?月 ?(?P<d>\d{1,2}) ?[日号]?", _relative_year),
    (r"(?:(?P<which>[上下]{1,3}|本|这)个?月)?(?P<d>\d{1,2}|[一二三四五六七八九十]{1,3})[日号]", _of_month),
    (r"(?P<which>(?:[上下]{1,3}|本|这)个?)?月(?P<edge>[初底末])", _edge_of_month),
    (r"(?P<edge>end|start|beginning) of (?:the )?(?P<which>next |last |this )?month", _edge_of_month),
    (r"(?P<which>)(?P<edge>eom)", _edge_of_month),
    (r"(?P<which>[去今明])?年(?P<edge>[初底末])", _edge_of_year),
    (r"(?P<edge>end|start|beginning) of (?:the |this )?(?P<which>next|last)? ?year", _edge_of_year),
    (r"(?P<which>[上下]{1,3}一?个?|本|这个?)?(?:周|星期|礼拜)(?P<day>[一二三四五六日天末])", _weekday),
    (rf"(?:(?P<which>next|last|this) )?{_WEEKDAY_EN}", _weekday),
    (rf"{_NUMBER} ?(?:个)?{_UNIT} ?{_BACK_OR_ON}", _counted),
    (r"半(?P<unit>年|个?月)(?P<back>后|以后|之后|前|以前|之前)", _half),
    (rf"in {_NUMBER} ?{_UNIT}(?P<back>)", _counted),
    (rf"\+ ?{_NUMBER} ?{_UNIT}(?P<back>)", _counted),
    (r"(?P<which>[上下]{1,3}一?)个?(?P<unit>周|星期|礼拜|月)", _ahead),
    (r"(?P<which>[去明])(?P<unit>年)", _ahead),
    (r"(?P<which>next|last) (?P<unit>week|month|year)", _ahead),
)  # fmt: skip
_FORMS = tuple((re.compile(source, re.ASCII), meaning) for source, meaning in _SOURCES)
