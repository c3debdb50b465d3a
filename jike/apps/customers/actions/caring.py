"""Birthdays and memorial days become reminders: by night, some days before, once each; and memorial days are kept."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jike.apps.customers.models import KeyPerson, MemorialDay
from jike.apps.customers.queries.caring import Occasion, lock_caring, occasions, reminded_already
from jike.apps.tasks.models import Task
from jike.apps.tasks.rules import Source, reminder_for
from jike.foundation.audit import creating_many
from jike.foundation.jobs import job
from jike.foundation.lines import Taken, store_lines
from jike.foundation.scope import Actor, require_permission, system_actor

__all__ = ["enter_memorial_days", "remind_of_care", "remind_of_occasions"]

ACTOR = system_actor("customers.remind_of_care")
DAYS_BEFORE = 3
END_OF_WORK = dt.time(18)


@transaction.atomic
def enter_memorial_days(person: KeyPerson, taken: Taken, *, actor: Actor) -> None:
    """Take in the memorial days of ``person`` as a whole table."""
    require_permission(actor, "customers.memorialday:add")
    store_lines(MemorialDay, taken, parent=person, by="person", actor=actor)


@job(
    "customers.remind_of_care", label=gettext_lazy("Remind of birthdays and memorial days"), cron="0 6 * * *"
)
def remind_of_care() -> None:
    """Give account managers the reminders of the coming days."""
    remind_of_occasions(timezone.localdate(), actor=ACTOR)


@transaction.atomic
def remind_of_occasions(today: dt.date, *, actor: Actor) -> int:
    """Give a task for every occasion of the `DAYS_BEFORE` days after ``today`` that has none yet; return how many.

    The task is due on the day before, and names neither the day nor what it means: heads see the tasks of their units,
    and personal days are not theirs to read.
    """
    lock_caring()
    coming = occasions(today + dt.timedelta(days=1), DAYS_BEFORE)
    known = reminded_already([one.person for one in coming])
    rows = [_row(one) for one in coming]
    fresh = [row for row in rows if (row["about_uid"], row["title"], _due_on(row)) not in known]
    return len(creating_many(Task, fresh, actor=actor).written)


def _row(one: Occasion) -> dict[str, object]:
    due = timezone.make_aware(dt.datetime.combine(one.day - dt.timedelta(days=1), END_OF_WORK))
    title = _("Birthday of %(name)s") if one.birthday else _("A memorial day of %(name)s")
    return {
        "title": title % {"name": one.person.name},
        "owner_id": one.keeper.pk,
        "unit_id": one.keeper.unit_id,
        "due_at": due,
        "remind_at": reminder_for(due),
        "source": str(Source.CARE),
        "about_kind": one.person.kind(),
        "about_uid": one.person.uid,
        "about_title": f"{one.person.name} · {one.person.customer.short_name or one.person.customer.name}",
    }


def _due_on(row: dict[str, object]) -> dt.date:
    due = row["due_at"]
    assert isinstance(due, dt.datetime)
    return timezone.localdate(due)
