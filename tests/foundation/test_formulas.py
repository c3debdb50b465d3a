"""Formulas: what they know, what they refuse, and that Python and the database give the same."""

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import models
from django.db.models import Value
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from jike.apps.customers.models import Customer
from jike.foundation.custom.expressions import calculated
from jike.foundation.custom.formula import Empty, Formula, Sort, evaluate, read
from jike.foundation.errors import RuleBroken
from tests.apps.customers.making import a_customer

KNOWN = {"budget": Sort.NUMBER, "area": Sort.NUMBER, "starts": Sort.DAY, "ends": Sort.DAY}
LABELS = {"云预算": "budget", "机房面积": "area", "Room area": "area"}
TODAY = dt.date(2026, 3, 1)


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Sentences are compared in English, whatever language a test before this left in force."""
    with override("en"):
        yield


def worked(text: str, places: int = 2, **values: Any) -> Any:
    """Return what the formula gives for the values."""
    known = {"today": TODAY, **values}
    return evaluate(read(text, KNOWN, labels=LABELS), known.get, places=places)


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("budget * 12 / area", "30.00"),
        ("云预算 × 12 ÷ 机房面积", "30.00"),
        ("{Room area} + -1", "3.00"),
        ("when(budget >= 10, 2, 1) + max(area, 3, 9)", "11.00"),
        ("round(budget / 3, 1) + abs(0 - area)", "7.30"),
        ("如果(budget < area, 1, 0)", "0.00"),
        ("ends - starts", "30.00"),
    ],
)
def test_a_formula_calculates_with_figures_and_days(text: str, result: str):
    values = {"budget": 10, "area": Decimal(4), "starts": dt.date(2026, 1, 1), "ends": dt.date(2026, 1, 31)}
    assert worked(text, **values) == Decimal(result)


def test_a_day_moves_by_days():
    assert worked("ends + 30", ends=dt.date(2026, 1, 31)) == dt.date(2026, 3, 2)
    assert worked("when(ends < today, ends, today)", ends=dt.date(2026, 1, 31)) == dt.date(2026, 1, 31)


@pytest.mark.parametrize(
    ("text", "values", "why"),
    [
        ("budget / area", {"budget": 1, "area": 0}, "zero"),
        ("budget / (area - area)", {"budget": 1, "area": 7}, "zero"),
        ("budget + area", {"budget": 1}, "area"),
        ("budget * budget", {"budget": 10**9}, "large"),
        ("ends + budget", {"ends": TODAY, "budget": 10**8}, "large"),
    ],
)
def test_a_formula_without_a_value_says_why(text: str, values: Mapping[str, Any], why: str):
    with pytest.raises(Empty, match=why):
        worked(text, **values)


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true')",
        "budget.__class__",
        "(lambda: 1)()",
        "[one for one in (1, 2)]",
        "open('/etc/passwd')",
        "eval('1')",
        "budget ** 99999999",
        "budget if area else 1",
        "budget; area",
        "f'{budget}'",
        "budget[0]",
        "1 < budget < 3",
        "when(budget, 1, 2)",
        "min(budget)",
        "budget + starts",
        "starts + ends",
        "-starts",
        "round(budget, 99)",
        "unknown + 1",
        "1e400",
        "True + 1",
        "",
        "(" * 300 + "1" + ")" * 300,
        "+".join(["1"] * 300),
        "min(budget, area, key=1)",
    ],
)
def test_what_is_no_plain_calculation_is_refused(text: str):
    with pytest.raises(RuleBroken):
        read(text, KNOWN, labels=LABELS)


figures = st.decimals(min_value=-(10**6), max_value=10**6, places=2) | st.none()
leaves = st.sampled_from(["budget", "area", "3", "0.5", "0", "(ends - starts)"])
SIGNS = (
    "({} + {})",
    "({} - {})",
    "({} * {})",
    "({} / {})",
    "min({}, {})",
    "max({}, {})",
    "when({0} > {1}, {0}, 1)",
)
formulas = st.recursive(
    leaves,
    lambda inner: st.builds(lambda form, a, b: form.format(a, b), st.sampled_from(SIGNS), inner, inner),
    max_leaves=5,
)
days = st.dates(dt.date(2000, 1, 1), dt.date(2040, 1, 1)) | st.none()


def in_sql(formula: Formula, values: Mapping[str, Any], places: int) -> Any:
    """Return what the database works out over values of a row."""
    kinds: dict[str, models.Field] = {
        "budget": models.DecimalField(max_digits=30, decimal_places=10),
        "starts": models.DateField(),
    }
    kinds |= {"area": kinds["budget"], "ends": kinds["starts"]}
    value_of = partial(lambda name: Value(values[name], output_field=kinds[name]))
    found = calculated(formula, value_of, places=places, today=TODAY)
    return Customer.objects.annotate(found=found).values_list("found", flat=True).first()


@pytest.mark.django_db
@settings(max_examples=120)
@given(formulas, figures, figures, days, days)
def test_python_and_the_database_agree(text, budget, area, starts, ends):
    if not Customer.objects.exists():
        a_customer("甲")
    values = {"budget": budget, "area": area, "starts": starts, "ends": ends}
    formula = read(text, KNOWN)
    try:
        expected = evaluate(formula, values.get, places=2)
    except Empty:
        expected = None
    assert in_sql(formula, values, 2) == expected


@pytest.mark.django_db
def test_a_day_out_of_all_calendars_is_empty_in_the_database_too():
    a_customer("甲")
    formula = read("ends + budget", KNOWN)
    values = {"ends": TODAY, "budget": Decimal(10**8)}
    assert in_sql(formula, values, 0) is None
