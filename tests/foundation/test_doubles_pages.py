"""The pages of doubles: the queue and its decisions, merging side by side, splitting, the warning while typing."""

import pytest
from django.urls import reverse

from jike.apps.customers.actions.relationships import add_relationship
from jike.apps.customers.models import Customer, CustomerRelationship, KeyPerson
from jike.foundation.audit import changing
from jike.foundation.doubles import sweep_kind
from jike.foundation.doubles.sweeping import sweep_doubles
from jike.foundation.models import DuplicatePair, DuplicateSweep, MatchKey, Merge
from jike.values.rights import Breadth
from tests.apps.customers.making import HEAD, MANAGER, a_customer, a_key_person
from tests.foundation.listed import browser, text_of
from tests.foundation.test_merging import MERGING
from tests.making import SYSTEM, a_unit, someone_with

pytestmark = pytest.mark.django_db
SEEING_UNITS = {"organisation.unit:view": Breadth.BELOW}


class Office:
    """A unit with two customers that are one, their head, and somebody who may not merge."""

    def __init__(self) -> None:
        self.unit = a_unit()
        self.first = a_customer("福州闽江数据科技有限公司", unit=self.unit, phone="+8659187654321")
        self.second = a_customer("闽江数据科技（福州）有限公司", unit=self.unit, address="五四路158号")
        self.person, self.head = someone_with({**HEAD, **MERGING, **SEEING_UNITS}, at=self.unit)
        self.client = browser(self.person)

    def swept(self) -> DuplicatePair:
        sweep_kind(Customer)
        return DuplicatePair.objects.get()

    def decide(self, act: str, **posted: object):
        address = reverse("doubles:settle", args=["customers"])
        return self.client.post(address, {"act": act, "state": "open", **posted})

    def merge_address(self) -> str:
        return f"{reverse('doubles:merge', args=['customers'])}?row={self.first.uid}&row={self.second.uid}"

    def merging(self, **more: object) -> dict[str, object]:
        rows = [self.first, self.second]
        versions = {f"version-{row.uid}": row.version for row in rows}
        return {"row": [str(row.uid) for row in rows], "kept": str(self.first.uid), **versions, **more}


def test_a_sweep_fills_the_queue_once_with_score_and_reasons():
    office = Office()
    pair = office.swept()
    assert (pair.first, pair.second, pair.reasons) == (office.first.pk, office.second.pk, ["same_name"])
    sweep_kind(Customer)
    assert DuplicatePair.objects.get().pk == pair.pk
    page = office.client.get(reverse("doubles:queue", args=["customers"])).content.decode()
    assert office.first.name in page
    assert f"{pair.score}%" in page


def test_a_sweep_that_was_cut_short_goes_on_where_it_stopped():
    office = Office()
    DuplicateSweep.objects.create(kind="customers.customer", reached=office.second.pk)
    assert sweep_kind(Customer).found == 0
    assert sweep_kind(Customer).found == 1


def test_the_nightly_job_makes_keys_where_there_are_none():
    Office()
    MatchKey.objects.all().delete()
    sweep_doubles()
    assert DuplicatePair.objects.count() == 1


def test_pairs_that_are_no_longer_alike_leave_the_queue():
    office = Office()
    office.swept()
    with changing(office.second, actor=SYSTEM):
        office.second.name = "厦门鹭岛物流有限公司"
    sweep_kind(Customer)
    assert not DuplicatePair.objects.exists()


def test_what_is_not_the_same_is_not_asked_again():
    office = Office()
    pair = office.swept()
    office.decide("apart", row=str(pair.uid))
    sweep_kind(Customer)
    pair.refresh_from_db()
    assert (pair.state, pair.decided_by) == ("apart", office.person.uid)


def test_every_match_is_put_off_at_once():
    office = Office()
    office.swept()
    office.decide("later", every="1")
    assert DuplicatePair.objects.get().state == "later"


def test_the_same_are_merged_as_proposed_completing_what_is_missing():
    office = Office()
    pair = office.swept()
    office.decide("same", row=str(pair.uid))
    kept = Customer.objects.get(removed_at=None)
    assert (kept.phone, kept.address) == ("+8659187654321", "五四路158号")
    pair.refresh_from_db()
    assert pair.state == "merged"


def test_a_decision_that_is_none_is_refused():
    office = Office()
    pair = office.swept()
    office.decide("merged", row=str(pair.uid))
    pair.refresh_from_db()
    assert pair.state == "open"


def test_pairs_and_pages_are_absent_without_the_right():
    office = Office()
    office.swept()
    manager, _actor = someone_with(MANAGER, at=office.unit)
    elsewhere, _actor = someone_with({**HEAD, **MERGING}, at=a_unit())
    assert browser(manager).get(reverse("doubles:queue", args=["customers"])).status_code == 404
    assert browser(manager).get(office.merge_address()).status_code == 404
    assert browser(elsewhere).get(office.merge_address()).status_code == 404
    page = browser(elsewhere).get(reverse("doubles:queue", args=["customers"]))
    assert office.first.name not in page.content.decode()


