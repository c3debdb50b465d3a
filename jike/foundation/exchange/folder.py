"""Files laid into a folder are imported by themselves, in the name of one person, and come to rest beside their result.

Below the folder lies one folder for each list (``customers/``), and in it, where wanted, one for each mapping kept by
name. A file is taken once it has not grown for a while; it is moved before its rows are read, so that it is taken once,
and an import that broke off goes on with the file that was moved.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.utils import timezone, translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jike.foundation.customising import customised
from jike.foundation.directory import Someone, actor_of, people_called
from jike.foundation.errors import JikeError, RuleBroken
from jike.foundation.exchange.running import done_sentence, write_refused
from jike.foundation.exchange.tables import TEXTS, WORKBOOKS
from jike.foundation.exchange.tallying import Tally
from jike.foundation.exchange.unattended import How, read_in, take_in
from jike.foundation.files import clean_file_name
from jike.foundation.jobs import Progress, job
from jike.foundation.models import ImportRun
from jike.foundation.notify import Channel, Topic, declare_topics, notify
from jike.foundation.resource.declaration import Resource
from jike.foundation.resource.registry import all_resources
from jike.foundation.scope import Actor

__all__ = ["DONE", "TAKEN", "take_in_folder", "waiting_files"]

TAKEN, DONE = ".taken", "done"
SETTLED_SECONDS = 10
"""A file that was written to this lately may still be growing."""
State = ImportRun.State
TAKEN_IN = Topic(
    "foundation.folder_import", gettext_lazy("A file in the import folder was taken in"), Channel.APP
)
declare_topics(TAKEN_IN)


@job("exchange.take_in_folder", label=gettext_lazy("Import files from the folder"), cron="* * * * *")
def take_in_folder(*, progress: Progress) -> None:
    """Import what waits in the folder; does nothing where none is set."""
    root: Path | None = settings.IMPORT_FOLDER
    if root is None:
        return
    person = _person(settings.IMPORT_PERSON)
    with translation.override(person.language):
        for path, slug, mapping in waiting_files(root):
            _take(path, customised(all_resources()[slug]), mapping, person=person, progress=progress)


def waiting_files(root: Path) -> Iterator[tuple[Path, str, str]]:
    """Yield (file, list, mapping or "") of files that wait, those of a broken attempt first."""
    now = timezone.now().timestamp()
    for folder in sorted(one for one in root.iterdir() if one.is_dir() and one.name in all_resources()):
        for place in (folder, *sorted(one for one in folder.iterdir() if one.is_dir())):
            if place.name in (TAKEN, DONE):
                continue
            mapping = "" if place == folder else place.name
            taken = place / TAKEN
            for path in (*(sorted(taken.iterdir()) if taken.is_dir() else ()), *sorted(place.iterdir())):
                usable = path.is_file() and path.suffix.lower() in WORKBOOKS | TEXTS
                if usable and not path.is_symlink() and now - path.stat().st_mtime >= SETTLED_SECONDS:
                    yield path, folder.name, mapping


def _take(path: Path, resource: Resource, mapping: str, *, person: Someone, progress: Progress) -> None:
    actor = actor_of(person.uid)
    if actor is None:
        raise RuleBroken(_("%(name)s may no longer sign in.") % {"name": person.name})
    place = path.parent.parent if path.parent.name == TAKEN else path.parent
    run, path = _begun(path, place, resource, mapping=mapping, actor=actor)
    if isinstance(run, str):
        _rest(path, place, run, person=person)
        return
    try:
        tally = Tally.of(run.counts) if run.state == State.DONE else None
        tally = tally or take_in(run, resource, actor=actor, report=progress)
    except JikeError as error:
        _rest(path, place, str(error), person=person)
        return
    result = path.with_name(f"{path.stem}.refused.xlsx")
    if write_refused(run, resource, result, author=actor.name):
        _move(result, place / DONE)
    _rest(path, place, f"{capfirst(str(resource.plural))}: {done_sentence(tally)}", person=person)


def _begun(
    path: Path, place: Path, resource: Resource, *, mapping: str, actor: Actor
) -> tuple[ImportRun | str, Path]:
    """Return the run of the file, begun or gone on with, and where the file lies now; a sentence where it has none."""
    if path.parent.name == TAKEN:
        uid = path.name[:36]
        run = ImportRun.objects.filter(uid=uid, resource=resource.slug).first()
        if run is not None:
            return run, path
    try:
        with path.open("rb") as content:
            run = read_in(resource, path.name, content, how=How(mapping=mapping), actor=actor)
    except JikeError as error:
        return str(error) or _("There is no such mapping, or no right to import."), path
    taken = place / TAKEN
    taken.mkdir(exist_ok=True)
    return run, path.rename(taken / f"{run.uid} {path.name}")


def _rest(path: Path, place: Path, sentence: str, *, person: Someone) -> None:
    """Move the file to where it rests, with the sentence beside it, and tell the person."""
    rested = _move(path, place / DONE)
    rested.with_name(f"{rested.name}.txt").write_text(f"{sentence}\n", encoding="utf-8")
    notify([person.uid], TAKEN_IN.name, f"{rested.name}: {sentence}"[:400], once=f"folder:{rested.name}")


def _move(path: Path, folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    name = path.name[37:] if path.parent.name == TAKEN else path.name
    target = folder / clean_file_name(f"{timezone.localtime():%Y-%m-%d %H%M%S} {name}")
    return Path(shutil.move(path, target))


def _person(number: str) -> Someone:
    found = [one for one in people_called(number, limit=20) if one.number == number]
    if not found:
        raise RuleBroken(_("Nobody who may sign in has the staff number %(number)s.") % {"number": number})
    return found[0]
