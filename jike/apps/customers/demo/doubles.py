"""Customers that somebody entered twice, as it happens: found at once, so that the demo has doubles to decide upon."""

from collections.abc import Callable

from jike.apps.customers.actions import add_customer, add_key_person
from jike.apps.customers.models import Customer, KeyPerson
from jike.foundation.demo import Step
from jike.foundation.doubles import sweep_kind
from jike.foundation.scope import system_actor

__all__ = ["DOUBLES", "steps"]

ACTOR = system_actor("demo data")
DOUBLES = 12
FORMS = ("有限责任公司", "股份有限公司", "有限公司")
Advance = Callable[[int], None]


def steps() -> list[Step]:
    """Return the step that enters some customers a second time and looks for doubles."""
    return [Step("doubles", "重复录入的客户", DOUBLES, make_doubles)]


def make_doubles(advance: Advance) -> None:
    """Enter every twentieth customer again, each time a little otherwise; who is there already is passed over."""
    standing = Customer.objects.filter(removed_at=None, parent=None).exclude(code__startswith="DEMO-D")
    for number, customer in enumerate(standing.order_by("pk")[: DOUBLES * 6 : 6]):
        code = f"DEMO-D{number:02}"
        if not Customer.objects.filter(code=code).exists():
            _enter_again(customer, code, number)
        advance(1)
    for model in (Customer, KeyPerson):
        sweep_kind(model)


def _enter_again(customer: Customer, code: str, number: int) -> None:
    """What the second one to enter it knew: the name as heard, perhaps the telephone or the address."""
    form = next((one for one in FORMS if customer.name.endswith(one)), "")
    plain = customer.name.removesuffix(form)
    written = (
        f"{plain}{FORMS[(number + 1) % 3] if form else '公司'}",
        f"{plain[2:]}（{plain[:2]}）{form or '公司'}",
        f"{plain[: len(plain) // 2]} {plain[len(plain) // 2 :]}公司",
    )
    known = {"phone": customer.phone} if number % 2 else {"address": customer.address}
    double = add_customer(
        actor=ACTOR,
        name=written[number % 3],
        code=code,
        unit=customer.unit,
        owner=customer.owner,
        region=customer.region,
        **known,
    )
    person = KeyPerson.objects.filter(customer=customer, removed_at=None).order_by("pk").first()
    if person is not None:
        add_key_person(actor=ACTOR, customer=double, name=person.name, job_title=person.job_title)
