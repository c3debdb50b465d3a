"""From a number to its place in a list, for many numbers at once: by address, never by search."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.integer]

PAGE_BITS = 8
PAGE = 1 << PAGE_BITS
DENSE = 1 << 24
MOST_ENTRIES = 1 << 26


class TooSpread(Exception):
    """The numbers lie too far apart to be found by address within the memory allowed."""


class Lookup:
    """Finds places of keys: by one table over their whole range, or by pages of 256 where the range is wide.

    Telephone numbers come in blocks, so that two hundred thousand of them fill few pages of the six billion possible.

    Parameters
    ----------
    keys
        Distinct whole numbers.

    Raises
    ------
    TooSpread
        The tables would have more than 2^26 entries.

    Examples
    --------
    >>> Lookup(np.array([13800000000, 15900000007])).places(np.array([15900000007, 5, 13800000001]))
    array([2, 0, 0], dtype=int32)
    """

    def __init__(self, keys: Numbers) -> None:
        keys = keys.astype(np.int64)
        self.low = int(keys.min()) if len(keys) else 0
        self.width = int(keys.max()) - self.low + 1 if len(keys) else 1
        numbers, away = np.arange(1, len(keys) + 1, dtype=np.int32), keys - self.low
        self.directory: Numbers | None = None
        if self.width <= DENSE:
            self.entries = np.zeros(self.width + 1, dtype=np.int32)
            self.entries[away] = numbers
            return
        pages, at = np.unique(away >> PAGE_BITS, return_inverse=True)
        directory_size = (self.width >> PAGE_BITS) + 2
        if directory_size + (len(pages) + 1) * PAGE > MOST_ENTRIES:
            raise TooSpread(f"{len(keys):,} keys lie in {len(pages):,} pages")
        self.directory = np.zeros(directory_size, dtype=np.int32)
        self.directory[pages] = np.arange(1, len(pages) + 1, dtype=np.int32) * PAGE
        self.entries = np.zeros((len(pages) + 1) * PAGE, dtype=np.int32)
        self.entries[(at.reshape(-1) + 1) * PAGE + away % PAGE] = numbers

    def places(self, keys: Numbers) -> Numbers:
        """Return the place of each key counted from 1, and 0 for keys that are not there."""
        away = keys - np.int64(self.low)
        outside = away.view(np.uint64) > self.width
        if outside.any():
            away[outside] = self.width
        if self.directory is None:
            return self.entries.take(away)
        return self.entries.take(self.directory.take(away >> PAGE_BITS) + away % PAGE)
