"""Who delivers: the people with the role of delivery manager, and who of them has least to do."""

import datetime as dt

from django.db.models import Count, Q, QuerySet

from jike.apps.ordering.models import ServiceTask
from jike.apps.ordering.rules import TaskState
from jike.apps.organisation.models import Person, Post

__all__ = ["delivery_managers", "least_busy"]

ROLE = "delivery_manager"
OPEN = (TaskState.WAITING, TaskState.READY, TaskState.RUNNING, TaskState.FAILED)


def delivery_managers(*, today: dt.date) -> QuerySet[Person]:
    """Return the people who hold that post today and may sign in."""
    holding = Post.objects.filter(
        Q(until=None) | Q(until__gt=today), role__code=ROLE, since__lte=today, removed_at=None
    )
    return Person.objects.filter(pk__in=holding.values("person"), is_active=True, removed_at=None)


def least_busy(*, today: dt.date) -> Person | None:
    """Return the delivery manager with the fewest open steps; None where there is nobody."""
    people = list(delivery_managers(today=today).select_related("unit").order_by("id"))
    busy = ServiceTask.objects.filter(owner__in=people, state__in=OPEN, removed_at=None)
    counts = dict(busy.values_list("owner_id").annotate(count=Count("id")).order_by())
    return min(people, key=lambda person: (counts.get(person.pk, 0), person.pk), default=None)
