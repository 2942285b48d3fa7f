"""When somebody is erased: their open cases hold it, and from the closed ones nothing leads to them any more."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

from accounts.models import User
from concerns import contents, queries, sealing
from concerns.models import Case, Deed
from concerns.services import excluding, telling
from concerns.services.recording import append, locked

_WAITS = "Somebody who may be in this case has asked to be erased. That waits until the case is closed."


@transaction.atomic
def tell_that_an_erasure_waits(case: Case, *, mark: str, at: datetime) -> bool:
    """Write it into the timeline and tell the handlers, once per erasure; whether that was new.

    It says neither who nor when. What the person is told is the same as if there were no case.
    """
    case = locked(Case.objects.filter(pk=case.pk))
    if case.is_closed or mark in contents.erasures_waiting(case):
        return False
    entry = append(case, Deed.WAITS, {"erasure": mark, "text": _WAITS}, at=at)
    telling.tell_handlers(case, "waiting", occasion=str(entry.pk), at=at)
    return True


@transaction.atomic
def forget_reporter(user: User) -> int:
    """Cut what leads from closed cases to who raised them, and forget how to reach them; gives how many.

    The cases stay for their own period. From whom they are kept stays too, so partners are written down first.
    """
    own = Case.objects.of(user).closed().select_for_update(of=("self",)).order_by("pk")
    cases = list(own.select_related("programme"))
    for case in cases:
        excluding.keep_from_people(case, queries.partners_of(user))
        case.seal("sealed_reporter", None)
        case.seal("sealed_contact", "")
        case.reporter_fingerprint = sealing.fingerprint("reporter", uuid.uuid4())  # nobody's
        case.save(update_fields=["sealed_reporter", "sealed_contact", "reporter_fingerprint"])
    return len(cases)
