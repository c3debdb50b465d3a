"""Some demo customers are entered twice, the same ones however often the step runs, and the queue has them."""

import pytest

from jike.apps.customers.demo.doubles import make_doubles
from jike.apps.customers.models import Customer
from jike.foundation.models import DuplicatePair
from tests.apps.customers.making import a_customer, a_key_person
from tests.making import a_unit

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
