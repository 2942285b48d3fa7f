"""What a person finds on their first page: their applications, their partnerships, and what is next."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from applications.models import Application, State
from matching.models import Offer
from matching.services.offering import can_be_answered
from matching.waiting import letters_to
from meetings.cadence import Progress, day
from meetings.models import Meeting
from meetings.queries import clocks, start_of
from partnerships.models import Flag, Membership, Partnership
from partnerships.queries.circles import owed_by
from programmes.models import Pathway, Role
from training.models import Booking


@dataclass(frozen=True)
class Step:
    """Something that is up to this person."""

    what: str
    programme: str
    url: str
    action: str
    by: date | None = None
    is_late: bool = False


@dataclass(frozen=True)
class OwnApplication:
    """One of a person's applications: where it stands, since when, and what comes next."""

    application: Application
    tone: str
    since: date | None
    says: str
    step: Step | None


@dataclass(frozen=True)
class _Matching:
    """How far the matching of these applications is, as far as their person may know: no more than they were told."""

    introduced: Collection[int]
    on_the_list: Collection[int]
    offers: Mapping[int, Offer]

    def says(self, application: Application) -> str:
        """What became of somebody who was accepted."""
        offer = self.offers.get(application.pk)
        if application.pk in self.introduced:
            return "You have been introduced."
        if offer and offer.state == Offer.State.OPEN:
            return "A place has come free for you."
        if offer:
            return "You have taken the place that came free. Your introduction reaches you by e-mail."
        if application.pk in self.on_the_list:
            return "You are on the waiting list. We write as soon as a place comes free for you."
        return "You have a place. Your introduction reaches you by e-mail as soon as you are matched."


@dataclass(frozen=True)
class OwnPartnership:
    """One of a person's partnerships with its progress; whom it is with is on its own page, by their card."""

    partnership: Partnership
    progress: Progress
    step: Step | None
    planned_on: date | None = None


_TONES = {
    State.DRAFT: "quiet",
    State.SUBMITTED: "info",
    State.QUERIED: "warn",
    State.WAITLISTED: "info",
    State.ACCEPTED: "good",
    State.DECLINED: "quiet",
}


def applications_of(user: User, *, on: date) -> list[OwnApplication]:
    """What the person has applied for and not withdrawn, in cohorts that haven't ended."""
    rows = list(
        Application.objects.of(user)
        .exclude(state=State.WITHDRAWN)
        .filter(cohort__ends_on__gte=on)
        .with_acceptance()
        .select_related("cohort__programme")
        .order_by("-started_at", "-pk")
    )
    matching = _matching(user, rows, on=on)
    return [_own_application(row, matching, on=on) for row in rows]


def partnerships_of(user: User, *, on: date) -> list[OwnPartnership]:
    """The person's partnerships, active ones first, newest first."""
    rows = list(
        Partnership.objects.of(user)
        .select_related("cohort__programme")
        .order_by("state", "-introduced_at", "-pk")
    )
    standing = clocks(rows, on=on, viewer=user)
    leaving = Flag.objects.open().filter(kind=Flag.Kind.LEAVING, membership__application__user=user)
    left = set(leaving.values_list("partnership", flat=True))
    own = []
    for row in rows:
        clock = standing[row.pk]
        is_asked = row.is_active and clock.rest.planned_on is None and row.pk not in left
        step = _step_of_partnership(row, clock.progress) if is_asked else None
        own.append(OwnPartnership(row, clock.progress, step, clock.rest.planned_on))
    return own


def other_steps(user: User, *, on: date) -> list[Step]:
    """What else is up to the person: an agreement, a word on a meeting, a training that comes first."""
    return [*_agreements(user), *_words_on_meetings(user, on=on), *_trainings(user)]


def _agreements(user: User) -> Iterable[Step]:
    for circle in owed_by(user):
        yield Step(
            "Accept what your circle agrees to",
            circle.cohort.programme.name,
            reverse("agreement", args=[circle.pk]),
            "Read it",
        )


def _words_on_meetings(user: User, *, on: date) -> Iterable[Step]:
    """Meetings that were planned for a day that has passed, and those that somebody else noted."""
    own = Membership.objects.current().filter(application__user=user, partnership__state="active")
    passed = Meeting.objects.planned().filter(
        partnership__in=own.values("partnership"), starts_at__lt=start_of(on)
    )
    noted = Meeting.objects.held().filter(
        attendances__membership__in=own, attendances__confirmed_at=None, logged_by__isnull=False
    )
    rows = (passed | noted).distinct().select_related("partnership__cohort__programme")
    asked: dict[int, Step] = {}
    for row in rows.order_by("pk"):
        what = (
            "Is what was noted about your meeting right?"
            if row.held_on
            else "Did your planned meeting take place?"
        )
        programme, url = row.partnership.cohort.programme.name, row.partnership.get_absolute_url()
        asked.setdefault(row.partnership_id, Step(what, programme, url, "Say so"))
    return asked.values()


