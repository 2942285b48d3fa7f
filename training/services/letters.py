"""Messages about training: neutral subjects, the reader's own clock, a calendar entry where there is a place."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from mentorship.lib import ical
from mentorship.lib.moments import in_words
from outbox import services as outbox
from training.listing import link_in
from training.models import Booking, Session


def entry(session: Session, *, stamped_at: datetime) -> ical.Entry:
    """The session as calendars hold it. Of two versions with one sequence the later stamp counts (RFC 5546, 2.1.5)."""
    return ical.Entry(
        key=f"training/{session.pk}",
        sequence=session.sequence,
        starts_at=session.starts_at,
        minutes=session.minutes,
        changed_at=stamped_at,
        url=settings.SITE_URL + session.get_absolute_url(),
        place=session.place,
    )


def post(
    name: str,
    booking: Booking,
    *,
    session: Session,
    at: datetime,
    calendar: ical.Method | None = None,
    **more: object,
) -> None:
    """Write one message to who asked for a place; `calendar` says whether an entry comes or goes with it."""
    user = booking.application.user
    entry_of = entry(session, stamped_at=at)
    outbox.post(
        f"training/email/{name}",
        to=user.email,
        key=key_of(name, booking, session),
        programme=session.cohort.programme.slug,
        context={
            "name": user.name,
            "programme": session.cohort.programme,
            "title": session.title,
            "when": in_words(session.starts_at, user.zone),
            "minutes": session.minutes,
            "place": session.place,
            "place_url": link_in(session.place),
            "session_url": entry_of.url,
            "trainings_url": settings.SITE_URL + reverse("trainings"),
            **more,
        },
        at=at,
        calendar=ical.invitation(entry_of, to=user.email, method=calendar) if calendar else "",
    )


def key_of(name: str, booking: Booking, session: Session) -> str:
    """What is told of each version of a session anew has its sequence in the key."""
    version = f"{session.sequence}/" if name in {"tomorrow", "changed"} else ""
    return f"training-{name.replace('_', '-')}/{session.pk}/{version}{booking.pk}"


def withdraw_reminders(session: Session, booking: Booking | None = None, *, at: datetime) -> None:
    """Keep back reminders that haven't left: of one booking, or of all."""
    outbox.withdraw(
        key_of("tomorrow", booking, session) if booking else f"training-tomorrow/{session.pk}", at=at
    )
