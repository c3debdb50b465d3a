"""A process beside this one, to which long writing hands pure work over values: keys of names, entries to search by.

Whoever writes very many rows keeps it open (`helped`); what is called on the way asks it (`ask`). Where none is open,
or it has died, the asker does the work by itself: the helper changes when something is ready, never what comes out.
"""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context, parent_process
from threading import Lock, Thread
from typing import ParamSpec, TypeVar

__all__ = ["ask", "helped", "helping"]

P = ParamSpec("P")
T = TypeVar("T")


class _Assistant:
    """The process, and how many blocks keep it open."""

    def __init__(self) -> None:
        self.lock, self.users = Lock(), 0
        self.pool: ProcessPoolExecutor | None = None

    def open(self) -> None:
        with self.lock:
            self.users += 1
            if self.pool is None:
                context = get_context("spawn")
                self.pool = ProcessPoolExecutor(1, mp_context=context, initializer=_end_with_parent)

    def close(self) -> None:
        with self.lock:
            self.users -= 1
            ended = self.pool if not self.users else None
            self.pool = None if ended else self.pool
        if ended is not None:
            ended.shutdown()


_assistant = _Assistant()


@contextmanager
def helped(*, by_another: bool = True) -> Iterator[None]:
    """Keep the process open while the block runs; with ``by_another`` false, this one does everything."""
    if not by_another or (os.cpu_count() or 1) < 2:
        yield
        return
    _assistant.open()
    try:
        yield
    finally:
        _assistant.close()


def helping() -> bool:
    """Whether there is a process to ask."""
    return _assistant.pool is not None


def ask(work: Callable[P, T], *args: P.args, **options: P.kwargs) -> Callable[[], T]:
    """Begin ``work`` in the other process; what is returned waits for its answer.

    ``work`` and what it is given cross by pickle, so it is a function of a module that knows no Django.
    """
    own, pool = partial(work, *args, **options), _assistant.pool
    if pool is None:
        return own
    try:
        future: Future[T] = pool.submit(work, *args, **options)
    except RuntimeError:  # closed meanwhile, or broken
        return own

    def answer() -> T:
        try:
            return future.result()
        except BrokenProcessPool:
            return own()

    return answer


def _end_with_parent() -> None:
    """End when the process that asks is killed, which tells its helper nothing."""
    parent = parent_process()
    if parent is not None:
        Thread(target=_wait_for_end, args=(parent.join,), daemon=True).start()


def _wait_for_end(wait: Callable[[], None]) -> None:
    wait()
    os._exit(1)
