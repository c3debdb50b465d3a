"""`Record`: the shape every business row shares, and what a model states beside its fields.

A model states where its rows lie (`SCOPE`), which fields need a further permission (`SEALED`), which actions it knows
(`ACTIONS`), on which side its permissions lie (`DOMAIN`) and who masters its rows (`HOME`). The gates read these; the
model itself does nothing.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from jike.values.identifiers import uid7
from jike.values.rights import Domain

STANDARD_ACTIONS: Mapping[str, Any] = {
    "view": _("View"),
    "add": _("Add"),
    "change": _("Change"),
    "remove": _("Remove"),
}

STOPPED = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
"""What lists read (`Record.READS`) instead of a moment due while the clock stands still; none is so early."""


class RecordKey(NamedTuple):
    """How rows of any kind are named across capabilities and across provinces."""

    kind: str
    uid: UUID


@dataclass(frozen=True)
class Derived:
    """A field computed from others, or made plain from itself: both write gates fill it, so none needs a ``save``."""

    source: str | tuple[str, ...]
    compute: Callable[..., Any]
    """Takes the sources' values in order and never raises: what cannot be computed is the validators' to tell.

    What is made plain from itself leaves nothing as it is.
    """

    @property
    def sources(self) -> tuple[str, ...]:
        """The attribute names of the fields it is computed from."""
        return (self.source,) if isinstance(self.source, str) else self.source


class Searchable(NamedTuple):
    """What of a kind enters the one search index (`jike.foundation.search`); every entry is a field's name."""

    title: str
    """Shown in results; found by any two characters, by pinyin and by initials."""
    names: tuple[str, ...] = ()
    """Further names, found the same way."""
    codes: tuple[str, ...] = ()
    """Found by their beginning, case and separators ignored."""
    phones: tuple[str, ...] = ()
    """Found by their last four or more digits; a sealed one only by those who may read it, and then exactly."""
    context: tuple[str, ...] = ()
    """Shown beside the title (paths may cross one foreign key), never searched."""


class Matchable(NamedTuple):
    """By what rows of a kind that mean one party are told (`jike.foundation.matching`); every entry is a field's name.

    Whoever merges such rows needs the kind's action ``merge``, whoever divides one the action ``split``.
    """

    companies: tuple[str, ...] = ()
    """Names of a company, the registered one first."""
    people: tuple[str, ...] = ()
    """Names of a person."""
    region: str = ""
    codes: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    mails: tuple[str, ...] = ()
    within: str = ""
    """The foreign key below which people of like names are compared."""


class Record(models.Model):
    """A business row: named by ``uid`` everywhere, counted up by ``version``, kept in the recycle bin when removed."""

    SCOPE: ClassVar[Mapping[str, str]] = {}
    """``{"own": field holding the owner's id, "unit": field holding the unit's id}``; without it only ALL reaches."""
    SEALED: ClassVar[Mapping[str, str]] = {}
    """Field → permission that opens it."""
    ACTIONS: ClassVar[Mapping[str, Any]] = STANDARD_ACTIONS
    """Action → label; together with the kind they are the permissions."""
    DOMAIN: ClassVar[Domain] = Domain.BUSINESS
    """The side on which the kind's permissions lie, save those that `DOMAINS` (action → domain) puts elsewhere."""
    DOMAINS: ClassVar[Mapping[str, Domain]] = {}
    HOME: ClassVar[str] = "province"
    """Who masters the rows: ``headquarters`` or ``province``."""
    VERBS: ClassVar[Mapping[str, Any]] = {}
    """Labels of the acts that the history knows and that need no permission of their own."""
    FACTS: ClassVar[Mapping[str, Any]] = {}
    """Labels of what the history notes beside the fields (an address, a method)."""
    READS: ClassVar[Mapping[str, Any]] = {}
    """Field → expression that lists read in its place, where the column alone does not say enough to show it."""
    DERIVED: ClassVar[Mapping[str, Derived]] = {}
    """Field → how it is computed, in this order."""
    SEARCH: ClassVar[Searchable | None] = None
    """How rows enter the search index; both write gates keep it true in the same transaction."""
    MATCH: ClassVar[Matchable | None] = None
    """How doubles are found; both write gates keep the keys true in the same transaction."""
    DOUBTS: ClassVar[Mapping[str, Callable[[str], str]]] = {}
    """Field → what an import says of a text that is stored although it looks wrong; "" where nothing is odd."""
    UNRECORDED: ClassVar[frozenset[str]] = frozenset()
    """Fields whose values never enter the change stream (secrets); that they changed does."""

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(_("uid"), default=uid7, unique=True, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    @classmethod
    def kind(cls) -> str:
        """The kind's name, ``"organisation.unit"``: the first half of its permissions and of a `RecordKey`."""
        return cls._meta.label_lower

    @property
    def key(self) -> RecordKey:
        """This row's name for everyone who must not import its model."""
        return RecordKey(self.kind(), self.uid)
