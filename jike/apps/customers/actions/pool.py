"""The public pool: customers are claimed from it, given back, and fall into it when nobody attends to them."""

import copy
import datetime as dt
from collections import defaultdict
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from jike.apps.customers.models import Customer
from jike.apps.customers.queries.pool import Falling, barred_among, falling, figures_for, held_by, lock_claims
from jike.apps.customers.rules import POOLED, Fall
from jike.apps.organisation.models import Person
from jike.apps.organisation.queries import person_of
from jike.foundation.audit import Under, changing, changing_many
from jike.foundation.errors import RuleBroken
from jike.foundation.jobs import Progress, job
from jike.foundation.notify import Channel, Topic, declare_topics, notify
from jike.foundation.scope import Actor, system_actor

__all__ = ["claim_customer", "fall_back", "release_customer", "tend_pool"]

ACTOR = system_actor("public pool")
FALLEN, WARNED = "customers.pool_fallen", "customers.pool_warned"
NAMED = 5
declare_topics(
    Topic(
        WARNED,
        gettext_lazy("Customers of mine fall back into the pool soon"),
        Channel.DIGEST,
        "customers:pool",
    ),
    Topic(FALLEN, gettext_lazy("Customers of mine fell back into the pool"), Channel.APP, "customers:pool"),
)


@transaction.atomic
def claim_customer(customer: Customer, *, actor: Actor) -> Customer:
    """Take a customer out of the public pool; of two who claim at the same moment the database lets one win.

    Raises
    ------
    RuleBroken
        Somebody was faster, it is not in the pool, one looks after as many as one may, or gave it up oneself a
        short while ago.
    """
    person = person_of(actor)
    if person is None:
        raise RuleBroken(_("Only people look after customers."))
    lock_claims(person.pk)
    _require_room(person)
    with changing(customer, actor=actor, verb="claim"):
        if customer.owner is not None:
            sentence = _("“%(name)s” is looked after by %(owner)s already: somebody was faster.")
            raise RuleBroken(sentence % {"name": customer.name, "owner": customer.owner.name})
        if customer.state not in POOLED:
            raise RuleBroken(_("Archived customers do not lie in the pool."))
        _require_not_barred(customer, person)
        customer.owner, customer.owner_since = person, timezone.localdate()
        customer.given_up_by = None
        if customer.deputy_id == person.pk:
            customer.deputy = None
    return customer


@transaction.atomic
def release_customer(customer: Customer, *, actor: Actor, version: int | None = None) -> Customer:
    """Give a customer back to the public pool; its account manager may, and who leads there."""
    before = copy.copy(customer)
    with changing(customer, actor=actor, verb="release", under=Under(before, "release"), version=version):
        if customer.owner_id is None:
            raise RuleBroken(_("“%(name)s” lies in the pool already.") % {"name": customer.name})
        if customer.owner_id != before.owner_id:
            raise RuleBroken(_("Somebody else was given “%(name)s” meanwhile.") % {"name": customer.name})
        customer.given_up_by = customer.owner
        customer.owner, customer.owner_since = None, timezone.localdate()
    return customer


@job(
    "customers.tend_pool",
    label=gettext_lazy("Let unattended customers fall back into the pool"),
    cron="40 1 * * *",
)
def tend_pool(progress: Progress) -> None:
    """Let fall what is due by its unit's figures, and warn the account managers of what is near."""
    fallen, warned = fall_back(actor=ACTOR, today=timezone.localdate())
    progress(fallen + warned, fallen + warned)


def fall_back(*, actor: Actor, today: dt.date) -> tuple[int, int]:
    """Let fall what is due on ``today``, each unit in a transaction of its own; return how many fell and are near."""
    fallen = warned = 0
    for found in falling(today=today):
        due = [one for one in found if one.fall is Fall.FALLS]
        near = [one for one in found if one.fall is Fall.WARNED]
        fallen += _let_fall(due, today=today, actor=actor)
        warned += len(near)
        with transaction.atomic():
            for owner, some in _by_owner(near).items():
                first = min(one.on for one in some)
                once = f"pool:{first:%Y-%m-%d}:{min(one.customer for one in some)}"
                _tell(owner, WARNED, some, once=once, until=first)
    return fallen, warned


@transaction.atomic
def _let_fall(due: list[Falling], *, today: dt.date, actor: Actor) -> int:
    """Only what its owner still holds falls: who was given it since the question was asked keeps it."""
    owners = {one.customer: one.owner for one in due}
    rows = Customer.objects.filter(pk__among=owners, removed_at=None).order_by("pk")
    locked = dict(rows.select_for_update(of=("self",), no_key=True).values_list("pk", "owner_id"))
    edits = {
        number: {"owner_id": None, "deputy_id": None, "owner_since": today, "given_up_by_id": owner}
        for number, owner in owners.items()
        if locked.get(number) == owner
    }
    outcome = changing_many(Customer, edits, actor=actor, verb="release")
    written = set(outcome.written)
    for owner, some in _by_owner([one for one in due if one.customer in written]).items():
        _tell(owner, FALLEN, some, once=f"pool:fell:{today:%Y-%m-%d}:{some[0].customer}", until=today)
    return len(written)


def _require_room(person: Person) -> None:
    figures = figures_for(person.unit)
    if figures is not None and held_by(person) >= figures.most_held:
        sentence = _("You look after %(most)s customers already, as many as one person may.")
        raise RuleBroken(sentence % {"most": figures.most_held})


def _require_not_barred(customer: Customer, person: Person) -> None:
    """Whoever gives a customer up and takes it straight back would begin its days anew."""
    again = barred_among([customer], person, today=timezone.localdate()).get(customer.pk)
    if again is not None:
        sentence = _("You gave “%(name)s” up on %(day)s; you may claim it again from %(again)s on.")
        words = {
            "name": customer.name,
            "day": f"{customer.owner_since:%Y-%m-%d}",
            "again": f"{again:%Y-%m-%d}",
        }
        raise RuleBroken(sentence % words)


def _by_owner(found: list[Falling]) -> Mapping[int, list[Falling]]:
    grouped = defaultdict(list)
    for one in sorted(found, key=lambda fall: (fall.on, fall.customer)):
        grouped[one.owner].append(one)
    return grouped


def _tell(owner: int, topic: str, found: list[Falling], *, once: str, until: dt.date) -> None:
    person = Person.objects.filter(pk=owner).values_list("uid", flat=True).first()
    numbers = [one.customer for one in found[:NAMED]]
    names = list(Customer.objects.filter(pk__in=numbers).order_by("name_key").values_list("name", flat=True))
    more = ngettext("%(count)s customer", "%(count)s customers", len(found)) % {"count": len(found)}
    if person is not None:
        notify([person], topic, f"{until:%Y-%m-%d} · {more}: {', '.join(names)}", once=once)
