"""Two records become one and everything follows; it can be taken back, and what was edited later stays."""

import datetime as dt
from decimal import Decimal
from uuid import UUID

import pytest
from django.utils import timezone

from jike.apps.customers.actions import Month, load_months
from jike.apps.customers.actions.consents import describe_person, record_consent
from jike.apps.customers.actions.interactions import record_interaction
from jike.apps.customers.models import Customer, CustomerMonth, KeyPerson
from jike.apps.customers.pages.resources import CUSTOMERS, KEY_PERSONS
from jike.apps.sales.actions import add_opportunity, plan_visit
from jike.foundation.audit import changing, history_of
from jike.foundation.conversation import comment_on, follow, followers_of
from jike.foundation.customising.tagging import add_tag
from jike.foundation.doubles import merge, references, split, take_back
from jike.foundation.doubles.references import undeclared
from jike.foundation.errors import Refused, RuleBroken, Stale
from jike.foundation.matching import matched_models
from jike.foundation.models import Comment
from jike.values.rights import Breadth
from tests.apps.customers.making import HEAD, a_customer, a_key_person
from tests.making import SYSTEM, a_unit, someone_with

pytestmark = pytest.mark.django_db
MERGING = dict.fromkeys(
    (f"customers.{kind}:{act}" for kind in ("customer", "keyperson") for act in ("merge", "split")),
    Breadth.BELOW,
)


class Doubles:
    """Two customers that are one, in a unit whose head may merge them."""

    def __init__(self) -> None:
        self.unit = a_unit()
        self.kept = a_customer("福州闽江数据科技有限公司", unit=self.unit, phone="+8659187654321")
        self.gone = a_customer("闽江数据科技（福州）有限公司", unit=self.unit, address="五四路158号")
        self.person, self.head = someone_with({**HEAD, **MERGING}, at=self.unit)

    def merge(self, **options):
        return merge(CUSTOMERS, self.kept, [self.gone], actor=self.head, **options)

    def undo(self, made):
        self.kept.refresh_from_db()
        return take_back(CUSTOMERS, made.merge, actor=self.head, now=timezone.now())


def a_talk(two, *, people):
    """Record that the head spoke with these people."""
    row = record_interaction(actor=SYSTEM, customer=two.kept, owner=two.person, subject="联系")
    return with_list(row, "people", people)


def a_visit(two, *, met):
    """Plan a visit and let it have met these people."""
    row = plan_visit(
        actor=SYSTEM, customer=two.kept, owner=two.person, purpose="走访", planned_at=timezone.now()
    )
    return with_list(row, "met", met)


def with_list(row, name, uids):
    """Write the list through the gate and return the row."""
    with changing(row, actor=SYSTEM):
        setattr(row, name, uids)
    return row


def stored(row, name):
    """Return what the row's list now says."""
    row.refresh_from_db()
    return getattr(row, name)


def test_every_reference_to_what_can_be_merged_is_declared():
    assert {model.kind(): undeclared(model) for model in matched_models()} == {
        model.kind(): [] for model in matched_models()
    }


def test_a_list_of_uids_of_which_nobody_said_anything_is_told(monkeypatch):
    monkeypatch.delitem(references._declared, "sales.visit.met")
    assert undeclared(KeyPerson) == ["sales.visit.met"]


def test_the_kept_record_takes_the_chosen_values_and_the_other_goes_to_the_bin():
    two = Doubles()
    two.merge(values={"name": two.gone.name, "address": two.gone.address})
    two.kept.refresh_from_db()
    two.gone.refresh_from_db()
    assert (two.kept.name, two.kept.address) == ("闽江数据科技（福州）有限公司", "五四路158号")
    assert two.kept.removed_at is None
    assert two.gone.removed_at is not None


def test_everything_that_named_the_other_names_the_kept_one_and_comes_back():
    two = Doubles()
    person = a_key_person(two.gone, "单晓伟")
    child = a_customer("闽江软件有限公司", unit=two.unit, parent=two.gone)
    deal = add_opportunity(actor=SYSTEM, customer=two.gone, name="专线", owner=two.person)
    comment_on(two.gone, "两条重复了", actor=two.head)
    made = two.merge()
    for row in (person, child, deal):
        row.refresh_from_db()
    assert (person.customer_id, child.parent_id, deal.customer_id) == (two.kept.pk,) * 3
    assert child.ancestors == [two.kept.pk]
    assert Comment.objects.get().about_uid == two.kept.uid
    undone = two.undo(made)
    for row in (person, child, deal):
        row.refresh_from_db()
    assert (person.customer_id, child.parent_id, deal.customer_id) == (two.gone.pk,) * 3
    assert Comment.objects.get().about_uid == two.gone.uid
    assert (undone.fields, undone.rows) == ([], {})


