"""What the clocks tell the office: no meeting for too long, an absence that leaves too little time (BM-5, EI-1d)."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from meetings.cadence import Stage
from meetings.queries import Clock, clocks
from partnerships.models import Flag, Partnership
from partnerships.services import flags
from partnerships.services.rights import lock

log = logging.getLogger(__name__)
CLOCKS = (Flag.Kind.BROKEN, Flag.Kind.SQUEEZED)


def flag_due(*, at: datetime) -> int:
    """Flag what needs the office now, and settle what has cured itself; how many were raised.

    A flag that the office has settled isn't raised again for the same meeting, nor for the same absence.
    """
    today = timezone.localdate(at)
    rows = Partnership.objects.active().filter(cohort__starts_on__lte=today, cohort__ends_on__gte=today)
    standing = clocks(rows.select_related("cohort__programme"), on=today)
    known = _known(standing)
    since = _absences_announced(standing)
    raised = 0
    for pk, clock in standing.items():
        wanted = _wanted(clock, since.get(pk))
        for kind in CLOCKS:
            try:
                raised += _bring_about(clock.partnership, kind, wanted.get(kind), known[pk, kind], at=at)
            except Exception:  # one that fails holds back no other; it is tried again with the next sweep
                log.exception("Partnership %s could not be flagged.", pk)
    return raised


def _wanted(clock: Clock, absence_announced_on: date | None) -> dict[str, date]:
    """Which flags are due, each with the day since which its cause stands."""
    wanted: dict[str, date] = {}
    overdue = clock.progress.overdue
    if clock.progress.stage is Stage.BROKEN and overdue and overdue.broken_on:
        wanted[Flag.Kind.BROKEN] = overdue.broken_on
    if clock.progress.is_squeezed and absence_announced_on:
        wanted[Flag.Kind.SQUEEZED] = absence_announced_on
    return wanted


def _bring_about(
    partnership: Partnership, kind: str, since: date | None, known: Collection[Flag], *, at: datetime
) -> int:
    open_one = next((flag for flag in known if flag.settled_at is None), None)
    if since is None:
        if open_one:
            flags.settle_all(Flag.objects.filter(pk=open_one.pk), by=None, at=at)
        return 0
    if open_one or any(timezone.localdate(flag.raised_at) >= since for flag in known):
        return 0
    return _raise(partnership, kind, at=at)


@transaction.atomic
def _raise(partnership: Partnership, kind: str, *, at: datetime) -> int:
    """Under the lock: it may just have been paused or have ended."""
    partnership = lock(partnership)
    if not partnership.is_active:
        return 0
    flags.raise_flag(partnership, kind=kind, at=at)
    return 1


def _known(standing: Mapping[int, Clock]) -> Mapping[tuple[int, str], list[Flag]]:
    known: dict[tuple[int, str], list[Flag]] = defaultdict(list)
    for flag in Flag.objects.filter(partnership__in=list(standing), kind__in=CLOCKS):
        known[flag.partnership_id, flag.kind].append(flag)
    return known


def _absences_announced(standing: Mapping[int, Clock]) -> Mapping[int, date]:
    """The day on which the latest absence of somebody in each partnership was announced."""
    inside = Partnership.objects.filter(pk__in=list(standing), memberships__left_on=None).order_by()
    latest = inside.values_list("pk").annotate(Max("memberships__application__absences__announced_at"))
    return {pk: timezone.localdate(moment) for pk, moment in latest if moment}