def _trainings(user: User) -> Iterable[Step]:
    """Pathways in which this person would mentor and that want their training first (BM-12)."""
    mentoring = (
        Application.objects.of(user).filter(role=Role.MENTOR, state=State.ACCEPTED).select_related("cohort")
    )
    wanted = Pathway.objects.filter(requires_training=True, programme__cohorts__applications__in=mentoring)
    attended = Booking.objects.of(user).booked()
    of_this = attended.filter(
        session__cohort__programme=OuterRef("programme"), session__kind=OuterRef("kind")
    )
    missing = wanted.filter(~Exists(of_this.exclude(has_attended=False))).distinct()
    for pathway in missing.select_related("programme").order_by("programme", "position", "pk"):
        if any(
            row.wants(pathway.kind) for row in mentoring if row.cohort.programme_id == pathway.programme_id
        ):
            what = f"Book your training: {pathway.get_kind_display().lower()}"
            yield Step(what, pathway.programme.name, reverse("trainings"), "See the dates")


def next_steps(
    applications: Iterable[OwnApplication],
    partnerships: Iterable[OwnPartnership],
    others: Iterable[Step] = (),
) -> list[Step]:
    """Everything that is up to the person, the earliest day first, and what has no day before all else."""
    steps = [*(row.step for row in applications), *(row.step for row in partnerships), *others]
    return sorted((step for step in steps if step is not None), key=lambda step: step.by or date.min)


def _matching(user: User, applications: Sequence[Application], *, on: date) -> _Matching:
    introduced = Membership.objects.current().filter(application__user=user)
    known = Q(state=Offer.State.OPEN) | Q(state=Offer.State.ACCEPTED, suggestion__state="leaving")
    offers = Offer.objects.filter(known, application__user=user).select_related("application__cohort")
    return _Matching(
        introduced=set(introduced.values_list("application_id", flat=True)),
        on_the_list=letters_to(applications),
        offers={
            offer.application_id: offer
            for offer in offers.order_by("pk")
            if offer.state != Offer.State.OPEN or can_be_answered(offer, on=on)
        },
    )


def _own_application(application: Application, matching: _Matching, *, on: date) -> OwnApplication:
    state = State(application.state)
    moments = {State.DRAFT: application.started_at, State.SUBMITTED: application.submitted_at}
    moment = moments.get(state, application.decided_at)
    return OwnApplication(
        application=application,
        tone=_TONES[state],
        since=timezone.localdate(moment) if moment else None,
        says=_says(application, matching, on=on),
        step=_step_of_offer(application, matching) or _step_of_application(application, on=on),
    )


def _says(application: Application, matching: _Matching, *, on: date) -> str:
    """Where an application stands, in a sentence that leaves nobody wondering."""
    cohort, team = application.cohort, application.cohort.programme.team_name
    if application.state == State.DRAFT:
        is_open = cohort.is_open_for_sign_up(on)
        return "Not sent yet." if is_open else "Sign-up has closed. What you wrote is kept."
    if application.state == State.ACCEPTED:
        held_until = None if application.pk in matching.introduced else application.hold_until
        if held_until and held_until > on:
            return f"On hold until {day(held_until)}, as you wished; it is taken up again by itself."
        return matching.says(application)
    return {
        State.SUBMITTED: f"The {team} is reading it and writes to you as soon as it is decided.",
        State.QUERIED: f"The {team} has asked you for something more.",
        State.WAITLISTED: "There isn’t a place for everybody just now. We write when one opens for you.",
        State.DECLINED: application.reason or f"The {team} could not offer you a place this time.",
    }[State(application.state)]


def _step_of_offer(application: Application, matching: _Matching) -> Step | None:
    offer = matching.offers.get(application.pk)
    if offer is None or offer.state != Offer.State.OPEN:
        return None
    programme = application.cohort.programme.name
    return Step("A place has come free", programme, offer.get_absolute_url(), "Answer", offer.answer_by)


def _step_of_application(application: Application, *, on: date) -> Step | None:
    """What the person can do about it now; nobody is introduced without having accepted the policy (EI-1)."""
    cohort, url = application.cohort, application.get_absolute_url()
    if application.state == State.DRAFT:
        if not cohort.is_open_for_sign_up(on):
            return None
        return Step(
            "Finish and send your application",
            cohort.programme.name,
            url,
            "Continue",
            cohort.sign_up_closes_on,
        )
    if application.state == State.QUERIED:
        return Step(f"The {cohort.programme.team_name} asks for more", cohort.programme.name, url, "Answer")
    if application.state == State.DECLINED or application.has_accepted:  # type: ignore[attr-defined]
        return None
    return Step("Read and accept the policy and guidance in force", cohort.programme.name, url, "Read it")


def _step_of_partnership(partnership: Partnership, progress: Progress) -> Step | None:
    if progress.due_by is None:
        return None
    order, kind = "next" if progress.held else "first", "official " if progress.wanted else ""
    where = " in your circle" if partnership.is_circle else ""
    return Step(
        what=f"Your {order} {kind}meeting{where}",
        programme=partnership.cohort.programme.name,
        url=f"{partnership.get_absolute_url()}#meetings",
        action="Plan or log it",
        by=progress.due_by,
        is_late=progress.is_late,
    )
