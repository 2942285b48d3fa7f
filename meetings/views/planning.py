"""Pages on which meetings are planned, changed and taken back, and the file for a calendar."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from meetings import services
from meetings.forms import PlanForm
from meetings.models import State
from meetings.views.loading import day_in_address, own_meeting, own_partnerships
from mentorship.lib.ical import invitation
from mentorship.lib.refusals import NotPossible


@login_required
@require_http_methods(["GET", "POST"])
def plan_meeting(request, pk):
    partnership = get_object_or_404(own_partnerships(request), pk=pk)
    if not partnership.is_active:
        messages.info(request, _why_closed(partnership))
        return redirect(partnership)
    now = timezone.now()
    form = PlanForm(
        request.POST or None,
        partnership=partnership,
        zone=request.user.zone,
        at=now,
        on=day_in_address(request),
    )
    if form.is_valid():
        try:
            services.plan(partnership, by=request.user, at=now, **form.facts)
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, "The meeting is planned. Everybody gets an e-mail with an entry for the calendar."
            )
            return redirect(partnership)
    return render(request, "meetings/plan_meeting.html", {"form": form, "partnership": partnership})


@login_required
@require_http_methods(["GET", "POST"])
def change_plan(request, pk):
    meeting = own_meeting(request, pk)
    partnership = meeting.partnership
    if not partnership.is_active or meeting.state != State.PLANNED:
        messages.info(request, "This meeting isn’t planned any more.")
        return redirect(partnership)
    now = timezone.now()
    form = PlanForm(
        request.POST or None, partnership=partnership, zone=request.user.zone, at=now, meeting=meeting
    )
    if form.is_valid():
        try:
            services.change_plan(meeting, by=request.user, at=now, **form.facts)
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Saved. Whatever you changed reaches everybody by e-mail.")
            return redirect(partnership)
    context = {"form": form, "partnership": partnership, "meeting_pk": meeting.pk}
    return render(request, "meetings/change_plan.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def cancel_plan(request, pk):
    return _asked_first(
        request, pk, services.cancel_plan, "cancel_plan", "The meeting is cancelled, and everybody is told."
    )


@login_required
@require_http_methods(["GET", "POST"])
def miss_meeting(request, pk):
    return _asked_first(
        request,
        pk,
        services.mark_missed,
        "miss_meeting",
        "Noted: it didn’t take place. Find another date together?",
    )


@login_required
@require_safe
def meeting_calendar(request, pk):
    """A planned meeting as a file for the reader's own calendar; of the others there is nothing in it."""
    meeting = own_meeting(request, pk)
    if meeting.state != State.PLANNED or not meeting.partnership.is_active:
        raise Http404
    body = invitation(services.entry_of(meeting), to=request.user.email, method="PUBLISH")
    headers = {
        "Content-Disposition": 'attachment; filename="appointment.ics"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(body, content_type="text/calendar; charset=utf-8; method=PUBLISH", headers=headers)


def _asked_first(request, pk, verb, name, done):
    """A page that asks; its button does it and leads back."""
    meeting = own_meeting(request, pk)
    if request.method == "POST":
        try:
            verb(meeting, by=request.user, at=timezone.now())
        except NotPossible as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, done)
        return redirect(meeting.partnership)
    if meeting.starts_at is None or meeting.state != State.PLANNED:
        messages.info(request, "This meeting isn’t planned any more.")
        return redirect(meeting.partnership)
    when = services.in_words(meeting.starts_at, request.user.zone)
    context = {"partnership": meeting.partnership, "when": when}
    return render(request, f"meetings/{name}.html", context)


def _why_closed(partnership):
    if partnership.is_paused:
        return "The programme’s team has paused this partnership: nothing is planned meanwhile."
    return "This partnership has ended. You are free to go on meeting; nothing more is planned here."
