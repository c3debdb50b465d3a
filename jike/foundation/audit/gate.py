"""The gate for single rows: lock, compare versions, require, snapshot, edit, validate, save, require again, record."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple, TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jike.foundation.audit.encoding import Difference, difference, filled, stored_fields, withheld
from jike.foundation.audit.stream import Written, record_changes
from jike.foundation.errors import Invalid, NotFound, Refused, Stale
from jike.foundation.matching.keeping import keep_keys
from jike.foundation.models.record import Record
from jike.foundation.scope.actor import Actor
from jike.foundation.scope.reading import require
from jike.foundation.search.keeping import keep

__all__ = ["Under", "changing", "creating", "may_write", "removing", "restoring"]

Row = TypeVar("Row", bound=Record)


class Under(NamedTuple):
    """The row whose rights count instead (a comment's, an attachment's record), and the action needed upon it."""

    record: Record
    action: str


@contextmanager
def changing(
    row: Row,
    *,
    actor: Actor,
    verb: str = "change",
    version: int | None = None,
    permit: str | None = None,
    under: Under | None = None,
) -> Iterator[Row]:
    """Let the block edit ``row``, then save and record what differs.

    Parameters
    ----------
    row
        Locked and re-read in place before the block runs, so that the block edits what is stored now.
    verb
        What the change is called in the history; also the action required, unless ``permit`` names another.
    version
        The version the editor saw; a newer stored one raises `Stale`.
    under
        The row whose rights count instead of this one's.

    Raises
    ------
    NotFound, Stale, Refused, Invalid
        Before anything is stored; the transaction is rolled back.
    """
    may_write(actor)
    with transaction.atomic():
        _lock(row)
        if version is not None and row.version != version:
            sentence = _("Somebody saved this record while you were editing it.")
            raise Stale(sentence, expected=version, current=row.version)
        _require(actor, permit or verb, row, under=under)
        before = _snapshot(row)
        yield row
        derive(row)
        changed = difference(type(row), before, _snapshot(row))
        if changed:
            _store(row, changed)
            _require(actor, permit or verb, row, under=under)
            record_changes([Written(row.kind(), row.uid, row.version, changed)], actor=actor, verb=verb)
            keep(type(row), [row.pk], changed)
            keep_keys(type(row), [row.pk], changed)


def creating(
    row: Row, *, actor: Actor, verb: str = "add", permit: str | None = None, under: Under | None = None
) -> Row:
    """Store the new ``row`` and record it; raises `Refused` or `Invalid` and stores nothing."""
    may_write(actor)
    with transaction.atomic():
        derive(row)
        _validate(row)
        _require(actor, permit or verb, row, under=under)
        _save(row, force_insert=True)
        row.refresh_from_db(fields=[f.attname for f in row._meta.concrete_fields if f.has_db_default()])
        told = withheld(filled(_snapshot(row)), row.UNRECORDED)
        record_changes([Written(row.kind(), row.uid, 1, told)], actor=actor, verb=verb)
        keep(type(row), [row.pk])
        keep_keys(type(row), [row.pk])
    return row


def removing(
    row: Row, *, actor: Actor, verb: str = "remove", version: int | None = None, under: Under | None = None
) -> Row:
    """Put ``row`` into the recycle bin."""
    with changing(row, actor=actor, verb=verb, version=version, under=under):
        row.removed_at = timezone.now()
    return row


def restoring(row: Row, *, actor: Actor, under: Under | None = None) -> Row:
    """Take ``row`` out of the recycle bin; needs the right to remove it."""
    may_write(actor)
    with transaction.atomic():
        _lock(row, removed=True)
        _require(actor, "remove", row, under=under)
        changed: Difference = {"removed_at": (row.removed_at, None)}
        row.removed_at = None
        _store(row, changed)
        record_changes([Written(row.kind(), row.uid, row.version, changed)], actor=actor, verb="restore")
        keep(type(row), [row.pk], changed)
        keep_keys(type(row), [row.pk], changed)
    return row


def may_write(actor: Actor) -> None:
    """Refuse whoever looks through another person's eyes: seeing as somebody never writes."""
    if actor.on_behalf is not None:
        raise Refused(_("You are looking through another person's eyes; nothing can be changed meanwhile."))


def derive(row: Record) -> None:
    """Fill the fields that the model declares as computed from others."""
    for name, derived in row.DERIVED.items():
        setattr(row, name, derived.compute(*(getattr(row, source) for source in derived.sources)))


def sentences_of(error: ValidationError) -> Invalid:
    """Turn Django's validation error into ours."""
    if not hasattr(error, "error_dict"):
        return Invalid({"": error.messages})
    found = error.message_dict
    return Invalid({"" if name == NON_FIELD_ERRORS else name: sentences for name, sentences in found.items()})


def _lock(row: Record, *, removed: bool = False) -> None:
    stored = type(row)._default_manager.select_for_update(of=("self",), no_key=True).filter(pk=row.pk)
    fresh = stored.filter(removed_at__isnull=not removed).first()
    if fresh is None:
        raise NotFound(_("This record is no longer there."))
    for field in row._meta.concrete_fields:
        setattr(row, field.attname, getattr(fresh, field.attname))
    row._state.fields_cache.clear()


def _snapshot(row: Record) -> dict[str, Any]:
    return {name: getattr(row, name) for name in stored_fields(type(row))}


def _require(actor: Actor, action: str, row: Record, *, under: Under | None) -> None:
    if under is None:
        require(actor, action, row)
    else:
        require(actor, under.action, under.record)


def _validate(row: Record, changed: Difference | None = None) -> None:
    """Check the whole row, or of a stored one what ``changed`` and the constraints that this concerns."""
    untouched = None if changed is None else {f.name for f in row._meta.fields} - _concerned(row, changed)
    try:
        row.full_clean(exclude=untouched)
    except ValidationError as error:
        raise sentences_of(error) from error


def _concerned(row: Record, changed: Difference) -> set[str]:
    """Return the changed fields, and those compared with them; each constraint more costs a query.

    What a check compares with an unchanged field is left to the database, which names the constraint.
    """
    names = {f.name for f in row._meta.concrete_fields if f.attname in changed}
    together = [set(one.fields) for one in row._meta.constraints if isinstance(one, models.UniqueConstraint)]
    return names.union({"removed_at"}, *(fields for fields in together if fields & names))


def _store(row: Record, changed: Difference) -> None:
    _validate(row, changed)
    row.version += 1
    _save(row, update_fields=[*changed, "version"])


def _save(row: Record, **options: Any) -> None:
    try:
        with transaction.atomic():
            row.save(**options)
    except IntegrityError as error:
        raise Invalid({"": [constraint_sentence(type(row), error)]}) from error


def constraint_sentence(model: type[Record], error: IntegrityError) -> str:
    """Return the sentence of the constraint that the database named."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    for constraint in model._meta.constraints:
        if constraint.name == name:
            return str(constraint.get_violation_error_message())
    return _("The database refused this: it contradicts another record (%(name)s).") % {"name": name or "?"}
