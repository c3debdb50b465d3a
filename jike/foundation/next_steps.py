"""The next step that follows from what somebody notes on a record: what, who, when.

The capability that keeps to-dos registers how one is stored; the foundation knows neither it nor its rows.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from jike.foundation.entering import entered
from jike.foundation.errors import Invalid
from jike.foundation.models.record import Record
from jike.foundation.scope import Actor
from jike.values.dates import parse_day
from jike.values.text import clean_line

__all__ = ["next_step_given", "register_next_steps", "take_next_step"]

LONGEST = 200
Taking = Callable[..., Any]


class _Registered:
    taking: Taking | None = None


def register_next_steps(taking: Taking) -> None:
    """Name what stores a step: ``taking(about, actor=…, what=…, who=uid or None, when=day or None)``."""
    _Registered.taking = taking


def next_step_given(what: str) -> bool:
    """Whether somebody typed a next step, and there is somebody to keep it."""
    return bool(what.strip()) and _Registered.taking is not None


def take_next_step(about: Record, *, actor: Actor, what: str, who: str = "", when: str = "") -> None:
    """Store the step as it was typed: ``who`` a person's uid (empty: oneself), ``when`` a day in words.

    Raises `Invalid` with a sentence for what cannot be meant.
    """
    if _Registered.taking is None:
        raise LookupError("nobody has registered who keeps next steps")
    sentence = entered("next_step", clean_line, what, limit=LONGEST)
    day: dt.date | None = None
    if when.strip():
        day = entered("next_step_on", lambda text: parse_day(text, timezone.localdate()), when)
    _Registered.taking(about, actor=actor, what=sentence, who=_uid(who), when=day)


def _uid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise Invalid({"next_step_by": [_("Choose one of those offered.")]}) from error
