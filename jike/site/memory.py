"""What a process that lives long does about its memory."""

import gc

__all__ = ["spare_what_stays"]


def spare_what_stays() -> None:
    """Leave what is loaded by now, which stays until the end, out of every later search for unreachable objects.

    Going through some 700,000 of them took 75 ms each time, a third of the work of a bulk edit.
    """
    gc.collect()
    gc.freeze()
