"""Demo customers: believable, of nobody real, the same each day, and consistent at every size."""

import datetime as dt
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jike.apps.customers.actions import refresh_figures
from jike.apps.customers.demo import few, many
from jike.apps.customers.demo.names import TRADES, Namer
from jike.apps.customers.demo.places import AccountManager
from jike.apps.customers.demo.portraits import credit_code, landline, portrait, quick_size_class
from jike.apps.customers.models import Customer, CustomerMonth, KeyPerson
from jike.apps.customers.models.entering import size_class
from jike.apps.customers.rules import State
from jike.apps.organisation.actions import install_ready_made_roles
from jike.apps.organisation.models import Person, Unit
from jike.foundation.models import Change, Share
from jike.values.identifiers import CreditCode
from jike.values.industries import sections
from jike.values.phones import Phone
from jike.values.pinyin import sort_key
from tests.apps.customers.making import a_customer
from tests.making import SYSTEM, a_person, a_post, a_unit

TODAY = dt.date(2026, 6, 15)
CITIES = {"440106": "广州", "440305": "深圳", "440604": "佛山", "441900": "东莞", "445102": "潮州"}
BESIDE = [
    AccountManager(Person(pk=1 + n), 1 + n, code, city) for n, (code, city) in enumerate(CITIES.items())
]


def nothing(_rows: int) -> None:
    return


@pytest.fixture
def managers(db) -> list[AccountManager]:
    """Account managers of an organisation with the ready-made roles."""
    roles = {role.code: role for role in install_ready_made_roles(actor=SYSTEM)}
    found = []
    for number, (region, city) in enumerate(CITIES.items()):
        unit = a_unit(city)
        Unit.objects.filter(pk=unit.pk).update(code=f"{region}-{number:02}")
        person = a_person(unit)
        a_post(person, roles["account_manager"])
        found.append(AccountManager(person, unit.pk, region, city))
    return found


def test_the_same_day_plans_the_same_customers_and_no_name_twice():
    plans = few.plan(BESIDE, today=TODAY)
    assert len(plans) == few.CUSTOMERS
    names = [one.name.name for one in plans]
    assert len(set(names)) == len(names)
    assert names == [one.name.name for one in few.plan(BESIDE, today=TODAY)]


def test_every_section_of_industry_every_state_and_five_levels_of_groups_occur():
    plans = few.plan(BESIDE, today=TODAY)
    assert {one.trade.industry[0] for one in plans} == set(sections())
    assert {one.state for one in plans} == set(State)
    deepest = 0
    for one in plans:
        depth, above = 1, one.parent
        while above is not None:
            depth, above = depth + 1, above.parent
        deepest = max(deepest, depth)
    assert deepest == 5


def test_ever_new_names_are_given_and_their_keys_order_like_whole_names():
    namer = Namer()
    given = [namer.next_name("广州", TRADES[place % 3]) for place in range(9000)]
    assert len({one.name for one in given}) == 9000
    assert all(one.key.endswith("\t" + one.name) for one in given)
    same = [one.key == sort_key(one.name) for one in given[:300]]
    assert sum(same) > 290


@given(st.sampled_from(TRADES), st.integers(0, 10**6))
def test_what_is_invented_passes_the_products_own_checks(trade, number):
    values = portrait(Random(number), trade, today=TODAY)
    code = CreditCode.parse(credit_code(trade.kind, "440106", number=number))
    assert code.verified
    assert code.organisation_code.startswith("JK")
    for region in CITIES:
        assert str(Phone.parse(landline(region, number=number))) == landline(region, number=number)
    figures = [values[name] for name in ("industry", "staff_count", "yearly_turnover", "total_assets")]
    assert quick_size_class(values) == size_class(*figures)


@given(
    st.sampled_from([trade.industry for trade in TRADES]),
    st.none() | st.integers(0, 5000),
    st.none() | st.integers(0, 10**10).map(Decimal),
    st.none() | st.integers(0, 10**10).map(Decimal),
)
def test_the_quick_size_class_is_the_models(industry, staff, turnover, assets):
    values = {"industry": industry, "staff_count": staff, "yearly_turnover": turnover, "total_assets": assets}
    assert quick_size_class(values) == size_class(industry, staff, turnover, assets)


def test_demo_customers_are_made_by_their_managers_and_a_second_load_adds_nothing(managers):
    plans = few.plan(managers, today=TODAY)[:22]
    for _ in range(2):
        few.make_customers(plans, nothing)
        few.make_people(plans, nothing)
        few.make_months(plans, nothing)
    made = {one.code: one for one in Customer.objects.all()}
    assert {one.code: one.state.value for one in plans} == {code: one.state for code, one in made.items()}
    assert a_customer().code not in made
    assert max(len(one.ancestors) for one in made.values()) == 4
    assert KeyPerson.objects.filter(reports_to__isnull=False).exists()
    assert CustomerMonth.objects.exists()
    adders = set(Change.objects.filter(kind="customers.customer", verb="add").values_list("actor", flat=True))
    assert adders & {one.person.uid for one in managers}


def test_customers_of_a_bench_scale_are_consistent_with_their_months_and_paths(managers):
    size = many.Size(260, 12)
    for _ in range(2):
        for step in many.steps_of(size):
            step.run(nothing)
    assert Customer.objects.count() == 260
    assert KeyPerson.objects.count() == 520
    verbs = Change.objects.filter(kind__startswith="customers.").values_list("kind", "verb").order_by("kind")
    assert list(verbs) == [
        (f"customers.{name}", "load") for name in ("customer", "customermonth", "keyperson")
    ]
    assert refresh_figures(actor=SYSTEM) == 0
    known = {one.pk: one for one in Customer.objects.all()}
    for one in known.values():
        above = known.get(one.parent_id)
        assert one.ancestors == ([*above.ancestors, above.pk] if above else [])
        one.full_clean(validate_unique=False, validate_constraints=False)
    assert Share.objects.count() == Customer.objects.filter(deputy__isnull=False).count() > 0
