"""Interactions, birthdays and memorial days in the calendar of whoever looks after the customer."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from jike.apps.customers.queries import portfolio
from jike.apps.customers.queries.interactions import own_interactions
from jike.foundation.directory import address_of
from jike.foundation.personal_calendar import Dated
from jike.foundation.scope import Actor

__all__ = ["care_dates", "interaction_dates"]

REMIND = dt.timedelta(days=3)
QUARTER = dt.timedelta(minutes=15)


def interaction_dates(actor: Actor, *, since: dt.date, until: dt.date, limit: int) -> list[Dated]:
    """Return one's own interactions."""
    if not actor.holds("customers.partyinteraction:view"):
        return []
    rows = own_interactions(actor, since=since, until=until)[:limit]
    return [
        Dated(
            name=f"interaction-{one.uid}",
            title=f"{one.get_channel_display()} · {one.customer.name} · {one.subject}",
            begins=one.happened_at,
            length=dt.timedelta(minutes=one.length_minutes) if one.length_minutes else QUARTER,
            link=address_of(one.key) or "",
        )
        for one in rows
    ]


def care_dates(actor: Actor, *, since: dt.date, until: dt.date, limit: int) -> list[Dated]:
    """Return the birthdays and memorial days to come of key persons, with a reminder to care for them."""
    if not actor.holds("customers.keyperson:see_personal"):
        return []
    today = timezone.localdate()
    found = [
        (person, day, _("Birthday"))
        for person, day in portfolio.birthdays(actor, today=today, days=(until - today).days)
    ]
    return [
        Dated(
            name=f"care-{person.uid}-{day:%Y}",
            title=f"{label} · {person.name} · {person.customer.name}",
            begins=day,
            link=address_of(person.key) or "",
            remind=REMIND,
        )
        for person, day, label in found[:limit]
    ]
