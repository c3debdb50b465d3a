"""Files of members: kept when they are sent, then taken in by a job that tells how far it is and what it refused."""

import datetime as dt
import shutil
from pathlib import Path
from typing import IO

from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jike.apps.customers.actions.members import PERMISSION, store_members
from jike.apps.customers.models import MemberBatch, labels
from jike.apps.customers.queries.member_files import file_of, member_lines
from jike.apps.customers.rules import Refusal
from jike.foundation import background
from jike.foundation.audit.gate import may_write
from jike.foundation.background import Attempt
from jike.foundation.directory import actor_of
from jike.foundation.errors import Invalid, JikeError, NotFound, Refused
from jike.foundation.exchange.cells import Column, Kind
from jike.foundation.exchange.writing import About, FileType, writing
from jike.foundation.files import clean_file_name
from jike.foundation.jobs import Progress, job
from jike.foundation.scope import Actor, ActorKind, require_permission
from jike.values.masks import mask_phone

__all__ = ["begin_members", "receive_members", "take_members"]


def receive_members(
    kind: str, name: str, content: "IO[bytes] | File[bytes]", *, actor: Actor, day: dt.date
) -> MemberBatch:
    """Keep a file of lines that join or leave on ``day``.

    Raises
    ------
    RuleBroken
        It is no table, or no column of it is called as the number is; nothing is kept then.
    """
    may_write(actor)
    require_permission(actor, PERMISSION)
    if actor.kind is not ActorKind.PERSON or actor.uid is None:
        raise NotFound
    if kind not in MemberBatch.Kind.values:
        raise Invalid({"kind": [_("Choose one of those offered.")]})
    batch = MemberBatch(person=actor.uid, kind=kind, file_name=clean_file_name(name), day=day)
    path = file_of(batch)
    try:
        with path.open("xb") as target:
            shutil.copyfileobj(content, target)
        next(member_lines(batch), None)
    except (JikeError, OSError):
        path.unlink(missing_ok=True)
        raise
    batch.save()
    return batch


def begin_members(batch: MemberBatch, *, actor: Actor) -> None:
    """Begin to take the file in."""
    title = f"{batch.get_kind_display()} · {batch.file_name}"
    with transaction.atomic():
        task = background.begin(take_members, title=title, order={"batch": str(batch.uid)}, actor=actor)
        batch.task = task.uid
        batch.save(update_fields=["task"])


@job("customers.take_members", label=gettext_lazy("Take in a file of members"))
def take_members(task: str, *, progress: Progress) -> None:
    """Store the lines of the file that the task names."""
    background.carry_out(task, _take, progress=progress)


def _take(attempt: Attempt) -> None:
    batch = MemberBatch.objects.filter(uid=attempt.task.order["batch"]).first()
    actor = actor_of(attempt.task.person)
    if batch is None or actor is None:
        raise Refused(_("The person who ordered this may no longer sign in."))
    result = attempt.folder / "result.xlsx"
    columns = [Column(title, Kind.TEXT, 18, str) for title in (_("Line"), _("Number"), _("Problem"))]
    about = About(_("Members"), actor.name, timezone.localtime())
    if batch.stored_at is None:
        with writing(FileType.XLSX, result, columns, about=about) as book:
            reasons = {value: str(label) for value, label in labels.REFUSALS.items()}
            store_members(
                batch,
                member_lines(batch),
                actor=actor,
                refuse=lambda line, number, why, held: book.row(
                    [str(line), number, f"{reasons[Refusal(why)]} {mask_phone(held) if held else ''}".strip()]
                ),
            )
    words = {name: f"{value:,}" for name, value in batch.counts.items()}
    sentence = _("%(read)s read, %(done)s done, %(refused)s refused") % words
    with transaction.atomic():
        if batch.counts["refused"] and result.is_file():
            name = _("%(file)s to correct") % {"file": Path(batch.file_name).stem}
            attempt.finish(sentence, result=result, file_name=clean_file_name(f"{name}.xlsx"))
        else:
            attempt.finish(sentence)
