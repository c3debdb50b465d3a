"""Days kept every year, by the sun and by the moon."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jike.values.lunar import LunarDay, coming_keys, lunar_day, yearly_key

DAYS = st.dates(dt.date(1930, 1, 1), dt.date(2090, 1, 1))
YEAR = coming_keys(dt.date(2027, 1, 1), 400)


@pytest.mark.parametrize(
    ("day", "lunar"),
    [
        (dt.date(2024, 2, 10), LunarDay(1, 1, False)),  # 春节
        (dt.date(2025, 10, 6), LunarDay(8, 15, False)),  # 中秋
        (dt.date(2025, 7, 25), LunarDay(6, 1, True)),  # 闰六月
        (dt.date(1985, 2, 19), LunarDay(12, 30, False)),
    ],
)
def test_published_lunar_dates_are_found(day, lunar):
    assert lunar_day(day) == lunar


def test_days_beyond_the_known_years_have_no_lunar_date_and_are_kept_by_the_sun():
    assert lunar_day(dt.date(1890, 5, 1)) is None
    assert yearly_key(dt.date(1890, 5, 1), lunar=True) == 501


@given(DAYS, st.booleans(), st.dates(dt.date(2000, 1, 1), dt.date(2080, 1, 1)))
@settings(max_examples=15)
def test_whatever_day_it_is_it_is_kept_within_thirteen_lunar_months(born, lunar, today):
    kept = coming_keys(today, 400)
    assert yearly_key(born, lunar=lunar) in kept


@given(DAYS)
def test_a_solar_birthday_is_kept_on_its_day_or_on_the_last_of_february(born):
    kept = YEAR[yearly_key(born, lunar=False)]
    assert (kept.month, kept.day) == (
        (2, 28) if (born.month, born.day) == (2, 29) else (born.month, born.day)
    )


@given(DAYS.filter(lambda day: lunar_day(day) is not None))
def test_a_lunar_birthday_is_kept_on_its_lunar_day_or_on_the_last_of_a_short_month(born):
    known = lunar_day(born)
    kept = lunar_day(YEAR[yearly_key(born, lunar=True)])
    assert known is not None
    assert kept is not None
    assert not kept.leap
    assert (kept.month, kept.day) in {(known.month, known.day), (known.month, 29)}
