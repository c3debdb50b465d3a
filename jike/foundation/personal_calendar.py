"""One's own calendar as a feed (RFC 5545) at a secret address that any calendar program reads, until it is revoked.

Capabilities register what has dates; the feed asks them with the rights that its person has at that moment. The address
holds the row's uid and a signature, so that reading the database alone tells nobody's address.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event

from jike.foundation.audit.gate import may_write
from jike.foundation.directory import Someone, actor_of, people
from jike.foundation.errors import NotFound
from jike.foundation.models import CalendarFeed
from jike.foundation.scope import Actor
from jike.values.identifiers import uid7

__all__ = ["Dated", "close_feed", "open_feed", "register_dates", "token_of", "whose", "written"]

SALT = "jike.calendar"
BACK, AHEAD = dt.timedelta(days=60), dt.timedelta(days=180)
MOST = 500
"""Entries of each kind."""
HOUR = dt.timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Dated:
    """Something with a place in the calendar: a moment (aware) or a whole day.

    Attributes
    ----------
    name
        Tells it apart from all others for ever: kind and uid.
    length
        Of a moment; a whole day has none.
    link
        The address of its record within this site.
    remind
        How long before a reminder rings.
    """

    name: str
    title: str
    begins: dt.datetime | dt.date
    length: dt.timedelta = HOUR
    place: str = ""
    words: str = ""
    link: str = ""
    remind: dt.timedelta | None = None


Dates = Callable[..., Sequence[Dated]]
"""``dates(actor, since=day, until=day, limit=n)``: what lies between, for the actor alone and not for a team."""


class _Registered:
    sources: tuple[Dates, ...] = ()


def register_dates(*sources: Dates) -> None:
    """Name who knows things with dates; replaces those named before."""
    _Registered.sources = sources


def token_of(actor: Actor) -> str:
    """Return what the address of one's own feed ends in, "" while there is none."""
    row = CalendarFeed.objects.filter(person=actor.uid).first() if actor.uid else None
    return f"{row.uid.hex}{_signature(row.uid)}" if row is not None else ""


def open_feed(actor: Actor) -> None:
    """Give one's own feed an address; one that it had before leads nowhere from then on."""
    may_write(actor)
    if actor.uid is None:
        raise NotFound
    CalendarFeed.objects.update_or_create(
        person=actor.uid, defaults={"uid": uid7(), "created_at": timezone.now(), "read_at": None}
    )


def close_feed(actor: Actor) -> None:
    """Revoke the address of one's own feed."""
    may_write(actor)
    if actor.uid is not None:
        CalendarFeed.objects.filter(person=actor.uid).delete()


def whose(token: str) -> tuple[Actor, Someone]:
    """Return who reads their calendar at this address, now; NotFound for an unknown or revoked one."""
    row = CalendarFeed.objects.filter(uid=_uid(token)).first()
    if row is None or not constant_time_compare(token[32:], _signature(row.uid)):
        raise NotFound
    actor, known = actor_of(row.person), people([row.person]).get(row.person)
    if actor is None or known is None:
        raise NotFound
    if row.read_at is None or timezone.now() - row.read_at > HOUR:
        CalendarFeed.objects.filter(pk=row.pk).update(read_at=Now())
    return actor, known


def written(actor: Actor, name: str, *, today: dt.date) -> bytes:
    """Return the calendar of ``actor``, called ``name``: what lies around ``today``."""
    calendar = Calendar()
    calendar.add("prodid", "-//Jike//Jike//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("Jike of %(name)s") % {"name": name})
    calendar.add("x-published-ttl", "PT1H")
    since, until = today - BACK, today + AHEAD
    for source in _Registered.sources:
        for one in source(actor, since=since, until=until, limit=MOST):
            calendar.add_component(_event(one))
    return bytes(calendar.to_ical())


def _event(one: Dated) -> Event:
    event = Event()
    event.add("uid", f"{one.name}@jike")
    event.add("dtstamp", timezone.now())
    event.add("summary", one.title)
    event.add("dtstart", one.begins)
    if isinstance(one.begins, dt.datetime):
        event.add("dtend", one.begins + one.length)
    else:
        event.add("transp", "TRANSPARENT")
    for name, value in (("location", one.place), ("description", one.words)):
        if value:
            event.add(name, value)
    if one.link:
        event.add("url", f"{settings.CONFIG.origin}{one.link}")
    if one.remind is not None:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", one.title)
        alarm.add("trigger", -one.remind)
        event.add_component(alarm)
    return event


def _uid(token: str) -> UUID:
    try:
        return UUID(hex=token[:32])
    except ValueError as error:
        raise NotFound from error


def _signature(uid: UUID) -> str:
    return salted_hmac(SALT, uid.hex, algorithm="sha256").hexdigest()[:40]
