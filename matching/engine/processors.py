"""Work on matrices shared out among processors by ourselves.

BLAS waits for all its threads at the end of each product, so that on a machine with other work it loses most
of its speed. Each of our threads takes the next piece instead, with BLAS on one thread.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Lock

import numpy as np

_ONE_AT_A_TIME = Lock()
"""The number of OpenBLAS's threads is the whole process's: two who change it at once would restore the wrong one."""


def share(work: Callable[[int], None], pieces: int, after_each: Callable[[], None]) -> None:
    """Call `work` with 0 up to `pieces`, on all processors; what `after_each` raises stops it all."""
    with _single_products() as is_single:
        processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        if pieces < 2 or processors < 2 or not is_single:
            for piece in range(pieces):
                work(piece)
                after_each()
            return
        pool = ThreadPoolExecutor(processors)
        try:
            for _ in pool.map(work, range(pieces)):
                after_each()
        finally:
            pool.shutdown(cancel_futures=True)


@contextmanager
def _single_products() -> Iterator[bool]:
    """Keeps numpy's own OpenBLAS on one thread meanwhile; says whether that is so."""
    library = ctypes.CDLL(getattr(getattr(np.linalg, "_umath_linalg", None), "__file__", None))
    names = ("scipy_openblas_get_num_threads64_", "scipy_openblas_set_num_threads64_")
    if not all(hasattr(library, name) for name in names):
        yield False
        return
    get, set_threads = (getattr(library, name) for name in names)
    with _ONE_AT_A_TIME:
        before = get()
        set_threads(1)
        try:
            yield True
        finally:
            set_threads(before)
