"""How columns and values were read before: kept by name, and the last reading of all without one."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from jike.foundation.errors import NotFound, RuleBroken
from jike.foundation.exchange.mapping import plain_title
from jike.foundation.models import ImportMapping, ImportRun
from jike.values.errors import InvalidValue
from jike.values.text import clean_line

__all__ = [
    "apply_mapping",
    "known_columns",
    "known_values",
    "mappings_of",
    "remember",
    "save_mapping",
]

LAST = ""
NAME_LENGTH = 60
MOST = 50


def mappings_of(run: ImportRun) -> list[ImportMapping]:
    """Return the mappings that the person has kept by name for this list."""
    return list(_own(run).exclude(name=LAST).order_by("name"))


def known_columns(run: ImportRun) -> dict[str, str]:
    """Return header → field as chosen before."""
    last = _own(run).filter(name=LAST).first()
    return dict(last.columns) if last else {}


def known_values(run: ImportRun) -> dict[str, dict[str, str]]:
    """Return field → {text of a cell: what it stands for} as chosen before."""
    last = _own(run).filter(name=LAST).first()
    return {name: dict(texts) for name, texts in last.values.items()} if last else {}


def remember(run: ImportRun, header: Sequence[Any]) -> None:
    """Keep how this run reads its columns and values as the person's last reading, beside what is known already."""
    with transaction.atomic():
        last, _made = ImportMapping.objects.select_for_update().get_or_create(
            person=run.person, resource=run.resource, name=LAST
        )
        last.columns = {**last.columns, **_by_title(run, header)}
        for name, texts in run.values.items():
            last.values[name] = {**last.values.get(name, {}), **texts}
        last.save()


def save_mapping(run: ImportRun, header: Sequence[Any], name: str) -> ImportMapping:
    """Keep how this run reads its file under a name; the same name is written over.

    Raises
    ------
    RuleBroken
        The name is empty or too long, or there are too many.
    """
    try:
        title = clean_line(name, limit=NAME_LENGTH)
    except InvalidValue:
        title = ""
    if not title:
        raise RuleBroken(_("Give the mapping a name of at most %(most)s characters.") % {"most": NAME_LENGTH})
    if _own(run).exclude(name=title).count() > MOST:
        raise RuleBroken(_("You keep %(most)s mappings already; remove one first.") % {"most": MOST})
    kept = {"columns": _by_title(run, header), "values": run.values, "mode": run.mode, "key": run.key}
    found, _made = ImportMapping.objects.update_or_create(
        person=run.person, resource=run.resource, name=title, defaults=kept
    )
    return found


def apply_mapping(run: ImportRun, header: Sequence[Any], name: str) -> None:
    """Read the run's file as the mapping of that name says.

    Raises
    ------
    NotFound
        The person keeps none of that name for this list.
    """
    found = _own(run).filter(name=name).exclude(name=LAST).first()
    if found is None:
        raise NotFound(_("There is no mapping “%(name)s”.") % {"name": name})
    columns: Mapping[str, str] = found.columns
    titles = [plain_title(cell) for cell in header]
    run.columns = {str(place): columns[title] for place, title in enumerate(titles) if title in columns}
    run.values, run.mode, run.key = found.values, found.mode, found.key
    run.save()


def _own(run: ImportRun) -> Any:
    return ImportMapping.objects.filter(person=run.person, resource=run.resource)


def _by_title(run: ImportRun, header: Sequence[Any]) -> dict[str, str]:
    titles = {str(place): plain_title(cell) for place, cell in enumerate(header)}
    return {titles[column]: name for column, name in run.columns.items() if titles.get(column)}
