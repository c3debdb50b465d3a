"""What entering a customer needs to know: the next code, and whether the customer is there already."""

from django.db import connection
from django.db.models import Q, QuerySet

from jike.apps.customers.models import Customer
from jike.foundation.scope import Actor, visible

__all__ = ["likely_duplicates", "next_code"]


def next_code() -> str:
    """Return the next customer code, such as ``KH00000123``; each is given out once, even if it is then not used."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('customers_customer_code')")
        return f"KH{cursor.fetchone()[0]:08}"


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
