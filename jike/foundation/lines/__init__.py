"""Rows of a child entity edited as a spreadsheet within their parent: a quote's lines, an opportunity's products.

A capability declares `Lines` among the panels of the parent's Resource; the parent's form and record then show the
grid. What was typed arrives as a `Taken` at the capability's own action, which stores it with `store_lines`.
"""

from jike.foundation.lines.declaration import Lines, lines_of
from jike.foundation.lines.sheet import Sheet
from jike.foundation.lines.storing import LineEntry, LinesInvalid, Taken, store_lines

__all__ = ["LineEntry", "Lines", "LinesInvalid", "Sheet", "Taken", "lines_of", "store_lines"]
