"""What entering a customer needs to know: the next code, whether it is there already, who may look after it."""

from collections.abc import Mapping
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from jike.apps.customers.models import Customer
from jike.apps.organisation.models import Person
from jike.foundation.errors import RuleBroken
from jike.foundation.numbering import next_numbers
from jike.foundation.scope import Actor, visible

__all__ = ["likely_duplicates", "next_codes", "pass_over_codes", "require_able", "with_since"]


def next_codes(count: int) -> list[str]:
    """Return the next customer codes, such as ``KH00000123``; each is given out once, even if it is then not used."""
    return [f"KH{number:08}" for number in next_numbers("customers_customer_code", count)]


def pass_over_codes(count: int) -> None:
    """Give out ``count`` codes to nobody: for demo data, which numbers its customers itself from the first on."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(nextval('customers_customer_code')) FROM generate_series(1, %s)", [count]
        )


def likely_duplicates(
    actor: Actor, *, name: str = "", credit_code: str = "", certificate_number: str = ""
) -> QuerySet[Customer]:
    """Return at most five customers that the actor may see and that bear this name, code or certificate already."""
    same = Q(pk__in=[])
    if name:
        same |= Q(name=name)
    if credit_code:
        same |= Q(credit_code=credit_code)
    if certificate_number:
        same |= Q(certificate_number=certificate_number)
    return visible(Customer, actor).filter(same).order_by("name_key", "id")[:5]


def require_able(person: Person | None) -> None:
    """Refuse an account manager or a deputy who can no longer sign in."""
    if person is not None and not person.standing:
        raise RuleBroken(_("%(name)s can no longer sign in; choose somebody else.") % {"name": person.name})


def with_since(edits: Mapping[int, Mapping[str, Any]]) -> dict[int, dict[str, Any]]:
    """Return the edits with today in ``owner_since`` wherever the account manager becomes another."""
    naming = [number for number, values in edits.items() if "owner_id" in values]
    now = dict(Customer.objects.filter(Q(pk__among=naming)).values_list("pk", "owner_id"))
    today = timezone.localdate()
    return {
        number: {**values, "owner_since": today}
        if "owner_id" in values and values["owner_id"] != now.get(number)
        else dict(values)
        for number, values in edits.items()
    }
