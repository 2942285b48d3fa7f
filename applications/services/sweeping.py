"""Messages that the clock writes to many, each once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from outbox import services as outbox
from outbox.models import Message


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
