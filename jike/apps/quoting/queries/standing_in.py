"""Deputies of approvers: whose authority somebody may use at this moment, and who stands in for whom.

Authority is held by posts over units, which `Actor.principals` does not lend: that opens what is a person's own. So
here, and here only, a deputy is given the principal's rights of answering, as those are by the principal's posts now,
with what one must see to answer. What principals' own principals may do never passes on.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db.models import Q
from django.utils import timezone

from jike.apps.organisation.models import Deputy, Grant, Person, Post
from jike.apps.organisation.queries import actor_of
from jike.apps.quoting.models import QuoteApproval
from jike.apps.quoting.rules import Level, answering_right
from jike.foundation.scope import Actor
from jike.foundation.scope.actor import Grant as Held

__all__ = ["Stead", "deputies_standing", "stands_in_for_an_approver", "steads"]

KIND = QuoteApproval.kind()
ANSWERS = tuple(f"{KIND}:{answering_right(level)}" for level in Level if level is not Level.MANAGER)
LENT = (
    *ANSWERS,
    f"{KIND}:view",
    "quoting.quote:view",
    "quoting.quoteline:view",
    "quoting.quote:see_margin",
)


@dataclass(frozen=True)
class Stead:
    """For whom somebody stands in, and the actor that they then are: themselves, with the other's authority."""

    person: Person
    actor: Actor


def steads(actor: Actor) -> Sequence[Stead]:
    """Return the approvers for whom the actor stands in now; those without authority are left out."""
    if actor.person is None or not actor.principals:
        return ()
    people = Person.objects.filter(pk__in=sorted(actor.principals), is_active=True, removed_at=None)
    found = (_stead(person, actor) for person in people.order_by("name_key", "id"))
    return [one for one in found if one is not None]


def stands_in_for_an_approver(actor: Actor) -> bool:
    """Whether somebody for whom the actor stands in now answers approvals by a post; one query, as pages ask."""
    today = timezone.localdate()
    posts = Post.objects.filter(
        Q(until=None) | Q(until__gt=today),
        person__in=actor.principals,
        person__is_active=True,
        person__removed_at=None,
        since__lte=today,
        removed_at=None,
        role__grants__in=Grant.objects.filter(permission__in=ANSWERS, removed_at=None),
    )
    return bool(actor.principals) and posts.exists()


def deputies_standing(people: Iterable[Person], *, at: dt.datetime) -> Sequence[Deputy]:
    """Return who stands in for any of these people at that moment and may sign in."""
    rows = Deputy.objects.filter(person__in=list(people), removed_at=None, since__lte=at, until__gt=at)
    able = rows.filter(deputy__is_active=True, deputy__removed_at=None)
    return list(able.select_related("person", "deputy").order_by("id"))


def _stead(person: Person, actor: Actor) -> Stead | None:
    theirs = actor_of(person, now=timezone.now(), request=actor.request)
    lent = {name: _by_post(theirs.grants[name]) for name in LENT if name in theirs.grants}
    if not any(lent.get(name) for name in ANSWERS):
        return None
    grants: Mapping[str, frozenset[Held]] = {**actor.grants, **lent}
    return Stead(person, replace(actor, grants=grants, below={**actor.below, **theirs.below}))


def _by_post(held: frozenset[Held]) -> frozenset[Held]:
    return frozenset((breadth, unit) for breadth, unit in held if unit is not None)
