"""Data in and out of files: what an entity's list shows leaves as a workbook or as text."""

from jike.foundation.exchange.exporting import export_rows, order_export
from jike.foundation.exchange.writing import FileType

__all__ = ["FileType", "export_rows", "order_export"]
