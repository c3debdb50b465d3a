"""Integration tokens: issued by those who answer for them, shown once, revoked at any time."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jike.apps.organisation.models import Person, Token
from jike.apps.organisation.queries.roles import permissions_held
from jike.apps.organisation.rules import new_token
from jike.apps.organisation.rules.tokens import LONGEST, USE_NOTED_EVERY
from jike.foundation.audit import changing, creating, removing
from jike.foundation.audit.gate import may_write
from jike.foundation.entering import entered
from jike.foundation.errors import Invalid, RuleBroken
from jike.foundation.scope import Actor, ActorKind, system_actor
from jike.values.text import clean_line

__all__ = ["issue_token", "note_token_use", "revoke_token"]


@transaction.atomic
def issue_token(
    *, actor: Actor, name: str, scopes: Sequence[str], expires_at: dt.datetime
) -> tuple[Token, str]:
    """Issue a token for which the actor answers; return it with its secret, which is kept nowhere.

    Nobody issues one in another's name: its secret would be a way into that person's rights.
    """
    may_write(actor)
    if actor.kind is not ActorKind.PERSON or actor.person is None:
        raise RuleBroken(_("Only a person can answer for an integration token."))
    _check(actor, scopes, expires_at)
    person = Person.objects.select_for_update(no_key=True).get(pk=actor.person)
    plain = entered("name", clean_line, name, limit=80)
    if Token.objects.filter(person=person, name=plain, removed_at=None).exists():
        raise Invalid({"name": [_("You already have a token of this name.")]})
    secret, prefix, digest = new_token()
    token = Token(
        name=plain,
        person=person,
        prefix=prefix,
        digest=digest,
        scopes=sorted(set(scopes)),
        expires_at=expires_at,
    )
    return creating(token, actor=actor), secret


@transaction.atomic
def revoke_token(token: Token, *, actor: Actor, version: int | None = None) -> Token:
    """Revoke the token at once: one's own, or as a security administrator any."""
    own = token.person_id == actor.person
    return removing(token, actor=actor, verb="remove" if own else "revoke", version=version)


def note_token_use(token: Token, *, actor: Actor, now: dt.datetime) -> bool:
    """Note that the token was used, at most once an hour, recorded under the token's own name; whether it was noted."""
    if token.last_used_at is not None and now - token.last_used_at < USE_NOTED_EVERY:
        return False
    with changing(token, actor=system_actor(f"token {actor.name}"[:120]), verb="use", permit="view"):
        token.last_used_at = now
    return True


def _check(actor: Actor, scopes: Sequence[str], expires_at: dt.datetime) -> None:
    now = timezone.now()
    if not now < expires_at <= now + LONGEST:
        sentence = _("A token must expire: choose a day within the next %(days)s days.")
        raise Invalid({"expires_at": [sentence % {"days": LONGEST.days}]})
    held = {permission.name for permission in permissions_held(actor)}
    if not scopes or not set(scopes) <= held:
        raise Invalid({"scopes": [_("Choose at least one of the rights that your own posts carry.")]})
