"""The gate for reading, and the question "may I?"."""

from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID

from django.apps import apps
from django.db.models import BooleanField, F, Func, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from jike.foundation.errors import NotFound, Refused
from jike.foundation.models.record import Record, RecordKey
from jike.foundation.models.share import Share
from jike.foundation.scope.actor import Actor, Reach
from jike.foundation.scope.among import Among
from jike.foundation.scope.permissions import permission_catalogue

__all__ = ["fetch", "fetch_key", "lies_at", "may", "model_of", "require", "require_permission", "visible"]

Row = TypeVar("Row", bound=Record)
SHARED_WITH = (
    "SELECT about_uid FROM foundation_share WHERE person = %s AND about_kind = %s AND removed_at IS NULL"
)
"""Written out, since it stands in nearly every query of every page and Django would put it together anew each time."""


def permission_name(model: type[Record], action: str) -> str:
    """Return the permission that ``action`` upon rows of ``model`` needs; an unknown action is a programming error."""
    if action not in model.ACTIONS:
        raise LookupError(
            f"{model.kind()} knows no action {action!r}; its ACTIONS are {', '.join(model.ACTIONS)}"
        )
    return f"{model.kind()}:{action}"


def visible(model: type[Row], actor: Actor, action: str = "view", *, removed: bool = False) -> QuerySet[Row]:
    """Return the rows upon which ``actor`` may do ``action``; with ``removed`` those in the recycle bin instead."""
    reach = actor.reach(permission_name(model, action))
    rows = model._default_manager.filter(removed_at__isnull=not removed)
    return rows if reach.everything else rows.filter(within(model, reach) | shared(model, actor, action))


def within(model: type[Record], reach: Reach) -> Q:
    """Return the condition that a row lies within ``reach``: one of its owners or units in the model's own columns."""
    condition = Q(pk__in=[])
    if reach.everything:
        return Q()
    if reach.owners and "own" in model.SCOPE:
        condition |= Q(**{f"{model.SCOPE['own']}__{Among.lookup_name}": reach.owners})
    if reach.units and "unit" in model.SCOPE:
        condition |= Q(**{f"{model.SCOPE['unit']}__{Among.lookup_name}": reach.units})
    return condition


def shared(model: type[Record], actor: Actor, action: str) -> Q:
    """Return the condition that the row was shared with ``actor``, who holds the permission at least for own rows."""
    if not sharable(actor, model, action):
        return Q(pk__in=[])
    place, kind = share_place(model)
    if actor.shared_kinds is not None and kind not in actor.shared_kinds:
        return Q(pk__in=[])
    # An array is read once and then looked up by index; beside OR, IN (SELECT …) would have every row tested instead.
    rows = SHARED_WITH if action == "view" else f"{SHARED_WITH} AND may_change"
    known = RawSQL(rows, [actor.uid, kind])  # noqa: S611  the text is ours, values are bound
    return Q(
        Func(
            F(place),
            known,
            template="(%(expressions)s))",
            arg_joiner=" = ANY(ARRAY",
            output_field=BooleanField(),
        )
    )


def share_place(model: type[Record]) -> tuple[str, str]:
    """Return whose shares count: the path to its uid, and its kind.

    The row itself, or, where SCOPE finds the owner across a foreign key, the row there: its collaborators see what its
    owner sees (a customer's deputy its key persons).
    """
    path = model.SCOPE.get("own", "").rpartition("__")[0]
    holder: Any = model
    for step in path.split("__") if path else ():
        holder = holder._meta.get_field(step).related_model
    return (f"{path}__uid" if path else "uid"), holder.kind()


def sharable(actor: Actor, model: type[Record], action: str) -> bool:
    """Whether shares could let ``actor`` do ``action`` to rows of ``model``: seeing and changing can be shared."""
    possible = actor.person is not None and "own" in model.SCOPE and action in ("view", "change")
    return possible and actor.holds(permission_name(model, action))


def fetch(
    model: type[Row],
    uid: UUID | str,
    actor: Actor,
    *,
    action: str = "view",
    related: Sequence[str] = (),
    removed: bool = False,
) -> Row:
    """Return the row named ``uid``.

    Raises
    ------
    NotFound
        There is none, or the actor may not see it: the two look alike.
    Refused
        The actor sees it but may not do ``action``.
    """
    rows = visible(model, actor, "view", removed=removed)
    row = rows.select_related(*related).filter(uid=uid).first() if related else rows.filter(uid=uid).first()
    if row is None:
        raise NotFound(_("There is nothing here, or nothing that you may see."))
    if action != "view":
        require(actor, action, row)
    return row


def model_of(kind: str) -> type[Record]:
    """Return the model of ``kind``, or NotFound when no capability stores such rows."""
    try:
        model = apps.get_model(kind)
    except (LookupError, ValueError) as error:
        raise NotFound(_("There is nothing here, or nothing that you may see.")) from error
    if not issubclass(model, Record):
        raise NotFound(_("There is nothing here, or nothing that you may see."))
    return model


def fetch_key(key: RecordKey, actor: Actor, action: str = "view") -> Record:
    """Return the row of any kind; the way in for comments, attachments, notices and shares."""
    return fetch(model_of(key.kind), key.uid, actor, action=action)


def lies_at(row: Record) -> tuple[int | None, int | None]:
    """Return (owner id, unit id) of the row, following the foreign keys that its SCOPE crosses."""
    return follow(row, row.SCOPE.get("own")), follow(row, row.SCOPE.get("unit"))


def follow(row: Any, path: str | None) -> Any:
    """Return the value at the end of a path across foreign keys; None where the path ends early or is None."""
    for step in path.split("__") if path else ():
        row = None if row is None else getattr(row, step)
    return row if path else None


def may(actor: Actor, action: str, row: Record) -> bool:
    """Whether ``actor`` may do ``action`` to ``row`` as it stands (saved or not)."""
    permission = permission_name(type(row), action)
    reach = actor.reach(permission)
    if reach.everything:
        return True
    if not reach:
        return False
    owner, unit = lies_at(row)
    return reach.covers(owner=owner, unit=unit) or _shared_row(actor, action, row)


def _shared_row(actor: Actor, action: str, row: Record) -> bool:
    if row.pk is None or not sharable(actor, type(row), action):
        return False
    place, kind = share_place(type(row))
    shares = Share.objects.filter(
        Q(person=actor.uid), about_kind=kind, about_uid=follow(row, place), removed_at=None
    )
    return (shares if action == "view" else shares.filter(may_change=True)).exists()


def require(actor: Actor, action: str, row: Record) -> None:
    """Pass when ``actor`` may do ``action`` to ``row``, else raise `Refused`."""
    if not may(actor, action, row):
        raise refusal(permission_name(type(row), action))


def require_permission(actor: Actor, permission: str) -> None:
    """Pass when the actor holds ``permission`` at any breadth, for pages and commands that concern no single row."""
    if not actor.holds(permission):
        raise refusal(permission)


def refusal(permission: str) -> Refused:
    """Return the refusal that names the missing permission in words."""
    named = permission_catalogue()[permission]
    sentence = _("You may not do this here: it needs the right “%(kind)s: %(action)s” over this record.")
    return Refused(sentence % {"kind": named.kind_label, "action": named.label}, permission=permission)
