"""Entries made by mistake and removed again, so that the demo's recycle bins hold something to bring back."""

from collections.abc import Callable

from django.db import transaction

from jike.apps.customers.actions import add_customer, add_key_person, remove_customer, remove_key_person
from jike.apps.customers.models import Customer, KeyPerson
from jike.foundation.demo import Step
from jike.foundation.scope import system_actor

__all__ = ["MISTAKES", "make_mistakes", "steps"]

ACTOR = system_actor("演示数据")
MISTAKES = 6
PERSONS = (
    "黄工（重名误建）",
    "前台总机",
    "李经理（姓名待核）",
    "王主任（已并入他人）",
    "采购部公共联系人",
    "测试联系人",
)
Advance = Callable[[int], None]


def steps() -> list[Step]:
    """Return the step that fills the recycle bins."""
    return [Step("mistakes", "误建后删除的记录", MISTAKES, make_mistakes)]


def make_mistakes(advance: Advance) -> None:
    """Beside each of the first customers enter one in error and a person who is none, and remove both."""
    standing = Customer.objects.filter(removed_at=None, parent=None).exclude(owner=None).order_by("pk")
    for customer, person in zip(standing[:MISTAKES], PERSONS, strict=False):
        name = f"{customer.name}（误建）"
        if not Customer.objects.filter(name=name).exists():
            _enter_and_remove(customer, name, person)
        advance(1)


@transaction.atomic
def _enter_and_remove(customer: Customer, name: str, person: str) -> None:
    mistaken = add_customer(
        actor=ACTOR, name=name, unit=customer.unit, owner=customer.owner, region=customer.region
    )
    remove_customer(mistaken, actor=ACTOR)
    somebody: KeyPerson = add_key_person(actor=ACTOR, customer=customer, name=person)
    remove_key_person(somebody, actor=ACTOR)