def test_both_histories_tell_of_the_merge():
    two = Doubles()
    two.merge(values={"address": two.gone.address})
    for row in (two.kept, two.gone):
        assert "merge" in {entry.verb for entry in history_of(row, SYSTEM)}


def test_followers_follow_the_kept_record_each_once():
    two = Doubles()
    follow(two.kept, actor=two.head)
    follow(two.gone, actor=two.head)
    _person, other = someone_with(HEAD, at=two.unit)
    follow(two.gone, actor=other)
    two.merge()
    assert followers_of(two.kept) == {two.head.uid, other.uid}


def test_months_are_added_and_taken_out_again():
    two = Doubles()
    may, june = dt.date(2026, 5, 1), dt.date(2026, 6, 1)
    load_months(
        [
            Month(two.kept.pk, june, Decimal(100), Decimal(0), 2),
            Month(two.gone.pk, june, Decimal(40), Decimal(5), 1),
            Month(two.gone.pk, may, Decimal(30), Decimal(0), 1),
        ],
        actor=SYSTEM,
    )

    def months():
        found = CustomerMonth.objects.filter(customer=two.kept).order_by("month")
        return list(found.values_list("month", "revenue", "lines"))

    made = two.merge()
    assert months() == [(may, Decimal(30), 1), (june, Decimal(140), 3)]
    two.kept.refresh_from_db()
    assert two.kept.monthly_revenue == Decimal(140)
    two.undo(made)
    assert months() == [(june, Decimal(100), 2)]


def test_a_customer_below_its_own_double_rises_to_its_place():
    two = Doubles()
    top = a_customer("闽江集团", unit=two.unit)
    with_parent = a_customer("闽江重复", unit=two.unit, parent=top)
    below = a_customer("闽江重复（福州）", unit=two.unit, parent=with_parent)
    merge(CUSTOMERS, below, [with_parent], actor=two.head)
    below.refresh_from_db()
    assert (below.parent_id, below.ancestors) == (top.pk, [top.pk])


def test_people_who_reported_to_the_double_report_to_the_kept_person():
    two = Doubles()
    chief, double = a_key_person(two.kept, "单晓伟"), a_key_person(two.kept, "单小伟")
    report = a_key_person(two.kept, "林知夏", reports_to=double)
    merge(KEY_PERSONS, chief, [double], actor=two.head)
    report.refresh_from_db()
    assert report.reports_to_id == chief.pk


def test_merging_what_somebody_saved_meanwhile_is_refused_by_name():
    two = Doubles()
    versions = {two.kept.uid: two.kept.version, two.gone.uid: two.gone.version}
    with changing(Customer.objects.get(pk=two.gone.pk), actor=SYSTEM) as row:
        row.needs = "专线"
    with pytest.raises(Stale, match="闽江数据科技（福州）有限公司"):
        two.merge(versions=versions)
    two.gone.refresh_from_db()
    assert two.gone.removed_at is None


def test_merging_needs_its_own_right_over_both():
    two = Doubles()
    _person, without = someone_with(HEAD, at=two.unit)
    with pytest.raises(Refused):
        merge(CUSTOMERS, two.kept, [two.gone], actor=without)
    _person, elsewhere = someone_with({**HEAD, **MERGING}, at=a_unit())
    with pytest.raises(Refused):
        merge(CUSTOMERS, two.kept, [two.gone], actor=elsewhere)


def test_undoing_keeps_later_edits_and_tells_them():
    two = Doubles()
    person = a_key_person(two.gone, "单晓伟")
    third = a_customer("厦门鹭岛物流有限公司", unit=two.unit)
    made = two.merge(values={"address": two.gone.address, "name": two.gone.name})
    with changing(Customer.objects.get(pk=two.kept.pk), actor=SYSTEM) as row:
        row.address = "湖东路1号"
    with changing(KeyPerson.objects.get(pk=person.pk), actor=SYSTEM) as row:
        row.customer = third
    undone = two.undo(made)
    two.kept.refresh_from_db()
    person.refresh_from_db()
    assert (two.kept.address, two.kept.name) == ("湖东路1号", "福州闽江数据科技有限公司")
    assert person.customer_id == third.pk
    assert (undone.fields, undone.rows) == (["address"], {"customers.keyperson.customer": [person.pk]})


def test_a_merge_is_undone_once_and_for_thirty_days():
    two = Doubles()
    made = two.merge()
    with pytest.raises(RuleBroken, match="30"):
        take_back(CUSTOMERS, made.merge, actor=two.head, now=timezone.now() + dt.timedelta(days=31))
    two.undo(made)
    with pytest.raises(RuleBroken):
        two.undo(made)


