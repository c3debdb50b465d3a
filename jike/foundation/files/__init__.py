"""Attachments: files on any record, with that record's rights, their bytes outside the database.

`attach` takes an upload, `attachment` finds one for reading, `detach` and `reattach` are removal and its undoing,
`attachments_of` lists, `open_attachment` gives the bytes.
"""

from jike.foundation.files.attaching import (
    attach,
    attachment,
    attachments_of,
    detach,
    open_attachment,
    reattach,
)
from jike.foundation.files.naming import clean_file_name
from jike.foundation.files.receiving import received_file
from jike.foundation.files.sweeping import sweep_files

__all__ = [
    "attach",
    "attachment",
    "attachments_of",
    "clean_file_name",
    "detach",
    "open_attachment",
    "reattach",
    "received_file",
    "sweep_files",
]
