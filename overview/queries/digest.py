"""The figures of a team's weekly letter (BM-11): counts with links to where they are looked after.

Nobody's name, nothing about a concern, and nothing that says what anybody declared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from applications.models import Absence, Application, ApplicationQuerySet, State
from matching.waiting import waiting_people
from meetings.cadence import Stage
from meetings.queries import progress_by_partnership
from overview.queries.standing import OVERDUE, owing_an_agreement
from partnerships.models import Flag, Membership, Partnership
from programmes.models import Cohort, Programme, Role
from training.models import Session
from training.models import State as BookingState

SOON = timedelta(days=14)


@dataclass(frozen=True)
class Figure:
    """A number, what it counts, and the page on which the office looks after it."""

    label: str
    count: int
    url: str = ""


@dataclass(frozen=True)
class Training:
    """A session of the coming two weeks that has room."""

    title: str
    starts_at: datetime
    places_left: int
    url: str


@dataclass(frozen=True)
class CohortFigures:
    """One cohort's figures in groups, each with a heading."""

    name: str
    groups: Sequence[tuple[str, Sequence[Figure]]]
    trainings: Sequence[Training]


def programmes_due(*, on: date) -> QuerySet[Programme]:
    """Programmes in which something goes on: between the first day of sign-up and the last of a cohort."""
    cohorts = current_cohorts(on=on).order_by().values("programme")
    return Programme.objects.filter(pk__in=cohorts).order_by("pk")


def current_cohorts(*, on: date) -> QuerySet[Cohort]:
    begun = Q(sign_up_opens_on__lte=on) | Q(starts_on__lte=on)
    return (
        Cohort.objects.filter(begun, ends_on__gte=on).select_related("programme").order_by("starts_on", "pk")
    )


def figures(cohort: Cohort, *, at: datetime) -> CohortFigures:
    """The cohort's figures, in a number of queries that doesn't grow with its people."""
    today = timezone.localdate(at)
    return CohortFigures(
        name=cohort.name,
        groups=[
            ("People", list(_of_people(cohort, today))),
            ("Partnerships", list(_of_partnerships(cohort, today))),
            ("Waiting for the office", list(_of_flags(cohort))),
        ],
        trainings=list(_trainings(cohort, at)),
    )


def _of_people(cohort: Cohort, today: date) -> Iterator[Figure]:
    yield Figure(
        "Applications waiting for a decision",
        Application.objects.filter(cohort=cohort, state=State.SUBMITTED).count(),
        _list(_APPLICATIONS, cohort, state__exact=State.SUBMITTED),
    )
    yield Figure(
        "Mentees accepted, and not introduced yet",
        waiting_people(cohort, on=today).count(),
        settings.SITE_URL + reverse("admin:matching_waiting", args=[cohort.pk]),
    )
    mentors = _accepted(cohort).filter(role=Role.MENTOR).with_introduction()
    yield Figure(
        "Mentors accepted, and not introduced yet",
        mentors.filter(is_introduced=False).count(),
        _list(_APPLICATIONS, cohort, state__exact=State.ACCEPTED, role__exact=Role.MENTOR, introduced="no"),
    )
    owing = _accepted(cohort).with_acceptance().filter(has_accepted=False)
    yield Figure(
        "Accepted, and still to accept the policy or its guidance",
        owing.count(),
        _list(_APPLICATIONS, cohort, state__exact=State.ACCEPTED, accepted="no"),
    )
    yield Figure(
        "In a circle, and still to accept its agreement",
        owing_an_agreement(Partnership.objects.running().filter(cohort=cohort)).count(),
        _list(_PARTNERSHIPS, cohort, look="agreement"),
    )


def _accepted(cohort: Cohort) -> ApplicationQuerySet:
    return Application.objects.filter(cohort=cohort, state=State.ACCEPTED, user__is_active=True)


def _of_partnerships(cohort: Cohort, today: date) -> Iterator[Figure]:
    rows = list(Partnership.objects.running().filter(cohort=cohort).select_related("cohort__programme"))
    progress = progress_by_partnership(rows, on=today)
    stages = Counter(progress[row.pk].stage for row in rows if not row.is_paused)
    link = {key: _list(_PARTNERSHIPS, cohort, look=key) for key in ("overdue", "never", "away", "paused")}
    yield Figure("Running", len(rows), _list(_PARTNERSHIPS, cohort))
    yield Figure("Meeting as expected", stages[Stage.FINE] + stages[Stage.COMPLETE])
    yield Figure("With a meeting overdue", sum(stages[stage] for stage in OVERDUE), link["overdue"])
    yield Figure("Resting while somebody is away", stages[Stage.RESTING])
    yield Figure(
        "Never met so far", sum(each.last_met_on is None for each in progress.values()), link["never"]
    )
    yield Figure("Paused", sum(row.is_paused for row in rows), link["paused"])
    yield Figure("People away today", _away(cohort, today), link["away"])


def _away(cohort: Cohort, today: date) -> int:
    inside = Membership.objects.current().filter(partnership__cohort=cohort)
    absences = Absence.objects.on(today).filter(application__in=inside.order_by().values("application"))
    return absences.order_by().values("application").distinct().count()


def _of_flags(cohort: Cohort) -> Iterator[Figure]:
    """How many are open, and never of which kind: somebody who reads the letter may be in the partnership."""
    if count := Flag.objects.open().filter(partnership__cohort=cohort).count():
        yield Figure("Open flags", count, _flags(cohort))


def _trainings(cohort: Cohort, at: datetime) -> Iterator[Training]:
    soon = Session.objects.standing().filter(cohort=cohort, starts_at__gte=at, starts_at__lt=at + SOON)
    taken = Count("bookings", filter=Q(bookings__state=BookingState.BOOKED))
    for session in soon.annotate(taken=taken).filter(taken__lt=F("places")).order_by("starts_at", "pk"):
        url = settings.SITE_URL + reverse("admin:training_session_change", args=[session.pk])
        yield Training(session.title, session.starts_at, session.places - session.taken, url)


_APPLICATIONS = "admin:applications_application_changelist"
_PARTNERSHIPS = "admin:partnerships_partnership_changelist"


def _flags(cohort: Cohort) -> str:
    chosen = urlencode({"partnership__cohort__id__exact": cohort.pk})
    return f"{settings.SITE_URL}{reverse('admin:partnerships_flag_changelist')}?{chosen}"


def _list(name: str, cohort: Cohort, **chosen: str) -> str:
    """The address of one of the office's lists, filtered to what a figure counted."""
    return f"{settings.SITE_URL}{reverse(name)}?{urlencode({'cohort__id__exact': cohort.pk, **chosen})}"
