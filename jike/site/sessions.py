"""Sessions as Django keeps them in the database, looked up by a question that stands ready (`SESSION_ENGINE`)."""

import datetime as dt
from typing import Any

from django.contrib.sessions.backends import db
from django.utils import timezone

from jike.foundation.prepared import Prepared

__all__ = ["SessionStore"]


class SessionStore(db.SessionStore):
    """One session, unless it has expired."""

    def _get_session_from_db(self) -> Any:
        found = _STANDING.rows(self.session_key, timezone.now())
        if not found:
            self._session_key = None
        return found[0] if found else None


def _standing(key: str, now: dt.datetime) -> Any:
    return SessionStore.get_model_class().objects.filter(session_key=key, expire_date__gt=now)


_STANDING: Prepared[Any] = Prepared(_standing, "a key", dt.datetime(2000, 1, 1, tzinfo=dt.UTC))
