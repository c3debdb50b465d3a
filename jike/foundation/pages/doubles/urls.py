"""Addresses of doubles, below each Resource's own."""

from django.urls import path

from jike.foundation.matching import matched_models
from jike.foundation.pages.doubles import queue, side_by_side
from jike.foundation.pages.resources import urls  # noqa: F401  registers the converter
from jike.foundation.resource.registry import all_resources

__all__ = ["urlpatterns"]

app_name = "doubles"
urlpatterns = [
    path("<resource:resource>/doubles/", queue.queue, name="queue"),
    path("<resource:resource>/doubles/decide/", queue.settle, name="settle"),
    path("<resource:resource>/merge/", side_by_side.combine, name="merge"),
    path("<resource:resource>/merge/begin/", side_by_side.begin, name="begin"),
    path("<resource:resource>/merges/<uuid:uid>/undo/", queue.undo, name="undo"),
    path("<resource:resource>/<uuid:uid>/split/", side_by_side.divide, name="split"),
    *(
        path(f"{one.slug}/<uuid:uid>/doubles/", queue.of_record, {"resource": one}, name=f"of_{one.slug}")
        for one in all_resources().values()
        if one.model in matched_models()
    ),
]
"""A verb's address takes a uid alone, so each Resource has one of its own for the doubles of a record."""
