"""Large exports wait for a second person: who may release them, what is released or refused, and what becomes of files.

Asked, released, refused, fetched and expired: each is a Change under the export's own number.
"""

from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jike.foundation import background
from jike.foundation.audit import note
from jike.foundation.audit.gate import may_write
from jike.foundation.background import KEEP_RESULTS
from jike.foundation.directory import actor_of, holders_of, people
from jike.foundation.errors import NotFound, RuleBroken
from jike.foundation.models import BackgroundTask, RecordKey
from jike.foundation.notify import Channel, Topic, declare_topics, notify
from jike.foundation.resource.registry import all_resources
from jike.foundation.scope import Actor, Permission, declare_permission, system_actor
from jike.values.rights import Domain

__all__ = ["RELEASE", "decide", "note_download", "tell_releasers", "waiting"]

EXPORT = "exchange.export_rows"
RELEASE = declare_permission(
    Permission("foundation.export:release", gettext_lazy("Exports"), gettext_lazy("Release"), Domain.BUSINESS)
).name
DECIDED = Topic(
    "foundation.export_decided",
    gettext_lazy("A large export was released or refused"),
    Channel.APP,
    page="foundation:tasks",
)
WAITS = Topic(
    "foundation.export_waits",
    gettext_lazy("A large export waits for my release"),
    Channel.APP,
    page="foundation:releases",
)
declare_topics(DECIDED, WAITS)
SHOWN = 100


def waiting(actor: Actor) -> list[BackgroundTask]:
    """Return the exports of other people that wait for a release which this person may give, oldest first."""
    held = (
        BackgroundTask.objects.filter(kind=EXPORT, held=True).exclude(person__in=[actor.uid]).order_by("pk")
    )
    return [task for task in held[:SHOWN] if _may_decide(task, actor)]


def decide(uid: UUID, *, actor: Actor, release: bool) -> BackgroundTask:
    """Release a held export to its owner, or refuse it, which removes the file.

    Raises
    ------
    NotFound
        There is no such export, or none that this person may decide upon: nobody releases their own.
    RuleBroken
        Somebody decided before.
    """
    may_write(actor)
    with transaction.atomic():
        task = BackgroundTask.objects.select_for_update().filter(uid=uid, kind=EXPORT).first()
        if task is None or task.person == actor.uid or not _may_decide(task, actor):
            raise NotFound
        if not task.held:
            raise RuleBroken(_("This export was decided upon before."))
        task.held = False
        if release:
            task.expires_at = timezone.now() + KEEP_RESULTS
        else:
            task.file, task.file_name = "", ""
            task.state, task.sentence = BackgroundTask.State.STOPPED, ""
        task.save()
        _note(task, "release" if release else "refuse", actor=actor)
        said = (
            _("%(name)s released it: you can download it now.")
            if release
            else _("%(name)s refused to release it.")
        )
        notify([task.person], DECIDED.name, f"{task.title}: {said % {'name': actor.name}}"[:400])
    return task


def note_download(task: BackgroundTask, actor: Actor) -> None:
    """Record that the owner fetched an export."""
    if task.kind == EXPORT:
        _note(task, "download", actor=actor)


def tell_releasers(task: BackgroundTask) -> None:
    """Tell those who may release it that an export waits, but for its owner."""
    owner = people([task.person]).get(task.person)
    actors = (actor_of(uid) for uid in sorted(holders_of(RELEASE) - {task.person}))
    releasers = [one.uid for one in actors if one is not None and one.uid and _may_decide(task, one)]
    words = {"name": owner.name if owner else "", "title": task.title}
    text = _("%(name)s asks to release an export: %(title)s") % words
    notify(releasers, WAITS.name, text[:400], once=f"release:{task.uid}:{task.run}")


def _may_decide(task: BackgroundTask, actor: Actor) -> bool:
    """Whether the person releases exports of that list for one of the units where its owner holds a post."""
    resource, reach = all_resources().get(task.order["resource"]), actor.reach(RELEASE)
    needed = "reveal" if task.order.get("reveal") else "view"
    if resource is None or not actor.holds(f"{resource.kind}:{needed}") or not reach:
        return False
    owner = actor_of(task.person)
    return reach.everything or (owner is not None and not reach.units.isdisjoint(owner.units))


def _note(task: BackgroundTask, verb: str, *, actor: Actor) -> None:
    resource = all_resources().get(task.order["resource"])
    if resource is not None:
        facts = {"task": (None, task.title)}
        note(RecordKey(resource.kind, task.uid), actor=actor, verb=verb, facts=facts)


def _expired(task: BackgroundTask) -> None:
    _note(task, "expire", actor=system_actor("exports"))


background.tell_expiry(EXPORT, _expired)
background.tell_holding(EXPORT, tell_releasers)
