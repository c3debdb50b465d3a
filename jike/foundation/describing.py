"""An interface for programs that describes itself (OpenAPI) once: that takes a second, and the answer never changes."""

from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

__all__ = ["DescribedOnce"]


class DescribedOnce(NinjaAPI):
    """Keeps its description from the first request on, when every entity is known."""

    _description: OpenAPISchema | None = None

    def get_openapi_schema(self, **place: Any) -> OpenAPISchema:
        """Return the description; an interface lies at one place only."""
        if self._description is None:
            self._description = super().get_openapi_schema(**place)
        return self._description
