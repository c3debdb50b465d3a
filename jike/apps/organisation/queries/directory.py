"""What the foundation asks about people (`jike.foundation.directory`), answered from the organisation's rows."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from django.utils import timezone

from jike.apps.organisation.models import Person
from jike.apps.organisation.queries.actors import actor_of
from jike.apps.organisation.queries.people import typed_for
from jike.apps.organisation.queries.roles import holders_of_permission
from jike.foundation.directory import Someone
from jike.foundation.scope import Actor
from jike.values.identifiers import uid7

__all__ = ["PeopleDirectory"]


class PeopleDirectory:
    """Knows everybody, former people too; calls only those who may sign in."""

    def known(self, uids: Collection[UUID]) -> Mapping[UUID, Someone]:
        """Return those of ``uids`` that are people."""
        return {one.uid: _someone(one) for one in Person.objects.filter(uid__in=uids).select_related("unit")}

    def called(self, text: str, *, limit: int) -> Sequence[Someone]:
        """Return active people whose name, pinyin or staff number is typed so."""
        standing = Person.objects.filter(is_active=True, removed_at=None).select_related("unit")
        return [_someone(one) for one in standing.filter(typed_for(text)).order_by("name_key", "id")[:limit]]

    def actor(self, uid: UUID) -> Actor | None:
        """Return the actor for an active person now, or None."""
        person = Person.objects.filter(uid=uid, is_active=True, removed_at=None).first()
        return None if person is None else actor_of(person, now=timezone.now(), request=uid7())

    def holders(self, permission: str) -> Collection[UUID]:
        """Return the people whose posts of today carry the permission."""
        return holders_of_permission(permission, today=timezone.localdate())


def _someone(person: Person) -> Someone:
    return Someone(
        uid=person.uid,
        name=person.name,
        unit=person.unit.name,
        email=person.email,
        language=person.language,
        active=person.standing,
        number=person.staff_no,
    )
