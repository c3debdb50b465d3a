"""Addresses below each Resource's slug; the converter turns the slug into the Resource itself."""

from django.urls import path, register_converter

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


register_converter(ResourceConverter, "resource")
app_name = "resource"
urlpatterns = [
    path("choices/<str:source>/", choices.offer, name="choices"),
    path("<resource:resource>/", layouts.show, name="list"),
    path("<resource:resource>/count/", lists.count, name="count"),
    path("<resource:resource>/board/", board.more, name="board_more"),
    path("<resource:resource>/board/sums/", board.add_up, name="board_sums"),
    path("<resource:resource>/filter/", filters.build, name="filter"),
    path("<resource:resource>/views/", views.keep, name="keep_view"),
    path("<resource:resource>/views/<uuid:uid>/drop/", views.drop, name="drop_view"),
    path("<resource:resource>/bin/", lists.bin_, name="bin"),
    path("<resource:resource>/draft/", forms.draft, name="draft"),
    path("<resource:resource>/draft/discard/", forms.discard, name="discard"),
    path("<resource:resource>/similar/", forms.similar, name="similar"),
    path("<resource:resource>/lines/<slug:name>/check/", lines.check_new, name="check_new_lines"),
    path("<resource:resource>/new/", forms.add, name="add"),
    path("<resource:resource>/bulk/", bulk.choose, name="bulk"),
    path("<resource:resource>/bulk/edit/", bulk.edit, name="bulk_edit"),
    path("<resource:resource>/bulk/undo/<uuid:edit>/", bulk.take_back, name="bulk_undo"),
    path("<resource:resource>/export/", exports.choose, name="export"),
    path("<resource:resource>/export/start/", exports.start, name="export_start"),
    path("<resource:resource>/import/", imports.start, name="import"),
    path("<resource:resource>/import/template/", imports.template, name="import_template"),
    path("<resource:resource>/import/<uuid:uid>/", imports.show, name="import_run"),
    path("<resource:resource>/import/<uuid:uid>/columns/", imports.columns, name="import_columns"),
    path("<resource:resource>/import/<uuid:uid>/values/", imports.values, name="import_values"),
    path("<resource:resource>/import/<uuid:uid>/act/", imports.act, name="import_act"),
    path("<resource:resource>/<uuid:uid>/", records.page, name="record"),
    path("<resource:resource>/<uuid:uid>/drawer/", records.drawer, name="drawer"),
    path("<resource:resource>/<uuid:uid>/edit/", forms.change, name="change"),
    path("<resource:resource>/<uuid:uid>/bring-back/", records.bring_back, name="bring_back"),
    path("<resource:resource>/<uuid:uid>/star/", records.star, name="star"),
    path("<resource:resource>/<uuid:uid>/timeline/", timeline.show, name="timeline"),
    path("<resource:resource>/<uuid:uid>/move/", moving.move, name="move"),
    path("<resource:resource>/<uuid:uid>/remove/", records.remove, name="remove"),
    path("<resource:resource>/<uuid:uid>/restore/", records.restore, name="restore"),
    path("<resource:resource>/<uuid:uid>/fact/<slug:name>/", records.edit_fact, name="fact"),
    path("<resource:resource>/<uuid:uid>/lines/<slug:name>/", lines.store, name="lines"),
    path("<resource:resource>/<uuid:uid>/lines/<slug:name>/check/", lines.check, name="check_lines"),
    path("<resource:resource>/<uuid:uid>/tab/<slug:name>/", records.tab, name="tab"),
    path("<resource:resource>/<uuid:uid>/around/", records.around, name="around"),
]
