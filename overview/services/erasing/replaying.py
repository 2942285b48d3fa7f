"""After a restore: erase again who is in the ledger and in the database once more."""

from __future__ import annotations

import logging
from datetime import datetime

from accounts.queries import people_here
from mentorship.lib.refusals import NotPossible
from overview.models import Erasure
from overview.services.erasing import ledger
from overview.services.erasing.carrying_out import carry_out

log = logging.getLogger(__name__)


def replay(*, at: datetime) -> tuple[int, int]:
    """Erase whoever of the restored people the ledger names; gives how many, and how many wait for the clock.

    Somebody waits where the backup has a case still open in which they may be, or where it failed: their request
    stands, and the sweep tries again. Twice is once.
    """
    named, found, done = ledger.read(), 0, 0
    for person in people_here().order_by("pk").iterator():
        if named.isdisjoint(ledger.pseudonyms(person)):
            continue
        found += 1
        asked = {"asked_at": at, "ready_at": at, "due_at": at}
        erasure, _ = Erasure.objects.standing().get_or_create(person=person, defaults=asked)
        Erasure.objects.filter(pk=erasure.pk, ready_at__gt=at).update(asked_at=at, ready_at=at)
        try:
            done += carry_out(erasure.pk, at=at)
        except NotPossible:
            log.info("Erasure %s is tried again.", erasure.pk)
        except Exception:  # the sweep tries it again
            log.exception("Erasure %s could not be carried out.", erasure.pk)
    return done, found - done
