"""The act that leads from a record to its doubles."""

from django.utils.translation import gettext_lazy as _

from jike.foundation.resource import Contribution, Resource
from jike.foundation.resource.declaration import Verb

__all__ = ["doubles_of"]


def doubles_of(resource: Resource) -> Contribution:
    """Return what every Resource with ``MATCH`` gets: the way to what is like a record."""
    verb = Verb("merge", _("Doubles"), "copy", f"doubles:of_{resource.slug}")
    return Contribution(resource.kind, verbs=(verb,))
