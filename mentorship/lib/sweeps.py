"""What the clock does for many: in sets, and nobody's failure holds back anybody else."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from django.db import transaction

log = logging.getLogger(__name__)
BATCH = 200


def in_sets(pks: Sequence[int], act: Callable[[Sequence[int]], int], *, what: str, size: int = BATCH) -> int:
    """Act on all in sets, a transaction for each; a set that fails is tried again one by one.

    `act` gives how many it did; the sum is returned. `what` names one of them in the log: “application”.
    """
    return sum(_act(pks[start : start + size], act, what) for start in range(0, len(pks), size))


def _act(pks: Sequence[int], act: Callable[[Sequence[int]], int], what: str) -> int:
    try:
        with transaction.atomic():
            return act(pks)
    except Exception:
        if len(pks) == 1:
            log.exception("No message could be written to %s %s.", what, pks[0])
            return 0
    return sum(_act([pk], act, what) for pk in pks)
