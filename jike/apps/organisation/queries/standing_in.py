"""Who answers by a post, and in whose stead: deputies use what a post lets another answer, as that post stands now.

Authority is held by posts over units, which `Actor.principals` does not lend: that opens what is a person's own. So
here, and here only, a deputy is given the principal's rights of answering, with what one must see to answer. What
principals' own principals may do never passes on.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db.models import Q, QuerySet
from django.utils import timezone

from jike.apps.organisation.models import Deputy, Person, Post
from jike.apps.organisation.queries.actors import actor_of
from jike.foundation.scope import Actor
from jike.foundation.scope.actor import Grant as Held

__all__ = ["Stead", "deputies_standing", "holders_of", "stands_in_for_a_holder", "steads"]


@dataclass(frozen=True)
class Stead:
    """For whom somebody stands in, and the actor that they then are: themselves, with the other's authority."""

    person: Person
    actor: Actor


def steads(actor: Actor, *, answers: Sequence[str], seen: Sequence[str]) -> Sequence[Stead]:
    """Return for whom the actor stands in now; those who hold none of ``answers`` by a post are left out.

    ``answers`` names the permissions lent, ``seen`` those lent beside them: what one must see to answer.
    """
    if actor.person is None or not actor.principals:
        return ()
    people = Person.objects.filter(pk__in=sorted(actor.principals), is_active=True, removed_at=None)
    found = (
        _stead(person, actor, answers=answers, seen=seen) for person in people.order_by("name_key", "id")
    )
    return [one for one in found if one is not None]


def stands_in_for_a_holder(actor: Actor, *, answers: Sequence[str]) -> bool:
    """Whether somebody for whom the actor stands in now holds one of ``answers`` by a post; one query, as pages ask."""
    posts = _posts(answers, timezone.localdate())
    theirs = posts.filter(person__in=actor.principals, person__is_active=True, person__removed_at=None)
    return bool(actor.principals) and theirs.exists()


def holders_of(permission: str, *, unit: int, today: dt.date) -> QuerySet[Person]:
    """Return who holds the permission by a post at this very unit on that day and may sign in, by name."""
    posts = _posts([permission], today).filter(unit=unit)
    able = Person.objects.filter(posts__in=posts, is_active=True, removed_at=None)
    return able.distinct().order_by("name_key", "id")


def deputies_standing(people: Iterable[Person], *, at: dt.datetime) -> Sequence[Deputy]:
    """Return who stands in for any of these people at that moment and may sign in."""
    rows = Deputy.objects.filter(person__in=list(people), removed_at=None, since__lte=at, until__gt=at)
    able = rows.filter(deputy__is_active=True, deputy__removed_at=None)
    return list(able.select_related("person", "deputy").order_by("id"))


def _posts(answers: Sequence[str], today: dt.date) -> QuerySet[Post]:
    held = Post.objects.filter(
        Q(until=None) | Q(until__gt=today), since__lte=today, removed_at=None, role__removed_at=None
    )
    return held.filter(role__grants__permission__in=answers, role__grants__removed_at=None)


def _stead(person: Person, actor: Actor, *, answers: Sequence[str], seen: Sequence[str]) -> Stead | None:
    theirs = actor_of(person, now=timezone.now(), request=actor.request)
    lent = {name: _by_post(theirs.grants[name]) for name in (*answers, *seen) if name in theirs.grants}
    if not any(lent.get(name) for name in answers):
        return None
    grants: Mapping[str, frozenset[Held]] = {**actor.grants, **lent}
    return Stead(person, replace(actor, grants=grants, below={**actor.below, **theirs.below}))


def _by_post(held: frozenset[Held]) -> frozenset[Held]:
    return frozenset((breadth, unit) for breadth, unit in held if unit is not None)
