"""Posts: who holds which role in which unit, from when until when.

The person is locked while a post is given, so that two administrators cannot between them give somebody two kinds of
administration.
"""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jike.apps.organisation.models import Person, Post, Role, Unit
from jike.apps.organisation.queries.roles import holders_of_domain, lock_administration, lock_standing_role
from jike.apps.organisation.queries.units import lock_standing_unit
from jike.apps.organisation.rules import domains_conflict, terms_overlap
from jike.foundation.audit import changing, creating, removing
from jike.foundation.errors import Invalid, RuleBroken
from jike.foundation.scope import Actor
from jike.values.rights import Domain

__all__ = ["assign_post", "end_post"]


@transaction.atomic
def assign_post(
    person: Person, *, actor: Actor, unit: Unit, role: Role, since: dt.date, until: dt.date | None = None
) -> Post:
    """Let the person hold ``role`` in ``unit`` from ``since`` until before ``until``."""
    _refuse_self(person, actor)
    holder = _locked(person)
    post = Post(
        person=holder, unit=lock_standing_unit(unit), role=lock_standing_role(role), since=since, until=until
    )
    if until is not None and until <= since:
        raise Invalid({"until": [_("The post must end after it begins.")]})
    meanwhile = [held for held in _posts(holder) if terms_overlap((since, until), (held.since, held.until))]
    if any(held.unit_id == post.unit_id and held.role_id == post.role_id for held in meanwhile):
        raise RuleBroken(_("%(name)s already holds this post at that time.") % {"name": holder.name})
    if domains_conflict([Domain(role.domain), *(Domain(held.role.domain) for held in meanwhile)]):
        sentence = _(
            "%(name)s already holds another kind of administration; system, security and audit must stay apart."
        )
        raise RuleBroken(sentence % {"name": holder.name})
    return creating(post, actor=actor)


@transaction.atomic
def end_post(post: Post, *, actor: Actor, on: dt.date, version: int | None = None) -> Post:
    """End the post: ``on`` is the first day on which it is no longer held; one that never began is taken back."""
    _refuse_self(post.person, actor)
    lock_administration()
    _locked(post.person)
    _check_administration_remains(post)
    if on <= post.since:
        return removing(post, actor=actor, verb="change", version=version)
    with changing(post, actor=actor, verb="end", permit="change", version=version):
        post.until = on
    return post


def _refuse_self(person: Person, actor: Actor) -> None:
    if person.pk == actor.person:
        raise RuleBroken(
            _("Nobody gives posts to themselves or takes them; ask another security administrator.")
        )


def _locked(person: Person) -> Person:
    stored = Person.objects.select_for_update(no_key=True).filter(pk=person.pk, removed_at=None).first()
    if stored is None:
        raise RuleBroken(_("%(name)s has left; restore the person first.") % {"name": person.name})
    return stored


def _posts(person: Person) -> list[Post]:
    return list(Post.objects.filter(person=person, removed_at=None).select_related("role"))


def _check_administration_remains(post: Post) -> None:
    domain = Domain(post.role.domain)
    if not domain.administrative or post.until is not None:
        return
    today = timezone.localdate()
    same = Post.objects.filter(person=post.person_id, role__domain=domain, removed_at=None, until=None)
    another = same.filter(since__lte=today).exclude(pk=post.pk).exists()
    if not another and holders_of_domain(domain, today=today) == {post.person_id}:
        sentence = _("%(name)s is the last to hold this administration; appoint somebody else first.")
        raise RuleBroken(sentence % {"name": post.person.name})
