"""Messages that the clock writes to many: in sets, each person once, and nobody's failure holds back anybody else."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from django.db import transaction

from outbox import services as outbox
from outbox.models import Message

log = logging.getLogger(__name__)
BATCH = 200


def in_sets(pks: Sequence[int], send: Callable[[Sequence[int]], int]) -> int:
    """Send to all in sets of `BATCH`, a transaction for each; a set that fails is tried again person by person."""
    return sum(_send(pks[start : start + BATCH], send) for start in range(0, len(pks), BATCH))


def _send(pks: Sequence[int], send: Callable[[Sequence[int]], int]) -> int:
    try:
        with transaction.atomic():
            return send(pks)
    except Exception:
        if len(pks) == 1:
            log.exception("No message could be written to application %s.", pks[0])
            return 0
    return sum(_send([pk], send) for pk in pks)


def post_new(template: str, letters: Iterable[tuple[str, outbox.Letter]], *, at: datetime) -> int:
    """Post letters, each given with its programme's slug, but for those of before; how many were new."""
    everybody = list(letters)
    known = set(
        Message.objects.filter(key__in=[letter.key for _, letter in everybody]).values_list("key", flat=True)
    )
    new: dict[str, list[outbox.Letter]] = defaultdict(list)
    for programme, letter in everybody:
        if letter.key not in known:
            new[programme].append(letter)
    for programme, theirs in new.items():
        outbox.post_all(template, theirs, programme=programme, at=at)
    return sum(len(theirs) for theirs in new.values())
