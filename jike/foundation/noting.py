"""Noting something on a record, with the step that follows from it: as a comment, or as what a capability makes of it.

Capabilities register the ways of noting that are theirs (a call, a visit), and the one that keeps to-dos registers how
a next step is stored; the foundation knows neither them nor their rows.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jike.foundation.conversation import comment_on
from jike.foundation.entering import entered
from jike.foundation.errors import Invalid
from jike.foundation.models.record import Record
from jike.foundation.scope import Actor
from jike.values.dates import parse_day
from jike.values.text import clean_line

__all__ = ["Noted", "Step", "Typed", "Way", "read_noted", "register_noting", "take_note", "ways_of"]

LONGEST = 200


class Typed(Protocol):
    """What came with a form: one value or all values of a name."""

    def get(self, key: str, default: str, /) -> Any: ...

    def getlist(self, key: str) -> list[str]: ...


@dataclass(frozen=True)
class Step:
    """What follows; ``who`` does it, the one who notes it unless named."""

    what: str
    who: UUID | None = None
    when: dt.date | None = None


@dataclass(frozen=True)
class Noted:
    """What somebody noted; ``typed`` holds the way's further inputs."""

    words: str
    step: Step | None
    typed: Typed


@dataclass(frozen=True)
class Way:
    """One way of noting, offered above the timeline.

    Attributes
    ----------
    name, label, icon
        In the form, among those offered, and of icons.txt.
    fits
        ``fits(record, actor)``: whether it is offered there; asked of every record shown, so it asks no database.
    take
        ``take(record, noted, actor=…)`` stores what was noted and its step, both or neither.
    further
        Name of a view that gives further inputs as a fragment, by the record's kind and uid.
    """

    name: str
    label: str | Promise
    icon: str
    fits: Callable[[Record, Actor], bool]
    take: Callable[..., None]
    further: str = ""


class _Registered:
    ways: tuple[Way, ...] = ()
    step: Callable[..., Any] | None = None


def register_noting(*ways: Way, step: Callable[..., Any]) -> None:
    """Name the capabilities' ways, and what stores a step: ``step(about, actor=…, what=…, who=uid, when=day)``."""
    _Registered.ways, _Registered.step = ways, step


def ways_of(record: Record, actor: Actor) -> Sequence[Way]:
    """Return the ways of noting on this record, plain notes first."""
    return (NOTE, *(one for one in _Registered.ways if one.fits(record, actor)))


def read_noted(typed: Typed) -> Noted:
    """Read the composer's form: ``body``, ``next_step``, ``next_step_by`` (a uid), ``next_step_on`` (a day in words).

    Raises `Invalid` with a sentence for what cannot be meant.
    """
    what, when = typed.get("next_step", ""), typed.get("next_step_on", "")
    step = None
    if what.strip() and _Registered.step is not None:
        sentence = entered("next_step", clean_line, what, limit=LONGEST)
        step = Step(sentence, _uid(typed.get("next_step_by", "")), _day(when))
    return Noted(typed.get("body", ""), step, typed)


@transaction.atomic
def take_note(record: Record, typed: Typed, *, actor: Actor) -> None:
    """Store what was typed upon the record, in the way it names (``way``)."""
    named = typed.get("way", "") or NOTE.name
    way = next((one for one in ways_of(record, actor) if one.name == named), None)
    if way is None:
        raise Invalid({"way": [_("Choose one of those offered.")]})
    way.take(record, read_noted(typed), actor=actor)


def _comment(record: Record, noted: Noted, *, actor: Actor) -> None:
    if noted.words.strip() or noted.step is None:
        comment_on(record, noted.words, actor=actor)
    if noted.step is not None and _Registered.step is not None:
        step = noted.step
        _Registered.step(record, actor=actor, what=step.what, who=step.who, when=step.when)


def _day(text: str) -> dt.date | None:
    if not text.strip():
        return None
    found: dt.date = entered("next_step_on", lambda given: parse_day(given, timezone.localdate()), text)
    return found


def _uid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise Invalid({"next_step_by": [_("Choose one of those offered.")]}) from error


def _everywhere(record: Record, actor: Actor) -> bool:
    return True


NOTE = Way("note", gettext_lazy("Note"), "pencil", _everywhere, _comment)
