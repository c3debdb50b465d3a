"""A customer whose first product goes into service is a customer in use: its state follows."""

from django.utils.translation import gettext_lazy as _

from jike.apps.customers.actions import change_state
from jike.apps.customers.queries import what_is_missing
from jike.apps.customers.rules import NEXT, State
from jike.apps.inventory.models import Product
from jike.apps.inventory.rules import ProductState
from jike.foundation.jobs import job
from jike.foundation.scope import system_actor

__all__ = ["welcome_customer"]


@job("inventory.welcome_customer", label=_("Let a customer with a product in service be active"))
def welcome_customer(uid: str) -> None:
    """Let the customer of the product ``uid`` become active, where it may; run twice it changes nothing."""
    product = Product.objects.select_related("customer").get(uid=uid)
    customer = product.customer
    possible = State.ACTIVE in NEXT[State(customer.state)] and not what_is_missing(customer, State.ACTIVE)
    if product.state == ProductState.ACTIVE and possible:
        actor = system_actor("inventory.welcome_customer")
        change_state(customer, actor=actor, state=State.ACTIVE, since=product.started_on)
