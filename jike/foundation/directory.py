"""Who people are and where records are shown: the two things the foundation must ask others.

It knows people by uid only and has no pages of business records. The site registers, once at start, who answers.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from django.urls import reverse

from jike.foundation.models.record import RecordKey
from jike.foundation.scope import Actor

__all__ = [
    "People",
    "Someone",
    "actor_of",
    "address_of",
    "holders_of",
    "people",
    "people_called",
    "register_addresses",
    "register_people",
]


@dataclass(frozen=True)
class Someone:
    """What the foundation needs of a person; ``active`` people can sign in."""

    uid: UUID
    name: str
    unit: str
    email: str
    language: str
    active: bool
    number: str = ""
    """The staff number."""


class People(Protocol):
    """What a capability that knows people answers."""

    def known(self, uids: Collection[UUID]) -> Mapping[UUID, Someone]:
        """Return those of ``uids`` that are people."""

    def called(self, text: str, *, limit: int) -> Sequence[Someone]:
        """Return active people whose name, pinyin or staff number begins so."""

    def actor(self, uid: UUID) -> Actor | None:
        """Return the actor for an active person now, or None."""

    def holders(self, permission: str) -> Collection[UUID]:
        """Return the people whose posts of today carry the permission, at any breadth, and who may sign in."""


class _Registered:
    people: People | None = None
    addresses: Mapping[str, str] = {}


def register_people(answering: People) -> None:
    """Name who knows people; the last one named counts."""
    _Registered.people = answering


def register_addresses(routes: Mapping[str, str]) -> None:
    """Name per kind the route of a record's page, which takes its ``uid`` after what follows the route's name."""
    _Registered.addresses = dict(routes)


def people(uids: Collection[UUID]) -> Mapping[UUID, Someone]:
    """Return those of ``uids`` that are people, by uid; removed and former people too, whose words stay theirs."""
    return _answering().known(set(uids)) if uids else {}


def people_called(text: str, *, limit: int = 8) -> Sequence[Someone]:
    """Return active people by the beginning of their name, for choices."""
    return _answering().called(text, limit=limit) if text.strip() else ()


def actor_of(uid: UUID) -> Actor | None:
    """Return what the person may do now, or None when they may not sign in."""
    return _answering().actor(uid)


def holders_of(permission: str) -> set[UUID]:
    """Return the people who hold the permission today, at any breadth."""
    return set(_answering().holders(permission))


def address_of(key: RecordKey) -> str:
    """Return the address of the record's page, or "" when no page shows such records."""
    route, *given = _Registered.addresses.get(key.kind, "").split(" ")
    return reverse(route, args=[*given, key.uid]) if route else ""


def _answering() -> People:
    if _Registered.people is None:
        raise LookupError(
            "nobody has registered who knows people (jike.foundation.directory.register_people)"
        )
    return _Registered.people
