"""New keys: each case's own key is wrapped anew, and hashes of people are made anew; what is sealed stays as it is."""

from __future__ import annotations

import uuid

from django.db import transaction

from concerns import contents, identity, sealing
from concerns.models import Case


def rotate_keys() -> int:
    """Bring every case under the first of CONCERN_KEYS; gives how many weren't. May be stopped and run again.

    Raises Unreadable at a case whose key isn't in the list: nothing of it is changed then. When it has run through,
    the older keys open nothing any more and can be taken out of the environment.
    """
    changed = 0
    stale = Case.objects.with_contents().exclude(key_id=sealing.current_key_id()).order_by("pk")
    for pk in list(stale.values_list("pk", flat=True)):
        changed += _rotate(pk)
    return changed


@transaction.atomic
def _rotate(pk: uuid.UUID) -> bool:
    case = Case.objects.select_for_update().get(pk=pk)
    if case.key_id == sealing.current_key_id():
        return False
    key = case.data_key()
    if (reporter := contents.reporter_number(case)) is not None:
        case.reporter_fingerprint = sealing.fingerprint("reporter", reporter)
    for row in list(case.exclusions.all()):
        row.person_fingerprint = identity.fingerprint(row.mark(key))
        row.save(update_fields=["person_fingerprint"])
    case.key_id, case.wrapped_key = key.wrap(place=case.place("wrapped_key"))
    case.save(update_fields=["key_id", "wrapped_key", "reporter_fingerprint"])
    return True


def unknown_keys() -> int:
    """How many cases no key of the environment opens."""
    return Case.objects.with_contents().exclude(key_id__in=sealing.known_key_ids()).count()
