"""Customers that somebody entered twice, as it happens: found at once, so that the demo has doubles to decide upon."""

from collections.abc import Callable
from typing import Any

from jike.apps.customers.actions import add_customer, add_key_person
from jike.apps.customers.models import Customer, KeyPerson
from jike.foundation.demo import Step
from jike.foundation.doubles import sweep_kind
from jike.foundation.scope import system_actor

__all__ = ["DOUBLES", "steps"]

ACTOR = system_actor("演示数据")
DOUBLES, APART = 12, 6
FORMS = ("有限责任公司", "股份有限公司", "有限公司")
Advance = Callable[[int], None]


def steps() -> list[Step]:
    """Return the step that enters some customers a second time and looks for doubles."""
    return [Step("doubles", "重复录入的客户", DOUBLES, make_doubles)]


def make_doubles(advance: Advance) -> None:
    """Enter every sixth customer again, each time a little otherwise; who is there already is passed over."""
    standing = Customer.objects.filter(removed_at=None, parent=None).order_by("pk")
    for number, customer in enumerate(standing[: DOUBLES * APART : APART]):
        name = _written_again(customer.name, number)
        if not Customer.objects.filter(name=name).exists():
            _enter_again(customer, name, number)
        advance(1)
    for model in (Customer, KeyPerson):
        sweep_kind(model)


def _written_again(name: str, number: int) -> str:
    """Write the name as somebody heard it: another form, the city in brackets, or a space where none is."""
    form = next((one for one in FORMS if name.endswith(one)), "")
    plain = name.removesuffix(form)
    middle = len(plain) // 2
    return (
        f"{plain}{FORMS[(number + 1) % 3] if form else '公司'}",
        f"{plain[2:]}（{plain[:2]}）{form or '公司'}",
        f"{plain[:middle]} {plain[middle:]}公司",
    )[number % 3]


def _enter_again(customer: Customer, name: str, number: int) -> None:
    """Enter what the second one knew: perhaps the telephone, perhaps the address, and whom they spoke to."""
    known: dict[str, Any] = {"phone": customer.phone} if number % 2 else {"address": customer.address}
    double = add_customer(
        actor=ACTOR,
        name=name,
        unit=customer.unit,
        owner=customer.owner,
        region=customer.region,
        **known,
    )
    person = KeyPerson.objects.filter(customer=customer, removed_at=None).order_by("pk").first()
    if person is not None:
        add_key_person(actor=ACTOR, customer=double, name=person.name, job_title=person.job_title)
