"""Whose birthday or memorial day comes, for the reminders of the night: set-wise, whatever the number of people."""

import datetime as dt
from typing import NamedTuple

from django.db import connection
from django.db.models import Q

from jike.apps.customers.models import KeyPerson, MemorialDay
from jike.apps.customers.rules import topics_standing
from jike.apps.organisation.models import Person
from jike.apps.tasks.models import Task
from jike.apps.tasks.rules import Source
from jike.values.lunar import coming_keys

__all__ = ["Occasion", "consented_topics", "lock_caring", "occasions", "reminded_already"]

CARING_LOCK = 7_403_006
"""Whoever makes care reminders holds this advisory lock, so that two runs at once make none twice."""


class Occasion(NamedTuple):
    """A day to care for a person, and who does so."""

    person: KeyPerson
    keeper: Person
    day: dt.date
    birthday: bool


def occasions(first: dt.date, days: int) -> list[Occasion]:
    """Return the occasions of the ``days`` days from ``first`` at customers that somebody looks after."""
    kept = coming_keys(first, days)
    there = Q(removed_at=None, left_on=None, customer__removed_at=None)
    people = KeyPerson.objects.filter(there, birthday_key__in=kept)
    found = [
        (one, kept[one.birthday_key], True)
        for one in people.select_related("customer__owner", "customer__deputy")
        if one.birthday_key
    ]
    rows = MemorialDay.objects.filter(
        day_key__in=kept,
        removed_at=None,
        person__removed_at=None,
        person__left_on=None,
        person__customer__removed_at=None,
    )
    found += [
        (one.person, kept[one.day_key], False)
        for one in rows.select_related("person__customer__owner", "person__customer__deputy")
        if one.day_key
    ]
    told = {(person.pk, day, birthday): (person, day, birthday) for person, day, birthday in found}
    return [
        Occasion(person, keeper, day, birthday)
        for person, day, birthday in told.values()
        if (keeper := _keeper(person)) is not None
    ]


def reminded_already(people: list[KeyPerson]) -> set[tuple[object, str, dt.date | None]]:
    """Return (uid, title, due day) of these people's reminders, settled and removed ones as well."""
    rows = Task.objects.filter(source=str(Source.CARE), about_uid__in=[one.uid for one in people])
    return set(rows.values_list("about_uid", "title", "due_on"))


def lock_caring() -> None:
    """Wait until nobody else makes reminders; others wait for this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CARING_LOCK])


def _keeper(person: KeyPerson) -> Person | None:
    """Return the account manager, or who covers for one who has left."""
    able = (
        one for one in (person.customer.owner, person.customer.deputy) if one is not None and one.standing
    )
    return next(able, None)


def consented_topics(person: KeyPerson) -> tuple[str, ...]:
    """Return what the person's consents cover, as they stand."""
    return topics_standing(person.consents.filter(removed_at=None).values_list("topics", "withdrawn_on"))
