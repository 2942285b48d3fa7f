"""The clock's part: erase who asked for it, once it is ready and nothing holds it."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction

from concerns.queries import open_cases_about
from concerns.services import tell_that_an_erasure_waits
from mentorship.lib.refusals import NotPossible
from overview.models import Erasure
from overview.services.erasing import ledger
from overview.services.erasing.erasure import erase, shut

log = logging.getLogger(__name__)


def carry_out_due(*, at: datetime) -> int:
    """Erase everybody whose request is ready; gives how many. Each alone: who fails holds back nobody.

    Killed in between, nothing of that person is done, and the next sweep begins anew; two at once do each one once.
    """
    done = 0
    for pk in list(Erasure.objects.ready(at).values_list("pk", flat=True)):
        try:
            done += carry_out(pk, at=at)
        except NotPossible:
            log.info("Erasure %s is tried again.", pk)
        except Exception:  # it is tried again with the next sweep
            log.exception("Erasure %s could not be carried out.", pk)
    return done


@transaction.atomic
def carry_out(pk: int, *, at: datetime) -> bool:
    """One request under its lock; whether it was done now. An open case in which the person may be holds it.

    Its handlers are told that one waits; to everybody else it looks as if it were done. The ledger comes last, so that
    it names nobody who wasn't erased; and before the commit, so that nobody is erased whom it doesn't name.
    """
    erasure = Erasure.objects.ready(at).select_for_update(of=("self",)).filter(pk=pk).first()
    if erasure is None or erasure.person is None:
        return False
    person = erasure.person
    if cases := open_cases_about(person):
        for case in cases:
            tell_that_an_erasure_waits(case, mark=str(erasure.pk), at=at)
        shut(person, at=at)
        return False
    pseudonym = ledger.pseudonym(person)
    counts = erase(person, at=at)
    Erasure.objects.filter(pk=pk).update(person=None, pseudonym=pseudonym, done_at=at, counts=counts)
    ledger.add(pseudonym, at=at)
    return True
