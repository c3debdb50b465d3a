"""Data in and out of files: lists leave as workbooks or text; files of rows become records, checked and undoable."""

from jike.foundation.exchange.bulk_tasks import edit_rows, undo_edit
from jike.foundation.exchange.exporting import export_rows, order_export
from jike.foundation.exchange.folder import take_in_folder
from jike.foundation.exchange.importing import check_import, run_import, undo_import
from jike.foundation.exchange.search_upkeep import settle_search
from jike.foundation.exchange.writing import FileType

__all__ = [
    "FileType",
    "check_import",
    "edit_rows",
    "export_rows",
    "order_export",
    "run_import",
    "settle_search",
    "take_in_folder",
    "undo_edit",
    "undo_import",
]
