"""Days are understood as people type them, relative to a given today (Monday, 23 November 2026)."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jike.values import InvalidValue
from jike.values.dates import parse_day

TODAY = date(2026, 11, 23)
DAYS = st.dates(date(1900, 1, 10), date(2199, 12, 1))


@pytest.mark.parametrize(
    ("typed", "month_day"),
    [
        ("今天", "11-23"), ("明天", "11-24"), ("后天", "11-25"), ("大后天", "11-26"), ("昨天", "11-22"),
        ("前天", "11-21"),
        ("周五", "11-27"), ("下周五", "12-04"), ("本周日", "11-29"), ("上周三", "11-18"),
        ("下下周一", "12-07"),
        ("星期天", "11-29"), ("礼拜六", "11-28"), ("下个星期二", "12-01"), ("周末", "11-28"),
        ("下周", "11-30"),
        ("月底", "11-30"), ("下月底", "12-31"), ("本月初", "11-01"), ("年底", "12-31"), ("5号", "11-05"),
        ("十五号", "11-15"),
        ("下个月5号", "12-05"), ("3天后", "11-26"), ("三天后", "11-26"), ("两周后", "12-07"),
        ("一个月后", "12-23"),
        ("半个月后", "12-08"), ("3天前", "11-20"), ("11-23", "11-23"), ("11/30", "11-30"),
        ("12月1日", "12-01"),
        ("１２．３１", "12-31"), ("tomorrow", "11-24"), ("Today", "11-23"), ("day after tomorrow", "11-25"),
        ("friday", "11-27"), ("Fri", "11-27"), ("next friday", "12-04"), ("last monday", "11-16"),
        ("in 3 days", "11-26"),
        ("in two weeks", "12-07"), ("a week ago", "11-16"), ("next month", "12-23"),
        ("end of month", "11-30"),
        ("end of next month", "12-31"), ("eom", "11-30"), ("Dec 1", "12-01"), ("1st December", "12-01"),
        ("+3d", "11-26"),
    ],
)  # fmt: skip
def test_a_day_of_this_year_is_understood(typed: str, month_day: str) -> None:
    assert parse_day(typed, TODAY) == date.fromisoformat(f"2026-{month_day}")


@pytest.mark.parametrize(
    ("typed", "iso"),
    [
        ("2027-01-31", "2027-01-31"), ("20270131", "2027-01-31"), ("2027/1/31", "2027-01-31"),
        ("2027.1.31", "2027-01-31"),
        ("2027年1月31日", "2027-01-31"), ("Jan 31, 2027", "2027-01-31"),
        ("31 January 2027", "2027-01-31"), ("1-5", "2027-01-05"),
        ("明年3月1日", "2027-03-01"), ("明年初", "2027-01-01"), ("明年", "2027-11-23"),
        ("半年后", "2027-05-23"),
        ("2-29", "2028-02-29"), ("end of next year", "2027-12-31"), ("3年后", "2029-11-23"),
        ("去年12月31日", "2025-12-31"),
    ],
)  # fmt: skip
def test_a_day_of_another_year_is_understood(typed: str, iso: str) -> None:
    assert parse_day(typed, TODAY) == date.fromisoformat(iso)


@pytest.mark.parametrize(
    "typed",
    [
        "", "abc", "周八", "2-30", "13-45", "2027-1/3", "99999999", "三十一号", "9999年后", "fridayish",
        "0-0", "2027-02-29",
        "2027-13-01", "一二三天后", "12345678901", "\0", "明天" * 40, "1899-12-31",
    ],
)  # fmt: skip
def test_what_is_no_day_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(InvalidValue, match="is not a day; write for example 2027-01-31") as caught:
        parse_day(typed, TODAY)
    assert len(str(caught.value)) < 200


@given(DAYS, DAYS)
def test_a_full_date_means_itself_on_any_day(day: date, today: date) -> None:
    for form in ("%Y-%m-%d", "%Y%m%d", "%Y/%m/%d", "%Y年%m月%d日"):
        # strftime leaves out leading zeros of the year on some platforms, so the year is put in by hand.
        assert parse_day(day.strftime(form.replace("%Y", f"{day.year:04}")), today) == day


@given(DAYS, st.integers(-180, 180))
def test_a_day_without_year_is_the_nearest(today: date, distance: int) -> None:
    day = today + timedelta(days=distance)
    if (day.month, day.day) != (2, 29) and day.year in range(1900, 2200):
        assert parse_day(f"{day.month}-{day.day}", today) == day


@given(DAYS, st.integers(0, 6))
def test_next_week_lies_one_to_thirteen_days_ahead(today: date, weekday: int) -> None:
    day = parse_day(f"下周{'一二三四五六日'[weekday]}", today)
    assert day.weekday() == weekday
    assert 1 <= (day - today).days <= 13
    assert 0 <= (parse_day(f"周{'一二三四五六日'[weekday]}", today) - today).days <= 6


@given(DAYS, st.text(st.sampled_from("上下本周月年底初天后前一二十0123456789-/. 号日个半"), max_size=8))
def test_any_text_is_a_day_or_refused(today: date, text: str) -> None:
    with suppress(InvalidValue):
        assert 1900 <= parse_day(text, today).year < 2200
