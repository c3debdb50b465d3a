"""Pages on which customers change hands: the dialog for many, the answer, the pool, the balance."""

import pytest
from django.urls import reverse

from jike.apps.customers.actions import accept_hand_over, hand_tasks_on, propose_hand_over
from jike.apps.customers.models import Customer, HandOver
from jike.apps.customers.queries import balance, pack_of
from jike.apps.customers.rules import GRANTS
from jike.apps.sales.actions import add_opportunity, follow_hand_over
from jike.apps.sales.rules import GRANTS as SALES
from jike.apps.tasks.actions import add_task
from jike.apps.tasks.models import Task
from jike.apps.tasks.rules import GRANTS as TASKS
from tests.apps.customers.making import a_customer
from tests.doing import browser_of
from tests.making import a_unit, someone_with

pytestmark = pytest.mark.django_db


def rights(role):
    people = {"organisation.person:view": GRANTS["account_manager"]["customers.customer:claim"]}
    return {**people, **TASKS[role], **GRANTS[role], **SALES[role]}


@pytest.fixture
def team():
    """Two account managers, a head, and two customers of the first."""
    unit = a_unit()
    giver, giving = someone_with(rights("account_manager"), at=unit)
    taker, taking = someone_with(rights("account_manager"), at=unit)
    head, leading = someone_with(rights("county_head"), at=unit)
    customers = [a_customer(unit=unit, owner=giver, region="440106") for _ in range(2)]
    return locals()


def test_chosen_customers_are_proposed_in_the_dialog_and_taken_over_on_its_page(team):
    client = browser_of(team["head"])
    address = reverse("customers:hand_over_many")
    chosen = {"row": [str(one.uid) for one in team["customers"]]}
    assert "2" in client.post(address, chosen).content.decode()
    answer = client.post(address, {**chosen, "taker": str(team["taker"].uid), "reason": "均衡"})
    made = HandOver.objects.get()
    assert answer["HX-Redirect"] == reverse("resource:record", args=["hand-overs", made.uid])
    theirs = browser_of(team["taker"])
    assert reverse("customers:accept", args=[made.uid]) in theirs.get(answer["HX-Redirect"]).content.decode()
    told = theirs.post(reverse("customers:accept", args=[made.uid]), {"remark": ""}, follow=True)
    assert f"已接收 {made.number} 家客户。" in told.content.decode()
    assert set(Customer.objects.values_list("owner", flat=True)) == {team["taker"].pk}
    assert theirs.post(reverse("customers:accept", args=[made.uid]), {"remark": ""}).status_code == 404


def test_a_strangers_hand_over_looks_absent(team):
    made = propose_hand_over([team["customers"][0].pk], actor=team["giving"], taker=team["taker"]).hand_over
    stranger, _actor = someone_with(rights("account_manager"), at=a_unit())
    client = browser_of(stranger)
    for name in ("accept", "refuse", "withdraw", "pack"):
        assert client.get(reverse(f"customers:{name}", args=[made.uid])).status_code == 404


def test_the_pack_tells_the_taker_what_is_open_and_open_matters_follow(team):
    customer = team["customers"][0]
    deal = add_opportunity(actor=team["giving"], customer=customer, name="专线扩容")
    task = add_task(actor=team["giving"], title="送方案", about=customer)
    made = propose_hand_over([customer.pk], actor=team["giving"], taker=team["taker"]).hand_over
    told = {str(one.title) for _label, matters in pack_of(made, team["taking"]) for one in matters}
    assert {"专线扩容", "送方案"} <= told
    page = browser_of(team["taker"]).get(reverse("customers:pack", args=[made.uid])).content.decode()
    assert "专线扩容" in page
    accept_hand_over(made, actor=team["taking"])
    for _twice in range(2):
        follow_hand_over(str(made.uid))
        hand_tasks_on(str(made.uid))
    deal.refresh_from_db()
    assert deal.owner == team["taker"]
    assert Task.objects.get(pk=task.pk).owner == team["taker"]


def test_who_comes_second_to_a_pool_customer_reads_who_was_faster(team):
    lost = a_customer(unit=team["unit"])
    first, second = browser_of(team["giver"]), browser_of(team["taker"])
    assert lost.name in first.get(reverse("customers:pool")).content.decode()
    claim = reverse("customers:claim", args=[lost.uid])
    first.post(claim)
    assert team["giver"].name in second.post(claim, follow=True).content.decode()
    assert Customer.objects.get(pk=lost.pk).owner == team["giver"]


def test_the_balance_counts_customers_by_grade_and_place(team):
    a_customer(unit=team["unit"], owner=team["taker"], region="440305")
    a_customer(unit=team["unit"])
    found = {one.uid: one for one in balance(team["leading"]) or ()}
    assert (found[team["giver"].uid].customers, found[team["giver"].uid].counties) == (2, 1)
    assert found[team["giver"].uid].grades == (0, 0, 0, 2)
    assert found[None].customers == 1
    page = browser_of(team["head"]).get(reverse("customers:balance")).content.decode()
    assert team["taker"].name in page
    assert browser_of(team["giver"]).get(reverse("customers:balance")).status_code == 404


def test_some_of_a_manager_s_customers_are_moved_after_a_look_at_what_it_makes_of_both(team):
    a_customer(unit=team["unit"], owner=team["taker"])
    poor = team["customers"][1]
    Customer.objects.filter(pk=team["customers"][0].pk).update(monthly_revenue=90_000)
    client, address = browser_of(team["head"]), reverse("customers:balance_move", args=[team["giver"].uid])
    page = client.get(reverse("customers:balance")).content.decode()
    assert address in page
    assert "choices" in page  # without that script nobody can be chosen in the dialog
    given = {"taker": str(team["taker"].uid), "number": "1", "reason": "均衡"}
    looked = client.post(address, {**given, "act": "look"})
    assert [side[:3] for side in looked.context["sides"]] == [
        (team["giver"].name, 2, 1),
        (team["taker"].name, 1, 2),
    ]
    assert [one for one, _revenue in looked.context["chosen"]] == [poor]
    assert not HandOver.objects.exists()
    answer = client.post(address, {**given, "act": "propose"})
    made = HandOver.objects.get()
    assert answer["HX-Redirect"] == reverse("resource:record", args=["hand-overs", made.uid])
    assert [item.customer for item in made.items.all()] == [poor]
    assert client.post(address, {**given, "grades": "A1", "act": "propose"}).status_code == 422
    assert browser_of(team["taker"]).get(address).status_code == 404
