"""Reads of meetings: how far partnerships have come, and who hasn't met yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from meetings.cadence import Held, Plan, Progress, Window, progress
from meetings.models import Meeting
from outbox.models import Message
from partnerships.models import EndReason, Membership, Partnership
from programmes.models import Cohort, KeyDate, Programme


def progress_of(partnership: Partnership, *, on: date) -> Progress:
    """Where one partnership stands on a day."""
    return progress_by_partnership([partnership], on=on)[partnership.pk]


def progress_by_partnership(partnerships: Iterable[Partnership], *, on: date) -> Mapping[int, Progress]:
    """Where each partnership stands on a day, in two queries for all of them.

    Give them with `select_related("cohort__programme")`.
    """
    partnerships = list(partnerships)
    held: dict[int, list[Held]] = defaultdict(list)
    rows = Meeting.objects.held().filter(partnership__in=partnerships)
    for pk, held_on, is_official in rows.values_list("partnership", "held_on", "is_official"):
        held[pk].append(Held(held_on, is_official))  # type: ignore[arg-type]  # `held()` has a day
    cohorts = {partnership.cohort for partnership in partnerships}
    windows = _windows(cohorts)
    plans = {cohort.pk: _plan(cohort, windows[cohort.pk]) for cohort in cohorts}
    return {
        partnership.pk: progress(
            plans[partnership.cohort_id],
            held[partnership.pk],
            introduced_on=timezone.localdate(partnership.introduced_at),
            today=on,
            is_over=not partnership.is_active,
        )
        for partnership in partnerships
    }


def takes_meetings(partnership: Partnership, *, at: datetime) -> bool:
    """Whether meetings can be logged: while it is active, and once its programme has ended while cards are open.

    What was held in the last days counts although the partnership has ended by itself meanwhile (EI-1b, EI-2).
    """
    if partnership.is_active:
        return True
    return partnership.end_reason == EndReason.PROGRAMME and partnership.shows_cards(at)


def last_day_to_meet(partnership: Partnership) -> date:
    """The last day that counts: the cohort's, or the one on which the partnership ended before (EI-2)."""
    ends_on = partnership.cohort.ends_on
    return min(ends_on, timezone.localdate(partnership.ended_at)) if partnership.ended_at else ends_on


def without_a_meeting(*, at: datetime) -> QuerySet[Partnership]:
    """Active partnerships that should have met by now and logged nothing.

    Due since the programme's days after the introduction or the cohort's first day, whichever is later, however long
    that is ago, and only while the cohort runs: nobody is chased after its last day (EI-2).
    """
    today = timezone.localdate(at)
    waits = Programme.objects.order_by().values_list("first_meeting_within_days", flat=True).distinct()
    due = Q(pk__in=[])
    for days in waits:
        day = today - timedelta(days=days)
        since = timezone.make_aware(datetime.combine(day, time.min))
        of_these = Q(cohort__programme__first_meeting_within_days=days)
        due |= of_these & Q(introduced_at__lt=since, cohort__starts_on__lt=day)
    return Partnership.objects.active().filter(due, cohort__ends_on__gte=today, meetings=None)


def members_to_remind(*, at: datetime) -> QuerySet[Membership]:
    """Who is in such a partnership now and has no reminder yet, be it waiting, sent or withdrawn."""
    key = Concat(
        Value("no-meeting/"),
        Cast(OuterRef("partnership"), CharField()),
        Value("/"),
        Cast(OuterRef("pk"), CharField()),
        output_field=CharField(),
    )
    return (
        Membership.objects.current()
        .filter(~Exists(Message.objects.filter(key=key)), partnership__in=without_a_meeting(at=at))
        .select_related("application__user", "partnership__cohort__programme")
    )


def _windows(cohorts: Iterable[Cohort]) -> dict[int, list[Window]]:
    """The windows of official meetings of each cohort, in order."""
    windows: dict[int, list[Window]] = defaultdict(list)
    for key_date in KeyDate.objects.filter(cohort__in=cohorts, kind=KeyDate.Kind.MEETING):
        windows[key_date.cohort_id].append(Window(key_date.title, key_date.opens_on, key_date.closes_on))
    return windows


def _plan(cohort: Cohort, windows: list[Window]) -> Plan:
    programme = cohort.programme
    least, most = programme.weeks_between_meetings_least, programme.weeks_between_meetings_most
    return Plan(
        starts_on=cohort.starts_on,
        ends_on=cohort.ends_on,
        official=programme.official_meetings,
        windows=windows,
        weeks=(least, most) if least is not None and most is not None else None,
        first_days=programme.first_meeting_within_days,
    )
