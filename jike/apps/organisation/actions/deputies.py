"""Deputies: somebody stands in for somebody else, for a time.

Who stands in acts on the records of the one they stand in for; they can neither appoint deputies for them nor end such
an appointment, and what others' deputies may do never passes on (`Actor.principals` is one step deep).
"""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from jike.apps.organisation.models import Deputy, Person
from jike.apps.organisation.rules import deputy_term_fits, terms_overlap
from jike.apps.organisation.rules.terms import DEPUTY_DAYS
from jike.foundation.audit import changing, creating, removing
from jike.foundation.entering import entered
from jike.foundation.errors import Invalid, RuleBroken
from jike.foundation.scope import Actor
from jike.foundation.scope.reading import refusal
from jike.values.text import clean_line

__all__ = ["appoint_deputy", "end_deputy"]


@transaction.atomic
def appoint_deputy(
    person: Person, *, actor: Actor, deputy: Person, since: dt.datetime, until: dt.datetime, reason: str = ""
) -> Deputy:
    """Let ``deputy`` stand in for ``person`` from ``since`` until before ``until``."""
    _require_own_or_head(person, actor, "organisation.deputy:add")
    if not deputy_term_fits(since, until):
        sentence = _(
            "A deputy stands in for a time: choose an end after the beginning, at most %(days)s days later."
        )
        raise Invalid({"until": [sentence % {"days": DEPUTY_DAYS}]})
    both = {one.pk: one for one in _locked_in_order(person, deputy)}
    for one in (person, deputy):
        if one.pk not in both:
            raise RuleBroken(_("%(name)s cannot sign in at present.") % {"name": one.name})
    standing = Deputy.objects.filter(person=person, deputy=deputy, removed_at=None)
    if any(terms_overlap((since, until), (one.since, one.until)) for one in standing):
        raise RuleBroken(_("%(name)s already stands in at that time.") % {"name": deputy.name})
    row = Deputy(person=both[person.pk], deputy=both[deputy.pk], since=since, until=until)
    row.reason = entered("reason", clean_line, reason, limit=200)
    return creating(row, actor=actor)


@transaction.atomic
def end_deputy(row: Deputy, *, actor: Actor, now: dt.datetime, version: int | None = None) -> Deputy:
    """End the standing-in now; one that has not begun is taken back."""
    _require_own_or_head(row.person, actor, "organisation.deputy:change")
    if row.since >= now:
        return removing(row, actor=actor, verb="change", version=version)
    with changing(row, actor=actor, verb="end", permit="change", version=version):
        row.until = min(row.until, now)
    return row


def _require_own_or_head(person: Person, actor: Actor, permission: str) -> None:
    """One's own deputies, or those of the people one heads; never those of whom one stands in for."""
    if person.pk != actor.person and not actor.reach(permission).covers(owner=None, unit=person.unit_id):
        raise refusal(permission)


def _locked_in_order(*people: Person) -> list[Person]:
    wanted = sorted(person.pk for person in people)
    rows = Person.objects.select_for_update(no_key=True).filter(
        pk__in=wanted, removed_at=None, is_active=True
    )
    return list(rows.order_by("pk"))
