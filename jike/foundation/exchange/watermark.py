"""Who took a list out, and when: behind the cells of a workbook, at the foot of its printed pages, in its properties.

A .csv has no place for it; there the file's name says who and when.
"""

import io
import json
from pathlib import Path

import noto_cjk_sans_otc
import typst
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

__all__ = ["Watermark"]

TEMPLATE = Path(__file__).with_name("watermark.typ")
FONTS = Path(noto_cjk_sans_otc.__file__).parent


class Watermark:
    """The mark of one file; ``lines`` say who and when."""

    def __init__(self, *lines: str) -> None:
        self.lines = [line for line in lines if line]
        told = json.dumps(self.lines, ensure_ascii=False)
        self.tile = typst.compile(
            TEMPLATE, font_paths=[FONTS], ignore_system_fonts=True, format="png", sys_inputs={"mark": told}
        )

    @property
    def text(self) -> str:
        """The mark on one line."""
        return " · ".join(self.lines)

    def mark_book(self, book: Workbook) -> None:
        """Write the mark among the workbook's own properties, where it stays when sheets are copied."""
        book.set_custom_property("Exported", self.text[:255])

    def mark_sheet(self, sheet: Worksheet) -> None:
        """Lay the mark behind the cells and at the foot of printed pages."""
        sheet.set_background(io.BytesIO(self.tile))
        sheet.set_footer(f"&L{self.text.replace('&', '&&')[:200]}&R&P / &N")