def test_a_later_merge_is_taken_back_before_an_earlier_one():
    two = Doubles()
    third = a_customer("福州闽江数据有限公司", unit=two.unit)
    first = two.merge()
    two.kept.refresh_from_db()
    second = merge(CUSTOMERS, third, [two.kept], actor=two.head)
    with pytest.raises(RuleBroken):
        two.undo(first)
    take_back(CUSTOMERS, second.merge, actor=two.head, now=timezone.now())
    two.undo(first)
    assert Customer.objects.filter(removed_at=None, pk__in=[two.kept.pk, two.gone.pk, third.pk]).count() == 3


def test_several_become_one_at_once():
    two = Doubles()
    more = [a_customer(unit=two.unit) for _ in range(3)]
    merge(CUSTOMERS, two.kept, [two.gone, *more], actor=two.head)
    assert list(Customer.objects.filter(removed_at=None).values_list("pk", flat=True)) == [two.kept.pk]
    two.kept.refresh_from_db()
    with pytest.raises(RuleBroken):
        merge(CUSTOMERS, two.kept, [two.kept], actor=two.head)


def test_a_split_hands_over_what_is_chosen_and_is_taken_back():
    two = Doubles()
    goes, stays = a_key_person(two.kept, "单晓伟"), a_key_person(two.kept, "林知夏")
    made = split(
        CUSTOMERS,
        two.kept,
        actor=two.head,
        values={"name": "福州闽江软件有限公司", "unit": two.unit},
        moves={"customers.keyperson.customer": [goes.pk]},
    )
    goes.refresh_from_db()
    stays.refresh_from_db()
    assert (goes.customer_id, stays.customer_id) == (made.row.pk, two.kept.pk)
    assert isinstance(made.merge.uid, UUID)
    two.undo(made)
    goes.refresh_from_db()
    made.row.refresh_from_db()
    assert goes.customer_id == two.kept.pk
    assert made.row.removed_at is not None


def test_custom_values_and_tags_of_all_are_kept_and_taken_back_in_parts():
    two = Doubles()
    one, other = (add_tag(actor=SYSTEM, name=name, of_kind="customers.customer") for name in ("甲", "乙"))
    for row, tags, custom in (
        (two.kept, [one.pk], {"budget": "10"}),
        (two.gone, [other.pk], {"budget": "30", "site": "福州"}),
    ):
        with changing(row, actor=SYSTEM):
            row.tags, row.custom = tags, custom
    made = two.merge()
    two.kept.refresh_from_db()
    assert (two.kept.tags, two.kept.custom) == (sorted([one.pk, other.pk]), {"budget": "10", "site": "福州"})
    with changing(two.kept, actor=SYSTEM):
        two.kept.custom = {**two.kept.custom, "since": "2027"}
    undone = two.undo(made)
    two.kept.refresh_from_db()
    assert (two.kept.tags, two.kept.custom) == ([one.pk], {"budget": "10", "since": "2027"})
    assert undone.fields == []


def test_lists_of_people_name_the_kept_person_once_and_both_again_when_it_is_undone():
    two = Doubles()
    kept, gone, third = (a_key_person(two.kept, name) for name in ("单晓伟", "单小伟", "林知夏"))
    lists = ([gone.uid, third.uid], [kept.uid, gone.uid])
    spoken = [a_talk(two, people=people) for people in lists]
    visits = [a_visit(two, met=met) for met in lists]
    made = merge(KEY_PERSONS, kept, [gone], actor=two.head)
    for rows, name in ((spoken, "people"), (visits, "met")):
        assert [stored(row, name) for row in rows] == [[kept.uid, third.uid], [kept.uid]]
    kept.refresh_from_db()
    undone = take_back(KEY_PERSONS, made.merge, actor=two.head, now=timezone.now())
    for rows, name in ((spoken, "people"), (visits, "met")):
        assert [stored(row, name) for row in rows] == list(lists)
    assert undone.rows == {}


def test_consents_of_merged_persons_count_together_and_part_again():
    two = Doubles()
    kept, gone = a_key_person(two.kept, "单晓伟"), a_key_person(two.kept, "单小伟")
    record_consent(kept, actor=SYSTEM, topics=["spouse"], means="signed")
    record_consent(gone, actor=SYSTEM, topics=["spouse", "hobbies"], means="signed")
    describe_person(gone, actor=SYSTEM, hobbies="太极", spouse="林女士")
    made = merge(KEY_PERSONS, kept, [gone], actor=two.head)
    kept.refresh_from_db()
    assert (kept.consented, kept.hobbies, kept.spouse) == (["spouse", "hobbies"], "太极", "林女士")
    take_back(KEY_PERSONS, made.merge, actor=two.head, now=timezone.now())
    for one, consented, hobbies in ((kept, ["spouse"], ""), (gone, ["spouse", "hobbies"], "太极")):
        one.refresh_from_db()
        assert (one.consented, one.hobbies) == (consented, hobbies)
    assert gone.spouse == "林女士"
