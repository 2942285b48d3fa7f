"""Asking what an account saw: the look itself is written down, before anything is shown."""

from __future__ import annotations

import logging
from datetime import date, datetime

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from accounts.models import User
from mentorship.lib.refusals import NotPossible
from overview.queries.seen_by import LOOKED, Report, seen_by

log = logging.getLogger(__name__)


@transaction.atomic
def look(account: User, *, since: date, until: date, by: User | None, at: datetime) -> Report:
    """What an account saw in a period; `by` is a superuser, or None for whoever has the command line.

    A look on the command line stands in the log of the machine, since nobody is signed in there.
    """
    if by is not None and not (by.is_superuser and by.is_active):
        raise NotPossible("Superusers find out what an account saw.")
    if since > until:
        raise NotPossible("The first day can't lie after the last.")
    if by is None:
        log.warning(
            "What account %s saw from %s to %s was read on the command line.", account.pk, since, until
        )
    else:
        LogEntry.objects.create(
            user=by,
            content_type=ContentType.objects.get_for_model(User),
            object_id=str(account.pk),
            object_repr=f"Account {account.pk}",
            action_flag=CHANGE,
            change_message=f"{LOOKED} from {since} to {until}.",
            action_time=at,
        )
    return seen_by(account, since=since, until=until, reader=by)
