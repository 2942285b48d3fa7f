"""Pages on which people sign up for training. Access starts from the sessions that are meant for the person."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from mentorship.lib import ical
from mentorship.lib.refusals import NotPossible
from training import queries, services
from training.listing import listed
from training.models import Booking, State
from training.services.letters import entry


@login_required
@require_safe
def trainings(request):
    now = timezone.now()
    rows = listed(queries.listed_sessions_of(request.user, at=now), viewer=request.user, at=now)
    context = {
        "mine": [row for row in rows if row.is_mine and not row.is_over],
        "others": [row for row in rows if not row.is_mine],
        "over": [row for row in rows if row.is_mine and row.is_over],
    }
    return render(request, "training/trainings.html", context)


@login_required
@require_safe
def training_session(request, pk):
    session = get_object_or_404(queries.sessions_of(request.user), pk=pk)
    row = listed([session], viewer=request.user, at=timezone.now())[0]
    return render(request, "training/training_session.html", {"row": row, "session": session})


@login_required
@require_POST
def book_training(request, pk):
    session = get_object_or_404(queries.sessions_of(request.user), pk=pk)
    try:
        booking = services.book(session, by=request.user, at=timezone.now())
    except NotPossible as refusal:
        messages.error(request, str(refusal))
    else:
        has_place = booking.state == State.BOOKED
        messages.success(
            request,
            "Booked: an e-mail with an entry for your calendar is on its way."
            if has_place
            else "Noted: we write to you as soon as it is your turn.",
        )
    return redirect(session)


@login_required
@require_POST
def cancel_training(request, pk):
    session = get_object_or_404(queries.sessions_of(request.user), pk=pk)
    booking = Booking.objects.of(request.user).standing().filter(session=session).first()
    if booking is None:
        messages.info(request, "You have no place in this training.")
        return redirect(session)
    try:
        services.cancel(booking, by=request.user, at=timezone.now())
    except NotPossible as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Done. Thank you for making room for somebody else.")
    return redirect("trainings")


@login_required
@require_safe
def training_calendar(request, pk):
    """The entry as a file, for calendars that took none from the message."""
    session = _booked(request.user, pk).session
    calendar = ical.invitation(
        entry(session, stamped_at=session.changed_at), to=request.user.email, method="PUBLISH"
    )
    return HttpResponse(
        calendar,
        content_type="text/calendar; charset=utf-8; method=PUBLISH",
        headers={"Content-Disposition": 'attachment; filename="appointment.ics"'},
    )


@login_required
@require_safe
def training_certificate(request, pk):
    """For whoever attended, of themselves: name, title, day, programme, and nothing else."""
    booking = _booked(request.user, pk)
    if not booking.has_attended:
        raise Http404
    context = {
        "name": request.user.name,
        "title": booking.session.title,
        "held_on": timezone.localdate(booking.session.starts_at),
        "programme": booking.session.cohort.programme.name,
        "session_url": booking.session.get_absolute_url(),
    }
    return render(request, "training/training_certificate.html", context)


def _booked(user, pk):
    own = Booking.objects.of(user).booked().select_related("session__cohort__programme")
    return get_object_or_404(own, session__pk=pk)