def test_records_are_merged_side_by_side_as_chosen():
    office = Office()
    page = office.client.get(office.merge_address()).content.decode()
    assert "五四路158号" in page
    chosen = {"field-address": str(office.second.uid), "field-name": str(office.second.uid)}
    answer = office.client.post(reverse("doubles:merge", args=["customers"]), office.merging(**chosen))
    assert answer.status_code == 302
    office.first.refresh_from_db()
    assert (office.first.name, office.first.address) == ("闽江数据科技（福州）有限公司", "五四路158号")


def test_a_sealed_field_comes_along_unseen():
    office = Office()
    kept = a_key_person(office.first, "单晓伟", job_title="经理")
    gone = a_key_person(office.first, "单小伟", phone="13812342607")
    address = reverse("doubles:merge", args=["key-persons"])
    page = office.client.get(f"{address}?row={kept.uid}&row={gone.uid}").content.decode()
    assert "13812342607" not in page
    versions = {f"version-{row.uid}": row.version for row in (kept, gone)}
    office.client.post(address, {"row": [kept.uid, gone.uid], "kept": kept.uid, **versions})
    kept.refresh_from_db()
    assert kept.phone.endswith("13812342607")


def test_merging_what_was_saved_meanwhile_is_told_on_the_page():
    office = Office()
    posted = office.merging()
    with changing(Customer.objects.get(pk=office.second.pk), actor=SYSTEM) as row:
        row.needs = "专线"
    answer = office.client.post(reverse("doubles:merge", args=["customers"]), posted)
    assert answer.status_code == 422
    assert Customer.objects.filter(removed_at=None).count() == 2


def test_what_a_merge_had_to_leave_is_told_with_why():
    office = Office()
    third = a_customer("泉州刺桐纺织有限公司", unit=office.unit)
    for one in (office.first, office.second):
        add_relationship(actor=SYSTEM, customer=one, other=third, nature="supplies")
    address = reverse("doubles:merge", args=["customers"])
    answer = office.client.post(address, office.merging(), follow=True)
    told = [str(one) for one in answer.context["messages"]]
    assert len(told) == 2
    assert str(CustomerRelationship._meta.constraints[0].violation_error_message) in told[1]


def test_chosen_rows_of_a_list_lead_to_merging():
    office = Office()
    rows = [str(office.first.uid), str(office.second.uid)]
    answer = office.client.post(reverse("doubles:begin", args=["customers"]), {"row": rows})
    assert answer["HX-Redirect"] == office.merge_address()


def test_an_old_link_leads_to_the_record_that_is_kept():
    office = Office()
    office.client.post(reverse("doubles:merge", args=["customers"]), office.merging())
    old, new = (
        reverse("resource:record", args=["customers", row.uid]) for row in (office.second, office.first)
    )
    assert office.client.get(old)["Location"] == new
    elsewhere, _actor = someone_with(HEAD, at=a_unit())
    assert browser(elsewhere).get(old).status_code == 404


def test_a_merge_is_undone_from_the_page():
    office = Office()
    office.client.post(reverse("doubles:merge", args=["customers"]), office.merging())
    act = Merge.objects.get()
    page = office.client.get(reverse("doubles:queue", args=["customers"]) + "?state=merged").content.decode()
    assert office.second.name in page
    office.client.post(reverse("doubles:undo", args=["customers", act.uid]))
    assert Customer.objects.filter(removed_at=None).count() == 2


def test_a_record_shows_what_is_like_it_and_is_split():
    office = Office()
    person = a_key_person(office.first, "单晓伟")
    page = office.client.get(reverse("doubles:of_customers", args=[office.first.uid])).content.decode()
    assert office.second.name in page
    address = reverse("doubles:split", args=["customers", office.first.uid])
    assert "单晓伟" in office.client.get(address).content.decode()
    posted = {"name": "福州闽江软件有限公司", "unit": str(office.unit.uid), "version": office.first.version}
    move = f"customers.keyperson.customer:{person.pk}"
    answer = office.client.post(address, {**posted, "move": [move]})
    assert answer.status_code == 302, text_of(answer)
    person.refresh_from_db()
    assert person.customer.name == "福州闽江软件有限公司"


def test_typing_a_new_customer_warns_of_those_that_are_here():
    office = Office()
    address = reverse("resource:similar", args=["customers"])
    near = office.client.get(address, {"name": "福建省福州市闽江数据科技公司"}).content.decode()
    assert office.first.name in near
    by_phone = office.client.get(address, {"name": "闽江", "phone": "0591-87654321"}).content.decode()
    assert office.first.name in by_phone
    assert office.first.name not in office.client.get(address, {"name": "泉州刺桐纺织"}).content.decode()


def test_typing_a_key_person_warns_within_the_customer():
    office = Office()
    a_key_person(office.first, "单晓伟")
    address = reverse("resource:similar", args=["key-persons"])
    here = office.client.get(address, {"name": "单小伟", "customer": str(office.first.uid)})
    there = office.client.get(address, {"name": "单小伟", "customer": str(office.second.uid)})
    assert "单晓伟" in here.content.decode()
    assert "单晓伟" not in there.content.decode()
    assert KeyPerson.objects.count() == 1
