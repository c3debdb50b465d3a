"""People: found by what one types, known by staff number or telephone, with their posts, deputies and sessions."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet

from jike.apps.organisation.models import Deputy, Person, Post, Token, Unit
from jike.apps.organisation.queries.actors import CHINA
from jike.apps.organisation.queries.units import below
from jike.foundation.prepared import Prepared
from jike.foundation.scope import Actor, visible
from jike.values.errors import InvalidValue
from jike.values.phones import Phone
from jike.values.text import clean_code, clean_line

__all__ = [
    "PAGE",
    "deputies_listed",
    "deputies_of",
    "has_second_factor",
    "people_page",
    "person_by_claim",
    "person_called",
    "person_known_as",
    "person_numbered",
    "person_of",
    "posts_of",
    "principals_of",
    "sessions_of",
    "tokens_of",
    "typed_for",
]

PAGE = 50
STAFF_NO_LENGTH = 32


def person_of(actor: Actor) -> Person | None:
    """Return the person who acts, with their unit; None for the system and for programs."""
    if actor.person is None:
        return None
    return Person.objects.select_related("unit").filter(pk=actor.person).first()


def people_page(
    actor: Actor,
    *,
    typed: str = "",
    unit: Unit | None = None,
    after: tuple[str, int] | None = None,
    removed: bool = False,
) -> tuple[list[Person], bool]:
    """Return at most `PAGE` people in the order of names, and whether more follow.

    Parameters
    ----------
    typed
        Part of a name, the beginning of a staff number, or pinyin, whole or initials.
    unit
        Only people whose home is this unit or one below.
    after
        The (name key, id) of the last person on the page before.
    """
    people = visible(Person, actor, removed=removed).select_related("unit").order_by("name_key", "id")
    people = people.defer("password", "former_passwords")
    if typed.strip():
        people = people.filter(typed_for(typed))
    if unit is not None:
        people = people.filter(unit__in=below(unit).values("pk"))
    if after is not None:
        key, number = after
        people = people.filter(Q(name_key__gt=key) | Q(name_key=key, pk__gt=number))
    found = list(people[: PAGE + 1])
    return found[:PAGE], len(found) > PAGE


def typed_for(text: str) -> Q:
    """Return the condition that a person may be meant by ``text``: part of the name, staff number, pinyin."""
    wanted = "".join(character for character in " ".join(text.split())[:60] if character.isprintable())
    letters = "".join(wanted.split()).casefold()
    by_number = Q(staff_no__istartswith=wanted)
    by_name = Q(name__icontains=wanted)
    return (
        by_number | by_name | Q(spelling__contains=f" {letters}")
        if letters.isascii()
        else by_number | by_name
    )


_NUMBERED: Prepared[Person] = Prepared(lambda number: Person.objects.filter(pk=number), -1)


def person_numbered(number: int) -> Person | None:
    """Return whose session it is, standing or not, by the number in it."""
    found = _NUMBERED.rows(number)
    return found[0] if found else None


def person_known_as(typed: str) -> Person | None:
    """Return whom somebody means who signs in with a staff number or a telephone number, standing or not."""
    try:
        staff_no = clean_code(typed, limit=STAFF_NO_LENGTH)
    except InvalidValue:
        return None
    found = Person.objects.filter(staff_no=staff_no).first()
    if found is not None:
        return found
    try:
        phone = str(Phone.parse(clean_line(typed, limit=STAFF_NO_LENGTH)))
    except InvalidValue:
        return None
    return Person.objects.filter(phone=phone, removed_at=None).exclude(phone="").first()


def person_by_claim(claim: str, claims: Mapping[str, Any]) -> Person | None:
    """Return the one person who may sign in and whom the claim of a company account names.

    ``email`` counts only when the provider vouches for it (``email_verified``) and one person has it; any other claim
    holds the staff number.
    """
    value = claims.get(claim)
    if not isinstance(value, str) or not value:
        return None
    standing = Person.objects.filter(is_active=True, removed_at=None)
    if claim == "email":
        found = list(standing.filter(email__iexact=value)[:2]) if claims.get("email_verified") is True else []
        return found[0] if len(found) == 1 else None
    try:
        return standing.filter(staff_no=clean_code(value, limit=STAFF_NO_LENGTH)).first()
    except InvalidValue:
        return None


def posts_of(person: Person, actor: Actor) -> QuerySet[Post]:
    """Return the person's posts that the actor may see, present and coming ones first."""
    return visible(Post, actor).filter(person=person).select_related("unit", "role").order_by("-since", "id")


def deputies_of(person: Person, actor: Actor, *, now: dt.datetime) -> QuerySet[Deputy]:
    """Return who stands in for the person now or later, as far as the actor may see."""
    return (
        visible(Deputy, actor)
        .filter(person=person, until__gt=now)
        .select_related("deputy")
        .order_by("since", "id")
    )


def principals_of(person: Person, *, now: dt.datetime) -> QuerySet[Deputy]:
    """Return for whom the person stands in now or later; they must know."""
    standing = Deputy.objects.filter(deputy=person, removed_at=None, until__gt=now)
    return standing.select_related("person").order_by("since", "id")


def sessions_of(person: Person) -> Sequence[UserSession]:
    """Return the person's open sessions, the last used first."""
    open_keys = Session.objects.filter(expire_date__gt=dt.datetime.now(CHINA)).values("session_key")
    return list(UserSession.objects.filter(user=person, session_key__in=open_keys).order_by("-last_seen_at"))


def tokens_of(actor: Actor) -> QuerySet[Token]:
    """Return the tokens that the actor may see, by name."""
    return visible(Token, actor).select_related("person").order_by("name", "id")


def deputies_listed(actor: Actor, *, now: dt.datetime) -> QuerySet[Deputy]:
    """Return who stands in now or later, as far as the actor may see, and for whom the actor does."""
    rows = visible(Deputy, actor) | Deputy.objects.filter(removed_at=None, deputy=actor.person)
    return (
        rows.filter(until__gt=now).select_related("person", "deputy", "person__unit").order_by("since", "id")
    )


def person_called(uid: Any) -> Person | None:
    """Return the standing person with this uid, for those who know whom they mean."""
    return Person.objects.filter(uid=uid, removed_at=None).first()


def has_second_factor(person: Any) -> bool:
    """Whether signing in asks the person for a second factor."""
    strong = [kind for kind in settings.MFA_SUPPORTED_TYPES if kind != Authenticator.Type.RECOVERY_CODES]
    return Authenticator.objects.filter(user_id=person.pk, type__in=strong).exists()
