"""Retention: say a week before what is due, then let it go in small steps (ASVS 14.2.7).

Nothing goes unannounced: a run takes at most as many rows as it named, by the periods that it named; a longer period
set meanwhile holds, a shorter one waits for the next run. Whatever is killed in between goes on where it stood.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count, Max, Min
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from concerns.models import Case
from concerns.queries import open_cases_about
from mentorship.lib.periods import last_day_over, months_later
from mentorship.lib.refusals import NotPossible
from outbox import services as outbox
from overview.models import RetentionRun
from overview.purging.rule import Rows, Rule, people_in
from overview.purging.rules import RULES
from overview.services import periods

log = logging.getLogger(__name__)
NOTICE = timedelta(days=7)
BATCH = 200


@dataclass(frozen=True)
class Due:
    """How many rows of one rule fall due until a day, and the first and last of their days."""

    rule: Rule
    months: int
    rows: int
    first_on: date | None
    last_on: date | None


def plan(*, at: datetime) -> list[Due]:
    """A dry run: what falls due until a purge that is announced now would begin. Changes nothing.

    What an open concern needs is counted and stays all the same: a count that differed would tell of the concern.
    """
    on, months = timezone.localdate(at + NOTICE), periods.months_of()
    return [_due(rule, rule.months(months), on=on) for rule in RULES]


def _due(rule: Rule, months: int, *, on: date) -> Due:
    rows = rule.due(last_day_over(on, months), on=on).order_by()
    found = rows.aggregate(rows=Count("pk", distinct=True), first=Min("since"), last=Max("since"))
    first, last = (day and months_later(day, months) for day in (found["first"], found["last"]))
    return Due(rule, months, found["rows"], first, last)


def sweep(*, at: datetime) -> int:
    """What the clock does: announce, or carry out what was announced; how many rows went. Safe to run at any time."""
    periods.install()
    run = RetentionRun.objects.open().first()
    if run is None:
        announce(at=at)
        return 0
    return carry_out(run, at=at) if run.begins_at <= at else 0


def announce(*, at: datetime) -> RetentionRun | None:
    """Write to every superuser what goes in a week; None where nothing falls due, or nobody would read it."""
    found = [due for due in plan(at=at) if due.rows]
    readers = list(User.objects.filter(is_superuser=True, is_active=True).order_by("pk"))
    if not found:
        return None
    if not readers:
        log.error("Rows have fallen due and no superuser is there to read of it: nothing is purged.")
        return None
    try:
        with transaction.atomic():
            return _announced(found, readers, at=at)
    except IntegrityError:  # another clock was quicker
        return RetentionRun.objects.open().first()


def _announced(found: Sequence[Due], readers: Sequence[User], *, at: datetime) -> RetentionRun:
    run = RetentionRun.objects.create(
        planned_at=at,
        reported_at=at,
        begins_at=at + NOTICE,
        months={due.rule.key: due.months for due in found},
        planned={due.rule.key: due.rows for due in found},
    )
    page = settings.SITE_URL + reverse("admin:overview_retentionperiod_changelist")
    for reader in readers:
        outbox.post(
            "overview/email/purge",
            to=reader.email,
            key=f"purge/{run.pk}/{reader.pk}",
            context={"name": reader.name, "run": run, "due": found, "page_url": page},
            at=at,
        )
    return run


def carry_out(run: RetentionRun, *, at: datetime) -> int:
    """Let everything go that the run announced, in batches; how many rows went. NotPossible before its moment."""
    if at < run.begins_at:
        raise NotPossible(f"This was announced for {timezone.localtime(run.begins_at):%-d %B %Y, %H:%M}.")
    on, months = timezone.localdate(run.begins_at), periods.months_of()
    gone = 0
    for rule in RULES:
        if rule.key in run.planned:
            longest = max(run.months[rule.key], rule.months(months))
            gone += _carry_out_rule(run, rule, over=last_day_over(on, longest), on=on, at=at)
    RetentionRun.objects.filter(pk=run.pk, is_done=False).update(is_done=True, done_at=at)
    return gone


def _carry_out_rule(run: RetentionRun, rule: Rule, *, over: date, on: date, at: datetime) -> int:
    pks = list(dict.fromkeys(rule.due(over, on=on).values_list("pk", flat=True)))
    gone = 0
    for start in range(0, len(pks), BATCH):
        gone += _batch(run, rule, pks[start : start + BATCH], rule.due(over, on=on), at=at)
    return gone


def _batch(run: RetentionRun, rule: Rule, pks: Sequence[Any], due: Rows, *, at: datetime) -> int:
    """One transaction; one that fails is tried again row by row, and who fails alone stays and is counted."""
    try:
        return _let_go(run, rule, pks, due, at=at)
    except Exception:
        if len(pks) == 1:
            log.exception("A row of “%s” could not be purged: %s.", rule.key, pks[0])
            _note_failure(run, rule)
            return 0
    return sum(_batch(run, rule, [pk], due, at=at) for pk in pks)


@transaction.atomic
def _let_go(run: RetentionRun, rule: Rule, pks: Sequence[Any], due: Rows, *, at: datetime) -> int:
    """Under the run's lock: two clocks never take more than was announced. What went is counted in the same commit."""
    locked = RetentionRun.objects.select_for_update().get(pk=run.pk)
    room = locked.planned[rule.key] - locked.purged.get(rule.key, 0)
    if locked.is_done or room <= 0:
        return 0
    rows = due.filter(pk__in=pks)
    still = list(dict.fromkeys((rule.free(rows) if rule.free else rows).values_list("pk", flat=True)))
    chosen = _without_those_needed(rule, still, due)[:room]
    if not chosen:
        return 0
    rule.purge(due.model._default_manager.filter(pk__in=chosen).order_by("pk"), at)
    locked.purged = {**locked.purged, rule.key: locked.purged.get(rule.key, 0) + len(chosen)}
    locked.save(update_fields=["purged"])
    return len(chosen)


def _without_those_needed(rule: Rule, pks: Sequence[Any], rows: Rows) -> list[Any]:
    """Rows of nobody whom an open concern may need."""
    if not Case.objects.still_open().exists():
        return list(pks)
    people = people_in(rule, pks, rows)
    everybody = User.objects.filter(pk__in=set().union(*people.values())).order_by("pk")
    needed = {user.pk for user in everybody if open_cases_about(user)}
    return [pk for pk in pks if not needed & people.get(pk, set())]


@transaction.atomic
def _note_failure(run: RetentionRun, rule: Rule) -> None:
    locked = RetentionRun.objects.select_for_update().get(pk=run.pk)
    locked.failed = {**locked.failed, rule.key: locked.failed.get(rule.key, 0) + 1}
    locked.save(update_fields=["failed"])
