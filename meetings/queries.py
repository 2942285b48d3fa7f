"""Reads of meetings: how far partnerships have come, what rests in them, and when they last showed life."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from meetings.cadence import Held, Plan, Progress, Rest, Window, days_within, progress
from meetings.models import Arranging, Meeting
from mentorship.lib.periods import Days, common, joined
from partnerships.models import EndReason, Membership, Partnership
from partnerships.queries.absences import days_away
from programmes.models import Cohort, KeyDate


def progress_of(partnership: Partnership, *, on: date, viewer: User | None = None) -> Progress:
    """Where one partnership stands on a day."""
    return progress_by_partnership([partnership], on=on, viewer=viewer)[partnership.pk]


def progress_by_partnership(
    partnerships: Iterable[Partnership], *, on: date, viewer: User | None = None
) -> Mapping[int, Progress]:
    """Where each partnership stands on a day. Give them with `select_related("cohort__programme")`.

    For a `viewer` in them only absences count that they know of: a day that moves must not tell of another (EI-1d).
    """
    return {pk: clock.progress for pk, clock in clocks(partnerships, on=on, viewer=viewer).items()}


@dataclass(frozen=True)
class Clock:
    """A partnership's progress, what rests in it, and who of it is away on the day."""

    partnership: Partnership
    progress: Progress
    plan: Plan
    rest: Rest
    away: frozenset[int]  # memberships


def clocks(
    partnerships: Iterable[Partnership], *, on: date, viewer: User | None = None
) -> Mapping[int, Clock]:
    """The clock of each partnership on a day; the number of queries doesn't grow with them."""
    rows = list(partnerships)
    held = _held(rows)
    away = days_away(rows, viewer=viewer)
    resting = _resting(rows, away, on=on)
    plans = plans_of({row.cohort for row in rows})
    return {
        row.pk: Clock(
            partnership=row,
            progress=progress(
                plans[row.cohort_id],
                held[row.pk],
                introduced_on=timezone.localdate(row.resumed_at or row.introduced_at),
                today=on,
                is_over=row.ended_at is not None,
                rest=resting[row.pk],
            ),
            plan=plans[row.cohort_id],
            rest=resting[row.pk],
            away=frozenset(
                member for member, days in away.get(row.pk, {}).items() if days_within(days, on, on)
            ),
        )
        for row in rows
    }


def _held(partnerships: Collection[Partnership]) -> Mapping[int, list[Held]]:
    held: dict[int, list[Held]] = defaultdict(list)
    rows = Meeting.objects.held().filter(partnership__in=partnerships).exclude(held_on=None)
    for pk, held_on, is_official in rows.values_list("partnership", "held_on", "is_official"):
        held[pk].append(Held(held_on, is_official))  # type: ignore[arg-type]  # `exclude` says it has a day
    return held


def _resting(
    partnerships: Collection[Partnership], away: Mapping[int, Mapping[int, list[Days]]], *, on: date
) -> Mapping[int, Rest]:
    """What rests in each: a pair while either is away, a circle while all who lead it are (EI-1d)."""
    leads: dict[int, list[int]] = defaultdict(list)
    rows = Membership.objects.current().filter(partnership__in=partnerships)
    for pk, member, part in rows.values_list("partnership", "pk", "part"):
        if part == Membership.Part.FACILITATOR:
            leads[pk].append(member)
    arranging: dict[int, list[Days]] = defaultdict(list)
    said = Arranging.objects.filter(membership__partnership__in=partnerships)
    for pk, said_on, until_on in said.values_list("membership__partnership", "said_on", "until_on"):
        arranging[pk].append((said_on, until_on))
    planned = Meeting.objects.planned().filter(partnership__in=partnerships, starts_at__gte=start_of(on))
    moments = dict(planned.order_by("-starts_at").values_list("partnership", "starts_at"))
    return {
        row.pk: Rest(
            away=_away_together(row, away.get(row.pk, {}), leads[row.pk]),
            arranging=arranging[row.pk],
            planned_on=timezone.localdate(moments[row.pk]) if moments.get(row.pk) else None,
            is_paused=row.is_paused,
        )
        for row in partnerships
    }


def _away_together(
    partnership: Partnership, away: Mapping[int, list[Days]], leads: Collection[int]
) -> list[Days]:
    if not partnership.is_circle:
        return joined(days for periods in away.values() for days in periods)
    return common([away.get(member, []) for member in leads]) if leads else []


def start_of(day: date) -> datetime:
    """The first moment of a day of the School."""
    return timezone.make_aware(datetime.combine(day, time.min))


def last_signs_of_life(partnerships: Collection[Partnership]) -> Mapping[int, datetime]:
    """When each partnership last showed that it lives: introduced, a meeting planned, noted or confirmed, an answer
    to a reminder. Facts only (EI-6); the number of queries doesn't grow with them.
    """
    latest: dict[int, datetime] = {row.pk: row.introduced_at for row in partnerships}
    of_meetings = Meeting.objects.filter(partnership__in=partnerships).values("partnership").order_by()
    moments = of_meetings.annotate(
        planned=Max("planned_at"), logged=Max("logged_at"), confirmed=Max("attendances__confirmed_at")
    )
    said = Arranging.objects.filter(membership__partnership__in=partnerships).order_by()
    found = [
        (row["partnership"], row[name]) for row in moments for name in ("planned", "logged", "confirmed")
    ]
    answers = said.values_list("membership__partnership").annotate(Max("said_on"))
    found += [(pk, start_of(said_on)) for pk, said_on in answers]
    for pk, moment in found:
        if moment and moment > latest[pk]:
            latest[pk] = moment
    return latest


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


def _windows(cohorts: Iterable[Cohort]) -> dict[int, list[Window]]:
    """The windows of official meetings of each cohort, in order."""
    windows: dict[int, list[Window]] = defaultdict(list)
    for key_date in KeyDate.objects.filter(cohort__in=cohorts, kind=KeyDate.Kind.MEETING):
        windows[key_date.cohort_id].append(Window(key_date.title, key_date.opens_on, key_date.closes_on))
    return windows


def plans_of(cohorts: Iterable[Cohort]) -> Mapping[int, Plan]:
    """What each cohort asks of its partnerships, by its number."""
    cohorts = list(cohorts)
    windows = _windows(cohorts)
    return {cohort.pk: _plan(cohort, windows[cohort.pk]) for cohort in cohorts}


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
        again_days=programme.days_between_reminders,
        broken_days=programme.days_until_the_office_is_told,
    )
