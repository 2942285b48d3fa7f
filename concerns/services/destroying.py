"""A case whose period is over: its own key is destroyed, and with it everything that was sealed."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction

from concerns.models import Case
from mentorship.lib.refusals import NotPossible


@transaction.atomic
def destroy_contents(case: Case, *, at: datetime) -> bool:
    """Destroy the key of a closed case; whether it had one. Raises NotPossible while a case is open.

    Entries can't be altered and needn't be: without the key they say nothing any more. What stays is a count: the
    programme, the kind, the state, the outcome and its moments. Nobody comes to it by a door again, neither a handler,
    nor who wrote it, nor a code.
    """
    case = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if not case.is_closed or case.closed_at is None or case.closed_at > at:
        raise NotPossible("An open case keeps what was written.")
    if not case.key_id:
        return False
    case.exclusions.all().delete()
    case.readings.all().delete()
    case.key_id, case.wrapped_key, case.handler = "", b"", None
    case.sealed_reporter = case.sealed_subject = case.sealed_contact = case.sealed_policy = b""
    case.receipt_key = f"gone/{case.pk}"
    _point_nowhere(case)
    case.save()
    return True


def _point_nowhere(case: Case) -> None:
    """A mark that no account and no code has; it still says by which of the two doors somebody came."""
    nowhere = secrets.token_hex(32)
    if case.is_anonymous:
        case.code_fingerprint = nowhere
    else:
        case.reporter_fingerprint = nowhere
