"""The texts people read: which ones the code holds, and how they stand in the Chinese catalogue.

`python -m tests.house.messages` writes the catalogue anew: texts that came are added untranslated, texts that went are
dropped, translations stay. It needs no gettext programs. The tests beside it refuse a catalogue that is behind.
"""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from tests.house.tree import ROOT, Source, sources

CATALOGUE = ROOT / "jike/site/locale/zh_Hans/LC_MESSAGES/django.po"
PLAIN = {"_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None}
PLURAL = {"ngettext": (1, 2), "ngettext_lazy": (1, 2)}
WITH_CONTEXT = {"pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2)}
# One date for good: a catalogue written twice is the same catalogue.
SETTLED = datetime(2026, 1, 1, tzinfo=UTC)
KEYWORDS = {**PLAIN, **PLURAL, **WITH_CONTEXT}

Identity = tuple[str | None, str | tuple[str, ...]]


@dataclass(frozen=True)
class Text:
    """One text to translate: its context, its English, singular and plural where it counts, and where it stands."""

    context: str | None
    english: str | tuple[str, ...]
    place: str

    @property
    def identity(self) -> Identity:
        return self.context, self.english


def texts() -> list[Text]:
    """Every translatable text of the package, in the order of files and lines."""
    return [text for source in sources() if source.path.startswith("jike/") for text in texts_in(source)]


def texts_in(source: Source) -> Iterator[Text]:
    if source.is_template:
        yield from called(templatize(source.text), source.path)
    elif source.is_python and not source.is_migration:
        yield from called(source.text, source.path)
        yield from tabled(source)


def called(code: str, path: str) -> Iterator[Text]:
    """Texts handed to gettext and its relatives."""
    for line, function, arguments, _ in extract_python(
        BytesIO(code.encode()), KEYWORDS, (), {"encoding": "utf-8"}
    ):
        given = [argument for argument in as_tuple(arguments) if argument]
        if not given or function not in KEYWORDS:
            continue
        place = f"{path}:{line}"
        if function in WITH_CONTEXT and len(given) > 1:
            yield Text(given[0], given[1], place)
        elif function in PLURAL and len(given) > 1:
            yield Text(None, (given[0], given[1]), place)
        elif function in PLAIN:
            yield Text(None, given[0], place)


def as_tuple(arguments: str | Iterable[str | None] | None) -> tuple[str | None, ...]:
    """What Babel gives for a call: one text, several, or nothing where a variable stands."""
    return (arguments,) if isinstance(arguments, str) else tuple(arguments or ())


def tabled(source: Source) -> Iterator[Text]:
    """Values of a table called MESSAGES: how code that knows no Django keeps its sentences."""
    for node in source.syntax.body:
        if not isinstance(node, ast.Assign | ast.AnnAssign) or not isinstance(node.value, ast.Dict):
            continue
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if [target.id for target in targets if isinstance(target, ast.Name)] != ["MESSAGES"]:
            continue
        for value in node.value.values:
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                yield Text(None, value.value, f"{source.path}:{value.lineno}")


def catalogue() -> Catalog:
    """The Chinese catalogue as it stands; an empty one when there is none yet."""
    if not CATALOGUE.is_file():
        return new_catalogue()
    with CATALOGUE.open("rb") as lines:
        return read_po(lines, locale="zh_Hans", abort_invalid=True)


def new_catalogue() -> Catalog:
    fresh = Catalog(
        locale="zh_Hans", project="Jike", version="1", header_comment="# Chinese texts of Jike.", fuzzy=False
    )
    fresh.msgid_bugs_address = fresh.last_translator = fresh.language_team = "-"
    fresh.creation_date = fresh.revision_date = SETTLED
    return fresh


def refreshed(old: Catalog, wanted: Iterable[Text]) -> Catalog:
    """A catalogue of exactly the wanted texts, with the translations the old one has."""
    fresh = new_catalogue()
    for text in wanted:
        english = text.english[0] if isinstance(text.english, tuple) else text.english
        known = old.get(english, context=text.context)
        fresh.add(text.english, string=known.string if known else None, context=text.context)
    return fresh


def write(fresh: Catalog) -> None:
    """Write sorted and without line numbers, so that two branches rarely touch the same lines."""
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as lines:
        write_po(lines, fresh, width=110, no_location=True, omit_header=False, sort_output=True)


def main() -> int:
    fresh = refreshed(catalogue(), texts())
    write(fresh)
    missing = [message.id for message in fresh if message.id and not message.string]
    for english in missing:
        print("needs a translation:", english)  # noqa: T201 — a command's output
    return 1 if missing else 0


if __name__ == "__main__":
    raise SystemExit(main())
