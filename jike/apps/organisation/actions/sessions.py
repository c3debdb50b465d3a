"""Ending and following sessions: framework rows, written directly within the actions that end them."""

import datetime as dt

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone

from jike.apps.organisation.models import Person
from jike.foundation.audit.gate import may_write
from jike.foundation.scope import Actor

__all__ = ["SEEN_EVERY", "end_sessions", "note_session_use"]

SEEN_EVERY = dt.timedelta(minutes=5)
"""How exactly the session list knows when a session was last used; noting every request would cost two writes each."""


def end_sessions(person: Person, *, actor: Actor, keep: str = "", only: str = "") -> int:
    """End the person's sessions at once, but for ``keep``; part of actions that have asked for the right themselves."""
    may_write(actor)
    sessions = UserSession.objects.filter(user=person).exclude(session_key=keep)
    sessions = sessions.filter(session_key=only) if only else sessions
    keys = list(sessions.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    sessions.delete()
    return len(keys)


def note_session_use(key: str, *, actor: Actor) -> None:
    """Note that the session was used now."""
    UserSession.objects.filter(session_key=key, user=actor.person).update(last_seen_at=timezone.now())
