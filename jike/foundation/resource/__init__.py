"""The resource machinery: one declaration gives an entity list, record, form, bin, bulk edit, export and API."""

from jike.foundation.resource.attributes import Look
from jike.foundation.resource.declaration import Panel, Resource, Section, Verb
from jike.foundation.resource.registry import Contribution, register

__all__ = ["Contribution", "Look", "Panel", "Resource", "Section", "Verb", "register"]
