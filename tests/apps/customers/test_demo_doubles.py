"""What the demo entered twice or by mistake: the same however often the steps run, and where it is to be found."""

import pytest

from jike.apps.customers.demo.doubles import make_doubles
from jike.apps.customers.demo.mistakes import make_mistakes
from jike.apps.customers.models import Customer, KeyPerson
from jike.foundation.models import DuplicatePair
from tests.apps.customers.making import a_customer, a_key_person
from tests.making import a_person, a_unit

pytestmark = pytest.mark.django_db


def test_demo_customers_entered_twice_wait_in_the_queue():
    unit = a_unit()
    for name in (
        "广州雍湾广电网络",
        "广州鹭禾餐饮管理",
        "广州颂畅茶业",
        "广州钧峰物流",
        "广州芷澄酒店",
        "广州阙屿化工",
        "广州雁鸣港务",
    ):
        a_key_person(
            a_customer(f"{name}有限公司", unit=unit, phone="02086104181", address="启明路272号"), "胡航"
        )
    make_doubles(lambda rows: None)
    made = Customer.objects.count()
    make_doubles(lambda rows: None)
    assert (made, Customer.objects.count()) == (9, 9)
    assert DuplicatePair.objects.filter(kind="customers.customer").count() >= 2


def test_what_was_entered_by_mistake_lies_in_the_recycle_bins_once():
    unit = a_unit()
    for name in ("广州雍湾广电网络有限公司", "广州鹭禾餐饮管理有限公司"):
        a_customer(name, unit=unit, owner=a_person(unit))
    for _time in range(2):
        make_mistakes(lambda rows: None)
    lying = Customer.objects.exclude(removed_at=None)
    assert {one.name[-4:] for one in lying} == {"（误建）"}
    assert (lying.count(), KeyPerson.objects.exclude(removed_at=None).count()) == (2, 2)
    assert Customer.objects.filter(removed_at=None).count() == 2
