"""Addresses below each Resource's slug; the converter turns the slug into the Resource itself."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, register_converter

from jike.foundation.customising import customised
from jike.foundation.pages.resources import (
    board,
    bulk,
    choices,
    exports,
    filters,
    forms,
    imports,
    layouts,
    lines,
    lists,
    moving,
    records,
    timeline,
    views,
    why,
)
from jike.foundation.resource.declaration import Resource
from jike.foundation.resource.registry import all_resources

__all__ = ["urlpatterns"]


class ResourceConverter:
    """The slug of a registered Resource; any other address is not ours."""

    regex = "[a-z][a-z-]*"

    def to_python(self, value: str) -> Resource:
        """Return the Resource; ValueError means that the address is somebody else's."""
        found = all_resources().get(value)
        if found is None:
            raise ValueError(value)
        return found

    def to_url(self, value: Resource | str) -> str:
        """Return the slug."""
        return value if isinstance(value, str) else value.slug


def at(route: str, view: Callable[..., HttpResponseBase], *, name: str) -> URLPattern:
    """Return the path to a view that needs the Resource completed with custom fields and tags."""

    @wraps(view)
    def completed(request: HttpRequest, resource: Resource, **named: Any) -> HttpResponseBase:
        return view(request, resource=customised(resource), **named)

    return path(route, completed, name=name)


register_converter(ResourceConverter, "resource")
app_name = "resource"
urlpatterns = [
    path("choices/<str:source>/", choices.offer, name="choices"),
    at("<resource:resource>/", layouts.show, name="list"),
    at("<resource:resource>/count/", lists.count, name="count"),
    at("<resource:resource>/board/", board.more, name="board_more"),
    at("<resource:resource>/board/sums/", board.add_up, name="board_sums"),
    at("<resource:resource>/filter/", filters.build, name="filter"),
    at("<resource:resource>/views/", views.keep, name="keep_view"),
    path("<resource:resource>/views/<uuid:uid>/drop/", views.drop, name="drop_view"),
    path("<resource:resource>/bin/", lists.bin_, name="bin"),
    at("<resource:resource>/draft/", forms.draft, name="draft"),
    path("<resource:resource>/draft/discard/", forms.discard, name="discard"),
    at("<resource:resource>/similar/", forms.similar, name="similar"),
    path("<resource:resource>/lines/<slug:name>/check/", lines.check_new, name="check_new_lines"),
    at("<resource:resource>/new/", forms.add, name="add"),
    at("<resource:resource>/bulk/", bulk.choose, name="bulk"),
    at("<resource:resource>/bulk/edit/", bulk.edit, name="bulk_edit"),
    at("<resource:resource>/bulk/undo/<uuid:edit>/", bulk.take_back, name="bulk_undo"),
    at("<resource:resource>/export/", exports.choose, name="export"),
    at("<resource:resource>/export/start/", exports.start, name="export_start"),
    at("<resource:resource>/import/", imports.start, name="import"),
    at("<resource:resource>/import/template/", imports.template, name="import_template"),
    at("<resource:resource>/import/<uuid:uid>/", imports.show, name="import_run"),
    at("<resource:resource>/import/<uuid:uid>/columns/", imports.columns, name="import_columns"),
    at("<resource:resource>/import/<uuid:uid>/values/", imports.values, name="import_values"),
    at("<resource:resource>/import/<uuid:uid>/act/", imports.act, name="import_act"),
    at("<resource:resource>/<uuid:uid>/", records.page, name="record"),
    at("<resource:resource>/<uuid:uid>/drawer/", records.drawer, name="drawer"),
    at("<resource:resource>/<uuid:uid>/edit/", forms.change, name="change"),
    at("<resource:resource>/<uuid:uid>/bring-back/", records.bring_back, name="bring_back"),
    path("<resource:resource>/<uuid:uid>/why/", why.why, name="why"),
    path("<resource:resource>/<uuid:uid>/star/", records.star, name="star"),
    at("<resource:resource>/<uuid:uid>/timeline/", timeline.show, name="timeline"),
    path("<resource:resource>/<uuid:uid>/move/", moving.move, name="move"),
    path("<resource:resource>/<uuid:uid>/remove/", records.remove, name="remove"),
    path("<resource:resource>/<uuid:uid>/restore/", records.restore, name="restore"),
    at("<resource:resource>/<uuid:uid>/fact/<str:name>/", records.edit_fact, name="fact"),
    path("<resource:resource>/<uuid:uid>/lines/<slug:name>/", lines.store, name="lines"),
    path("<resource:resource>/<uuid:uid>/lines/<slug:name>/check/", lines.check, name="check_lines"),
    at("<resource:resource>/<uuid:uid>/tab/<slug:name>/", records.tab, name="tab"),
    path("<resource:resource>/<uuid:uid>/around/", records.around, name="around"),
]
