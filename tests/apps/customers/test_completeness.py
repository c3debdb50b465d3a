"""How complete an archive is: the score, what is missing, and that nobody has to add it up."""

import datetime as dt

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from jike.apps.customers.actions import change_customer, refresh_completeness
from jike.apps.customers.actions.records import change_customers
from jike.apps.customers.models import Customer
from jike.apps.customers.queries import missing_of
from jike.apps.customers.rules import WEIGHTS, completeness, missing_fields
from tests.apps.customers.making import HEAD, a_customer
from tests.doing import browser_of
from tests.making import SYSTEM, a_person, a_post, a_role, a_unit

known = st.dictionaries(st.sampled_from(list(WEIGHTS)), st.sampled_from(["x", 1, "", None, "unknown", 0]))


def test_the_weights_add_up_to_a_hundred():
    assert sum(WEIGHTS.values()) == 100


@given(known)
def test_what_is_there_and_what_is_missing_make_the_whole(values):
    score = completeness(*(values.get(name) for name in WEIGHTS))
    assert score + sum(WEIGHTS[name] for name in missing_fields(values)) == 100


@pytest.mark.django_db
def test_both_gates_keep_the_score_and_a_refresh_finds_nothing_to_mend():
    first, second = a_customer("甲公司"), a_customer("乙公司", phone="020-88886666", staff_count=3)
    assert second.completeness == first.completeness + WEIGHTS["phone"] + WEIGHTS["staff_count"]
    change_customer(first, actor=SYSTEM, address="体育西路 1 号", established=dt.date(2001, 1, 1))
    edits = {one.pk: {"region": "440100"} for one in (first, second)}
    change_customers(edits, actor=SYSTEM)
    scores = list(Customer.objects.order_by("pk").values_list("completeness", flat=True))
    assert scores == [8 + WEIGHTS["region"], 13 + WEIGHTS["region"]]
    assert refresh_completeness(actor=SYSTEM) == 0


@pytest.mark.django_db
def test_a_score_of_older_weights_is_mended_at_once_for_all():
    customer = a_customer("甲公司", phone="020-88886666")
    Customer.objects.update(completeness=99)
    assert refresh_completeness(actor=SYSTEM) == 1
    customer.refresh_from_db()
    assert customer.completeness == WEIGHTS["phone"]


@pytest.mark.django_db
def test_the_record_names_what_is_missing_with_the_way_to_fill_it_in():
    unit = a_unit("番禺", level="county")
    head = a_person(unit, language="en")
    a_post(head, a_role(HEAD))
    customer = a_customer("甲公司", unit=unit, phone="020-88886666")
    page = browser_of(head).get(reverse("resource:record", args=["customers", customer.uid])).content.decode()
    assert f"#id_{missing_of(customer)[1].name}" in page
    assert "id_phone" not in [f"id_{one.name}" for one in missing_of(customer)]
