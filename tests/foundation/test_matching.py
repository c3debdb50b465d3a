"""Keys say what the tables say, and near records are found by them, as far as one may see."""

import pytest

from jike.apps.customers.models import Customer, KeyPerson
from jike.engines.matching import Reason
from jike.foundation.audit import changing, changing_many, creating_many, removing, restoring
from jike.foundation.matching import near_duplicates, near_duplicates_of_many, rekey_all
from jike.foundation.models import MatchKey
from tests.foundation.searched import a_customer, a_key_person, a_seeker
from tests.making import SYSTEM, a_unit

pytestmark = pytest.mark.django_db
NAME = "福州闽江数据科技有限公司"


def keys():
    return sorted(MatchKey.objects.values_list("key", "record"))


def assert_keys_equal_tables():
    kept = keys()
    rekey_all(Customer)
    rekey_all(KeyPerson)
    assert kept == keys()


def near(name, actor=SYSTEM, **values):
    return [one.title for one in near_duplicates(Customer, {"name": name, **values}, actor=actor)]


def test_keys_follow_every_way_of_writing():
    unit = a_unit()
    first, second = a_customer(NAME, unit), a_customer("厦门鹭岛物流有限公司", unit)
    person = a_key_person("单晓伟", first, phone="13812342607")
    with changing(first, actor=SYSTEM):
        first.name = "福州闽江软件有限公司"
    changing_many(Customer, {second.pk: {"phone": "059187654321"}}, actor=SYSTEM)
    creating_many(
        Customer, [{"code": "M1", "name": "泉州刺桐纺织有限公司", "unit_id": unit.pk}], actor=SYSTEM
    )
    removing(person, actor=SYSTEM)
    removing(second, actor=SYSTEM)
    restoring(second, actor=SYSTEM)
    assert_keys_equal_tables()


def test_a_name_written_otherwise_finds_the_stored_record_with_a_reason():
    a_customer(NAME, a_unit(), region="350102")
    (found,) = near_duplicates(Customer, {"name": "閩江數據科技（福州）有限责任公司"}, actor=SYSTEM)
    assert (found.title, found.match.reasons) == (NAME, (Reason.SAME_NAME,))


def test_a_record_in_the_recycle_bin_is_not_near():
    removing(a_customer(NAME, a_unit()), actor=SYSTEM)
    assert near(NAME) == []


def test_a_record_is_not_near_itself():
    customer = a_customer(NAME, a_unit())
    assert near_duplicates(Customer, {"name": NAME}, actor=SYSTEM, but=customer.pk) == []


def test_nobody_hears_of_records_that_they_may_not_see():
    mine, theirs = a_unit(), a_unit()
    a_customer(NAME, theirs)
    assert near(NAME, a_seeker(mine)) == []
    assert near(NAME, a_seeker(theirs)) == [NAME]


def test_a_sealed_field_finds_nobody_for_those_who_may_not_read_it():
    unit = a_unit()
    customer = a_customer(NAME, unit)
    a_key_person("单晓伟", customer, phone="+8613812342607", email="shan@minjiang.com.cn")
    typed = {"name": "单小伟", "phone": "+8613812342607", "email": "shan@minjiang.com.cn"}
    assert near_duplicates(KeyPerson, typed, actor=a_seeker(unit)) == []
    insider = a_seeker(unit, "customers.keyperson:see_personal")
    assert [one.title for one in near_duplicates(KeyPerson, typed, actor=insider)] == ["单晓伟"]


def test_rows_of_a_file_meet_stored_records_and_each_other():
    stored = a_customer(NAME, a_unit())
    rows = [
        {"name": "泉州刺桐纺织有限公司"},
        {"name": "闽江数据科技(福州)公司"},
        {"name": "泉州刺桐纺织股份有限公司"},
    ]
    found = near_duplicates_of_many(Customer, rows, actor=SYSTEM)
    assert [[(one.record, one.row) for one in some] for some in found] == [[], [(stored.pk, None)], [(0, 0)]]
