"""What follows in the customers' own house when two records are merged: the group below, the months, the consents.

The first two come in pairs, one that re-points and one that takes it back; the foundation's merge calls them.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from jike.apps.customers.actions.figures import refresh_figures
from jike.apps.customers.actions.group import move_customer
from jike.apps.customers.models import Customer, KeyPerson
from jike.apps.customers.queries.caring import consented_topics
from jike.apps.customers.rules import CONSENTED
from jike.foundation.audit import changing
from jike.foundation.scope import Actor, system_actor

__all__ = ["fold_months", "move_group", "move_group_back", "settle_consents", "unfold_months"]

REFRESHING = system_actor("figures of merged customers")
"""Figures follow from the months; nobody needs a right for what nobody chooses."""
FOLD = """
    INSERT INTO customers_customermonth AS kept (customer_id, month, revenue, arrears, lines, batch)
    SELECT %s, month, revenue, arrears, lines, %s FROM customers_customermonth WHERE customer_id = %s
    ON CONFLICT (customer_id, month) DO UPDATE SET revenue = kept.revenue + excluded.revenue,
    arrears = kept.arrears + excluded.arrears, lines = kept.lines + excluded.lines, batch = excluded.batch
    RETURNING month::text"""
KNOWN = "SELECT month::text FROM customers_customermonth WHERE customer_id = %s"
TAKE_OUT = """
    UPDATE customers_customermonth AS kept SET revenue = kept.revenue - gone.revenue,
    arrears = kept.arrears - gone.arrears, lines = greatest(kept.lines - gone.lines, 0)
    FROM customers_customermonth AS gone
    WHERE kept.customer_id = %s AND kept.batch = %s AND gone.customer_id = %s AND gone.month = kept.month"""
TAKE_AWAY = """
    DELETE FROM customers_customermonth WHERE customer_id = %s AND batch = %s AND month = ANY(%s::date[])"""


def move_group(kept: Customer, gone: Customer, *, actor: Actor, merge: UUID) -> list[int]:
    """Move what lies directly below ``gone`` under ``kept``, which itself rises to where ``gone`` lies if below it.

    Returns
    -------
    list
        Ids of the customers moved.
    """
    moved = []
    for child in Customer.objects.filter(parent=gone, removed_at=None).order_by("pk"):
        gone.refresh_from_db()
        move_customer(child, actor=actor, parent=gone.parent if child.pk == kept.pk else _fresh(kept))
        moved.append(child.pk)
    return moved


def move_group_back(
    kept: Customer, gone: Customer, remembered: list[int], *, actor: Actor, merge: UUID
) -> None:
    """Move those that still lie where `move_group` put them back below ``gone``."""
    home = kept.parent_id if kept.pk not in remembered else None
    for child in Customer.objects.filter(pk__in=remembered, removed_at=None).order_by("pk"):
        rose = child.pk == kept.pk and child.parent_id == _fresh(gone).parent_id
        if rose or (child.parent_id == kept.pk and child.pk != home):
            move_customer(child, actor=actor, parent=_fresh(gone))


def fold_months(kept: Customer, gone: Customer, *, actor: Actor, merge: UUID) -> dict[str, Any]:
    """Add the months of ``gone`` to those of ``kept``; its own stay with it as evidence.

    Returns
    -------
    dict
        The months that ``kept`` had not had before, under ``new``; empty where there was nothing to add.
    """
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, [kept.pk])
        known = {month for (month,) in cursor.fetchall()}
        cursor.execute(FOLD, [kept.pk, merge, gone.pk])
        months = [month for (month,) in cursor.fetchall()]
    if months:
        refresh_figures(actor=REFRESHING, customers=[kept.pk])
    return {"new": sorted(set(months) - known)} if months else {}


def unfold_months(
    kept: Customer, gone: Customer, remembered: dict[str, Any], *, actor: Actor, merge: UUID
) -> None:
    """Take the months of ``gone`` out of those of ``kept`` again, save those that were loaded anew since."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE_AWAY, [kept.pk, merge, remembered["new"]])
        cursor.execute(TAKE_OUT, [kept.pk, merge, gone.pk])
    refresh_figures(actor=REFRESHING, customers=[kept.pk])


@transaction.atomic
def settle_consents(source: KeyPerson, target: KeyPerson, *, actor: Actor, act: str) -> None:
    """Make what both keep of their private lives follow the consents that went from ``source`` to ``target``.

    What these no longer cover at ``source`` goes over where ``target`` says nothing, and is emptied. A record in the
    recycle bin stays as it is, so that it can be brought back as it was.
    """
    for person in (source, target):
        person.refresh_from_db()
    left, standing = consented_topics(source), consented_topics(target)
    if target.removed_at is None:
        _consent_to(target, standing, actor=actor, act=act)
        with changing(target, actor=actor, verb=act):
            for topic in standing:
                if topic not in left and not getattr(target, topic):
                    setattr(target, topic, getattr(source, topic))
    if source.removed_at is None:
        _consent_to(source, left, actor=actor, act=act)


def _consent_to(person: KeyPerson, topics: Sequence[str], *, actor: Actor, act: str) -> None:
    with changing(person, actor=actor, verb="consent", permit=act):
        person.consented = list(topics)
        for topic in CONSENTED:
            if topic not in topics:
                setattr(person, topic, "")


def _fresh(customer: Customer) -> Customer:
    return Customer.objects.get(pk=customer.pk)
