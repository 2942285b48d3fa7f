"""What a person finds on their first page: their applications, their partnerships, and what is next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from applications.models import Application, State
from meetings.cadence import Progress, day
from meetings.queries import progress_by_partnership
from partnerships.models import Membership, Partnership


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
class OwnPartnership:
    """One of a person's partnerships with its progress; whom it is with is on its own page, by their card."""

    partnership: Partnership
    progress: Progress
    step: Step | None


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
    rows = (
        Application.objects.of(user)
        .exclude(state=State.WITHDRAWN)
        .filter(cohort__ends_on__gte=on)
        .with_acceptance()
        .select_related("cohort__programme")
        .order_by("-started_at", "-pk")
    )
    introduced = set(
        Membership.objects.current().filter(application__user=user).values_list("application_id", flat=True)
    )
    return [_own_application(row, is_introduced=row.pk in introduced, on=on) for row in rows]


def partnerships_of(user: User, *, on: date) -> list[OwnPartnership]:
    """The person's partnerships, active ones first, newest first."""
    rows = list(
        Partnership.objects.of(user)
        .select_related("cohort__programme")
        .order_by("state", "-introduced_at", "-pk")
    )
    progress = progress_by_partnership(rows, on=on)
    return [
        OwnPartnership(row, progress[row.pk], _step_of_partnership(row, progress[row.pk])) for row in rows
    ]


def next_steps(applications: Iterable[OwnApplication], partnerships: Iterable[OwnPartnership]) -> list[Step]:
    """Everything that is up to the person, the earliest day first, and what has no day before all else."""
    steps = [*(row.step for row in applications), *(row.step for row in partnerships)]
    return sorted((step for step in steps if step is not None), key=lambda step: step.by or date.min)


def _own_application(application: Application, *, is_introduced: bool, on: date) -> OwnApplication:
    state = State(application.state)
    moments = {State.DRAFT: application.started_at, State.SUBMITTED: application.submitted_at}
    moment = moments.get(state, application.decided_at)
    return OwnApplication(
        application=application,
        tone=_TONES[state],
        since=timezone.localdate(moment) if moment else None,
        says=_says(application, is_introduced=is_introduced, on=on),
        step=_step_of_application(application, on=on),
    )


def _says(application: Application, *, is_introduced: bool, on: date) -> str:
    """Where an application stands, in a sentence that leaves nobody wondering."""
    cohort, team = application.cohort, application.cohort.programme.team_name
    if application.state == State.DRAFT:
        is_open = cohort.is_open_for_sign_up(on)
        return "Not sent yet." if is_open else "Sign-up has closed. What you wrote is kept."
    if application.state == State.ACCEPTED:
        if is_introduced:
            return "You have been introduced."
        if application.hold_until and application.hold_until > on:
            return (
                f"On hold until {day(application.hold_until)}, as you wished; it is taken up again by itself."
            )
        return "You have a place. Your introduction reaches you by e-mail as soon as you are matched."
    return {
        State.SUBMITTED: f"The {team} is reading it and writes to you as soon as it is decided.",
        State.QUERIED: f"The {team} has asked you for something more.",
        State.WAITLISTED: "There isn’t a place for everybody just now. We write when one opens for you.",
        State.DECLINED: application.reason or f"The {team} could not offer you a place this time.",
    }[State(application.state)]


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
    return Step(
        "Read and accept the policy, so that you can be introduced", cohort.programme.name, url, "Read it"
    )


def _step_of_partnership(partnership: Partnership, progress: Progress) -> Step | None:
    if progress.due_by is None:
        return None
    order, kind = "next" if progress.held else "first", "official " if progress.wanted else ""
    where = " in your circle" if partnership.is_circle else ""
    return Step(
        what=f"Your {order} {kind}meeting{where}",
        programme=partnership.cohort.programme.name,
        url=reverse("log_meeting", args=[partnership.pk]),
        action="Log it",
        by=progress.due_by,
        is_late=progress.is_late,
    )
