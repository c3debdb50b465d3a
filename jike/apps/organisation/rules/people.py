"""What identifies a person: the form of a staff number."""

import re

__all__ = ["staff_no_fits"]

_STAFF_NO = re.compile(r"[0-9A-Z][0-9A-Z._-]*")


def staff_no_fits(staff_no: str) -> bool:
    """Whether the text (already cleaned: half width, upper case) can be a staff number."""
    return _STAFF_NO.fullmatch(staff_no) is not None
