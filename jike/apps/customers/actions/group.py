"""Customers move within and between groups.

Whoever changes the shape of a group holds one advisory lock, so that two moves at the same time can neither close a
circle nor leave ancestors behind.
"""

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jike.apps.customers.actions.standing import change_state
from jike.apps.customers.models import Customer, Member
from jike.apps.customers.queries.group import lock_groups, standing_customer
from jike.apps.customers.rules import State, way_to
from jike.foundation.audit import changing
from jike.foundation.errors import Invalid, RuleBroken
from jike.foundation.scope import Actor, require

__all__ = ["cancel_customer", "move_customer"]

DESCENDANTS = """
    UPDATE customers_customer SET ancestors = %s::bigint[] || ancestors[%s:]
    WHERE ancestors @> ARRAY[%s::bigint]"""


@transaction.atomic
def move_customer(
    customer: Customer, *, actor: Actor, parent: Customer | None, version: int | None = None
) -> Customer:
    """Move the customer with everything below it under ``parent``, or out of its group.

    What lies below keeps its parents; only the stored paths are rewritten, all in one statement, and these follow from
    the recorded parents.
    """
    lock_groups()
    above = None if parent is None else standing_customer(parent)
    with changing(customer, actor=actor, verb="move", version=version):
        if above is not None:
            _check_place(customer, above, actor)
        former_depth = len(customer.ancestors)
        customer.parent = above
        customer.ancestors = [] if above is None else [*above.ancestors, above.pk]
    with connection.cursor() as cursor:
        cursor.execute(DESCENDANTS, [customer.ancestors, former_depth + 1, customer.pk])
    return customer


@transaction.atomic
def cancel_customer(customer: Customer, *, actor: Actor, reason: str, version: int | None = None) -> Customer:
    """Cancel the customer (撤销), which no longer exists in its group: what lies below moves up, and it is archived.

    It keeps its place in the tree, so that one can see what became of it. Lines that still belong to it stand against
    it: they leave, or move to another customer, first.
    """
    if not reason.strip():
        raise Invalid({"state_reason": [_("Say why the customer is cancelled.")]})
    lock_groups()
    lines = Member.objects.filter(customer=customer, left_on=None)[:1].count()
    if lines:
        raise RuleBroken(
            _("Lines still belong to “%(name)s”; let them leave first.") % {"name": customer.name}
        )
    state = State(customer.state)
    if state is State.ARCHIVED:
        raise RuleBroken(_("“%(name)s” is archived already.") % {"name": customer.name})
    for child in Customer.objects.filter(parent=customer, removed_at=None).order_by("pk"):
        move_customer(child, actor=actor, parent=customer.parent)
    for then in way_to(state, State.ARCHIVED):
        change_state(
            customer, actor=actor, state=then, reason=reason, since=timezone.localdate(), version=version
        )
        version = None
    return customer


def _check_place(customer: Customer, above: Customer, actor: Actor) -> None:
    require(actor, "view", above)
    if above.pk == customer.pk or customer.pk in above.ancestors:
        sentence = _("“%(customer)s” cannot move under “%(parent)s”, which lies below it.")
        raise RuleBroken(sentence % {"customer": customer.name, "parent": above.name})
